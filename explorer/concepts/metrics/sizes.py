r"""How many samples does a metric need? Its value for a perfect model, at more and more of them.

The Fréchet distance of finite sets is too large on average, by about one over their number: two
covariances guessed from n pictures differ. Extrapolating a line in 1/n to 0 removes most of it
(Chong and Forsyth 2020). The kernel distance leaves out the pairs that cause it, and is 0 on
average for any n. For two normal distributions the exact distance is known:

    |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2))
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.metrics.pictures import blurred, fine
from explorer.concepts.metrics.reader import SETS, parts, reader
from explorer.data import images
from explorer.nets import generator
from explorer.scene import frozen
from explorer.truth.distances import frechet_distance, frechet_of_moments
from explorer.truth.features import extrapolated, inception_score, kernel_distance
from explorer.truth.floors import interval_of

LARGEST = {"mnist": 1600, "digits": 560, "fashion": 1600}
SMALLEST, SIZES, TIMES = 80, 10, 10
SIGMA, LEAST = 0.5, 0.45  # pixels of 28 by which the rival's pictures are blurred
NAMES = ("real", "blurred", "kernel", "kernel_blurred", "normals", "inception")


@dataclass(frozen=True)
class SizesConfig:
    """Which pictures, and which luck."""

    dataset: str = "mnist"
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", SETS)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class SizesSnapshot:
    """Each figure at every number of samples so far: its mean and where 99 % of its values lie."""

    step: int  # the number of samples
    config: SizesConfig
    sizes: np.ndarray  # (k,)
    figures: np.ndarray  # (k, 6, 3): mean, low, high of each of NAMES
    exact: float  # Fréchet distance of the two normals
    endless: float  # Fréchet distance of perfect sets, extrapolated; NaN for fewer than 3 sizes
    endless_normals: float


@torch.no_grad()
def sizes(config: SizesConfig) -> Generator[SizesSnapshot, None, None]:
    """Ten sizes, ten pairs of sets each. About ten seconds for MNIST."""
    known, rng = parts(config.dataset), generator(config.seed)
    pool = torch.cat([known.seen, known.fresh])
    shape = images.load(config.dataset).shape
    eyes = reader(config.dataset)
    sharp = eyes.see(pool)
    dull = eyes.see(blurred(pool, shape, max(LEAST, SIGMA * fine(shape)))).features
    normals = Normals(sharp.features, dull)
    counts = np.geomspace(SMALLEST, LARGEST[config.dataset], SIZES).round().astype(int)
    found: list[np.ndarray] = []
    for n in counts.tolist():
        draws = []
        for _ in range(TIMES):
            order = torch.randperm(len(pool), generator=rng)
            a, b = order[:n], order[n : 2 * n]
            one, other, worse = sharp.features[a], sharp.features[b], dull[b]
            draws.append([
                frechet_distance(one, other),
                frechet_distance(one, worse),
                kernel_distance(one, other),
                kernel_distance(one, worse),
                frechet_distance(*normals.sample(n, rng)),
                inception_score(sharp.probabilities[b]),
            ])  # fmt: skip
        floors = [interval_of(column) for column in np.array(draws).T]
        found.append(np.array([[floor.mean, floor.low, floor.high] for floor in floors]))
        so_far, figures = counts[: len(found)], np.stack(found)
        yield SizesSnapshot(
            int(n),
            config,
            frozen(so_far),
            frozen(figures),
            normals.exact,
            endless(so_far, figures[:, 0, 0]),
            endless(so_far, figures[:, 4, 0]),
        )


def endless(counts: np.ndarray, means: np.ndarray) -> float:
    """The mean extrapolated to endless samples, from the larger half of the sizes."""
    half = len(counts) // 2
    return extrapolated(counts[half:], means[half:]) if len(counts) >= 3 else float("nan")


class Normals:
    """Two normal distributions with the means and covariances of two sets of features (n, d)."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.moments = [(f.double().mean(0), torch.cov(f.double().T)) for f in (x, y)]
        self.exact = frechet_of_moments(*(part.numpy() for pair in self.moments for part in pair))
        self.roots = [root(covariance) for _, covariance in self.moments]

    def sample(self, n: int, rng: torch.Generator) -> list[Tensor]:
        """n rows of each."""
        size = len(self.roots[0])
        return [
            mean + torch.randn(n, size, generator=rng, dtype=torch.float64) @ half
            for (mean, _), half in zip(self.moments, self.roots)
        ]


def root(covariance: Tensor) -> Tensor:
    """The symmetric square root."""
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T
