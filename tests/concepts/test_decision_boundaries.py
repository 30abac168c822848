"""Laws of a run: the data, the exact answer, and what is recorded of both models."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch

from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries import words
from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE
from explorer.concepts.decision_boundaries.look import HISTORY, Observer, lost_error
from explorer.concepts.decision_boundaries.problem import (
    LIMITS,
    SEEN,
    boundary,
    labelled,
    level_line,
    mass_outside,
    problem,
    wrong,
)
from explorer.concepts.decision_boundaries.train import arrived
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import plane_grid
from explorer.truth.plane import bayes_error, posterior

SHORT = db.Config(steps=60, labels=40, unlabelled=60)


@cache
def run(config=SHORT):
    return finish(db.train(config))


@pytest.mark.parametrize("dataset", ["moons", "pinwheel", "ring", "checkerboard"])
def test_a_problem_has_two_to_four_classes_whatever_the_set(dataset):
    truth = problem(dataset, 4, 0.2)
    assert 2 <= truth.classes <= 4
    assert truth.source.classes == truth.classes
    _, y = truth.source.sample_labelled(2000, generator(0))
    share = torch.bincount(y, minlength=truth.classes) / len(y)
    np.testing.assert_allclose(share.log(), truth.source.class_log_prior, atol=0.15)


def test_dealing_groups_out_to_classes_does_not_move_a_point():
    x = torch.from_numpy(plane_grid(LIMITS, LIMITS, 9))
    for classes in (2, 3, 4):
        truth = problem("ring", classes, 0.0)
        np.testing.assert_allclose(
            truth.source.log_density(x), plane.get("ring").log_density(x), atol=1e-3
        )


def test_the_best_possible_error_is_that_of_the_truth_module():
    truth = problem("gaussians", 4, 0.0)
    exact = bayes_error(plane.get("gaussians"))
    assert abs(truth.error.value - exact.value) <= truth.error.error + exact.error


def test_the_best_possible_error_is_what_the_bayes_classifier_scores_on_drawn_labels():
    truth = problem("pinwheel", 4, 0.4)
    x, y = truth.source.sample_labelled(40_000, generator(1))
    wrong_share = (posterior(truth.source, x).argmax(1) != y).double().mean().item()
    noise = (truth.error.value / len(x)) ** 0.5
    assert abs(wrong_share - truth.error.value) < 4 * noise


def test_counting_with_exact_odds_has_the_mean_of_counting_with_drawn_labels():
    truth = problem("moons", 4, 0.4)
    x, y = truth.source.sample_labelled(40_000, generator(2))
    share = torch.stack([x[:, 0], -x[:, 0]], 1)  # a poor classifier: left or right
    exact = wrong(share, posterior(truth.source, x)).mean().item()
    drawn = (share.argmax(1) != y).double().mean().item()
    assert exact == pytest.approx(drawn, abs=0.01)


@pytest.mark.parametrize("dataset", ["gaussians", "pinwheel"])
def test_labels_arrive_two_of_every_class_first(dataset):
    truth = problem(dataset, 4, 0.3)
    for seed in range(5):
        x, y = labelled(truth.source, 8, generator(seed))
        assert x.shape == (8, 2)
        first = y[: 2 * truth.classes]
        assert torch.bincount(first, minlength=truth.classes).tolist() == [2] * truth.classes


def test_labels_never_leave_and_all_of_them_arrive():
    counts = [arrived(SHORT, 2, step) for step in range(SHORT.steps + 1)]
    assert counts[0] == 4
    assert counts[-1] == SHORT.labels
    assert all(a <= b for a, b in pairwise(counts))


def test_a_drawing_of_one_stroke_has_nothing_to_tell_apart():
    one = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.0)]])
    two = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.0)], [(-1.0, 1.0), (1.0, 1.0)]])
    with pytest.raises(ValueError, match=r"two classes.*second stroke"):
        db.Config(dataset=one)
    assert problem(two, 4, 0.2).classes == 2
    assert run(replace(SHORT, dataset=two))[0][-1].now("b") < 0.5


def test_the_line_around_ninety_per_cent_holds_ninety_per_cent():
    truth = problem("moons", 4, 0.3)
    n = 120
    grid = torch.from_numpy(plane_grid(LIMITS, LIMITS, n))
    outside = mass_outside(truth.source.log_density(grid)[:, None])[0]
    x = truth.source.sample(20_000, generator(3))
    cell = ((x - LIMITS[0]) / (LIMITS[1] - LIMITS[0]) * n).long().clamp(0, n - 1)
    inside = (outside[cell[:, 1] * n + cell[:, 0]] > 0.1).float().mean().item()
    assert inside == pytest.approx(0.9, abs=0.01)
    line = level_line(outside, 0.1, LIMITS)
    assert len(line) > 20


def test_on_a_boundary_the_two_likeliest_classes_are_equal():
    truth = problem("pinwheel", 4, 0.3)
    joint = truth.source.class_log_density(truth.grid) + truth.source.class_log_prior
    line = boundary(joint)
    points = torch.from_numpy(line[~np.isnan(line).any(1)].copy())
    top = posterior(truth.source, points).topk(2, dim=1).values
    assert len(points) > 100
    assert (top[:, 0] - top[:, 1]).median() < 0.03


def test_seen_is_what_the_model_itself_makes():
    """The line beyond which it says "never seen" leaves out 1 % of its own points."""
    snapshot, model = run()[0][-1], run()[1]
    own = model.generative.sample(20_000, generator(8))
    cells = len(snapshot.wide_density)
    density = model.generative.log_density(own)
    line = snapshot.known[~np.isnan(snapshot.known).any(1)]
    level = model.generative.log_density(torch.from_numpy(line.copy())).median()
    assert cells > 20
    assert (density > level).float().mean().item() == pytest.approx(SEEN, abs=0.01)


def test_without_one_coordinate_the_exact_odds_err_least():
    truth = problem("gaussians", 4, 0.3)
    best = lost_error(truth.line_posterior, truth)
    assert best == pytest.approx(sum(truth.line_error) / 2, abs=1e-5)
    surer = truth.line_posterior**3  # only which class is named counts, not how surely
    assert lost_error(surer / surer.sum(2, keepdim=True), truth) == pytest.approx(best, abs=1e-5)
    for seed in range(5):
        other = torch.rand(truth.line_posterior.shape, generator=generator(seed))
        assert lost_error(other, truth) > best
    # and they are what a classifier scores that really sees one coordinate only
    x, y = truth.source.sample_labelled(20_000, generator(5))
    near = torch.bucketize(x[:, 0].contiguous(), truth.line).clamp(max=len(truth.line) - 1)
    missed = (truth.line_posterior[0, near].argmax(1) != y).float().mean().item()
    assert missed == pytest.approx(truth.line_error[0], abs=0.015)


def test_nobody_beats_the_best_possible_and_the_record_says_so():
    snapshots, _ = run()
    last = snapshots[-1]
    floor = (1 - last.problem.test_posterior.amax(1)).mean().item()
    for name in "abc":
        assert (last.past(name) >= floor - 1e-6).all()
    assert (last.past("distance") > 0).all()
    assert len(last.history) == len(snapshots)
    assert last.labels == SHORT.labels
    assert snapshots[0].labels == 0


@pytest.mark.parametrize("generative", GENERATIVE)
def test_what_a_generative_model_draws_follows_its_own_density(generative):
    model = run(replace(SHORT, generative=generative, steps=20))[1]
    x = model.sample(20_000, seed=1)
    inner = np.abs(x).max(1) < 1.0
    grid = plane_grid((-1.0, 1.0), (-1.0, 1.0), 80)
    mass = np.exp(model.log_density(grid)).sum() * (2 / 80) ** 2
    assert inner.mean() == pytest.approx(mass, abs=0.02)


def test_both_models_answer_in_odds_that_add_up():
    model = run()[1]
    x = plane_grid(LIMITS, LIMITS, 7)
    for which in ("generative", "discriminative"):
        np.testing.assert_allclose(model.posterior(x, which).sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("discriminative", DISCRIMINATIVE)
def test_every_pair_runs_and_every_view_says_something(discriminative):
    for generative in ("kernel", "naive"):
        config = replace(SHORT, discriminative=discriminative, generative=generative, steps=8)
        snapshots, _ = finish(db.train(replace(config, dataset="pinwheel")))
        for view in db.VIEWS:
            said = {db.scene(snapshot, view).sentence for snapshot in snapshots}
            assert len(said) > 1, "the sentence changes with the state"
            assert all(text.endswith(".") for text in said)


def test_an_unknown_view_is_refused_by_name():
    with pytest.raises(ValueError, match="view must be one of"):
        db.scene(run()[0][0], "sideways")


def test_a_net_that_diverges_says_what_to_do():
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        finish(db.train(replace(SHORT, rate=10.0, decay=10.0, steps=400)))


def test_sentences_tell_who_leads():
    snapshot = run()[0][-1]
    best = snapshot.problem.error.value

    def told(a, b, generative="mixture"):
        row = snapshot.history[-1].copy()
        row[1], row[2] = a, b
        config = replace(snapshot.config, generative=generative)
        return words.overview(replace(snapshot, history=row[None], config=config))

    assert "B leads" in told(best + 0.1, best + 0.02)
    assert "more labels do not mend" in told(best + 0.01, best + 0.2, "lda")
    assert "misleads it" in told(best + 0.01, best + 0.2)  # many Gaussians can follow any shape
    assert "both models are within" in told(best + 0.001, best + 0.002)
    assert "equally often" in told(best + 0.1, best + 0.101)


@pytest.mark.parametrize(
    ("dataset", "generative", "blamed"),
    [
        ("gaussians", "qda", "from 40 points only"),  # what it assumes is the truth
        ("circles", "qda", "one Gaussian per class is all"),
        ("gaussians", "lda", "all of one shape"),
        ("moons", "mixture", "from 40 points only"),
    ],
)
def test_points_that_are_far_off_are_blamed_on_what_is_wrong(dataset, generative, blamed):
    snapshot = run(replace(SHORT, dataset=dataset, generative=generative))[0][-1]
    floor = snapshot.problem.rule.floor
    row = snapshot.history[-1].copy()
    row[HISTORY.index("distance")] = 3.4 * floor.mean
    far = replace(snapshot, history=row[None])
    assert words.samples(far).startswith("B's points are 3.4 times as far")
    assert blamed in words.samples(far)
    reading = db.scene(far, "samples").readings[0]
    assert reading.value / reading.usual == pytest.approx(3.4)  # as the reading says it, too


def test_a_snapshot_costs_no_randomness():
    """Looking must not change the run: with more frames the models are the same."""
    truth = problem("moons", 4, 0.3)
    x, y = labelled(truth.source, 20, generator(0))
    model = run()[1]
    observer = Observer(SHORT, truth, x, y, x)
    pair = (model.generative, model.with_unlabelled)
    one, other = (observer.look(1, 20, model.discriminative, pair) for _ in range(2))
    np.testing.assert_array_equal(one.made, other.made)
    np.testing.assert_array_equal(one.sure, other.sure)
