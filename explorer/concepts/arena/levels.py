r"""Images as whole levels of grey, and what a density over them says in bits.

A pixel has L levels, so an image of D pixels can be written in D log2 L bits. A density p over
the cube [0, 1]^D becomes a bound on the probability of an image k when the image is spread evenly
over its cell (uniform dequantisation):

    log P(k) >= E_u log p((k + u) / L) - D log L,      u uniform in [0, 1]^D

Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models,
https://arxiv.org/abs/1511.01844
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log

import torch
from torch import Generator, Tensor

from explorer.data import images
from explorer.data.images import ImageSet

LEVELS = {"digits": 17, "faces": 16}  # digits have 17; the 256 of a face are told in 16 steps


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of one set of images."""

    data: ImageSet
    count: int

    @property
    def dim(self) -> int:
        return self.data.train.shape[1]

    def of(self, x: Tensor) -> Tensor:
        """The level (n, d) int64 of every pixel of images (n, d) in 0..1."""
        if self.data.name == "digits":
            return (x * (self.count - 1)).round().long().clamp(0, self.count - 1)
        return (x * 255 / 256 * self.count).long().clamp(0, self.count - 1)

    def pixels(self, level: Tensor) -> Tensor:
        """Images (n, d) in 0..1 of levels (n, d): the middle of what a level stands for."""
        if self.data.name == "digits":
            return level / (self.count - 1)
        return ((level + 0.5) * 256 / self.count - 0.5) / 255

    def spread(self, x: Tensor, rng: Generator) -> Tensor:
        """Images (n, d), each anywhere in its cell of the cube."""
        return (self.of(x) + torch.rand(x.shape, generator=rng)) / self.count

    def gathered(self, y: Tensor) -> Tensor:
        """Points (n, d) of the cube (or beyond) as images in 0..1."""
        return self.pixels((y * self.count).floor().clamp(0, self.count - 1))

    def bits(self, nats: float, spread: bool) -> float:
        """Bits per pixel of a log-likelihood in nats per image; `spread`: of points of the cube."""
        cells = self.dim * log(self.count) if spread else 0.0
        return (cells - nats) / (self.dim * log(2))


@lru_cache(maxsize=2)
def levels(dataset: str) -> Levels:
    """The levels of digits or faces; KeyError for others."""
    return Levels(images.load(dataset), LEVELS[dataset])
