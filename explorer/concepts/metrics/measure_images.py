"""Sets of images, six corruptions of one, and every metric of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from explorer.concepts.metrics.classifier import Outputs, classifier, split
from explorer.concepts.metrics.measure import IMAGE_METRICS, SETS, NoiseFloors, noise_floors, stored
from explorer.data import images
from explorer.nets import generator
from explorer.truth.distances import frechet_distance
from explorer.truth.features import (
    inception_score,
    kernel_distance,
    novelty,
    perceptual_distance,
    shares,
)

PAIRS = 100  # of images that are compared layer by layer
BLUR, NOISE, SHIFT = 3.0, 0.8, 4.0  # at severity 1; in pixels of 28
MISSING, LEFT = 5, 10  # classes; different images


@dataclass(frozen=True, eq=False)
class ImageSamples:
    """Images (n, d); with the originals (n, d) when each comes from one."""

    x: Tensor
    original: Tensor | None = None

    def rows(self) -> np.ndarray:
        """The images as rows of pixels (n, d)."""
        return self.x.numpy()


class ImageEvaluation:
    """`reference` is the training set, `perfect` holds held-out images: a perfect model's samples.

    The metrics compare with the training set, as is usual.
    """

    def __init__(self, name: str, n: int, seed: int) -> None:
        self.name, self.n, self.rng = name, n, generator(seed)
        self.shape, self.classifier = images.load(name).shape, classifier(name)
        self.split = split(name)
        train, test = self.split.train, self.split.test
        self.reference = train[torch.randperm(len(train), generator=self.rng)[:n]]
        self.order = torch.randperm(len(test), generator=self.rng)
        self.perfect = test[self.order[:n]]
        self.noise = torch.randn(self.perfect.shape, generator=self.rng)
        self.copied = torch.rand(n, generator=self.rng).argsort()
        self.reference_outputs = self.classifier(self.reference)
        self.floors = image_floors(name, n)

    def corrupted(self, corruption: str, severity: float) -> ImageSamples:
        """The perfect set, corrupted; severity 0 leaves it as it is, 1 is the most."""
        samples: ImageSamples = getattr(self, f"_{corruption}")(severity)
        return samples

    def measure(self, samples: ImageSamples) -> np.ndarray:
        """The values (metrics,); NaN for paired metrics when there are no originals."""
        x, original = samples.x, samples.original
        outputs = self.classifier(x)
        values = _unpaired(self.reference_outputs, self.reference, outputs, x, self.perfect)
        paired = (np.nan, np.nan) if original is None else _paired(self.name, x, original)
        return np.array([*values, *paired])

    def _blur(self, severity: float) -> ImageSamples:
        sigma = BLUR * severity * relative_size(self.shape)
        return ImageSamples(blurred(self.perfect, self.shape, sigma), self.perfect)

    def _noise(self, severity: float) -> ImageSamples:
        return ImageSamples(
            (self.perfect + NOISE * severity * self.noise).clamp(0, 1), self.perfect
        )

    def _shift(self, severity: float) -> ImageSamples:
        """To the right, in whole pixels."""
        by = round(SHIFT * severity * relative_size(self.shape))
        shifted = pad(self.perfect.view(-1, *self.shape), (by, 0))[:, :, : self.shape[1]]
        return ImageSamples(shifted.reshape(self.perfect.shape), self.perfect)

    def _missing_classes(self, severity: float) -> ImageSamples:
        """Without some classes; more held-out images of the others take their place."""
        missing = round(MISSING * severity)
        left = self.order[self.split.test_labels[self.order] >= missing]
        return ImageSamples(self.split.test[left[: self.n]])

    def _collapse(self, severity: float) -> ImageSamples:
        """Copies of fewer and fewer images: in the end, of ten."""
        count = round(self.n * (LEFT / self.n) ** severity)
        return ImageSamples(self.perfect[torch.arange(self.n) % count])

    def _memorise(self, severity: float) -> ImageSamples:
        """A share of exact copies of training images."""
        copied = self.copied[: round(self.n * severity)]
        x = self.perfect.clone()
        x[copied] = self.reference[copied]
        return ImageSamples(x)


def _unpaired(
    reference: Outputs, train: Tensor, outputs: Outputs, x: Tensor, test: Tensor
) -> tuple[float, ...]:
    """All metrics without pairs, in the order of IMAGE_METRICS."""
    share = shares(reference.features, outputs.features)
    return (
        frechet_distance(reference.features, outputs.features),
        kernel_distance(reference.features, outputs.features),
        inception_score(outputs.probabilities),
        share.precision,
        share.recall,
        share.density,
        share.coverage,
        novelty(x, train, test),
    )


def _paired(name: str, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Pixel error and perceptual distance of pairs."""
    layers = [classifier(name).layers(z[:PAIRS]) for z in (x, y)]
    return (x - y).square().mean().item(), perceptual_distance(*layers).mean().item()


def relative_size(shape: tuple[int, ...]) -> float:
    """By how much smaller the corruption of an image of this shape is than of one of 28 x 28."""
    return (shape[0] / 28) ** 0.5


def blurred(x: Tensor, shape: tuple[int, ...], sigma: float) -> Tensor:
    """Images (n, d) convolved with a Gaussian whose standard deviation is `sigma` pixels."""
    if sigma < 0.05:
        return x
    half = int(3 * sigma) + 1
    kernel = torch.exp(-0.5 * (torch.arange(-half, half + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    wide = conv2d(x.view(-1, 1, *shape), kernel, padding=(0, half))
    return conv2d(wide, kernel.mT, padding=(half, 0)).flatten(1)


@lru_cache(maxsize=32)
def image_floors(name: str, n: int) -> NoiseFloors:
    """The noise floors for n images. A few seconds, once, where they are not stored."""
    values = stored(name, n)
    return noise_floors(IMAGE_METRICS, perfect_values(name, n) if values is None else values)


def perfect_values(name: str, n: int) -> np.ndarray:
    """Every metric (SETS, metrics) of pairs of sets of n real images without a common one."""
    rng, pool = generator(12345), torch.cat([split(name).train, split(name).test])
    outputs = classifier(name)(pool)
    values = []
    for _ in range(SETS):
        order = torch.randperm(len(pool), generator=rng)
        a, b = order[:n], order[n : 2 * n]
        one, other = (
            Outputs(outputs.features[rows], outputs.probabilities[rows]) for rows in (a, b)
        )
        unpaired = _unpaired(one, pool[a], other, pool[b], pool[order[-n:]])
        values.append(np.array([*unpaired, *_paired(name, pool[a], pool[b])]))
    return np.stack(values)
