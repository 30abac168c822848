"""What the arena's own small families share: a config, a run, a model.

They keep the promise of every concept (`Config`, `train`, a model with `sample` and `weights`), so
that the arena can't tell them from the concepts that have a page of their own.
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
POINTS, TILES = 200, 9  # made for a snapshot


@dataclass(frozen=True)
class Config:
    """A run of a small family; what `size` counts is the family's own affair."""

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
class Made:
    """What the model makes after `step` updates: points (n, 2), or images (n, h, w[, 3]) uint8."""

    step: int
    samples: np.ndarray


class Learner(Protocol):
    """A family in training, and afterwards its model."""

    def update(self, step: int) -> None: ...

    def sample(self, n: int, seed: int) -> np.ndarray: ...

    def log_density(self, x: Tensor) -> Tensor: ...

    def weights(self) -> dict[str, np.ndarray]: ...


Kind = TypeVar("Kind", bound=Learner)


def run(learner: Kind, config: Config) -> Generator[Made, None, Kind]:
    """Update it `config.steps` times and look at it now and then; it is its own model."""
    looks = IMAGE_FRAMES if config.of_images else FRAMES
    frames = set(frame_steps(config.steps, looks))
    for step in range(config.steps + 1):
        if step in frames:
            yield Made(step, look(learner, config))
        if step < config.steps:
            learner.update(step)
    return learner


def look(learner: Learner, config: Config) -> np.ndarray:
    """The same draws in every snapshot, so that one sees them move."""
    if config.of_images:
        made = learner.sample(TILES, config.seed + 1)
        return frozen(images.load(config.dataset).pixels(made))
    return learner.sample(POINTS, config.seed + 1)


class Source:
    """Where a family's batches come from: fresh points, or images spread over their cells."""

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

    def shown(self, made: Tensor) -> np.ndarray:
        """Rows as samples: points as they are, images back in their levels."""
        return frozen(
            (levels(self.config.dataset).quantised(made) if self.config.of_images else made)
            .detach()
            .numpy()
        )
