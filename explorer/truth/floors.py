"""Noise floors: what a perfect model scores, whose samples are fresh real ones.

No finite set of samples matches another exactly, so no distance goes to zero and no share to one
even for a model that has learnt everything. A value inside its floor cannot be told from perfect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal, TypeAlias, get_args

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.data import images, plane
from explorer.data.plane import Distribution
from explorer.truth.distances import (
    energy_distance,
    frechet_distance,
    mode_coverage,
    projections,
    slices,
    sorted_distance,
)

Metric: TypeAlias = Literal[
    "sliced_wasserstein", "energy_distance", "frechet_distance", "modes", "high_quality"
]
SETS = 24  # pairs of independent sets of real samples; where that is cheap 276 pairs are formed
DENSE, PERFECT = 16, 96  # times as many points that stand for the data; perfect sets
LARGE = 1_000_000  # numbers in a pair of sets and its projections


@dataclass(frozen=True)
class Floor:
    """The mean of a figure for a perfect model, and the interval that holds 99 % of its values."""

    mean: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float]:
        """What a `Reading` takes."""
        return self.low, self.high


def interval_of(values: Sequence[float] | np.ndarray, sets: int | None = None) -> Floor:
    """The floor of a figure from a few values (k,) of perfect models: where the next one lies.

    The prediction interval of a normal distribution, of the cube roots when all values are
    positive: what is a sum of squares then is as good as normal (Wilson and Hilferty 1931).
    `sets` is the number of independent values when k counts more. ValueError for fewer than 3.
    """
    k = len(values) if sets is None else sets
    if k < 3:
        raise ValueError(f"values must be at least 3. Got {k} instead.")
    array = np.asarray(values, np.float64)
    power = 3 if (array > 0).all() else 1
    roots = array ** (1 / power)
    middle, spread = float(roots.mean()), float(roots.std(ddof=1))
    half = _student(k - 1) * spread * (1 + 1 / k) ** 0.5
    low, high = max(middle - half, 0.0) if power == 3 else middle - half, middle + half
    return Floor(float(array.mean()), low**power, high**power)


def central(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """The interval that holds the middle 99 % of many values (k,)."""
    low, high = np.quantile(values, [0.005, 0.995])
    return float(low), float(high)


def _student(freedom: int) -> float:
    """The 99.5 % quantile of Student's t, to 1 % for 5 degrees of freedom and more.

    Abramowitz and Stegun (1964), 26.7.5; SciPy would take a second to import.
    """
    z = 2.5758293
    terms = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    last = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + terms[0] / freedom + terms[1] / freedom**2 + last / freedom**3


@dataclass(frozen=True, eq=False)
class Reference:
    """Sliced Wasserstein distance of n points from a distribution, with its floor.

    A fixed set of real points deviates by chance, which would make every perfect model look too
    good or too bad. So DENSE times as many stand for the distribution, and the floor is that of
    perfect sets against these very points.
    """

    directions: np.ndarray  # (k, 2)
    exact: np.ndarray  # (k, n) quantiles of the distribution along each direction
    floor: Floor

    def distance(self, samples: Tensor | np.ndarray) -> float:
        """The distance of samples (n, 2)."""
        return sorted_distance(projections(samples, self.directions), self.exact)


@lru_cache(maxsize=64)
def reference(dataset: str | Distribution, n: int, directions: int = 64) -> Reference:
    """The reference for n points. About 0.1 s for n = 200, 0.5 s for n = 2,000, once."""
    dist, u = _distribution(dataset), slices(2, directions)
    rng = torch.Generator().manual_seed(2025)
    many = projections(dist.sample(DENSE * n, rng), u)
    exact = many.reshape(directions, n, DENSE).mean(axis=2)
    perfect = [sorted_distance(projections(dist.sample(n, rng), u), exact) for _ in range(PERFECT)]
    for shared in (u, exact):
        shared.setflags(write=False)
    return Reference(u, exact, interval_of(perfect))


@lru_cache(maxsize=256)
def noise_floor(
    metric: Metric,
    dataset: str | Distribution,
    n: int,
    reference: int | None = None,
    directions: int = 256,
    seed: int = 0,
) -> Floor:
    """The floor of `metric` for n generated samples against `reference` real ones (None: n).

    `dataset` is a name of `data.plane` (or a distribution), or of `data.images`; of images two
    sets that share no image are compared, so n + reference may not exceed their number. Costs
    0.1 s or so (n = 2,000, 64 directions; the energy distance 0.5 s), once per process.
    """
    rng = torch.Generator().manual_seed(seed)
    m = n if reference is None else reference
    if metric in ("modes", "high_quality"):
        return _coverage_floor(metric, _distribution(dataset), n, rng)
    if metric == "sliced_wasserstein":
        values = list(_sliced(dataset, n, m, directions, rng))
    elif metric in ("energy_distance", "frechet_distance"):
        distance = energy_distance if metric == "energy_distance" else frechet_distance
        values = [distance(x, y) for x, y in _pairs(dataset, n, m, rng)]
    else:
        choices = ", ".join(get_args(Metric))
        raise ValueError(f"metric must be one of {choices}. Got {metric!r} instead.")
    return interval_of(values, SETS)


def _distribution(dataset: str | Distribution) -> Distribution:
    return plane.get(dataset) if isinstance(dataset, str) else dataset


def _pairs(
    dataset: str | Distribution, n: int, m: int, rng: Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Pairs of independent sets of real samples."""
    if dataset in images.SETS:
        chosen = images.load(str(dataset))
        everything = torch.cat([chosen.train, chosen.test])
        if n + m > len(everything):
            raise ValueError(
                f"n + reference must be at most {len(everything)}, the number of images of "
                f"{dataset}. Got {n + m} instead."
            )
        for _ in range(SETS):
            order = torch.randperm(len(everything), generator=rng)
            yield everything[order[:n]], everything[order[n : n + m]]
        return
    dist = _distribution(dataset)
    for _ in range(SETS):
        yield dist.sample(n, rng), dist.sample(m, rng)


def _sliced(
    dataset: str | Distribution, n: int, m: int, directions: int, rng: Generator
) -> Iterator[float]:
    dim = images.load(str(dataset)).train.shape[1] if dataset in images.SETS else 2
    u = slices(dim, directions)
    pairs = ((projections(x, u), projections(y, u)) for x, y in _pairs(dataset, n, m, rng))
    if dim > 2 or (n + m) * directions > LARGE:  # pairs would share images, or fill the memory
        yield from (sorted_distance(x, y) for x, y in pairs)
        return
    for one, other in combinations(list(pairs), 2):
        yield sorted_distance(one[0], other[1])


def _coverage_floor(metric: Metric, dist: Distribution, n: int, rng: Generator) -> Floor:
    sets = [mode_coverage(dist.sample(n, rng), dist) for _ in range(SETS)]
    if metric == "modes":
        counts = [coverage.modes for coverage in sets]
        return Floor(float(np.mean(counts)), float(min(counts)), float(max(counts)))
    share = float(np.mean([coverage.high_quality for coverage in sets]))
    # Each sample is good or not by itself, so the number of good ones is binomial.
    low, high = central(np.random.default_rng(0).binomial(n, share, 4000))
    return Floor(share, low / n, high / n)
