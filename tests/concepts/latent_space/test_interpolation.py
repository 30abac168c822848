"""Laws of lerp, slerp, and of interpolations between images."""

from math import log, sqrt

import numpy as np
import pytest
import torch

from explorer.concepts.latent_space import InterpolationConfig, interpolate
from explorer.concepts.latent_space.interpolation import (
    bilinear,
    lerp,
    norm_quantile,
    slerp,
)
from explorer.concepts.latent_space.measure import dataset, evaluation_subset
from explorer.runs import finish
from tests.concepts.latent_space.runs import normal, trained

SHARES = torch.linspace(0, 1, 9)


@pytest.mark.parametrize("interpolated", [lerp, slerp])
@pytest.mark.parametrize("latent_dim", [1, 2, 16])
def test_an_interpolation_begins_and_ends_at_the_codes(interpolated, latent_dim):
    a, b = normal(latent_dim), normal(latent_dim, seed=1)
    z = interpolated(a, b, SHARES)
    torch.testing.assert_close(z[0], a, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(z[-1], b, rtol=1e-6, atol=1e-6)


def test_lerp_ends_exactly_and_halfway_is_the_mean():
    a, b = normal(8), 1e4 * normal(8, seed=1)
    z = lerp(a, b, SHARES)
    assert torch.equal(z[0], a)
    assert torch.equal(z[-1], b)
    torch.testing.assert_close(z[4], (a + b) / 2)


def test_slerp_keeps_the_norm_and_turns_at_a_constant_speed():
    a, b = normal(16), normal(16, seed=1)
    b *= a.norm() / b.norm()
    z = slerp(a, b, SHARES)
    torch.testing.assert_close(z.norm(dim=1), a.norm().expand(9))
    between = torch.nn.functional.cosine_similarity(z[:-1], z[1:]).acos()
    torch.testing.assert_close(between, between.mean().expand(8), rtol=1e-3, atol=1e-4)


def test_slerp_between_codes_of_different_norm_changes_the_norm_linearly():
    a, b = normal(5), 3 * normal(5, seed=1)
    expected = a.norm() + SHARES * (b.norm() - a.norm())
    torch.testing.assert_close(slerp(a, b, SHARES).norm(dim=1), expected)


@pytest.mark.parametrize("b", [[2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
def test_where_slerp_is_not_defined_it_is_lerp(b):
    a, b = torch.tensor([1.0, 0.0]), torch.tensor(b)
    torch.testing.assert_close(slerp(a, b, SHARES), lerp(a, b, SHARES))


def test_the_four_images_stand_in_the_corners_of_their_sheet():
    corners = normal(4, 3)
    sheet = bilinear(corners, 5)
    assert torch.equal(sheet[[0, 4, 20, 24]], corners)
    torch.testing.assert_close(sheet[12], corners.mean(0))


def test_the_norms_of_the_prior_have_the_quantiles_claimed():
    for share in (0.05, 0.5, 0.95):
        assert norm_quantile(share, 2) == pytest.approx(sqrt(-2 * log(1 - share)), rel=1e-5)
    norms = normal(100_000, 16).norm(dim=1)
    assert (norms < norm_quantile(0.95, 16)).float().mean() == pytest.approx(0.95, abs=0.003)


def test_an_interpolation_starts_and_ends_on_its_images():
    _, model = trained()
    config = InterpolationConfig(2, 7, frames=10)
    snapshots, path = finish(interpolate(config, model))
    data, subset = dataset("digits"), evaluation_subset("digits")
    mean, _ = model.encode(subset.images[[2, 7]])
    expected = data.pixels(model.decode(mean))
    for snapshot, image, i in ((snapshots[0], expected[0], 2), (snapshots[-1], expected[1], 7)):
        np.testing.assert_array_equal(snapshot.images[0], image)
        np.testing.assert_array_equal(snapshot.images[1], image)
        np.testing.assert_array_equal(snapshot.images[2], data.pixels(subset.images[i : i + 1])[0])
    assert len(snapshots) == 11
    assert path.distance.shape == (3, 11)


def test_between_four_images_each_is_passed_and_the_end_is_the_beginning():
    """Clockwise round a sheet that has the first two on top and the last two below."""
    _, model = trained()
    config = InterpolationConfig(1, 2, True, 3, 4, frames=12)
    snapshots, path = finish(interpolate(config, model))
    mean, _ = model.encode(evaluation_subset("digits").images[1:5])
    corners = dataset("digits").pixels(model.decode(mean))
    for frame, corner in ((0, 0), (3, 1), (6, 3), (9, 2), (12, 0)):
        np.testing.assert_allclose(snapshots[frame].images[0], corners[corner], atol=1)
    np.testing.assert_allclose(path.strip[[0, 4, 20, 24]], corners, atol=1)
    np.testing.assert_array_equal(snapshots[0].images, snapshots[-1].images)
