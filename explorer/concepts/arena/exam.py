"""One exam for all: the same fresh data, the same number of samples, and what a perfect model gets.

Points are compared with points that nobody has learnt from, images with images kept aside. The
exam has small parts, so that others who train here at the same time wait for none of them.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.arena.families import FAMILIES
from explorer.data import images, plane
from explorer.data.levels import LEVELS
from explorer.nets import generator
from explorer.truth import features
from explorer.truth.distances import projections, slices, sorted_distance
from explorer.truth.floors import interval_of

POINTS, IMAGES, NEAR = 6000, 800, 1000  # made for the exam; of which neighbours are looked up
CROWD = 16  # times as many real points stand for the data, so that their luck plays no part
LOOKED, DIRECTIONS, LIKELY, NOVEL = 200, 64, 1000, 300
PARTS, PRICED = 4, 4  # in which samples are made, and in which the likelihood is found
STAGES = PARTS + 1 + PRICED
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
    newness: float = NAN  # distance from what was learnt, of fresh data 1; NaN: there was no end
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
        self.projections = self._shadows()
        self.near = self.fresh[:NEAR]
        if self.of_images:
            self.likely, self.true_bits = self.fresh[:200], NAN
        else:
            self.likely = self.fresh[:LIKELY]
            exact = plane.get(dataset).log_density(self.likely).mean().item()
            self.true_bits = -exact / (2 * log(2))
        self._perfect: dict[int, tuple[float, ...]] = {}  # what sets of real samples scored

    def _shadows(self) -> np.ndarray:
        """The data along each direction, sorted: (DIRECTIONS, count)."""
        if self.of_images:
            return projections(self.fresh, self.slices)
        many = projections(self.real(CROWD * self.count, generator(FRESH + 2)), self.slices)
        return many.reshape(DIRECTIONS, self.count, CROWD).mean(axis=2)

    def real(self, n: int, rng: torch.Generator) -> Tensor:
        """Real points (n, 2), or at most n images that nobody learns from (m, d)."""
        if not self.of_images:
            return plane.get(self.dataset).sample(n, rng)
        return images.load(self.dataset).test[:n]

    def distance(self, made: Tensor | np.ndarray) -> float:
        """The sliced Wasserstein-1 distance of `count` samples (count, d) from the data."""
        return sorted_distance(projections(made, self.slices), self.projections)

    @property
    def typical(self) -> float:
        """The distance of a perfect model, on average."""
        for _ in self.prepare():
            pass
        return float(np.mean([distance for distance, *_ in self._perfect.values()]))

    def glance(self, made: np.ndarray) -> float:
        """The distance of LOOKED points (n, 2), for a look at a run."""
        own = projections(made[:LOOKED], self.slices).repeat(self.count // LOOKED, axis=1)
        return sorted_distance(own, self.projections)

    @cached_property
    def glance_floor(self) -> Interval:
        """What as many real points would get."""
        rng = generator(FRESH + 3)
        found = [self.glance(self.real(LOOKED, rng).numpy()) for _ in range(4 * SETS)]
        return interval_of(found).interval

    def draw(self, model: Any, seed: int, part: int) -> np.ndarray:
        """One of PARTS equal parts of the samples (count / PARTS, d) that are judged."""
        return model.sample(self.count // PARTS, DRAWN + 10 * seed + part)

    def marks(
        self, key: str, model: Any, config: Any, seed: int, seconds: float
    ) -> Generator[None, None, Marks]:
        """Let a finished model, trained by `config`, make samples, and judge them; in STAGES."""
        parts, spent = [], 0.0
        for part in range(PARTS):
            start = time.thread_time()
            parts.append(self.draw(model, seed, part))
            spent += time.thread_time() - start
            yield
        made = np.concatenate(parts)
        distance = self.distance(made)
        shares = self.shares(torch.tensor(made))
        yield
        newness = self.newness(torch.tensor(made[:NOVEL]), config.dataset)
        prices = []
        for some in self.likely.chunk(PRICED):
            prices.append(self.bits(key, model, some))
            yield
        begins = FAMILIES[key].own
        weights = model.weights().items()
        return Marks(
            distance,
            *shares,
            float(np.mean(prices)),
            sum(value.size for name, value in weights if name.startswith(begins)),
            config.steps,
            newness,
            seconds,
            1e6 * spent / self.count,
        )

    def shares(self, made: Tensor) -> tuple[float, float, float]:
        """Precision, recall and coverage of rows (n, d)."""
        found = features.shares(self.near, made[:NEAR])
        return found.precision, found.recall, found.coverage

    def newness(self, made: Tensor, learnt: str) -> float:
        """How far rows (n, d) are from what was learnt, relative to fresh data: 0 are copies."""
        if self.of_images:
            seen = images.load(self.dataset).train
        elif (known := plane.get(learnt).known) is not None:
            seen = known[0]
        else:
            return NAN
        return features.novelty(made, seen, self.near[:NOVEL])

    def bits(self, key: str, model: Any, likely: Tensor) -> float:
        """Bits per dimension of fresh data (n, d); NaN where the model has no likelihood."""
        family = FAMILIES[key]
        if family.log_density is None:
            return NAN
        if not self.of_images:
            log_p = family.log_density(model, likely)
            # A density of zero somewhere is an infinite price: told as 99 bits, not as infinity.
            nats = log_p.double().clamp(min=-140).mean().item()
            return -nats / (2 * log(2))
        return family.image_bits(model, likely) if family.image_bits else NAN

    def prepare(self) -> Generator[None, None, None]:
        """Find the floors, one set of real samples after the other."""
        for number in set(range(SETS)) - set(self._perfect):
            rng = generator(FRESH + 1000 + number)
            if self.of_images:
                train = images.load(self.dataset).train
                sample = train[torch.randperm(len(train), generator=rng)[: self.count]]
            else:
                sample = self.real(self.count, rng)
            self._perfect[number] = (self.distance(sample), *self.shares(sample))
            yield

    @cached_property
    def floors(self) -> dict[str, Interval]:
        """Where the next perfect model lies with 99 %, figure by figure."""
        for _ in self.prepare():
            pass
        columns = dict(zip(FIGURES, np.array(list(self._perfect.values())).T))
        ends = {name: interval_of(values).interval for name, values in columns.items()}
        shares = {name: (low, min(high, 1.0)) for name, (low, high) in ends.items()}
        return shares | {"distance": ends["distance"]}


@lru_cache(maxsize=8)
def exam(dataset: str) -> Exam:
    """The judge of a data set, made once per process."""
    return Exam(dataset)
