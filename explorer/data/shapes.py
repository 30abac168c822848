"""Coloured shapes on white paper: every picture has one caption, and the caption can be read back.

A picture is paper with one shape on it: at each pixel, the shape's cover m in 0..1 (drawn at 4 x 4
points) mixes paper and ink, 1 - m (1 - colour). The shape stands at one of nine places, a pixel
apart, which no caption mentions. So all pictures of a world are known, and the exact parser is the
nearest of them: for every cover m and colour c

    ||x - picture||^2 = ||x - 1||^2 + 2 sum_k (1 - c_k) <x_k - 1, m> + ||m||^2 sum_k (1 - c_k)^2

Johnson et al. (2017), CLEVR, a world whose every picture is known: https://arxiv.org/abs/1612.06890
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import pi, prod, sin

import numpy as np
import torch
from torch import Tensor

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (220, 50, 47),
    "green": (60, 160, 60),
    "blue": (40, 90, 220),
    "yellow": (245, 205, 40),
    "purple": (140, 60, 180),
    "orange": (245, 130, 30),
    "cyan": (60, 190, 210),
    "black": (30, 30, 30),
}
SHAPES = ("circle", "square", "triangle", "star", "cross", "ring")
SIZES = ("small", "large")
PLACES = ("top left", "top right", "bottom left", "bottom right")
SHIFTS = [
    (down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)
]  # of the centre, down and right, in pixels
FINE = 4  # points in each direction at which a pixel's cover is taken
INNER = 0.42  # radius of a star's notches
CHUNK = 500  # pictures read at once: bounds the memory

WORLDS: dict[str, str] = {
    "sizes": "96 captions",
    "plain": "48 captions, all large",
    "places": "384 captions, 24×24",
}


def inside(shape: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether points lie inside a shape of radius 1 around 0; y grows downwards."""
    distance = np.hypot(x, y)
    if shape == "circle":
        return distance < 0.95
    if shape == "ring":
        return (distance < 1.0) & (distance > 0.55)
    if shape == "square":
        return np.maximum(abs(x), abs(y)) < 0.86
    if shape == "triangle":
        return (y < 0.8) & (abs(x) < 0.54 * (y + 1))
    if shape == "cross":
        return (np.minimum(abs(x), abs(y)) < 0.33) & (np.maximum(abs(x), abs(y)) < 1)
    fifth = pi / 5  # star: straight edges between a tip at angle 0 and a notch at pi / 5
    angle = abs((np.arctan2(x, -y) + fifth) % (2 * fifth) - fifth)
    return distance < 1.1 * INNER * sin(fifth) / (np.sin(angle) + INNER * np.sin(fifth - angle))


def cover(shape: str, radius: float, x: float, y: float, side: int) -> np.ndarray:
    """How much of each pixel (side, side) a shape covers, whose centre lies at (x, y) pixels."""
    at = (np.arange(side * FINE) + 0.5) / FINE
    points = np.meshgrid((at - x) / radius, (at - y) / radius)
    return inside(shape, *points).reshape(side, FINE, side, FINE).mean((1, 3))


@dataclass(frozen=True, eq=False)
class Read:
    """What the exact parser reads in n pictures."""

    values: Tensor  # (n, attributes) int64: the nearest picture's caption
    shift: Tensor  # (n,) which of SHIFTS
    error: Tensor  # (n,) root mean squared error per pixel to that picture


class World:
    """All captions over some attributes, and all their pictures.

    The value of every attribute is a row of numbers (a,), in the order of `attributes`.
    """

    def __init__(self, name: str, side: int, attributes: Mapping[str, Sequence[str]]) -> None:
        self.name, self.side, self.shape = name, side, (side, side, 3)
        self.attributes = {key: tuple(values) for key, values in attributes.items()}
        self.sizes = tuple(map(len, self.attributes.values()))
        self.captions = torch.tensor(list(product(*map(range, self.sizes))))  # (n, a)
        self.ink = 1 - torch.tensor(list(COLOURS.values())) / 255  # (8, 3) what is not reflected
        kinds = [(size, shape, place) for size in self._words("size") for shape in SHAPES
                 for place in self._words("place")]  # fmt: skip
        masks = [[self._cover(*kind, shift) for shift in SHIFTS] for kind in kinds]
        self.masks = torch.from_numpy(np.array(masks, np.float32)).flatten(2)  # (k, 9, pixels)

    def _words(self, attribute: str) -> tuple[str, ...]:
        return self.attributes.get(attribute, ("",))

    def _cover(self, size: str, shape: str, place: str, shift: tuple[int, int]) -> np.ndarray:
        radius, middle, quarter = (3.4, 8.0, 0.0) if size == "small" else (6.0, 8.0, 0.0)
        if place:
            radius, middle, quarter = (3.0 if size == "small" else 4.4), 12.0, 6.0
        down, right = shift
        y = middle + quarter * (1 if place.startswith("bottom") else -1) + down
        x = middle + quarter * (1 if place.endswith("right") else -1) + right
        return cover(shape, radius, x, y, self.side)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the attributes, in the order in which a caption says them."""
        return tuple(self.attributes)

    def column(self, attribute: str) -> int:
        """Where a row of values holds this attribute."""
        return self.names.index(attribute)

    def number(self, values: Tensor) -> Tensor:
        """Which of `captions` (n,) rows of values (n, a) are."""
        steps = torch.tensor([prod(self.sizes[i + 1 :]) for i in range(len(self.sizes))])
        return (values * steps).sum(1)

    def caption(self, values: Sequence[int] | Tensor) -> str:
        """A row of values in words; -1 is not said.

        >>> world("sizes").caption([1, 0, 3])
        'large red star'
        """
        chosen = zip(self.attributes.values(), [int(value) for value in values])
        return " ".join(words[value] for words, value in chosen if value >= 0)

    def kind(self, values: Tensor) -> Tensor:
        """Which of the masks (n,) rows of values (n, a) need."""
        found = values[:, self.column("shape")]
        if "size" in self.attributes:
            found = values[:, self.column("size")] * len(SHAPES) + found
        if "place" in self.attributes:
            found = found * len(PLACES) + values[:, self.column("place")]
        return found

    def pictures(self, values: Tensor, shift: Tensor) -> Tensor:
        """The pictures (n, d) in 0..1 of rows of values (n, a), each at one of SHIFTS (n,)."""
        mask = self.masks[self.kind(values), shift]
        ink = self.ink[values[:, self.column("colour")]]
        return 1 - (mask[:, :, None] * ink[:, None]).flatten(1)

    def all_pictures(self, values: Tensor) -> Tensor:
        """The pictures (n, 9, d) of rows of values (n, a) at every place."""
        rows = values.repeat_interleave(len(SHIFTS), 0)
        shift = torch.arange(len(SHIFTS)).repeat(len(values))
        return self.pictures(rows, shift).view(len(values), len(SHIFTS), -1)

    def pixels(self, x: Tensor) -> np.ndarray:
        """Rows (n, d) in 0..1 as images (n, h, w, 3) uint8; values outside are cut off."""
        rows = np.nan_to_num(x.detach().numpy())
        bytes_ = np.rint(255 * rows.clip(0, 1)).astype(np.uint8)
        return bytes_.reshape(-1, *self.shape)

    def read(self, x: Tensor) -> Read:
        """The exact parser: the nearest picture of the world to each of x (n, d)."""
        parts = [self._nearest(part) for part in x.split(CHUNK)]
        return Read(*(torch.cat(each) for each in zip(*parts)))

    def _nearest(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        missing = x.view(len(x), -1, 3) - 1
        masks = self.masks.flatten(0, 1)  # (k * 9, pixels)
        inner = torch.einsum("npk,mp,ck->nmc", missing, masks, self.ink)
        size = masks.square().sum(1)[:, None] * self.ink.square().sum(1)
        far = (2 * inner + size).flatten(1)  # squared distances, but for ||x - 1||^2
        least, best = far.min(1)
        mask, colour = best // len(self.ink), best % len(self.ink)
        kind, shift = mask // len(SHIFTS), mask % len(SHIFTS)
        error = (least + missing.square().sum((1, 2))).clamp(min=0) / x.shape[1]
        return self._values(kind, colour), shift, error.sqrt()

    def _values(self, kind: Tensor, colour: Tensor) -> Tensor:
        places = len(self._words("place"))
        found = {
            "size": kind // (len(SHAPES) * places),
            "colour": colour,
            "shape": kind // places % len(SHAPES),
            "place": kind % places,
        }
        return torch.stack([found[name] for name in self.attributes], 1)


@lru_cache(maxsize=len(WORLDS))
def world(name: str) -> World:
    """The world of this name, drawn once per process. ValueError if there is none."""
    if name not in WORLDS:
        raise ValueError(f"dataset must be one of {', '.join(WORLDS)}. Got {name!r} instead.")
    attributes: dict[str, Sequence[str]] = {"colour": tuple(COLOURS), "shape": SHAPES}
    if name != "plain":
        attributes = {"size": SIZES} | attributes
    if name == "places":
        return World(name, 24, attributes | {"place": PLACES})
    return World(name, 16, attributes)
