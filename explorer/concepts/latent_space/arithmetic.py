"""Arithmetic with codes: add what sets two groups of images apart, and see what changes.

    direction = mean code of training images with the attribute - mean code of those without
    z(t) = z + t * direction

A linear judge, fitted to the pixels of the training images by least squares, says how much of
each attribute it sees: 0 like an image without it, 1 like one with it. The faces are composed from
known attributes, so for them the right answer exists: the same face with one attribute changed.

Larsen et al. (2016), https://arxiv.org/abs/1512.09300
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space.reference import CHOICES, dataset, jury
from explorer.concepts.latent_space.trained import Trained
from explorer.data import faces
from explorer.nets import freeze, generator
from explorer.scene import frozen

FRAMES = 40
SHARES = (-0.5, 1.5)  # of the direction, from the first frame to the last
STRIP = 9
FACES = {"glasses": "glasses", "hat": "hat", "hair": "long hair", "mouth": "smile", "skin": "dark"}
LIGHT = 4  # the first four of eight skin tones
SEED = 20  # of the faces to choose from: not among those of training or test


@dataclass(frozen=True)
class Arithmetic:
    """Which image (a number of those to choose from), and what is added to its code.

    For faces an attribute (taken away where the face has it), else the name of a class.
    """

    image: int = 0
    change: str = "glasses"

    def __post_init__(self) -> None:
        if not 0 <= self.image < CHOICES:
            raise ValueError(
                f"image must be a number from 0 to {CHOICES - 1}. Got {self.image!r} instead."
            )


@dataclass(frozen=True, eq=False)
class Sum:
    """Everything that is the same in all frames."""

    name: str  # of the attribute
    adds: bool  # whether it is added rather than taken away
    names: tuple[str, ...]  # of all attributes the judge knows
    changed: int  # which of them is
    share: np.ndarray  # (FRAMES + 1,) of the direction
    scores: np.ndarray  # (attributes, FRAMES + 1) the judge's
    right: float  # share of test images on which the judge is right about this attribute
    strip: np.ndarray  # (STRIP, h, w[, 3]) uint8
    start: np.ndarray  # (1, h, w[, 3]) uint8
    truth: np.ndarray | None  # (1, h, w, 3) uint8: the same face, really changed
    error: np.ndarray | None  # (FRAMES + 1,) mean squared error to it
    floor: float  # the same error of the true picture, sent through the code


@dataclass(frozen=True, eq=False)
class Term:
    """One frame: the code, so far changed."""

    step: int
    sum: Sum
    image: np.ndarray  # (1, h, w[, 3]) uint8


@torch.no_grad()
def add(config: Arithmetic, model: Trained) -> Generator[Term, None, Sum]:
    """From half a direction backwards to one and a half forwards."""
    data = dataset(model.config.dataset)
    x, attributes = choices(data.name)
    names, targets = known(data.name)
    changed = names.index(config.change)
    start = x[config.image : config.image + 1]
    vae = model.vae
    way, adds = direction(vae.encode(data.train).mean, targets, attributes[config.image], changed)
    share = torch.linspace(*SHARES, FRAMES + 1)
    film = vae.decode(vae.encode(start).mean + share[:, None] * way)
    judge, right = linear_judge(data.name)
    scores = judge(film).T
    truth = counterfactual(config) if data.name == "faces" else None
    error, floor = None, float("nan")
    if truth is not None:
        error = freeze((film - truth).square().mean(1))
        floor = (vae.decode(vae.encode(truth).mean) - truth).square().mean().item()
    result = Sum(
        name=FACES.get(config.change, config.change),
        adds=adds,
        names=tuple(FACES.get(name, name) for name in names),
        changed=changed,
        share=freeze(share),
        scores=freeze(scores),
        right=right[changed],
        strip=frozen(data.pixels(film[torch.linspace(0, FRAMES, STRIP).round().long()])),
        start=frozen(data.pixels(start)),
        truth=None if truth is None else frozen(data.pixels(truth)),
        error=error,
        floor=floor,
    )
    for step, pixels in enumerate(data.pixels(film)):
        yield Term(step, result, frozen(pixels[None]))
    return result


def direction(codes: Tensor, targets: Tensor, own: Tensor, changed: int) -> tuple[Tensor, bool]:
    """What to add to a code (z,), and whether that adds the attribute.

    `codes` (n, z) and `targets` (n, attributes) 0 or 1 of training images, `own` (attributes,) of
    the image. Classes exclude each other, so a class replaces the one the image has.
    """
    having = targets[:, changed] > 0
    adds = not bool(own[changed] > 0)
    if exclusive(targets):
        without = targets[:, int(own.argmax())] > 0 if adds else ~having
    else:
        without = ~having
    gap = codes[having].mean(0) - codes[without].mean(0)
    return (gap if adds else -gap), adds


def exclusive(targets: Tensor) -> bool:
    """Whether every image has exactly one of the attributes: they are classes."""
    return bool((targets.sum(1) == 1).all())


@lru_cache(maxsize=8)
def known(name: str) -> tuple[tuple[str, ...], Tensor]:
    """Attributes the judge knows, and which training images have them (n, attributes) 0 or 1."""
    data = dataset(name)
    if data.train_attributes is not None:
        return tuple(FACES), yes(data.train_attributes)
    return data.classes, torch.nn.functional.one_hot(data.train_labels, len(data.classes)).float()


def changes(name: str) -> dict[str, str]:
    """What may be added to a code, for a control: key to label."""
    if name == "faces":
        return {key: f"{label} on or off" for key, label in FACES.items()}
    return {label: f"to {label}" for label in dataset(name).classes}


def yes(values: Tensor) -> Tensor:
    """Values of the faces' attributes (n, 5) as has it, 1, or has it not, 0."""
    has = (values > 0).float()
    skin = list(faces.ATTRIBUTES).index("skin")
    has[:, skin] = (values[:, skin] >= LIGHT).float()
    return has


def choices(name: str) -> tuple[Tensor, Tensor]:
    """The images to choose from (CHOICES, d), and their attributes (CHOICES, attributes) 0 or 1."""
    if name == "faces":
        pixels, values = faces.labelled(CHOICES, generator(SEED))
        return torch.from_numpy(pixels).reshape(CHOICES, -1).float() / 255, yes(values)
    first, count = jury(name), len(dataset(name).classes)
    labels = torch.from_numpy(first.labels[:CHOICES].copy())
    return first.images[:CHOICES], torch.nn.functional.one_hot(labels, count).float()


def counterfactual(config: Arithmetic) -> Tensor:
    """The chosen face, composed anew with the one attribute turned over, (1, d)."""
    rng = generator(SEED)
    columns = [torch.randint(len(c), (CHOICES,), generator=rng) for c in faces.ATTRIBUTES.values()]
    values = torch.stack(columns, dim=1)
    place = list(faces.ATTRIBUTES).index(config.change)
    most = len(faces.ATTRIBUTES[config.change]) - 1
    values[config.image, place] = most - values[config.image, place]
    face = faces.composed(values, rng)[config.image]  # the rest is drawn as it was
    return torch.from_numpy(face).reshape(1, -1).float() / 255


class Judge:
    """Least squares from pixels to attributes."""

    def __init__(self, x: Tensor, targets: Tensor) -> None:
        self.mean = x.mean(0)
        off = x - self.mean
        ridge = 1e-2 * len(x) * torch.eye(x.shape[1])
        self.middle = targets.mean(0)
        gain = torch.linalg.solve(off.T @ off + ridge, off.T @ (targets - self.middle))
        # Scaled so that training images without score 0 on average, and those with it 1.
        raw = off @ gain
        with_ = (raw * targets).sum(0) / targets.sum(0)
        without = (raw * (1 - targets)).sum(0) / (1 - targets).sum(0)
        self.gain, self.zero, self.unit = gain, without, with_ - without

    def __call__(self, x: Tensor) -> Tensor:
        """Scores (n, attributes) of images (n, d)."""
        return ((x - self.mean) @ self.gain - self.zero) / self.unit


@lru_cache(maxsize=8)
def linear_judge(name: str) -> tuple[Judge, tuple[float, ...]]:
    """The judge of a data set, and how often it is right about each attribute of test images.

    The average of how often it is right where the attribute is there and where it is not.
    """
    data = dataset(name)
    _, targets = known(name)
    judge = Judge(data.train, targets)
    if data.test_attributes is not None:
        truth = yes(data.test_attributes)
    else:
        truth = torch.nn.functional.one_hot(data.test_labels, len(data.classes)).float()
    says = (judge(data.test) > 0.5).float()
    caught = (says * truth).sum(0) / truth.sum(0)
    cleared = ((1 - says) * (1 - truth)).sum(0) / (1 - truth).sum(0)
    return judge, tuple(((caught + cleared) / 2).tolist())
