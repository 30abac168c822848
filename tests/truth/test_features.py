"""Marks for sets of pictures: other people's libraries, and closed forms for Gaussians."""

from math import exp, log

import numpy as np
import pytest
import torch
from prdc import compute_prdc
from sklearn.metrics.pairwise import polynomial_kernel
from torch import nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore
from torchmetrics.image.kid import KernelInceptionDistance

from explorer.nets import generator
from explorer.truth.distances import frechet_distance
from explorer.truth.features import (
    extrapolated,
    inception_score,
    kernel_distance,
    nearest,
    novelty,
    perceptual_distance,
    shares,
)

CLOSE = 1e-4
seeds = pytest.mark.parametrize("seed", [0, 1, 2])
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # torchmetrics' own


def normal(n, d, seed=0):
    return torch.randn(n, d, generator=generator(seed))


class Features(nn.Module):
    """What torchmetrics may ask for features: images (n, d) are their own."""

    def __init__(self, d):
        super().__init__()
        self.num_features = d

    def forward(self, x):
        return x.float().flatten(1)


@seeds
def test_the_frechet_distance_of_features_is_that_of_torchmetrics(seed):
    x, y = normal(300, 12, seed), 1.2 * normal(250, 12, seed + 9) + 0.3
    oracle = FrechetInceptionDistance(Features(12), normalize=True, input_img_size=(12, 1, 1))
    oracle.set_dtype(torch.float64)
    oracle.inception.forward = lambda x: x.double().flatten(1)
    for rows, real in ((x, True), (y, False)):
        oracle.update(rows[:, :, None, None].float(), real=real)
    assert frechet_distance(x, y) == pytest.approx(oracle.compute().item(), rel=CLOSE)


@seeds
def test_the_kernel_distance_is_that_of_torchmetrics(seed):
    x, y = normal(200, 12, seed), 1.2 * normal(200, 12, seed + 9) + 0.3
    oracle = KernelInceptionDistance(Features(12), subsets=1, subset_size=200, normalize=True)
    for rows, real in ((x, True), (y, False)):
        oracle.update(rows[:, :, None, None], real=real)
    assert kernel_distance(x, y) == pytest.approx(oracle.compute()[0].item(), rel=CLOSE)


def test_the_kernel_distance_of_sets_of_unequal_size_is_its_formula_with_scikit_learns_kernel():
    x, y = normal(50, 6).double(), normal(80, 6, 1).double() + 0.2

    def mean(a, b):
        k = polynomial_kernel(a, b, degree=3, coef0=1)
        return k.mean() if a is not b else (k.sum() - k.trace()) / len(a) / (len(a) - 1)

    exact = mean(x, x) + mean(y, y) - 2 * mean(x, y)
    assert kernel_distance(x, y) == pytest.approx(exact, rel=1e-9)


def test_the_kernel_distance_of_two_normals_on_a_line_is_known():
    """k = (xy + 1)^3, so MMD^2 = 3 (m1 - m1')^2 + 3 (m2 - m2')^2 + (m3 - m3')^2 of moments m_i."""
    moments = [(m, m**2 + s**2, m**3 + 3 * m * s**2) for m, s in ((0.0, 1.0), (0.5, 1.2))]
    exact = sum(w * (a - b) ** 2 for w, a, b in zip((3, 3, 1), *moments))
    values = [
        kernel_distance(normal(1000, 1, seed), 1.2 * normal(1000, 1, 500 + seed) + 0.5)
        for seed in range(60)
    ]
    assert np.mean(values) == pytest.approx(exact, abs=4 * np.std(values) / 60**0.5)


def test_the_kernel_distance_of_equal_distributions_is_zero_on_average_for_any_number_of_samples():
    for n in (10, 100):
        values = [kernel_distance(normal(n, 4, s), normal(n, 4, 900 + s)) for s in range(200)]
        assert abs(np.mean(values)) < 4 * np.std(values) / 200**0.5
        assert min(values) < 0


def test_the_frechet_distance_of_finite_sets_from_one_normal_falls_towards_the_exact_zero():
    few, many = (
        np.mean([frechet_distance(normal(n, 8, s), normal(n, 8, 99 + s)) for s in range(10)])
        for n in (100, 1000)
    )
    assert few / many == pytest.approx(10, rel=0.3)
    assert abs(extrapolated(np.array([100, 1000]), np.array([few, many]))) < 0.2 * many


def test_the_frechet_distance_of_two_normals_is_known():
    """|m|^2 + d (s - 1)^2 for N(0, I) and N(m, s^2 I)."""
    x, y = normal(200_000, 3), 1.5 * normal(200_000, 3, 1) + 0.4
    assert frechet_distance(x, y) == pytest.approx(3 * 0.16 + 3 * 0.25, rel=0.01)


@seeds
def test_the_inception_score_is_that_of_torchmetrics(seed):
    logits = 2 * normal(400, 10, seed)
    oracle = InceptionScore(Features(10), splits=1)
    oracle.update(logits[:, :, None, None])
    theirs = oracle.compute()[0].item()
    assert inception_score(logits.softmax(1)) == pytest.approx(theirs, rel=CLOSE)


def test_the_inception_score_counts_classes_that_are_sure_and_equally_frequent():
    assert inception_score(torch.eye(7).repeat(5, 1)) == pytest.approx(7)
    assert inception_score(torch.full((9, 7), 1 / 7)) == pytest.approx(1)
    p = torch.tensor([[1.0, 0.0]] * 3 + [[0.0, 1.0]])
    assert inception_score(p) == pytest.approx(exp(-0.75 * log(0.75) - 0.25 * log(0.25)))


@seeds
@pytest.mark.parametrize("k", [3, 5])
def test_precision_recall_density_and_coverage_are_those_of_their_authors(seed, k):
    x, y = normal(220, 8, seed), 0.8 * normal(300, 8, seed + 9) + 0.2
    ours, theirs = shares(x, y, k), compute_prdc(x.numpy(), y.numpy(), k)
    for name, value in theirs.items():
        assert getattr(ours, name) == pytest.approx(value, rel=CLOSE), name


def test_of_equal_distributions_coverage_is_what_its_authors_proved():
    """E[coverage] = 1 - (n - 1) ... (n - k) / ((2n - 1) ... (2n - k)) (Naeem et al., lemma 2)."""
    n, k = 200, 5
    exact = 1 - np.prod([(n - i) / (2 * n - i) for i in range(1, k + 1)])
    values = [shares(normal(n, 4, s), normal(n, 4, 99 + s), k) for s in range(30)]
    coverage = [each.coverage for each in values]
    assert np.mean(coverage) == pytest.approx(exact, abs=4 * np.std(coverage) / 30**0.5)
    density = [each.density for each in values]
    assert np.mean(density) == pytest.approx(1, abs=4 * np.std(density) / 30**0.5)


def test_a_set_that_lost_half_has_full_precision_and_half_the_recall():
    real = torch.cat([normal(200, 2), normal(200, 2, 1) + 50])
    found = shares(real, normal(400, 2, 2))
    assert found.precision > 0.9
    assert 0.4 < found.recall <= 0.5
    assert 0.4 < found.coverage <= 0.5


def test_a_copy_has_no_novelty_and_a_fresh_draw_is_as_new_as_real():
    seen = normal(500, 20)
    assert novelty(seen[:50], seen, normal(500, 20, 1)) == 0
    assert novelty(normal(500, 20, 2), seen, normal(500, 20, 1)) == pytest.approx(1, abs=0.03)
    exact = torch.cdist(normal(30, 20, 2), seen).amin(1)
    torch.testing.assert_close(nearest(normal(30, 20, 2), seen), exact)


def test_the_perceptual_distance_is_lpips_with_equal_weights():
    """For one layer of one channel, every place is its sign: they differ by 0 or by 2."""
    a = torch.tensor([[[[1.0, 5.0], [-1.0, 2.0]]]])
    assert perceptual_distance([a], [3 * a]).item() == pytest.approx(0, abs=1e-9)
    assert perceptual_distance([a, a], [-a, a]).item() == pytest.approx(4)


@seeds
def test_the_perceptual_distance_is_that_of_torchmetrics_lpips(seed):
    from torchmetrics.functional.image.lpips import _normalize_tensor, _spatial_average

    a, b = (torch.randn(4, 6, 5, 5, generator=generator(s)) for s in (seed, seed + 9))
    theirs = (_normalize_tensor(a) - _normalize_tensor(b)).square().sum(1, keepdim=True)
    torch.testing.assert_close(
        perceptual_distance([a], [b]), _spatial_average(theirs).flatten(), rtol=CLOSE, atol=0
    )


def test_too_few_rows_are_refused_in_words():
    with pytest.raises(ValueError, match=r"above k = 5\. Got 4 instead\."):
        shares(normal(4, 2), normal(9, 2))
    with pytest.raises(ValueError, match=r"at least 2 rows.* Got 1 instead\."):
        kernel_distance(normal(1, 2), normal(9, 2))
