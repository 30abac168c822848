"""The map: two directions of the code that can be drawn."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space.linear import turn
from explorer.scene import Limits

LIMITS: Limits = (-4.0, 4.0)  # in both directions: the prior is within 3


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through the origin of the codes.

    Two units are drawn as they are. Of more units, the plane holds the two directions along which
    the codes of the test images vary most; a single unit is drawn on the horizontal axis.
    """

    basis: Tensor  # (2, latent), orthonormal rows; a row of zeros when there is one unit

    @property
    def words(self) -> str:
        """What the map shows, in a sentence."""
        latent = self.basis.shape[1]
        if latent == 1:
            return "The code is a single number: moving up or down changes nothing."
        if latent == 2:
            return "The code is two numbers: the map shows all there is."
        return (
            f"The code has {latent} numbers. The map shows the two directions along which the "
            "codes of test images vary most; all others stay at zero."
        )

    def onto(self, codes: Tensor) -> Tensor:
        """Where codes (n, latent) lie on the map, (n, 2)."""
        return codes @ self.basis.T

    def spread(self, variance: Tensor) -> Tensor:
        """The covariance (n, 2, 2) on the map of codes with independent variances (n, latent)."""
        return (self.basis * variance[:, None, :]) @ self.basis.T

    def codes(self, xy: Tensor) -> Tensor:
        """The codes (n, latent) at points (n, 2) of the map; all other directions are at zero."""
        return xy @ self.basis


def widest(means: Tensor, before: Plane | None = None) -> Plane:
    """The plane in which the means (n, latent) of the codes vary most.

    Turned within itself to stay as close as it can to the plane `before`, so that a film of maps
    does not jump.
    """
    latent = means.shape[1]
    if latent <= 2:
        return Plane(torch.eye(2, latent))
    off = means - means.mean(0)
    _, vectors = torch.linalg.eigh(off.T @ off)
    basis = vectors[:, -2:].flip(1).T
    if before is not None:
        basis = turn(basis.T, before.basis.T).T @ basis
    return Plane(basis.contiguous())


def ellipse(centre: np.ndarray, covariance: np.ndarray, deviations: float = 2.0) -> np.ndarray:
    """The line (33, 2) where a Gaussian in the plane is so many standard deviations away."""
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    radii = deviations * np.sqrt(values.clip(min=0))
    return (centre + (vectors @ (radii[:, None] * circle)).T).astype(np.float32)
