"""How good made images are: right class, variety, and newness.

Each figure has the interval in which as many real images would score.
Naeem et al. (2020), Reliable fidelity and diversity metrics, https://arxiv.org/abs/2002.09797
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from explorer.concepts.diffusion.reader import reader
from explorer.data import images
from explorer.nets import generator
from explorer.truth.floors import interval_of

SETS = 48  # of real images, to learn how much a figure fluctuates
NEIGHBOURS = 5

Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class ImageMarks:
    """Figures of a set of made images, each with its interval for real ones."""

    read: float  # share in which the reader sees the class that was asked for
    read_floor: Interval
    variety: float  # share of real images with a made one among their nearest neighbours
    variety_floor: Interval
    novelty: float | None = None  # see `novelty`; only at the end of a run
    novelty_floor: Interval | None = None


class Quality:
    """Marks for images (n, d) in 0..1 of a set."""

    def __init__(self, name: str) -> None:
        self.chosen, self.reader = images.load(name), reader(name)
        self.small = thumbnails(self.chosen.test, self.chosen.shape)
        kept = gaps(self.small, self.small)
        self.reach = kept.kthvalue(NEIGHBOURS + 1, dim=1).values  # the first neighbour is itself
        self._floors: dict[int, tuple[Interval, Interval]] = {}

    def marks(self, made: Tensor, label: Tensor) -> ImageMarks:
        """The figures for images (n, d) that were asked to be of classes (n,)."""
        read = (self.reader.read(made) == label).double().mean().item()
        read_floor, variety_floor = self.floors(len(made))
        return ImageMarks(read, read_floor, self.variety(made), variety_floor)

    def variety(self, made: Tensor) -> float:
        """Coverage: the share of images kept aside that have one of `made` within reach.

        Seen as thumbnails of 4 x 4, so that a blurred image is not near to everything.
        """
        far = gaps(self.small, thumbnails(made, self.chosen.shape)).min(1).values
        return (far < self.reach).double().mean().item()

    def floors(self, n: int) -> tuple[Interval, Interval]:
        """The intervals of `read` and `variety` for n real images."""
        if n not in self._floors:
            rng = generator(0)
            counts = np.random.default_rng(0).binomial(n, self.reader.accuracy, 2000)
            train = self.chosen.train
            drawn = (torch.randperm(len(train), generator=rng)[:n] for _ in range(SETS))
            varieties = np.array([self.variety(train[rows]) for rows in drawn])
            self._floors[n] = interval(counts / n), interval_of(varieties).interval
        return self._floors[n]


@lru_cache(maxsize=2)
def quality(name: str) -> Quality:
    """The marks for a set of images, prepared once per process."""
    return Quality(name)


def novelty(made: Tensor, unseen: Tensor, seen: Tensor) -> tuple[float, Interval]:
    """How far `made` (n, d) is from the nearest of `seen`, if `unseen` real ones are at 1.

    With the interval in which n of the unseen ones lie. A model that has learnt its training
    images by heart scores near 0.
    """
    distances = gaps(unseen, seen).min(1).values.numpy()
    size = float(distances.mean())
    drawn = np.random.default_rng(0).choice(distances / size, (2000, len(made))).mean(1)
    return gaps(made, seen).min(1).values.mean().item() / size, interval(drawn)


def thumbnails(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Images (n, d) of this shape made as small as 4 x 4, (n, 16)."""
    return adaptive_avg_pool2d(x.view(-1, 1, *shape), 4).flatten(1)


def gaps(x: Tensor, y: Tensor) -> Tensor:
    """Distances (n, m) between images."""
    return torch.cdist(x, y, compute_mode="use_mm_for_euclid_dist")


def nearest(x: Tensor, among: Tensor) -> Tensor:
    """The image of `among` nearest to each of x (n, d)."""
    return among[gaps(x, among).argmin(1)]


def interval(values: np.ndarray) -> Interval:
    """Where 99 % of many values lie."""
    low, high = np.quantile(values, [0.005, 0.995])
    return float(low), float(high)
