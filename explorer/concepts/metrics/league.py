"""Seven makers of pictures compete, and every metric ranks them.

Among them are the perfect one, who makes fresh real pictures, and one who learnt the training
pictures by heart. The Gaussians are a small generative model that is fitted here: for each class
one normal distribution in the directions in which real pictures vary most.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.metrics.config import MOST
from explorer.concepts.metrics.marks import PICTURES, Scale
from explorer.concepts.metrics.pictures import Made, Pictures
from explorer.concepts.metrics.reader import SETS
from explorer.data import images
from explorer.nets import generator
from explorer.scene import frozen

JUDGES = tuple(metric for metric in PICTURES if not metric.paired)
DIRECTIONS = 30  # in which the Gaussians vary
SHOWN = 6  # pictures of each maker


@dataclass(frozen=True)
class LeagueConfig:
    """Which pictures, how many of each maker, and which luck."""

    dataset: str = "mnist"
    samples: int = 400
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", SETS)
        check.whole(self, "samples", 50, 1000)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class LeagueSnapshot:
    """The table as the metric number `step` sorts it."""

    step: int
    config: LeagueConfig
    makers: tuple[str, ...]
    scale: Scale
    values: np.ndarray  # (makers, judges)
    pixels: np.ndarray  # (makers, shown, h, w) uint8

    def order(self) -> np.ndarray:
        """The makers, best first, to the metric of this step."""
        column = self.values[:, self.step]
        return np.argsort(column if JUDGES[self.step].better == "low" else -column, kind="stable")


def league(config: LeagueConfig) -> Generator[LeagueSnapshot, None, None]:
    """Every metric in turn sorts the table."""
    n = min(config.samples, MOST[config.dataset])
    chosen = Pictures(config.dataset, n, config.seed)
    made = {
        "perfect": Made(chosen.perfect),
        "memoriser": chosen.spoilt("memorise", 1.0),
        "a bit of blur": Made(chosen.spoilt("blur", 0.25).x),
        "a bit of noise": Made(chosen.spoilt("noise", 0.2).x),
        "five classes": chosen.spoilt("drop", 1.0),
        "ten pictures": chosen.spoilt("alike", 1.0),
        "Gaussians": Made(gaussians(chosen, config.seed)),
    }
    values = np.stack([chosen.measure(each)[: len(JUDGES)] for each in made.values()])
    data = images.load(config.dataset)
    pixels = np.stack([data.pixels(each.x[:SHOWN]) for each in made.values()])
    fixed = frozen(values), frozen(pixels)
    for step in range(len(JUDGES)):
        yield LeagueSnapshot(step, config, tuple(made), chosen.scale, *fixed)


def gaussians(chosen: Pictures, seed: int) -> Tensor:
    """Samples (n, d) of one normal distribution for each class, fitted to what may be seen."""
    known, rng = chosen.parts, generator(seed + 1)
    x, labels = known.seen, known.seen_labels
    middle = x.mean(0)
    _, vectors = torch.linalg.eigh((x - middle).T @ (x - middle))
    axes = vectors[:, -min(DIRECTIONS, x.shape[1]) :]
    codes = (x - middle) @ axes
    drawn = []
    for label in torch.randint(int(labels.max()) + 1, (chosen.n,), generator=rng).tolist():
        own = codes[labels == label]
        # A random mix of centred codes is normal with exactly their covariance.
        weights = torch.randn(len(own), generator=rng) / max(1, len(own) - 1) ** 0.5
        drawn.append(own.mean(0) + weights @ (own - own.mean(0)))
    return (torch.stack(drawn) @ axes.T + middle).clamp(0, 1)
