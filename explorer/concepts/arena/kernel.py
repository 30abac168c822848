r"""Kernel density estimate: store points, and put a small Gaussian on each.

    p(x) = 1/n sum_i N(x; y_i, h^2 I)

The only thing to learn is the bandwidth h. The best one for fresh points x_j is a fixed point of
h^2 = mean_j sum_i w_ij |x_j - y_i|^2 / d, w_ij the share of kernel i in p(x_j) (EM for one shared
variance), so every update stores some more points and takes a step towards it. Where data are few,
an eighth is not stored but held out for the bandwidth: points that are stored would make it zero.

Parzen (1962), https://doi.org/10.1214/aoms/1177704472
"""

from collections.abc import Generator
from math import log, pi

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.arena.learner import Config, Samples, Source, run
from explorer.data import plane
from explorer.data.levels import levels
from explorer.nets import freeze, generator

FRESH, PACE, FIRST = 32, 0.2, 16
BLOCK = 256  # rows whose distances are computed at once


class Kernel:
    """Stored points and a bandwidth; `config.size` points in the end."""

    def __init__(self, config: Config) -> None:
        self.config, self.source, self.rng = config, Source(config), generator(config.seed)
        self.points, self.held_out = self._split()
        self.used = min(FIRST, len(self.points))
        self.square = self.points.var(0).mean().item() / 4

    def _split(self) -> tuple[Tensor, Tensor | None]:
        """What will be stored; where data are few, some are held out for the bandwidth."""
        if self.config.of_images:
            own = levels(self.config.dataset)
            train = own.dequantised(own.data.train, self.rng)
        elif (known := plane.get(self.config.dataset).known) is not None:
            train = known[0]
        else:
            return self.source.batch(self.config.size, self.rng), None
        held_out = torch.arange(len(train)) % 8 == 0
        order = torch.randperm(int((~held_out).sum()), generator=self.rng)
        return train[~held_out][order[: self.config.size]], train[held_out]

    def update(self, step: int) -> None:
        """Store this step's share of the points; move the bandwidth towards its best value."""
        share = (step + 1) / max(1.0, 0.8 * self.config.steps)
        self.used = max(min(FIRST, len(self.points)), round(len(self.points) * min(1.0, share)))
        fresh = (
            self.source.batch(FRESH, self.rng) if self.held_out is None else self.held_out[:FRESH]
        )
        if self.held_out is not None:
            self.held_out = self.held_out.roll(-FRESH, 0)
        far = torch.cdist(fresh, self.points[: self.used]).square()
        share_of = (-far / (2 * self.square)).softmax(1)
        best = (share_of * far).sum(1).mean().item() / self.source.dim
        self.square += PACE * (best - self.square)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n points (n, 2), or images (n, d) in 0..1."""
        rng = generator(seed)
        rows = torch.randint(self.used, (n,), generator=rng)
        noise = torch.randn(n, self.source.dim, generator=rng)
        return self.source.samples(self.points[rows] + self.square**0.5 * noise)

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), of rows (n, d): points, or dequantised images."""
        stored = self.points[: self.used]
        size = 0.5 * self.source.dim * log(2 * pi * self.square) + log(self.used)
        parts = [
            (-torch.cdist(part, stored).square() / (2 * self.square)).logsumexp(1)
            for part in x.split(BLOCK)
        ]
        return torch.cat(parts) - size

    def weights(self) -> dict[str, np.ndarray]:
        """The points and the bandwidth."""
        return {
            "points": freeze(self.points[: self.used]),
            "bandwidth": freeze(torch.tensor([self.square**0.5])),
        }


def train(config: Config) -> Generator[Samples, None, Kernel]:
    """Store `config.size` points and find the bandwidth."""
    return (yield from run(Kernel(config), config))
