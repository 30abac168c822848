"""The space in which pictures are noised: principal components of the pictures seen in training.

Eighty numbers instead of 768 make the network's task smaller, and need no training of their
own. The components are scaled halfway to unit variance, so that the small ones, which draw edges,
count for more in the loss than they do in pixels. Larger pictures are parted into quarters, which
share their components: otherwise every place of a shape would need components of its own.
"""

import torch
from torch import Tensor

from explorer.data.shapes import World

WHOLE, QUARTER = 80, 40  # components of a picture, and of each quarter of a larger one
LARGER = 20  # pixels a side


class Space:
    """Pictures (n, d) of a world to points (n, dim) of about unit variance, and back."""

    def __init__(self, world: World, pictures: Tensor) -> None:
        self.side, self.parts = world.side, 2 if world.side > LARGER else 1
        patches = self._parted(pictures).flatten(0, 1)
        self.mean = patches.mean(0)
        centred = patches - self.mean
        values, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
        count = QUARTER if self.parts > 1 else WHOLE
        std = values[-count:].flip(0).clamp(min=1e-12).sqrt()
        self.scale = (std * std.square().mean().sqrt()).sqrt()
        self.axes = vectors[:, -count:].flip(1).T.contiguous()  # (components, numbers of a part)

    @property
    def dim(self) -> int:
        """How many numbers a point has."""
        return self.parts**2 * len(self.axes)

    def encode(self, x: Tensor) -> Tensor:
        """Pictures (n, d) as points (n, dim)."""
        return ((self._parted(x) - self.mean) @ self.axes.T / self.scale).flatten(1)

    def decode(self, z: Tensor) -> Tensor:
        """Points (n, dim) as pictures (n, d)."""
        z = z.view(len(z), self.parts**2, -1)
        return self._joined((z * self.scale) @ self.axes + self.mean)

    def _parted(self, x: Tensor) -> Tensor:
        """Pictures (n, d) as parts (n, parts^2, numbers of a part)."""
        p, size = self.parts, self.side // self.parts
        return x.view(-1, p, size, p, size, 3).transpose(2, 3).reshape(len(x), p * p, -1)

    def _joined(self, x: Tensor) -> Tensor:
        """The pictures (n, d) of parts."""
        p, size = self.parts, self.side // self.parts
        return x.view(-1, p, p, size, size, 3).transpose(2, 3).reshape(len(x), -1)
