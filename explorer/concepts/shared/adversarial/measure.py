"""How good a generator of points is, each figure with its noise floor; and D on one scale.

Sliced Wasserstein distance, modes covered, share of high-quality samples.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from explorer.concepts.shared.adversarial.losses import Loss
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import generator
from explorer.scene import Reading
from explorer.truth import floors
from explorer.truth.distances import COVERED, HIGH_QUALITY, mode_coverage
from explorer.truth.floors import noise_floor

POINTS, SLICES, COUNTED = 5000, 32, 512  # points measured, directions, points counted by mode
WITHIN = 0.99  # share of the data inside their support, where they have no modes
FAR = 1e4  # further out, a sample shows that the run has diverged


@dataclass(frozen=True)
class Scores:
    """What a generator scored; `quality` depends on the kind of data."""

    distance: float
    covered: int  # modes, or classes
    quality: float  # share of high-quality samples; of images the distance to the nearest one


@dataclass(frozen=True, eq=False)
class PlaneReference:
    """Real points to compare with, and what a perfect generator would score."""

    dist: Distribution
    real: Tensor  # (POINTS, 2)
    line: floors.Reference  # of the sliced Wasserstein distance
    groups: int  # modes to cover; 0: the data have none
    edge: float  # log-density above which WITHIN of the data lie
    share: tuple[float, float]

    @property
    def floor(self) -> tuple[float, float]:
        return self.line.floor.interval

    @property
    def typical(self) -> float:
        """The distance of a perfect generator, on average."""
        return self.line.floor.mean

    def scores(self, samples: Tensor) -> Scores:
        """Of POINTS samples (POINTS, 2)."""
        distance = self.line.distance(samples)
        counted = samples[:COUNTED]
        if self.groups:
            coverage = mode_coverage(counted, self.dist)
            return Scores(distance, coverage.modes, coverage.high_quality)
        inside = self.dist.log_density(counted) >= self.edge
        return Scores(distance, 0, inside.float().mean().item())

    def readings(self, scores: Scores) -> list[Reading]:
        found = [
            Reading(
                "distance to the data",
                scores.distance,
                self.floor,
                f"{POINTS:,} points of the data",
                better="low",
                help=f"Sliced Wasserstein distance of {POINTS:,} samples from the data, in the "
                "units of the picture.",
                usual=self.typical,
            )
        ]
        if self.groups:
            found.append(
                Reading(
                    "modes covered",
                    scores.covered,
                    (self.groups, self.groups),
                    f"all {self.groups}",
                    better="high",
                    help="A mode counts once it holds a fifth of its share of the samples.",
                )
            )
        found.append(
            Reading(
                "high-quality samples",
                scores.quality,
                self.share,
                "the data themselves",
                better="high",
                help="Share within three standard deviations of a mode."
                if self.groups
                else f"Share where the data are as dense as for {WITHIN:.0%} of themselves.",
            )
        )
        return found


@lru_cache(maxsize=32)
def plane_reference(dataset: str) -> PlaneReference:
    """What to measure generators of `dataset` by; made once per process."""
    dist = plane.get(dataset)
    real = dist.sample(POINTS, generator(2024))
    edge, share = 0.0, (0.0, 1.0)
    if dist.modes is not None:
        share = noise_floor("high_quality", dataset, COUNTED).interval
    else:
        levels = dist.log_density(dist.sample(20_000, generator(7)))
        edge = levels.quantile(1 - WITHIN).item()
        spread = 2.576 * (WITHIN * (1 - WITHIN) / COUNTED) ** 0.5
        share = (WITHIN - spread, WITHIN + spread)
    groups = 0 if dist.modes is None else len(dist.modes)
    line = floors.reference(dataset, POINTS, SLICES)
    return PlaneReference(dist, real, line, groups, edge, share)


def coverage(x: Tensor, reference: PlaneReference) -> tuple[Tensor, Tensor, Tensor]:
    """Which modes the samples x (s, n, 2) cover and how much of its share each has (both
    (s, modes)), and the share of high-quality samples (s,).

    For every seed what `truth.distances.mode_coverage` says.
    """
    (s, n, _), groups = x.shape, reference.groups
    if not groups:
        return torch.zeros(s, 1, dtype=torch.bool), torch.zeros(s, 1), torch.zeros(s)
    mode, distance = reference.dist.nearest_mode(x.reshape(-1, 2))
    good = (distance <= HIGH_QUALITY).view(s, n)
    own = (mode.view(s, n) + groups * torch.arange(s)[:, None])[good]
    counts = torch.bincount(own, minlength=s * groups).view(s, groups)
    expected = n * reference.dist.mode_weights
    covered = (counts >= COVERED * expected) & (counts > 0)
    return covered, (counts / expected).float(), good.float().mean(1)


def output_scale(loss: Loss, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """What to subtract from D's outputs and divide them by before they are read as D(x) in 0..1.

    From its outputs `real` and `fake` (..., n) on samples of both kinds; each answer (..., 1).
    The relativistic loss leaves D's zero open: it is put where D(x) is one half on average over
    both kinds, as the optimal discriminator has it. A Wasserstein critic also has no scale.
    """
    both = torch.cat([real, fake], -1)
    if loss.needs_real:
        low, high = both.amin(-1, keepdim=True) - 1, both.amax(-1, keepdim=True) + 1
        for _ in range(24):
            middle = (low + high) / 2
            above = (both - middle).sigmoid().mean(-1, keepdim=True) > 0.5
            low, high = torch.where(above, middle, low), torch.where(above, high, middle)
        return (low + high) / 2, torch.ones_like(low)
    if loss.optimal is None:
        centre = (real.mean(-1, keepdim=True) + fake.mean(-1, keepdim=True)) / 2
        return centre, both.std(-1, keepdim=True) + 1e-6
    return both.new_zeros(1), both.new_ones(1)
