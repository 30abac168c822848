"""How good generated images are: the right class, as varied as real images, and new.

Each figure has the interval in which as many real images would score. The classifier learns from
held-out images only (and from the same ones shifted by a pixel), by kernel ridge regression on the
labels: no step in it is random, and no image that it learns from was seen by the generator. Its own
accuracy on real images says how far it can be trusted.

Naeem et al. (2020), Reliable fidelity and diversity metrics, https://arxiv.org/abs/2002.09797
Williams and Seeger (2000), Using the Nystroem method to speed up kernel machines
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, one_hot

from explorer.concepts.shared.image_grid import Interval, distances_between
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import generator
from explorer.truth.floors import central, interval_of

CENTRES = 2000  # of the kernel
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
WIDTH, RIDGE = 2.0, 0.1
CHECKED = 2000  # real images on which the classifier itself is tested
SETS = 48  # of real images, to learn how much a figure fluctuates
NEIGHBOURS = 5


class Classifier:
    """Kernel ridge regression: what class is an image (n, d) in 0..1?"""

    def __init__(self, chosen: ImageSet) -> None:
        held_out = chosen.test.view(-1, *chosen.shape)
        moved = [torch.roll(held_out, shift, (1, 2)).flatten(1) for shift in SHIFTS]
        x, labels = torch.cat(moved), chosen.test_labels.repeat(len(SHIFTS))
        self.centres = x[:CENTRES]
        apart = torch.cdist(held_out.flatten(1), held_out.flatten(1))
        self.width = apart.square().median() / WIDTH
        targets = 2 * one_hot(labels, len(chosen.classes)).double() - 1
        features = self._kernel(x).double()
        system = features.T @ features + RIDGE * self._kernel(self.centres).double()
        system.diagonal().add_(1e-4)
        self.weights = torch.linalg.solve(system, features.T @ targets).float()
        real = slice(0, CHECKED)
        right = self.predict(chosen.train[real]) == chosen.train_labels[real]
        self.accuracy = right.double().mean().item()

    def _kernel(self, x: Tensor) -> Tensor:
        """The Gaussian kernel between images (n, d) and the centres, (n, centres)."""
        return (-torch.cdist(x, self.centres).square() / self.width).exp()

    def predict(self, x: Tensor) -> Tensor:
        """The most likely class (n,) of images (n, d)."""
        return (self._kernel(x) @ self.weights).argmax(1)


@lru_cache(maxsize=2)
def classifier(name: str) -> Classifier:
    """The classifier of a set, trained once per process (0.2 s for digits, 1 s for MNIST)."""
    return Classifier(images.load(name))


@dataclass(frozen=True)
class ImageScores:
    """Figures of a set of generated images, each with its interval for real ones."""

    accuracy: float  # share that the classifier assigns to the class asked for
    accuracy_floor: Interval
    coverage: float  # share of real images with a generated one among their nearest neighbours
    coverage_floor: Interval
    novelty: float | None = None  # see `image_grid.novelty`; only at the end of a run
    novelty_floor: Interval | None = None


class ImageMetrics:
    """Scores for images (n, d) in 0..1 of a set."""

    def __init__(self, name: str) -> None:
        self.chosen, self.classifier = images.load(name), classifier(name)
        self.small = thumbnails(self.chosen.test, self.chosen.shape)
        apart = distances_between(self.small, self.small)
        self.reach = apart.kthvalue(NEIGHBOURS + 1, dim=1).values  # the nearest is itself
        self._floors: dict[int, tuple[Interval, Interval]] = {}

    def scores(self, samples: Tensor, label: Tensor) -> ImageScores:
        """The figures for images (n, d) that were asked to be of classes (n,)."""
        accuracy = (self.classifier.predict(samples) == label).double().mean().item()
        accuracy_floor, coverage_floor = self.floors(len(samples))
        return ImageScores(accuracy, accuracy_floor, self.coverage(samples), coverage_floor)

    def coverage(self, samples: Tensor) -> float:
        """The share of held-out images that have one of `samples` within reach.

        Compared as thumbnails of 4 x 4, so that a blurred image is not near to everything.
        """
        small = thumbnails(samples, self.chosen.shape)
        apart = distances_between(self.small, small).min(1).values
        return (apart < self.reach).double().mean().item()

    def floors(self, n: int) -> tuple[Interval, Interval]:
        """The intervals of accuracy and coverage for n real images."""
        if n not in self._floors:
            rng = generator(0)
            counts = np.random.default_rng(0).binomial(n, self.classifier.accuracy, 2000)
            train = self.chosen.train
            drawn = (torch.randperm(len(train), generator=rng)[:n] for _ in range(SETS))
            coverages = np.array([self.coverage(train[rows]) for rows in drawn])
            self._floors[n] = central(counts / n), interval_of(coverages).interval
        return self._floors[n]


@lru_cache(maxsize=2)
def metrics(name: str) -> ImageMetrics:
    """The metrics for a set of images, prepared once per process."""
    return ImageMetrics(name)


def thumbnails(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Images (n, d) of this shape, averaged down to 4 x 4, (n, 16)."""
    return adaptive_avg_pool2d(x.view(-1, 1, *shape), 4).flatten(1)
