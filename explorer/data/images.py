"""Real small images, each set with a fixed split into training and evaluation.

Stored as bytes, loaded once per process as float32 in 0..1. Sources and licences:
assets/LICENSES.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explorer.data.faces import ATTRIBUTES, SHAPE, labelled

FILES = Path(__file__).parents[2] / "assets" / "data"


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images as rows of pixels in 0..1, with labels; 0 is the background of a grey image.

    `attributes` names the choices of every column of `train_attributes` and `test_attributes`
    (only the faces have them).
    """

    name: str
    shape: tuple[int, ...]  # (h, w) or (h, w, 3)
    classes: tuple[str, ...]
    train: Tensor  # (n, d) float32
    test: Tensor  # (m, d) float32
    train_labels: Tensor  # (n,) int64
    test_labels: Tensor  # (m,) int64
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    train_attributes: Tensor | None = None  # (n, attributes) int64
    test_attributes: Tensor | None = None  # (m, attributes) int64

    def pixels(self, x: Tensor | np.ndarray) -> np.ndarray:
        """Rows (n, d) in 0..1 as images (n, h, w[, 3]) uint8; values outside are cut off."""
        rows = x.detach().numpy() if isinstance(x, Tensor) else np.asarray(x)
        bytes_ = np.rint(255 * np.nan_to_num(rows).clip(0, 1)).astype(np.uint8)
        return bytes_.reshape(-1, *self.shape)


def digits() -> ImageSet:
    """1,797 handwritten digits, 8 x 8 with 17 levels of grey (Alpaydin and Kaynak 1998)."""
    x, y = _arrays("digits_1797", "x", "y")
    return _split("digits", x, 16, y, tuple("0123456789"), every=6)


def mnist() -> ImageSet:
    """10,000 handwritten digits, 28 x 28 (LeCun and Cortes)."""
    x, y = _arrays("mnist_10000", "x", "y")
    return _split("mnist", x, 255, y, tuple("0123456789"), every=10)


def fashion() -> ImageSet:
    """6,000 garments, 28 x 28 (Xiao, Rasul and Vollgraf 2017)."""
    x, y = _arrays("fashion_mnist_6000", "x", "y")
    garments = ("T-shirt", "trousers", "pullover", "dress", "coat")
    shoes = ("sandal", "shirt", "sneaker", "bag", "ankle boot")
    return _split("fashion", x, 255, y, garments + shoes, every=10)


def letters() -> ImageSet:
    """A to Z in 462 typefaces, 16 x 16. The typefaces of the test are never seen in training."""
    (x,) = _arrays("letters_462x26", "x")
    typefaces, alphabet = x.shape[:2]
    y = np.tile(np.arange(alphabet), typefaces)
    typeface = np.repeat(np.arange(typefaces), alphabet)
    names = tuple(map(chr, range(ord("A"), ord("Z") + 1)))
    return _split("letters", x.reshape(-1, 16, 16), 15, y, names, every=10, unit=typeface)


def faces() -> ImageSet:
    """6,000 composed faces and 1,000 to test, 16 x 16 in colour, with known attributes."""
    pixels, values = labelled(7000, torch.Generator().manual_seed(0))
    x = torch.from_numpy(pixels).reshape(len(pixels), -1).float().div_(255)
    labels = values[:, 0] + 2 * values[:, 1]
    return ImageSet(
        "faces",
        SHAPE,
        ("bare", "glasses", "hat", "glasses and hat"),
        *(x[:6000].clone(), x[6000:].clone(), labels[:6000], labels[6000:]),
        attributes=ATTRIBUTES,
        train_attributes=values[:6000],
        test_attributes=values[6000:],
    )


MAKERS: dict[str, Callable[[], ImageSet]] = {
    "digits": digits,
    "mnist": mnist,
    "fashion": fashion,
    "letters": letters,
    "faces": faces,
}
SETS: tuple[str, ...] = tuple(MAKERS)


@lru_cache(maxsize=len(SETS))  # 85 MB if every set is asked for
def load(name: str) -> ImageSet:
    """The set called `name`, shared by everybody: never write into it. ValueError if unknown."""
    if name not in MAKERS:
        raise ValueError(f"dataset must be one of {', '.join(SETS)}. Got {name!r} instead.")
    return MAKERS[name]()


def _arrays(file: str, *names: str) -> list[np.ndarray]:
    with np.load(FILES / f"{file}.npz") as archive:
        return [archive[name] for name in names]


def _split(
    name: str,
    x: np.ndarray,
    white: int,
    y: np.ndarray,
    classes: tuple[str, ...],
    every: int,
    unit: np.ndarray | None = None,
) -> ImageSet:
    """Every so-manieth image (or `unit`, which must not be torn apart) is kept for the test.

    The files may be sorted by class, so the images are visited in long strides that mix them.
    """
    n = len(x)
    order = np.arange(n) * 7919 % n  # a prime that divides none of the sizes
    place = np.arange(n) if unit is None else unit
    held_out = (place % every == 0)[order]
    parts = []
    for chosen in (order[~held_out], order[held_out]):
        rows = torch.from_numpy(x[chosen].reshape(len(chosen), -1)).float().div_(white)
        parts.append((rows, torch.from_numpy(y[chosen].astype(np.int64))))
    (train, train_labels), (test, test_labels) = parts
    return ImageSet(name, x.shape[1:], classes, train, test, train_labels, test_labels)
