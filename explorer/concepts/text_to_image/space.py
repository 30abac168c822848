"""The space in which pictures are noised: principal components of the pictures seen in training.

Sixty-four numbers instead of 768 make the network's task smaller, and need no training of their
own. The components are scaled halfway to unit variance, so that the small ones, which draw edges,
count for more in the loss than they do in pixels.
"""

import torch
from torch import Tensor

COMPONENTS = 64


class Space:
    """Pictures (n, d) to points (n, dim) of about unit variance, and back."""

    def __init__(self, pictures: Tensor, dim: int = COMPONENTS) -> None:
        self.mean = pictures.mean(0)
        centred = pictures - self.mean
        values, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
        std = values[-dim:].flip(0).clamp(min=1e-12).sqrt()
        self.scale = (std * std.square().mean().sqrt()).sqrt()
        self.axes = vectors[:, -dim:].flip(1).T.contiguous()  # (dim, d)

    @property
    def dim(self) -> int:
        """How many numbers a point has."""
        return len(self.axes)

    def encode(self, x: Tensor) -> Tensor:
        """Pictures (n, d) as points (n, dim)."""
        return (x - self.mean) @ self.axes.T / self.scale

    def decode(self, z: Tensor) -> Tensor:
        """Points (n, dim) as pictures (n, d)."""
        return (z * self.scale) @ self.axes + self.mean
