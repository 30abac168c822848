"""Latent arithmetic: add an attribute's direction to a latent code and decode the sum.

    direction = mean code of training images with the attribute - mean code of those without
    z(t) = z + t * direction

A linear classifier, fitted to the pixels of the training images by least squares, measures each
attribute: its score is 0 for an average image without it, 1 for one with it. Faces are composed
from known attributes, so for them the true result is known: the same face, one attribute changed.

Larsen et al. (2016), https://arxiv.org/abs/1512.09300
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from explorer import config as c
from explorer.concepts.latent_space.measure import CHOICES, dataset, evaluation_subset
from explorer.concepts.latent_space.model import TrainedVAE
from explorer.data import faces
from explorer.nets import freeze, generator
from explorer.scene import frozen

FRAMES = 40
T = (-0.5, 1.5)  # multiples of the direction, from the first frame to the last
STRIP = 9
FACES = {
    "glasses": "glasses",
    "hat": "hat",
    "hair": "long hair",
    "mouth": "smile",
    "skin": "dark skin",
}
LIGHT = 4  # the first four of eight skin tones
ATTRIBUTES = 26  # at most: letters
SEED = 20  # of the faces to choose from: neither training nor test images


@dataclass(frozen=True)
class ArithmeticConfig:
    """Which image, and which attribute is added to its code: both by number.

    The attribute is a class or, of faces, one of FACES (which is removed where the face has it).
    """

    image: int = c.choice(1, range(CHOICES))
    attribute: int = c.choice(0, range(ATTRIBUTES))

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Sum:
    """Everything that is the same in all frames."""

    attribute: str
    adds: bool  # whether the attribute is added rather than removed
    names: tuple[str, ...]  # of all attributes
    changed: int  # which of them is meant to change
    replaced: int | None  # the class that the image has, of classes
    t: np.ndarray  # (FRAMES + 1,) multiple of the direction
    scores: np.ndarray  # (attributes, FRAMES + 1) of the classifier
    accuracy: float  # of the classifier on test images, for this attribute
    strip: np.ndarray  # (STRIP, h, w[, 3]) uint8
    image: np.ndarray  # (1, h, w[, 3]) uint8
    truth: np.ndarray | None  # (1, h, w, 3) uint8: the same face, composed with the attribute
    error: np.ndarray | None  # (FRAMES + 1,) mean squared error to it
    floor: float  # the same error of the reconstruction of the true image


@dataclass(frozen=True, eq=False)
class ArithmeticSnapshot:
    """The decoded sum at one t."""

    step: int
    sum: Sum
    image: np.ndarray  # (1, h, w[, 3]) uint8


@torch.no_grad()
def add(config: ArithmeticConfig, model: TrainedVAE) -> Generator[ArithmeticSnapshot, None, Sum]:
    """From minus one half of the direction to one and a half of it."""
    data, vae = dataset(model.config.dataset), model.vae
    x, own = choices(data.name)
    names, targets = attributes(data.name)
    image, has = x[config.image : config.image + 1], own[config.image]
    if (changed := config.attribute) >= len(names):
        raise ValueError(f"attribute must be below {len(names)}. Got {changed} instead.")
    gap, adds = direction(vae.encode(data.train).mean, targets, has, changed)
    t = torch.linspace(*T, FRAMES + 1)
    decoded = vae.decode(vae.encode(image).mean + t[:, None] * gap)
    classifier, accuracy = linear_classifier(data.name)
    truth = counterfactual(config.image, names[changed]) if data.name == "faces" else None
    error, floor = None, float("nan")
    if truth is not None:
        error = freeze((decoded - truth).square().mean(1))
        floor = (vae.decode(vae.encode(truth).mean) - truth).square().mean().item()
    result = Sum(
        attribute=labels(data.name)[changed],
        adds=adds,
        names=labels(data.name),
        changed=changed,
        replaced=int(has.argmax()) if exclusive(targets) else None,
        t=freeze(t),
        scores=freeze(classifier(decoded).T),
        accuracy=accuracy[changed],
        strip=frozen(data.pixels(decoded[torch.linspace(0, FRAMES, STRIP).round().long()])),
        image=frozen(data.pixels(image)),
        truth=None if truth is None else frozen(data.pixels(truth)),
        error=error,
        floor=floor,
    )
    for frame, pixels in enumerate(data.pixels(decoded)):
        yield ArithmeticSnapshot(frame, result, frozen(pixels[None]))
    return result


def direction(codes: Tensor, targets: Tensor, own: Tensor, changed: int) -> tuple[Tensor, bool]:
    """What to add to a code (k,), and whether that adds the attribute rather than removes it.

    `codes` (n, k) and `targets` (n, attributes) 0 or 1 of training images, `own` (attributes,) of
    the image. Classes exclude each other: the direction leads from the image's class to another,
    or from all others to its own.
    """
    with_it = targets[:, changed] > 0
    missing = not bool(own[changed] > 0)
    if not exclusive(targets):
        gap = codes[with_it].mean(0) - codes[~with_it].mean(0)
        return (gap if missing else -gap), missing
    without = targets[:, int(own.argmax())] > 0 if missing else ~with_it
    return codes[with_it].mean(0) - codes[without].mean(0), True


def exclusive(targets: Tensor) -> bool:
    """Whether every image has exactly one of the attributes: they are classes."""
    return bool((targets.sum(1) == 1).all())


@lru_cache(maxsize=8)
def attributes(name: str) -> tuple[tuple[str, ...], Tensor]:
    """The attributes of a data set, and which training images have them (n, attributes) 0 or 1."""
    data = dataset(name)
    if data.train_attributes is not None:
        return tuple(FACES), present(data.train_attributes)
    return data.classes, one_hot(data.train_labels, len(data.classes)).float()


def labels(name: str) -> tuple[str, ...]:
    """The names of the attributes that may be added."""
    return tuple(FACES.values()) if name == "faces" else dataset(name).classes


def present(values: Tensor) -> Tensor:
    """Values of the faces' attributes (n, 5) as present, 1, or absent, 0."""
    has = (values > 0).float()
    skin = list(faces.ATTRIBUTES).index("skin")
    has[:, skin] = (values[:, skin] >= LIGHT).float()
    return has


def choices(name: str) -> tuple[Tensor, Tensor]:
    """The images to choose from (CHOICES, d), and their attributes (CHOICES, attributes) 0 or 1."""
    if name == "faces":
        pixels, values = faces.labelled(CHOICES, generator(SEED))
        return torch.from_numpy(pixels).reshape(CHOICES, -1).float() / 255, present(values)
    subset, count = evaluation_subset(name), len(dataset(name).classes)
    labels = torch.from_numpy(subset.labels[:CHOICES].copy())
    return subset.images[:CHOICES], one_hot(labels, count).float()


def counterfactual(image: int, attribute: str) -> Tensor:
    """The chosen face, composed anew with the one attribute inverted, (1, d)."""
    rng = generator(SEED)
    columns = [torch.randint(len(c), (CHOICES,), generator=rng) for c in faces.ATTRIBUTES.values()]
    values = torch.stack(columns, dim=1)
    place = list(faces.ATTRIBUTES).index(attribute)
    values[image, place] = len(faces.ATTRIBUTES[attribute]) - 1 - values[image, place]
    face = faces.composed(values, rng)[image]  # the rest is drawn as it was
    return torch.from_numpy(face).reshape(1, -1).float() / 255


class LinearClassifier:
    """Least squares from pixels to attributes."""

    def __init__(self, x: Tensor, targets: Tensor) -> None:
        self.mean = x.mean(0)
        centred = x - self.mean
        ridge = 1e-2 * len(x) * torch.eye(x.shape[1])
        self.gain = torch.linalg.solve(
            centred.T @ centred + ridge, centred.T @ (targets - targets.mean(0))
        )
        # Scaled so that training images without an attribute score 0 on average, those with it 1.
        raw = centred @ self.gain
        self.zero = (raw * (1 - targets)).sum(0) / (1 - targets).sum(0)
        self.unit = (raw * targets).sum(0) / targets.sum(0) - self.zero

    def __call__(self, x: Tensor) -> Tensor:
        """Scores (n, attributes) of images (n, d)."""
        return ((x - self.mean) @ self.gain - self.zero) / self.unit


@lru_cache(maxsize=8)
def linear_classifier(name: str) -> tuple[LinearClassifier, tuple[float, ...]]:
    """The classifier of a data set, and its balanced accuracy for each attribute on test images."""
    data = dataset(name)
    classifier = LinearClassifier(data.train, attributes(name)[1])
    if data.test_attributes is not None:
        truth = present(data.test_attributes)
    else:
        truth = one_hot(data.test_labels, len(data.classes)).float()
    positive = (classifier(data.test) > 0.5).float()
    sensitivity = (positive * truth).sum(0) / truth.sum(0)
    specificity = ((1 - positive) * (1 - truth)).sum(0) / (1 - truth).sum(0)
    return classifier, tuple(((sensitivity + specificity) / 2).tolist())
