r"""Convolution: the same small filter at every place of an image.

    map_k(i, j) = ReLU(sum_{a, b} filter_k(a, b) x(i + a, j + b) + bias_k)

A filter has 9 weights wherever it is used, and what it finds moves with the image: shifted input,
shifted feature map, exactly. Beside it a fully connected network with about as many parameters.

LeCun et al. (1989), https://doi.org/10.1162/neco.1989.1.4.541
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, cross_entropy, pad

from explorer import config as c
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.percent import percent
from explorer.config import frame_steps
from explorer.data import images
from explorer.nets import freeze, generator, linear, mlp
from explorer.optim import Adam
from explorer.scene import Bars, Curve, Images, Panel, Reading, Scene, frozen

SIDE, FILTER, CLASSES, FRAMES = 8, 3, 10, 40
SHIFTS: dict[int, str] = {-1: "one pixel to the left", 0: "none", 1: "one pixel to the right"}


@dataclass(frozen=True)
class Convolution:
    """A network of one convolutional layer on digits 8x8, and which digit is looked at."""

    filters: int = c.integer(8, 1, 16)
    example: int = c.integer(1, 1, 200)
    shift: int = c.choice(0, SHIFTS)  # of the digit that is looked at
    learning_rate: float = c.number(0.01, 1e-4, 0.1, log=True)
    steps: int = c.steps(400, 2000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Filters, feature maps of one digit and accuracies after `step` updates."""

    step: int
    config: Convolution
    digit: np.ndarray  # (1, 8, 8) uint8
    label: int
    filters: np.ndarray  # (filters, 3, 3) uint8: grey 128 is zero
    maps: np.ndarray  # (filters, 6, 6) uint8
    output: np.ndarray  # (10,) probabilities
    accuracy: float  # on the test set
    shifted: float  # on the test set, shifted by one pixel
    dense: float  # of the fully connected network
    dense_shifted: float
    equivariance: float  # largest difference of the maps from those of the shifted image, shifted


class ConvolutionalNetwork(nn.Module):
    """Convolution, ReLU, mean over 2x2, one linear layer."""

    def __init__(self, filters: int, rng: torch.Generator) -> None:
        super().__init__()
        shape = (filters, 1, FILTER, FILTER)
        self.filters = nn.Parameter(torch.randn(shape, generator=rng) * sqrt(2) / FILTER)
        self.bias = nn.Parameter(torch.zeros(filters))
        self.head = linear(filters * ((SIDE - FILTER + 1) // 2) ** 2, CLASSES, rng)

    def maps(self, x: Tensor) -> Tensor:
        """Feature maps (n, filters, 6, 6) of images (n, 64)."""
        return conv2d(x.view(-1, 1, SIDE, SIDE), self.filters, self.bias).relu()

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, 10)."""
        out: Tensor = self.head(avg_pool2d(self.maps(x), 2).flatten(1))
        return out


def shifted(x: Tensor, by: int) -> Tensor:
    """Images (n, 64) moved `by` pixels to the right; what enters is empty."""
    square = x.view(-1, SIDE, SIDE)
    moved = pad(square, (max(by, 0), max(-by, 0)))
    start = max(-by, 0)
    return moved[:, :, start : start + SIDE].reshape(-1, SIDE * SIDE)


@lru_cache(maxsize=1)
def neighbour_accuracy() -> float:
    """Accuracy on the test set of the label of the nearest training image."""
    digits = images.load("digits")
    nearest = torch.cdist(digits.test, digits.train).argmin(1)
    return float((digits.train_labels[nearest] == digits.test_labels).float().mean())


def units_of(filters: int) -> int:
    """Hidden units of the fully connected network with about as many parameters."""
    count = filters * (FILTER**2 + 1) + (filters * 9 + 1) * CLASSES
    return max(1, round((count - CLASSES) / (SIDE * SIDE + 1 + CLASSES)))


def convolution(config: Convolution) -> Generator[Snapshot, None, None]:
    """Train both networks on the same batches."""
    digits, rng = images.load("digits"), generator(config.seed)
    network = ConvolutionalNetwork(config.filters, rng)
    dense = mlp((SIDE * SIDE, units_of(config.filters), CLASSES), rng, nn.ReLU)
    pairs = [(each, Adam(each.parameters(), config.learning_rate)) for each in (network, dense)]
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        rows = torch.randint(len(digits.train), (64,), generator=rng)
        x, y = digits.train[rows], digits.train_labels[rows]
        losses = [cross_entropy(each(x), y) for each, _ in pairs]
        finite(sum(loss.item() for loss in losses), step)
        if step in shown:
            yield record(config, step, network, dense)
        for loss, (_, optimiser) in zip(losses, pairs):
            optimiser.descend(loss)


@torch.no_grad()
def record(
    config: Convolution, step: int, network: ConvolutionalNetwork, dense: nn.Module
) -> Snapshot:
    """What is seen of both networks."""
    digits = images.load("digits")
    at = (config.example - 1) % len(digits.test)
    x = shifted(digits.test[at : at + 1], config.shift)
    maps, moved = network.maps(x)[0], network.maps(shifted(x, 1))[0]
    scale = maps.amax().clamp(min=1e-6)
    weights = network.filters[:, 0]
    grey = 128 + 127 * weights / weights.abs().amax().clamp(min=1e-6)

    def accuracy(each: nn.Module, by: int) -> float:
        right = each(shifted(digits.test, by)).argmax(1) == digits.test_labels
        return float(right.float().mean())

    return Snapshot(
        step=step,
        config=config,
        digit=frozen(digits.pixels(x)),
        label=int(digits.test_labels[at]),
        filters=freeze(grey.round().to(torch.uint8)),
        maps=freeze((255 * maps / scale).round().to(torch.uint8)),
        output=freeze(network(x)[0].softmax(0)),
        accuracy=accuracy(network, 0),
        shifted=accuracy(network, 1),
        dense=accuracy(dense, 0),
        dense_shifted=accuracy(dense, 1),
        equivariance=float((moved[:, :, 1:] - maps[:, :, :-1]).abs().amax()),
    )


def convolution_scene(s: Snapshot) -> Scene:
    """The digit, the filters, what they find, the answer; and the accuracies."""
    ends = (0.0, float(s.config.steps))
    columns = 4 if len(s.filters) > 3 else len(s.filters)
    names = tuple("0123456789")
    chart = Panel(
        "Accuracy on the test set",
        [
            Curve("nearest neighbour", "truth", level(ends, neighbour_accuracy())),
            Curve("convolutional", "model", point(s.step, s.accuracy), grows=True),
            Curve("fully connected", "rival", point(s.step, s.dense), grows=True),
        ],
        "chart", ends, (0.0, 1.0), "training step", "share right",
        caption=f"Both networks have about as many parameters; the second has "
        f"{units_of(s.config.filters)} hidden units.",
    )  # fmt: skip
    moved = Panel(
        "The same, digits shifted by one pixel",
        [
            Curve("convolutional", "model", point(s.step, s.shifted), grows=True),
            Curve("fully connected", "rival", point(s.step, s.dense_shifted), grows=True),
        ],
        "chart", ends, (0.0, 1.0), "training step", "share right",
        caption="Neither was trained on shifted digits.",
    )  # fmt: skip
    panels = [
        Panel(f"A digit: {s.label}", [Images("digit", "real", s.digit)], "images",
              caption="Of the test set."),
        Panel("Filters", [Images("filter", "model", s.filters, columns)], "images",
              caption="3 × 3 weights each; grey is zero."),
        Panel("Feature maps", [Images("feature map", "model", s.maps, columns)], "images",
              caption="Where each filter responds."),
        Panel("Class probabilities", [Bars("probability", "model", s.output, names)], "chart",
              None, (0.0, 1.0), "digit", "probability"),
        chart,
        moved,
    ]  # fmt: skip
    best = neighbour_accuracy()
    readings = [
        Reading("test accuracy", s.accuracy, (best, best), "nearest neighbour", better="high",
                help="No perfect score is known: some digits are ambiguous."),
        Reading("feature maps: shift the image or the map", s.equivariance, (0.0, 0.0),
                "the same, exactly",
                help="Largest difference between the maps of the shifted image and the shifted "
                "maps."),
    ]  # fmt: skip
    text = (
        f"After {s.step} updates the convolutional network reads {percent(s.accuracy)} of the test "
        f"set, the fully connected one {percent(s.dense)}; of shifted digits {percent(s.shifted)} "
        f"and {percent(s.dense_shifted)}."
    )
    return Scene(panels, s.step, (4, 2), (), readings, text)
