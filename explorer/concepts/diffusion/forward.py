"""Destroying data: noise is added little by little, and what is left is known exactly.

Each frame adds fresh noise to the frame before, x' = x + sqrt(s'^2 - s^2) z, until hardly anything
but noise remains. In the plane the density of the noised data is exact at every strength, and so
is the error of the best possible guess of where a point came from.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.diffusion.config import IMAGES, check_dataset
from explorer.concepts.diffusion.plane import DENSITY, EMPTY, VIEW
from explorer.concepts.diffusion.schedules import SCHEDULES, Schedule
from explorer.concepts.diffusion.space import SHOWN, Pixels
from explorer.data import images, plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

POINTS, TRAILS, TAIL, TIMES = 500, 10, 8, 60
BLUR = 0.6 * (VIEW[1] - VIEW[0]) / DENSITY  # a shade can't show what is finer than its cells


@dataclass(frozen=True)
class ForwardConfig:
    """What is destroyed, and at which pace."""

    dataset: str = "grid"
    schedule: str = "karras"
    seed: int = 0

    def __post_init__(self) -> None:
        check_dataset(self.dataset)
        check.one_of(self, "schedule", SCHEDULES)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class ForwardSnapshot:
    """Data under noise, in the schedule's own form (an exploding one scaled to unit size)."""

    step: int
    config: ForwardConfig
    time: float
    strength: float
    data: np.ndarray  # (POINTS, 2), or pixels (20, h, w)
    noised: np.ndarray  # the same, noised
    trails: np.ndarray  # (TRAILS, frames so far or TAIL + 1, 2)
    density: np.ndarray  # (DENSITY, DENSITY) exact, of the noised data; (0, 0) for images
    paces: dict[str, np.ndarray]  # schedule -> (times, 2): time and share of signal in the variance
    unsure: np.ndarray  # (times, 2): time and error of the best guess, that of guessing blindly = 1


def forward(config: ForwardConfig) -> Generator[ForwardSnapshot, None, None]:
    """Add noise until hardly anything else is left."""
    schedule, rng = SCHEDULES[config.schedule], generator(config.seed)
    paces = {name: pace(other) for name, other in SCHEDULES.items()}
    of_images = config.dataset in IMAGES
    if of_images:
        chosen = images.load(config.dataset)
        space = Pixels(chosen)
        x = x0 = space.encode(chosen.test[: SHOWN[config.dataset]])
        unsure = EMPTY
    else:
        dist = plane.get(config.dataset)
        x = x0 = dist.sample(POINTS, rng)
        unsure = frozen(best_errors(dist, schedule, rng))
        places = torch.from_numpy(plane_grid(VIEW, VIEW, DENSITY))
    data = frozen(chosen.pixels(space.decode(x0))) if of_images else freeze(x0)
    before, trails = 0.0, np.zeros((TRAILS, 0, 2), np.float32)
    for step, t in enumerate(times(schedule)):
        s = schedule.strength(t).item() if step else 0.0
        x = x + max(s**2 - before**2, 0.0) ** 0.5 * torch.randn(x.shape, generator=rng)
        before, scale = s, schedule.shown(s)
        shown, density = scale * x, np.zeros((0, 0), np.float32)
        if not of_images:
            there = dist.noised(scale, max(scale * s, BLUR))
            density = there.log_density(places).exp().reshape(DENSITY, DENSITY).numpy()
            trails = np.concatenate([trails[:, -TAIL:], shown[:TRAILS, None].numpy()], axis=1)
        yield ForwardSnapshot(
            step=step,
            config=config,
            time=step / TIMES,
            strength=s,
            data=data,
            noised=frozen(chosen.pixels(space.decode(shown))) if of_images else freeze(shown),
            trails=frozen(trails),
            density=frozen(density),
            paces=paces,
            unsure=unsure,
        )


def times(schedule: Schedule) -> Tensor:
    """TIMES + 1 times from the first of the schedule to its last, evenly spaced, (n,) float64."""
    return torch.linspace(schedule.first, schedule.last, TIMES + 1, dtype=torch.float64)


def pace(schedule: Schedule) -> np.ndarray:
    """How much of the variance is still signal, alpha^2 / (alpha^2 + sigma^2), over time."""
    share = 1 / (1 + schedule.strength(times(schedule)) ** 2)
    return frozen(np.stack([np.arange(TIMES + 1) / TIMES, share], 1).astype(np.float32))


def best_errors(dist: Distribution, schedule: Schedule, rng: torch.Generator) -> np.ndarray:
    """The error of the exact E[x0 | x] over time, relative to that of always guessing the mean."""
    x0 = dist.sample(POINTS, rng)
    eps = torch.randn(x0.shape, generator=rng)
    errors = []
    for s in schedule.strength(times(schedule)).tolist():
        x = x0 + s * eps
        guess = x + s**2 * dist.noised(1, s).score(x)
        errors.append((guess - x0).square().mean() / (x0 - x0.mean(0)).square().mean())
    return np.stack([np.arange(TIMES + 1) / TIMES, np.array(errors)], 1).astype(np.float32)
