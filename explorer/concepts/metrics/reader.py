r"""Through whose eyes pictures are judged: a small classifier of our own, shipped as weights.

    3x3 convolution (1 -> 16), ReLU, halve, 3x3 convolution (16 -> 32), ReLU, halve,
    full layer (-> 64), ReLU: the features; full layer (-> classes)

The real images of a set are parted in three that share none: the first taught the classifier
(`python -m benchmarks.reader`), the second is what a generator would learn from, the third is kept
aside and is what a perfect generator would make. So features are equally good on both of the last.

What the papers call Inception is a network of the same kind, a thousand times larger, taught with
ImageNet; marks through other eyes are other numbers, and only compare among themselves.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d, relu

from explorer.data import images

FILES = Path(__file__).parents[3] / "assets" / "metrics"
SETS = ("mnist", "digits", "fashion")
FEATURES = 64
PART = 100  # images looked at at once: what they become stays in the processor's cache


@dataclass(frozen=True, eq=False)
class Seen:
    """What the classifier sees in images: features (n, 64), p(class) (n, classes)."""

    features: Tensor
    probabilities: Tensor


@dataclass(frozen=True, eq=False)
class Parts:
    """Two thirds of a set, rows of pixels (n, d) in 0..1, and their classes (n,)."""

    seen: Tensor  # what a generator would learn from
    seen_labels: Tensor
    fresh: Tensor  # what a perfect generator would make
    fresh_labels: Tensor


@lru_cache(maxsize=len(SETS))
def parts(name: str) -> Parts:
    """The two thirds of a set that the classifier has not seen; their order mixes the classes."""
    return Parts(*_thirds(name, 1), *_thirds(name, 2))


def taught(name: str) -> tuple[Tensor, Tensor]:
    """The third that taught the classifier (n, d), and its classes (n,)."""
    return _thirds(name, 0)


def _thirds(name: str, which: int) -> tuple[Tensor, Tensor]:
    chosen = images.load(name)
    labels = torch.cat([chosen.train_labels, chosen.test_labels])
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    third = len(labels) // 3
    rows = order[which * third : (which + 1) * third]
    first = len(chosen.train_labels)
    x = torch.empty(third, chosen.train.shape[1])
    x[rows < first] = chosen.train[rows[rows < first]]
    x[rows >= first] = chosen.test[rows[rows >= first] - first]
    return x, labels[rows]


class Reader:
    """The classifier of a set of grey images."""

    def __init__(self, name: str, weights: dict[str, Tensor]) -> None:
        self.shape = images.load(name).shape
        self.weights = weights

    @torch.no_grad()
    def see(self, x: Tensor) -> Seen:
        """What is seen in images (n, d)."""
        features = torch.cat([self._features(self.layers(part)) for part in x.split(PART)])
        w = self.weights
        return Seen(features, (features @ w["last"].T + w["last_bias"]).softmax(1))

    @torch.no_grad()
    def layers(self, x: Tensor) -> list[Tensor]:
        """What the two convolutions answer to images (n, d): (n, channels, h, w) each."""
        w = self.weights
        first = relu(conv2d(x.view(-1, 1, *self.shape), w["first"], w["first_bias"], padding=1))
        second = conv2d(max_pool2d(first, 2), w["second"], w["second_bias"], padding=1)
        return [first, relu(second)]

    def _features(self, layers: list[Tensor]) -> Tensor:
        w = self.weights
        return relu(max_pool2d(layers[1], 2).flatten(1) @ w["full"].T + w["full_bias"])


@lru_cache(maxsize=len(SETS))
def reader(name: str) -> Reader:
    """The classifier that is shipped for a set."""
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as archive:
        return Reader(name, {key: torch.from_numpy(archive[key]).float() for key in archive.files})
