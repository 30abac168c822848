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
PART = 500  # images looked at at once: bounds the memory


@dataclass(frozen=True, eq=False)
class Seen:
    """What the classifier sees in images: features (n, 64), p(class) (n, classes)."""

    features: Tensor
    probabilities: Tensor


@dataclass(frozen=True, eq=False)
class Parts:
    """Three parts of a set, rows of pixels (n, d) in 0..1, and their classes (n,)."""

    taught: Tensor
    taught_labels: Tensor
    seen: Tensor  # what a generator would learn from
    seen_labels: Tensor
    fresh: Tensor  # what a perfect generator would make
    fresh_labels: Tensor


@lru_cache(maxsize=len(SETS))
def parts(name: str) -> Parts:
    """The three parts of a set; their order mixes the classes."""
    chosen = images.load(name)
    x = torch.cat([chosen.train, chosen.test])
    labels = torch.cat([chosen.train_labels, chosen.test_labels])
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    third = len(x) // 3
    slices = [order[:third], order[third : 2 * third], order[2 * third : 3 * third]]
    (a, b), (c, d), (e, f) = ((x[rows], labels[rows]) for rows in slices)
    return Parts(a, b, c, d, e, f)


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
