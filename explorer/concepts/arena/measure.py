"""One evaluation for all models: the same test set, as many samples, and the noise floors.

Points are compared with fresh ones, images with held-out images. The evaluation has small parts, so
that other runs in this process wait for none of them.
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

POINTS, IMAGES, NEAR = 6000, 800, 1000  # samples that are measured; whose neighbours are searched
DENSE = 16  # times as many real points stand for the data, so that chance plays no part in them
LIVE, DIRECTIONS, LIKELY, NOVEL = 200, 64, 1000, 300
PARTS, CHUNKS = 4, 4  # in which samples are drawn, and in which the likelihood is computed
STAGES = PARTS + 1 + CHUNKS
SETS = 16  # of real samples behind each noise floor
FRESH, SAMPLED = 999, 500  # seeds: of the test set, of the samples that are measured
NAN = float("nan")


@dataclass(frozen=True)
class Scores:
    """The metrics of a finished model."""

    distance: float  # sliced Wasserstein-1
    precision: float
    recall: float
    coverage: float
    bits: float  # per dimension; NaN: there is no likelihood
    parameters: int
    steps: int
    novelty: float = NAN  # distance from the training data, of fresh data 1; NaN: unlimited data
    seconds: float = field(default=NAN, compare=False)  # measured: training
    sampling: float = field(default=NAN, compare=False)  # measured: ms for 1,000 samples


METRICS = ("distance", "precision", "recall", "coverage")
Interval = tuple[float, float]


class Evaluation:
    """The evaluation of one data set."""

    def __init__(self, dataset: str) -> None:
        self.dataset, self.of_images = dataset, dataset in LEVELS
        self.count = IMAGES if self.of_images else POINTS
        self.fresh = self.real(self.count, generator(FRESH))
        self.slices = slices(self.fresh.shape[1], DIRECTIONS)
        self.projections = self._project()
        self.near = self.fresh[:NEAR]
        if self.of_images:
            self.likely, self.true_bits = self.fresh[:200], NAN
        else:
            self.likely = self.fresh[:LIKELY]
            exact = plane.get(dataset).log_density(self.likely).mean().item()
            self.true_bits = -exact / (2 * log(2))
        self._perfect: dict[int, tuple[float, ...]] = {}  # what sets of real samples scored

    def _project(self) -> np.ndarray:
        """The data along each direction, sorted: (DIRECTIONS, count)."""
        if self.of_images:
            return projections(self.fresh, self.slices)
        many = projections(self.real(DENSE * self.count, generator(FRESH + 2)), self.slices)
        return many.reshape(DIRECTIONS, self.count, DENSE).mean(axis=2)

    def real(self, n: int, rng: torch.Generator) -> Tensor:
        """Real points (n, 2), or at most n held-out images (m, d)."""
        if not self.of_images:
            return plane.get(self.dataset).sample(n, rng)
        return images.load(self.dataset).test[:n]

    def distance(self, samples: Tensor | np.ndarray) -> float:
        """The sliced Wasserstein-1 distance of `count` samples (count, d) from the data."""
        return sorted_distance(projections(samples, self.slices), self.projections)

    @property
    def perfect_distance(self) -> float:
        """The distance of a perfect model, on average."""
        for _ in self.prepare():
            pass
        return float(np.mean([distance for distance, *_ in self._perfect.values()]))

    def live_distance(self, samples: np.ndarray) -> float:
        """The distance of LIVE points (n, 2), while a model is in training."""
        own = projections(samples[:LIVE], self.slices).repeat(self.count // LIVE, axis=1)
        return sorted_distance(own, self.projections)

    @cached_property
    def live_floor(self) -> Interval:
        """The noise floor of as many points."""
        rng = generator(FRESH + 3)
        found = [self.live_distance(self.real(LIVE, rng).numpy()) for _ in range(4 * SETS)]
        return interval_of(found).interval

    def draw(self, model: Any, seed: int, part: int) -> np.ndarray:
        """One of PARTS equal parts of the samples (count / PARTS, d) that are measured."""
        return model.sample(self.count // PARTS, SAMPLED + 10 * seed + part)

    def score(
        self, key: str, model: Any, config: Any, seed: int, seconds: float
    ) -> Generator[None, None, Scores]:
        """Draw samples of a finished model, trained by `config`, and measure them; in STAGES."""
        parts, spent = [], 0.0
        for part in range(PARTS):
            start = time.thread_time()
            parts.append(self.draw(model, seed, part))
            spent += time.thread_time() - start
            yield
        samples = np.concatenate(parts)
        distance = self.distance(samples)
        shares = self.shares(torch.tensor(samples))
        yield
        novelty = self.novelty(torch.tensor(samples[:NOVEL]), config.dataset)
        bits = []
        for some in self.likely.chunk(CHUNKS):
            bits.append(self.bits(key, model, some))
            yield
        prefix = FAMILIES[key].own
        weights = model.weights().items()
        return Scores(
            distance,
            *shares,
            float(np.mean(bits)),
            sum(value.size for name, value in weights if name.startswith(prefix)),
            config.steps,
            novelty,
            seconds,
            1e6 * spent / self.count,
        )

    def shares(self, samples: Tensor) -> tuple[float, float, float]:
        """Precision, recall and coverage of rows (n, d)."""
        found = features.shares(self.near, samples[:NEAR])
        return found.precision, found.recall, found.coverage

    def novelty(self, samples: Tensor, dataset: str) -> float:
        """Distance of rows (n, d) from the training data, relative to fresh data: 0 are copies."""
        if self.of_images:
            train = images.load(self.dataset).train
        elif (known := plane.get(dataset).known) is not None:
            train = known[0]
        else:
            return NAN
        return features.novelty(samples, train, self.near[:NOVEL])

    def bits(self, key: str, model: Any, likely: Tensor) -> float:
        """Bits per dimension of fresh data (n, d); NaN where the model has no likelihood."""
        family = FAMILIES[key]
        if family.log_density is None:
            return NAN
        if not self.of_images:
            log_p = family.log_density(model, likely)
            # A density of zero somewhere costs infinitely many bits: cut off at 99.
            nats = log_p.double().clamp(min=-140).mean().item()
            return -nats / (2 * log(2))
        return family.image_bits(model, likely) if family.image_bits else NAN

    def prepare(self) -> Generator[None, None, None]:
        """Compute the noise floors, one set of real samples after the other."""
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
        columns = dict(zip(METRICS, np.array(list(self._perfect.values())).T))
        ends = {name: interval_of(values).interval for name, values in columns.items()}
        shares = {name: (low, min(high, 1.0)) for name, (low, high) in ends.items()}
        return shares | {"distance": ends["distance"]}


@lru_cache(maxsize=8)
def evaluation_of(dataset: str) -> Evaluation:
    """The evaluation on a data set, prepared once per process."""
    return Evaluation(dataset)
