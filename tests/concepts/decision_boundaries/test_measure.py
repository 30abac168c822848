"""Laws of the data and of the exact answer."""

import numpy as np
import pytest
import torch

from explorer.concepts.decision_boundaries.measure import (
    LIMITS,
    boundary,
    expected_error,
    labelled,
    level_line,
    mass_outside,
    partial_error,
    problem,
)
from explorer.data import plane
from explorer.nets import generator
from explorer.scene import plane_grid
from explorer.truth.plane import bayes_error, posterior


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


def test_the_bayes_error_is_that_of_the_truth_module():
    truth = problem("gaussians", 4, 0.0)
    exact = bayes_error(plane.get("gaussians"))
    assert abs(truth.error.value - exact.value) <= truth.error.error + exact.error


def test_the_bayes_error_is_what_the_bayes_classifier_scores_on_drawn_labels():
    truth = problem("pinwheel", 4, 0.4)
    x, y = truth.source.sample_labelled(40_000, generator(1))
    error = (posterior(truth.source, x).argmax(1) != y).double().mean().item()
    noise = (truth.error.value / len(x)) ** 0.5
    assert abs(error - truth.error.value) < 4 * noise


def test_an_expected_error_has_the_mean_of_an_error_counted_on_drawn_labels():
    truth = problem("moons", 4, 0.4)
    x, y = truth.source.sample_labelled(40_000, generator(2))
    p = torch.stack([x[:, 0], -x[:, 0]], 1)  # a poor classifier: left or right
    exact = expected_error(p, posterior(truth.source, x)).mean().item()
    drawn = (p.argmax(1) != y).double().mean().item()
    assert exact == pytest.approx(drawn, abs=0.01)


@pytest.mark.parametrize("dataset", ["gaussians", "pinwheel"])
def test_labels_arrive_two_of_every_class_first(dataset):
    truth = problem(dataset, 4, 0.3)
    for seed in range(5):
        x, y = labelled(truth.source, 8, generator(seed))
        assert x.shape == (8, 2)
        first = y[: 2 * truth.classes]
        assert torch.bincount(first, minlength=truth.classes).tolist() == [2] * truth.classes


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


def test_without_one_coordinate_the_exact_posterior_errs_least():
    truth = problem("gaussians", 4, 0.3)
    best = partial_error(truth.partial_posterior, truth)
    assert best == pytest.approx(sum(truth.partial_error) / 2, abs=1e-5)
    sharper = truth.partial_posterior**3  # only the predicted class counts
    assert partial_error(sharper / sharper.sum(2, keepdim=True), truth) == pytest.approx(
        best, abs=1e-5
    )
    for seed in range(5):
        other = torch.rand(truth.partial_posterior.shape, generator=generator(seed))
        assert partial_error(other, truth) > best
    # and they are what a classifier scores that really sees one coordinate only
    x, y = truth.source.sample_labelled(20_000, generator(5))
    near = torch.bucketize(x[:, 0].contiguous(), truth.coordinate).clamp(
        max=len(truth.coordinate) - 1
    )
    error = (truth.partial_posterior[0, near].argmax(1) != y).float().mean().item()
    assert error == pytest.approx(truth.partial_error[0], abs=0.015)
