r"""Grey levels: images in whole numbers, and the bits per pixel of a density over them.

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

LEVELS = {"digits": 17, "faces": 16}  # of digits all, of faces 256 in steps of 16


@dataclass(frozen=True, eq=False)
class GreyLevels:
    """The grey levels of one set of images."""

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

    def dequantised(self, x: Tensor, rng: Generator) -> Tensor:
        """Dequantised images (n, d): each anywhere in its cell of the cube."""
        return (self.of(x) + torch.rand(x.shape, generator=rng)) / self.count

    def quantised(self, y: Tensor) -> Tensor:
        """The images (n, d) in 0..1 whose cells hold points (n, d) of the cube (or beyond it)."""
        return self.pixels((y * self.count).floor().clamp(0, self.count - 1))

    def bits(self, nats: float, dequantised: bool) -> float:
        """Bits per pixel of a log-likelihood in nats per image (`dequantised`: of the cube)."""
        cells = self.dim * log(self.count) if dequantised else 0.0
        return (cells - nats) / (self.dim * log(2))


@lru_cache(maxsize=2)
def levels(dataset: str) -> GreyLevels:
    """The levels of digits or faces; KeyError for others."""
    return GreyLevels(images.load(dataset), LEVELS[dataset])
