"""Laws of a run: labels arrive, both models learn, and recording changes nothing."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch

from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries.config import GENERATIVE
from explorer.concepts.decision_boundaries.measure import INLIERS, LIMITS, labelled, problem
from explorer.concepts.decision_boundaries.train import Recorder, arriving
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import plane_grid

SHORT = db.Config(steps=60, labels=40, unlabelled=60)


@cache
def run(config=SHORT):
    return finish(db.train(config))


def test_labels_never_leave_and_all_of_them_arrive():
    counts = [arriving(SHORT, 2, step) for step in range(SHORT.steps + 1)]
    assert counts[0] == 4
    assert counts[-1] == SHORT.labels
    assert all(a <= b for a, b in pairwise(counts))


def test_a_drawing_of_one_stroke_has_one_class_and_is_refused():
    one = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.0)]])
    two = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.0)], [(-1.0, 1.0), (1.0, 1.0)]])
    with pytest.raises(ValueError, match=r"two classes.*second stroke"):
        db.Config(dataset=one)
    assert problem(two, 4, 0.2).classes == 2
    assert run(replace(SHORT, dataset=two))[0][-1].errors[1] < 0.5


def test_the_region_of_inliers_holds_the_models_own_samples():
    """Its contour leaves out 1 % of the samples of the model."""
    snapshot, model = run()[0][-1], run()[1]
    own = model.generative.sample(20_000, generator(8))
    cells = len(snapshot.wide_density)
    density = model.generative.log_density(own)
    line = snapshot.region[~np.isnan(snapshot.region).any(1)]
    level = model.generative.log_density(torch.from_numpy(line.copy())).median()
    assert cells > 20
    assert (density > level).float().mean().item() == pytest.approx(INLIERS, abs=0.01)


def test_no_model_beats_the_bayes_error():
    snapshots, _ = run()
    last = snapshots[-1]
    floor = (1 - last.problem.test_posterior.amax(1)).mean().item()
    for snapshot in snapshots:
        assert (snapshot.errors >= floor - 1e-6).all()
        assert snapshot.distance > 0
    assert last.labels == SHORT.labels
    assert snapshots[0].labels == 0


@pytest.mark.parametrize("generative", GENERATIVE)
def test_samples_of_a_generative_model_follow_its_own_density(generative):
    model = run(replace(SHORT, generative=generative, steps=20))[1]
    x = model.sample(20_000, seed=1)
    inner = np.abs(x).max(1) < 1.0
    grid = plane_grid((-1.0, 1.0), (-1.0, 1.0), 80)
    mass = np.exp(model.log_density(grid)).sum() * (2 / 80) ** 2
    assert inner.mean() == pytest.approx(mass, abs=0.02)


def test_posterior_probabilities_add_up():
    model = run()[1]
    x = plane_grid(LIMITS, LIMITS, 7)
    for which in ("generative", "discriminative"):
        np.testing.assert_allclose(model.posterior(x, which).sum(1), 1, atol=1e-5)


def test_a_network_that_diverges_says_what_to_do():
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        finish(db.train(replace(SHORT, learning_rate=10.0, weight_decay=10.0, steps=400)))


def test_recording_uses_no_randomness_of_the_run():
    """With more frames the models are the same."""
    truth = problem("moons", 4, 0.3)
    x, y = labelled(truth.source, 20, generator(0))
    model = run()[1]
    recorder = Recorder(SHORT, truth, x, y, x)
    pair = (model.generative, model.semi_supervised)
    one, other = (recorder.record(1, 20, model.discriminative, pair) for _ in range(2))
    np.testing.assert_array_equal(one.samples, other.samples)
    np.testing.assert_array_equal(one.confidence, other.confidence)


def test_a_training_error_is_counted_on_the_labels_that_have_arrived():
    snapshots, model = run()
    last = snapshots[-1]
    for i, which in enumerate(("discriminative", "generative")):
        predicted = model.posterior(last.x.copy(), which).argmax(1)
        assert last.training_errors[i] == pytest.approx((predicted != last.y).mean(), abs=0.03)
    early = next(s for s in snapshots if 0 < s.labels < SHORT.labels)
    assert early.training_errors * early.labels == pytest.approx(
        np.round(early.training_errors * early.labels), abs=1e-4
    )
