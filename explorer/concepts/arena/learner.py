"""What the families without a page of their own share: a config, a run, a model.

They keep the promise of every concept (`Config`, `train`, a model with `sample` and `weights`), so
they are compared like the concepts that have a page.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.config import frame_steps
from explorer.data import images, plane
from explorer.data.levels import LEVELS, levels
from explorer.scene import frozen

FRAMES, IMAGE_FRAMES = 100, 30
POINTS, TILES = 200, 9  # samples of a snapshot


@dataclass(frozen=True)
class Config:
    """A run of such a family; what `size` counts depends on the family."""

    dataset: str = "ring"
    size: int = 64
    steps: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.dataset not in LEVELS:
            plane.check(self.dataset)
        check.whole(self, "size", 1, 20_000)
        check.whole(self, "steps", 1, 1_000_000)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def of_images(self) -> bool:
        return self.dataset in LEVELS


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of the model after `step` updates: points (n, 2), or images (n, h, w[, 3]) uint8."""

    step: int
    samples: np.ndarray


class Learner(Protocol):
    """A family in training, and afterwards its model."""

    def update(self, step: int) -> None: ...

    def sample(self, n: int, seed: int) -> np.ndarray: ...

    def log_density(self, x: Tensor) -> Tensor: ...

    def weights(self) -> dict[str, np.ndarray]: ...


Kind = TypeVar("Kind", bound=Learner)


def run(learner: Kind, config: Config) -> Generator[Samples, None, Kind]:
    """Update it `config.steps` times, with snapshots in between; it is its own model."""
    count = IMAGE_FRAMES if config.of_images else FRAMES
    frames = set(frame_steps(config.steps, count))
    for step in range(config.steps + 1):
        if step in frames:
            yield Samples(step, samples_of(learner, config))
        if step < config.steps:
            learner.update(step)
    return learner


def samples_of(learner: Learner, config: Config) -> np.ndarray:
    """Samples from the same noise in every snapshot, so that one sees them move."""
    if config.of_images:
        rows = learner.sample(TILES, config.seed + 1)
        return frozen(images.load(config.dataset).pixels(rows))
    return learner.sample(POINTS, config.seed + 1)


class Source:
    """Where a family's batches come from: fresh points, or dequantised images."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.dim = levels(config.dataset).dim if config.of_images else 2

    def batch(self, n: int, rng: torch.Generator) -> Tensor:
        """n rows (n, dim)."""
        if not self.config.of_images:
            return plane.get(self.config.dataset).sample(n, rng)
        own = levels(self.config.dataset)
        rows = torch.randint(len(own.data.train), (n,), generator=rng)
        return own.dequantised(own.data.train[rows], rng)

    def samples(self, rows: Tensor) -> np.ndarray:
        """Rows as samples: points as they are, images quantised."""
        chosen = levels(self.config.dataset).quantised(rows) if self.config.of_images else rows
        return frozen(chosen.detach().numpy())
