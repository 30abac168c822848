"""One exam for all: the same fresh data, the same number of samples, and what a perfect model gets.

Points are compared with points that nobody has learnt from, images with images kept aside.
"""

import time
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.levels import LEVELS
from explorer.data import images, plane
from explorer.nets import generator
from explorer.truth import features
from explorer.truth.distances import shadows, slices, sorted_distance
from explorer.truth.floors import interval_of

POINTS, IMAGES, NEAR = 4000, 800, 1000  # made for the exam; of which neighbours are looked up
CROWD = 8  # times as many real points stand for the data, so that their luck plays no part
LOOKED, DIRECTIONS, LIKELY = 200, 64, 1000
SETS = 16  # of real samples, to learn what a perfect model gets
FRESH, DRAWN = 999, 500  # seeds: of the data that judge, of the samples that are judged
NAN = float("nan")


@dataclass(frozen=True)
class Marks:
    """What samples of a finished model scored."""

    distance: float  # sliced Wasserstein-1
    precision: float
    recall: float
    coverage: float
    bits: float  # per dimension; NaN: there is no likelihood
    numbers: int  # parameters
    steps: int
    seconds: float = field(default=NAN, compare=False)  # measured: training
    sampling: float = field(default=NAN, compare=False)  # measured: ms for 1,000 samples


FIGURES = ("distance", "precision", "recall", "coverage")
Interval = tuple[float, float]


class Exam:
    """The judge of one data set."""

    def __init__(self, dataset: str) -> None:
        self.dataset, self.of_images = dataset, dataset in LEVELS
        self.count = IMAGES if self.of_images else POINTS
        self.fresh = self.real(self.count, generator(FRESH))
        self.slices = slices(self.fresh.shape[1], DIRECTIONS)
        self.shadows = self._shadows()
        self.near = self.fresh[:NEAR]
        if self.of_images:
            self.likely, self.true_bits = self.fresh[:200], NAN
        else:
            self.likely = self.fresh[:LIKELY]
            exact = plane.get(dataset).log_density(self.likely).mean().item()
            self.true_bits = -exact / (2 * log(2))

    def _shadows(self) -> np.ndarray:
        """The data along each direction, sorted: (DIRECTIONS, count)."""
        if self.of_images:
            return shadows(self.fresh, self.slices)
        many = shadows(self.real(CROWD * self.count, generator(FRESH + 2)), self.slices)
        return many.reshape(DIRECTIONS, self.count, CROWD).mean(axis=2)

    def real(self, n: int, rng: torch.Generator) -> Tensor:
        """Real points (n, 2), or at most n images that nobody learns from (m, d)."""
        if not self.of_images:
            return plane.get(self.dataset).sample(n, rng)
        return images.load(self.dataset).test[:n]

    def glance(self, made: np.ndarray) -> float:
        """The distance of LOOKED points (n, 2), for a look at a run."""
        own = shadows(made[:LOOKED], self.slices).repeat(self.count // LOOKED, axis=1)
        return sorted_distance(own, self.shadows)

    @cached_property
    def glance_floor(self) -> Interval:
        """What as many real points would get."""
        rng = generator(FRESH + 3)
        found = [self.glance(self.real(LOOKED, rng).numpy()) for _ in range(4 * SETS)]
        return interval_of(found).interval

    def marks(self, key: str, model: Any, steps: int, seed: int, seconds: float) -> Marks:
        """Let a finished model make samples, and judge them."""
        start = time.thread_time()
        made = model.sample(self.count, DRAWN + seed)
        spent = time.thread_time() - start
        distance = sorted_distance(shadows(made, self.slices), self.shadows)
        shares = self.shares(torch.tensor(made))
        begins = FAMILIES[key].own
        weights = model.weights().items()
        numbers = sum(value.size for name, value in weights if name.startswith(begins))
        return Marks(
            distance,
            *shares,
            self.bits(key, model),
            numbers,
            steps,
            seconds,
            1e6 * spent / self.count,
        )

    def shares(self, made: Tensor) -> tuple[float, float, float]:
        """Precision, recall and coverage of rows (n, d)."""
        found = features.shares(self.near, made[:NEAR])
        return found.precision, found.recall, found.coverage

    def bits(self, key: str, model: Any) -> float:
        """Bits per dimension of fresh data; NaN where the model has no likelihood."""
        family = FAMILIES[key]
        if family.log_density is None:
            return NAN
        if not self.of_images:
            log_p = family.log_density(model, self.likely)
            # A density of zero somewhere is an infinite price: told as 99 bits, not as infinity.
            nats = log_p.double().clamp(min=-140).mean().item()
            return -nats / (2 * log(2))
        return family.image_bits(model, self.likely) if family.image_bits else NAN

    @property
    def floors(self) -> dict[str, Interval]:
        """What a perfect model gets, figure by figure."""
        return floors(self.dataset)


@lru_cache(maxsize=8)
def exam(dataset: str) -> Exam:
    """The judge of a data set, made once per process."""
    return Exam(dataset)


@lru_cache(maxsize=32)
def floors(dataset: str) -> dict[str, Interval]:
    """What real data score against the judge's: where the next one lies with 99 %."""
    judge = exam(dataset)
    rng = generator(FRESH + 1)
    found: list[tuple[float, ...]] = []
    for _ in range(SETS):
        if judge.of_images:
            train = images.load(dataset).train
            sample = train[torch.randperm(len(train), generator=rng)[: judge.count]]
        else:
            sample = judge.real(judge.count, rng)
        distance = sorted_distance(shadows(sample, judge.slices), judge.shadows)
        found.append((distance, *judge.shares(sample)))
    columns = dict(zip(FIGURES, np.array(found).T))
    ends = {name: interval_of(values).interval for name, values in columns.items()}
    shares = {name: (low, min(high, 1.0)) for name, (low, high) in ends.items()}
    return shares | {"distance": ends["distance"]}
