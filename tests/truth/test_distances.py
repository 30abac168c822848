"""Distances against closed forms, and against libraries written by others."""

from math import gamma, pi, sqrt

import numpy as np
import pytest
import torch
from scipy import linalg, stats
from scipy.spatial.distance import cdist
from torchmetrics.image.fid import _compute_fid

from explorer.data import plane
from explorer.nets import generator
from explorer.truth.distances import (
    energy_distance,
    frechet_distance,
    frechet_of_moments,
    mode_coverage,
    sliced_wasserstein,
    slices,
)

DISTANCES = [sliced_wasserstein, energy_distance, frechet_distance]
every_distance = pytest.mark.parametrize("distance", DISTANCES)


def normal(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


@every_distance
def test_a_set_is_at_no_distance_from_itself_and_from_its_shuffled_self(distance):
    x = normal(300, 3)
    assert distance(x, x) == pytest.approx(0, abs=2e-3)
    assert distance(x, x[::-1]) == pytest.approx(0, abs=2e-3)


@every_distance
def test_a_distance_is_the_same_in_both_directions_and_grows_with_the_gap(distance):
    x, y = normal(300, 2), normal(200, 2, seed=1)
    assert distance(x, y) == pytest.approx(distance(y, x), rel=1e-4)
    assert distance(x, y) < distance(x, y + 0.5) < distance(x, y + 1)


@every_distance
def test_tensors_and_arrays_give_the_same(distance):
    x, y = normal(100, 2), normal(100, 2, seed=1)
    tensor = torch.from_numpy(x).double().requires_grad_()
    assert distance(tensor, torch.from_numpy(y)) == pytest.approx(distance(x, y), rel=1e-4)


@pytest.mark.parametrize("sizes", [(400, 400), (300, 200), (7, 500), (1, 3)])
def test_on_a_line_scipy_finds_the_same_distances(sizes):
    x, y = normal(sizes[0], 1), 1.5 * normal(sizes[1], 1, seed=1) + 0.3
    line = stats.wasserstein_distance(x[:, 0], y[:, 0])
    assert sliced_wasserstein(x, y) == pytest.approx(line, rel=1e-4)
    energy = stats.energy_distance(x[:, 0], y[:, 0])
    assert energy_distance(x, y) == pytest.approx(energy, rel=1e-3)


@pytest.mark.parametrize("d", [2, 3, 10])
def test_a_shift_is_as_far_as_its_shadow_is_long_on_average(d):
    """E|u . shift| = |shift| Gamma(d/2) / (sqrt(pi) Gamma((d+1)/2)) for directions u."""
    x, shift = normal(50, d), np.linspace(0.1, 0.9, d, dtype=np.float32)
    mean = np.linalg.norm(shift) * gamma(d / 2) / (sqrt(pi) * gamma((d + 1) / 2))
    assert sliced_wasserstein(x, x + shift, directions=4000) == pytest.approx(mean, rel=0.02)


def test_in_the_plane_a_few_directions_are_as_good_as_many():
    x = plane.get("ring").sample(2000, generator(0))
    y = plane.get("moons").sample(2000, generator(1))
    assert sliced_wasserstein(x, y, 64) == pytest.approx(sliced_wasserstein(x, y, 1024), rel=0.005)


@pytest.mark.parametrize("d", [2, 5])
def test_directions_are_fixed_by_their_seed_and_of_length_one(d):
    u = slices(d, 100, seed=3)
    np.testing.assert_allclose(np.linalg.norm(u, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(u, slices(d, 100, seed=3))
    assert not np.array_equal(u, slices(d, 100, seed=4))


def test_wasserstein_of_two_spread_normals_is_the_gap_of_their_spreads():
    """On a line W1 of N(0, 1) and N(0, s^2) is (s - 1) E|z|."""
    x = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    assert sliced_wasserstein(x, 2.5 * x) == pytest.approx(1.5 * sqrt(2 / pi), rel=1e-3)


def test_energy_distance_in_the_plane_is_the_sum_over_all_pairs():
    x, y = normal(40, 2), normal(30, 2, seed=1) + 0.4
    gap = [
        np.mean([[np.linalg.norm(a - b) for b in q] for a in p])
        for p, q in ((x, y), (x, x), (y, y))
    ]
    assert energy_distance(x, y) == pytest.approx(sqrt(2 * gap[0] - gap[1] - gap[2]), rel=1e-4)


def test_energy_distance_of_many_samples_does_not_depend_on_how_they_are_cut():
    x, y = normal(2500, 2), normal(1500, 2, seed=1) + 0.2
    exact = 2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean()
    assert energy_distance(x, y) ** 2 == pytest.approx(exact, rel=1e-3)


def moments(seed, d):
    rng = np.random.default_rng(seed)
    factor = rng.standard_normal((d, d))
    return rng.standard_normal(d), factor @ factor.T


@pytest.mark.parametrize("d", [1, 2, 8])
def test_frechet_distance_is_that_of_scipy_and_torchmetrics(d):
    (m1, s1), (m2, s2) = moments(0, d), moments(1, d)
    ours = frechet_of_moments(m1, s1, m2, s2)
    root = linalg.sqrtm(s1 @ s2).real
    closed = ((m1 - m2) ** 2).sum() + np.trace(s1 + s2 - 2 * np.atleast_2d(root))
    assert ours == pytest.approx(closed, rel=1e-8)
    theirs = _compute_fid(*(torch.from_numpy(a) for a in (m1, s1, m2, s2)))
    assert ours == pytest.approx(theirs.item(), rel=1e-8)


def test_frechet_distance_of_collapsed_samples_is_finite_and_right():
    """Against a point at its mean, a distribution is as far as its variances sum to."""
    x = normal(500, 4)
    point = np.repeat(x.mean(axis=0, keepdims=True), 100, axis=0)
    assert frechet_distance(x, point) == pytest.approx(np.cov(x.T).trace(), rel=1e-4)


def test_frechet_distance_is_blind_to_all_but_mean_and_covariance():
    ring = plane.get("ring").sample(50_000, generator(0))
    ball = torch.randn(50_000, 2, generator=generator(1))
    assert frechet_distance(ring, ball) < 1e-3 < sliced_wasserstein(ring, ball)


@pytest.mark.parametrize(("name", "of"), [("ring", 8), ("grid", 25), ("checkerboard", 8)])
def test_real_samples_cover_all_modes(name, of):
    dist = plane.get(name)
    coverage = mode_coverage(dist.sample(4000, generator(0)), dist)
    assert (coverage.modes, coverage.of) == (of, of)
    assert coverage.high_quality == pytest.approx(
        1.0 if name == "checkerboard" else 0.989, abs=0.01
    )


def test_coverage_counts_what_lies_on_a_mode_and_no_stray_points():
    ring = plane.get("ring")
    x = ring.modes[:3].repeat_interleave(100, dim=0)
    assert mode_coverage(x, ring).modes == 3
    assert mode_coverage(x, ring).high_quality == 1
    near = x + torch.tensor([2.9 * ring.mode_scale, 0])
    far = x + torch.tensor([3.1 * ring.mode_scale, 0])
    assert mode_coverage(near, ring).high_quality == 1
    assert mode_coverage(far, ring) == mode_coverage(far[:1], ring)
    assert mode_coverage(far, ring).modes == 0
    stray = torch.cat([x, ring.modes[3:4]])  # one point of 301, where 37 were due
    assert mode_coverage(stray, ring).modes == 3


def test_coverage_needs_modes():
    with pytest.raises(ValueError, match="separate modes"):
        mode_coverage(torch.zeros(3, 2), plane.get("moons"))
    with pytest.raises(ValueError, match="separate modes"):
        plane.get("spiral").nearest_mode(torch.zeros(3, 2))


@pytest.mark.parametrize("rows", [0, 1])
def test_a_frechet_distance_needs_two_rows_on_both_sides(rows):
    few, many = np.zeros((rows, 2)), np.eye(2)
    for name, pair in (("x", (few, many)), ("y", (many, few))):
        with pytest.raises(ValueError, match=rf"{name} must have at least 2 rows\. Got {rows}"):
            frechet_distance(*pair)
