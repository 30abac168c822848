"""Drawing from a distribution of the plane: without end, or from a few points that are known."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Self

import torch
from torch import Generator, Tensor


class Sampler(ABC):
    """What the distributions of the plane have in common: each point comes from one part."""

    groups: Tensor  # (k,) int64: the class of each part
    known: tuple[Tensor, Tensor] | None = None  # (n, 2) and (n,): all there is to draw

    def few(self, n: int, rng: Generator) -> Self:
        """The same distribution, of which n points are known, drawn now: samples repeat them."""
        own = copy(self)
        own.known = self._points(n, rng)
        return own

    def sample(self, n: int, rng: Generator) -> Tensor:
        """Draw n points, (n, 2) float32."""
        return self._points(n, rng)[0]

    def sample_labelled(self, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
        """Draw n points (n, 2) and the class of each (n,) int64."""
        x, part = self._points(n, rng)
        return x, self.groups[part]

    def _points(self, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
        if self.known is None:
            return self._draw(n, rng)
        rows = torch.randint(len(self.known[0]), (n,), generator=rng)
        return self.known[0][rows], self.known[1][rows]

    @abstractmethod
    def _draw(self, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
        """Fresh points (n, 2) float32 and the part (n,) that each comes from."""
