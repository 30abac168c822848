"""Laws of the latent map."""

from math import sqrt

import numpy as np
import pytest
import torch

from explorer.concepts.latent_space.projection import axes, ellipse, principal
from tests.concepts.latent_space.runs import normal


def test_two_latent_dimensions_are_mapped_as_they_are():
    assert torch.equal(principal(normal(20, 2), axes(2)).basis, torch.eye(2))


def test_many_latent_dimensions_are_projected_onto_two_principal_components():
    codes = normal(500, 6) * torch.tensor([0.1, 3.0, 0.1, 0.1, 2.0, 0.1])
    projection = principal(codes, axes(6))
    torch.testing.assert_close(
        projection.basis @ projection.basis.T, torch.eye(2), atol=1e-5, rtol=0
    )
    assert projection.basis[:, [1, 4]].norm() == pytest.approx(sqrt(2), abs=0.02)
    again = principal(codes + 0.01 * normal(500, 6, seed=1), projection)
    assert (again.basis - projection.basis).abs().max() < 0.05, "the map does not jump"
    xy = normal(9, 2)
    torch.testing.assert_close(projection.project(projection.lift(xy)), xy)


def test_a_covariance_on_the_map_is_that_of_the_projected_codes():
    projection, variance = principal(normal(50, 4), axes(4)), torch.tensor([[0.5, 1.0, 2.0, 0.1]])
    seen = projection.project(normal(200_000, 4, seed=1) * variance.sqrt())
    torch.testing.assert_close(
        torch.cov(seen.T), projection.covariance(variance)[0], atol=0.02, rtol=0
    )


def test_an_ellipse_lies_its_deviations_from_the_centre():
    covariance, centre = np.array([[2.0, 0.8], [0.8, 1.0]]), np.array([1.0, -1.0])
    off = ellipse(centre, covariance, 2.0) - centre
    np.testing.assert_allclose(
        np.sqrt((off @ np.linalg.inv(covariance) * off).sum(1)), 2, rtol=1e-4
    )
