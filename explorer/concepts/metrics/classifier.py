r"""The feature extractor of images: a small classifier of our own, shipped as weights.

    3x3 convolution (1 -> 16), ReLU, 2x2 max pooling, 3x3 convolution (16 -> 32), ReLU, 2x2 max
    pooling, fully connected layer (-> 64), ReLU: the features; fully connected (-> classes)

The real images of a set are split into three parts without a common image: the classifier was
trained on the first (`python -m benchmarks.metrics_assets`), the second is the training set of a
generative model, the third is held out: the samples of a perfect model. So the features are equally
good on the last two.

The Inception network of the papers is of the same kind, a thousand times larger, trained on
ImageNet; scores with other features are other numbers, and compare only among themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d, relu

from explorer.data import images

FILES = Path(__file__).parents[3] / "assets" / "metrics"
IMAGE_SETS = ("mnist", "digits", "fashion")
FEATURES = 64
PART = 100  # images at once: their activations stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the classifier computes from images: features (n, 64), p(class | x) (n, classes)."""

    features: Tensor
    probabilities: Tensor


@dataclass(frozen=True, eq=False)
class Split:
    """Two thirds of a set, rows of pixels (n, d) in 0..1, and their classes (n,)."""

    train: Tensor  # what a generative model would be trained on
    train_labels: Tensor
    test: Tensor  # held out: as good as the samples of a perfect model
    test_labels: Tensor


@lru_cache(maxsize=len(IMAGE_SETS))
def split(name: str) -> Split:
    """The two thirds that the classifier was not trained on; their order mixes the classes."""
    return Split(*_third(name, 1), *_third(name, 2))


def classifier_data(name: str) -> tuple[Tensor, Tensor]:
    """The third that the classifier was trained on (n, d), and its classes (n,)."""
    return _third(name, 0)


def _third(name: str, which: int) -> tuple[Tensor, Tensor]:
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


class Classifier:
    """A convolutional classifier of a set of grey images."""

    def __init__(self, name: str, weights: Mapping[str, Tensor]) -> None:
        self.shape = images.load(name).shape
        self.weights = weights

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Outputs:
        """The outputs for images (n, d)."""
        features = torch.cat([self.features(self.layers(part)) for part in x.split(PART)])
        w = self.weights
        return Outputs(features, (features @ w["output"].T + w["output_bias"]).softmax(1))

    def layers(self, x: Tensor) -> list[Tensor]:
        """The activations of both convolutions for images (n, d): (n, channels, h, w) each."""
        w = self.weights
        first = relu(conv2d(x.view(-1, 1, *self.shape), w["conv1"], w["conv1_bias"], padding=1))
        second = conv2d(max_pool2d(first, 2), w["conv2"], w["conv2_bias"], padding=1)
        return [first, relu(second)]

    def features(self, layers: list[Tensor]) -> Tensor:
        """The features (n, 64) from the activations of the convolutions."""
        w = self.weights
        return relu(max_pool2d(layers[1], 2).flatten(1) @ w["hidden"].T + w["hidden_bias"])


@lru_cache(maxsize=len(IMAGE_SETS))
def classifier(name: str) -> Classifier:
    """The classifier that is shipped for a set."""
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as archive:
        weights = {key: torch.from_numpy(archive[key]).float() for key in archive.files}
    return Classifier(name, weights)
