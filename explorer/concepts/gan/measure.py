"""How good the generator is, in figures that each have their floor.

In the plane: sliced Wasserstein distance, modes covered, share of points on target. Of images:
Frechet distance of the pixels, digits covered (by the nearest real neighbour), and how near that
neighbour is (nearer than a fresh real image would be: copied).
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from explorer.data import images, plane
from explorer.data.plane import Distribution
from explorer.nets import generator
from explorer.scene import Reading
from explorer.truth import floors
from explorer.truth.distances import COVERED, frechet_distance, mode_coverage
from explorer.truth.floors import noise_floor

POINTS, SLICES, COUNTED = 5000, 32, 512  # points measured, directions, points counted by mode
IMAGES, NEIGHBOURS = 896, 256  # half of the digits; images whose nearest neighbour is looked up
WITHIN = 0.99  # share of the real points inside what counts as on target, if there are no modes


@dataclass(frozen=True)
class Marks:
    """What a generator scored: a distance, groups covered, and a third figure of its own kind."""

    distance: float
    covered: int
    third: float  # share on target, or the distance to the nearest real image


@dataclass(frozen=True, eq=False)
class PlaneYardstick:
    """Real points to measure by, and what a perfect generator would score."""

    dist: Distribution
    real: Tensor  # (POINTS, 2)
    line: floors.Reference  # of the sliced Wasserstein distance
    groups: int  # modes to cover; 0: the data have none
    edge: float  # log-density above which WITHIN of the real points lie
    share: tuple[float, float]

    @property
    def floor(self) -> tuple[float, float]:
        return self.line.floor.interval

    @property
    def typical(self) -> float:
        """The distance of a perfect generator, on average."""
        return self.line.floor.mean

    def marks(self, made: Tensor) -> Marks:
        """Of POINTS made-up points (POINTS, 2)."""
        distance = self.line.distance(made)
        counted = made[:COUNTED]
        if self.groups:
            coverage = mode_coverage(counted, self.dist)
            return Marks(distance, coverage.modes, coverage.high_quality)
        inside = self.dist.log_density(counted) >= self.edge
        return Marks(distance, 0, inside.float().mean().item())

    def readings(self, marks: Marks) -> list[Reading]:
        found = [
            Reading(
                "distance to the data",
                marks.distance,
                self.floor,
                f"{POINTS:,} real points",
                better="low",
                help=f"Sliced Wasserstein distance of {POINTS:,} made-up points from the data, in "
                "the units of the picture.",
                usual=self.typical,
            )
        ]
        if self.groups:
            found.append(
                Reading(
                    "modes covered",
                    marks.covered,
                    (self.groups, self.groups),
                    f"all {self.groups}",
                    better="high",
                    help="A mode counts once it holds a fifth of the points that it deserves.",
                )
            )
        found.append(
            Reading(
                "points on target",
                marks.third,
                self.share,
                "real points",
                better="high",
                help="Share within three standard deviations of a mode."
                if self.groups
                else f"Share where the data are as dense as for {WITHIN:.0%} of the real points.",
            )
        )
        return found


@lru_cache(maxsize=32)
def plane_yardstick(dataset: str) -> PlaneYardstick:
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
    return PlaneYardstick(dist, real, line, groups, edge, share)


@dataclass(frozen=True, eq=False)
class ImageYardstick:
    """Real images to measure by, and what a perfect generator would score."""

    data: images.ImageSet
    real: Tensor  # (IMAGES, d) in 0..1
    groups: int
    floor: tuple[float, float]
    typical: float
    share: tuple[float, float]  # mean distance of unseen real images to the nearest one

    def marks(self, made: Tensor) -> Marks:
        """Of IMAGES made-up images (IMAGES, d) in 0..1."""
        gap, nearest = self.nearest(made[:NEIGHBOURS])
        counts = torch.bincount(self.data.train_labels[nearest], minlength=self.groups)
        covered = int((counts >= COVERED * NEIGHBOURS / self.groups).sum())
        return Marks(frechet_distance(made, self.real), covered, gap.mean().item())

    def nearest(self, made: Tensor) -> tuple[Tensor, Tensor]:
        """Distance to the nearest training image (n,), and which one it is (n,)."""
        gap, index = torch.cdist(made, self.data.train).min(dim=1)
        return gap, index

    def readings(self, marks: Marks) -> list[Reading]:
        return [
            Reading(
                "Fréchet distance",
                marks.distance,
                self.floor,
                f"{IMAGES} real images",
                better="low",
                help=f"Of the pixels of {IMAGES} made-up images from as many real ones: how far "
                "their means and covariances are apart.",
                usual=self.typical,
            ),
            Reading(
                "digits covered",
                marks.covered,
                (self.groups, self.groups),
                f"all {self.groups}",
                better="high",
                help="By the label of the nearest real image.",
            ),
            Reading(
                "nearest real image",
                marks.third,
                self.share,
                "unseen real images",
                better="neither",
                help="Mean distance in pixels. Far below the interval the images would be copies, "
                "far above it they would be unlike any digit.",
            ),
        ]


@lru_cache(maxsize=4)
def image_yardstick(dataset: str) -> ImageYardstick:
    data = images.load(dataset)
    everything = torch.cat([data.train, data.test])
    chosen = torch.randperm(len(everything), generator=generator(2024))[:IMAGES]
    floor = noise_floor("frechet_distance", dataset, IMAGES)
    gap = torch.cdist(data.test, data.train).min(dim=1).values
    spread = 2.576 * gap.std().item() / NEIGHBOURS**0.5
    middle = gap.mean().item()
    return ImageYardstick(
        data,
        everything[chosen],
        len(data.classes),
        floor.interval,
        floor.mean,
        (middle - spread, middle + spread),
    )


Yardstick = PlaneYardstick | ImageYardstick


def yardstick(dataset: str) -> Yardstick:
    """What to measure generators of `dataset` by; made once per process."""
    return image_yardstick(dataset) if dataset in images.SETS else plane_yardstick(dataset)
