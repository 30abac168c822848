"""The latent map: a two-dimensional projection of the latent space that can be drawn."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space.linear import align
from explorer.scene import Limits

LIMITS: Limits = (-4.0, 4.0)  # in both directions: nearly all of the prior is within 3


@dataclass(frozen=True, eq=False)
class Projection:
    """A plane through the origin of the latent space.

    Two latent dimensions are drawn as they are. Of more, the plane holds the two principal
    components of the codes of test images; a single one is drawn on the horizontal axis.
    """

    basis: Tensor  # (2, k), orthonormal rows; the second is zero for a single latent dimension

    @property
    def description(self) -> str:
        """What the map shows, in a sentence."""
        latent_dim = self.basis.shape[1]
        if latent_dim == 1:
            return "The latent code is a single number: moving up or down changes nothing."
        if latent_dim == 2:
            return "The latent code has two dimensions: the map shows the whole latent space."
        return (
            f"The latent space has {latent_dim} dimensions. The map shows the plane of the first "
            "two principal components of the codes of test images; the other components are zero."
        )

    def project(self, z: Tensor) -> Tensor:
        """Where codes (..., k) lie on the map, (..., 2)."""
        return z @ self.basis.T

    def covariance(self, variance: Tensor) -> Tensor:
        """The covariance (n, 2, 2) on the map of codes with independent variances (n, k)."""
        return (self.basis * variance[:, None, :]) @ self.basis.T

    def lift(self, xy: Tensor) -> Tensor:
        """The codes (n, k) at points (n, 2) of the map; all other components are zero."""
        return xy @ self.basis


def principal(means: Tensor, previous: Projection) -> Projection:
    """The plane in which the posterior means (n, k) vary most.

    Rotated within itself to stay as close as it can to the `previous` one, so that the map does not
    jump from frame to frame.
    """
    latent_dim = means.shape[1]
    if latent_dim <= 2:
        return axes(latent_dim)
    centred = means - means.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    basis = vectors[:, -2:].flip(1).T
    return Projection((align(basis.T, previous.basis.T).T @ basis).contiguous())


def axes(latent_dim: int) -> Projection:
    """The plane of the first two latent dimensions."""
    return Projection(torch.eye(2, latent_dim))


def ellipse(centre: np.ndarray, covariance: np.ndarray, deviations: float = 2.0) -> np.ndarray:
    """The line (33, 2) where a Gaussian in the plane is so many standard deviations away."""
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    radii = deviations * np.sqrt(values.clip(min=0))
    return (centre + (vectors @ (radii[:, None] * circle)).T).astype(np.float32)
