"""How good a generator of images is, each figure with its noise floor.

Fréchet distance of the pixels, classes covered (by the nearest training image), and how near that
neighbour is: nearer than a fresh image would be means memorised.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from explorer.concepts.shared.adversarial.measure import Scores
from explorer.data import images
from explorer.nets import generator
from explorer.scene import Reading
from explorer.truth.distances import COVERED, frechet_distance
from explorer.truth.floors import noise_floor

IMAGES, NEIGHBOURS = 896, 256  # half of the digits; images whose nearest neighbour is looked up


@dataclass(frozen=True, eq=False)
class ImageReference:
    """Images to compare with, and what a perfect generator would score."""

    data: images.ImageSet
    real: Tensor  # (IMAGES, d) in 0..1
    groups: int
    floor: tuple[float, float]
    typical: float
    share: tuple[float, float]  # mean distance of test images to the nearest training image

    def scores(self, samples: Tensor) -> Scores:
        """Of IMAGES generated images (IMAGES, d) in 0..1."""
        gap, nearest = self.nearest(samples[:NEIGHBOURS])
        counts = torch.bincount(self.data.train_labels[nearest], minlength=self.groups)
        covered = int((counts >= COVERED * NEIGHBOURS / self.groups).sum())
        return Scores(frechet_distance(samples, self.real), covered, gap.mean().item())

    def nearest(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        """Distance to the nearest training image (n,), and which one it is (n,)."""
        gap, index = torch.cdist(samples, self.data.train).min(dim=1)
        return gap, index

    def readings(self, scores: Scores) -> list[Reading]:
        return [
            Reading(
                "Fréchet distance",
                scores.distance,
                self.floor,
                f"{IMAGES} images of the data",
                better="low",
                help=f"Of the pixels of {IMAGES} generated images from as many of the data: how "
                "far their means and covariances are apart.",
                usual=self.typical,
            ),
            Reading(
                "digits covered",
                scores.covered,
                (self.groups, self.groups),
                f"all {self.groups}",
                better="high",
                help="By the label of the nearest training image.",
            ),
            Reading(
                "distance to the nearest training image",
                scores.quality,
                self.share,
                "test images",
                better="neither",
                help="Mean distance in pixels. Far below the interval the images are memorised, "
                "far above it they are unlike any digit.",
            ),
        ]


@lru_cache(maxsize=4)
def image_reference(dataset: str) -> ImageReference:
    """What to measure generators of `dataset` by; made once per process."""
    data = images.load(dataset)
    everything = torch.cat([data.train, data.test])
    chosen = torch.randperm(len(everything), generator=generator(2024))[:IMAGES]
    floor = noise_floor("frechet_distance", dataset, IMAGES)
    gap = torch.cdist(data.test, data.train).min(dim=1).values
    spread = 2.576 * gap.std().item() / NEIGHBOURS**0.5
    middle = gap.mean().item()
    return ImageReference(
        data,
        everything[chosen],
        len(data.classes),
        floor.interval,
        floor.mean,
        (middle - spread, middle + spread),
    )
