r"""The forward process: noise is added little by little, and what is left is known exactly.

Each frame adds fresh noise to the frame before, x' = x + sqrt(sigma'^2 - sigma^2) z, until hardly
anything but noise remains. In the plane the density of the noised data is exact at every noise
level, and so is the minimum mean squared error of any denoised estimate.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.diffusion.config import DATASETS, IMAGES, SCHEDULE_LABELS
from explorer.concepts.diffusion.measure import exact_denoised
from explorer.concepts.diffusion.schedules import SCHEDULES, Schedule
from explorer.concepts.diffusion.spaces import Pixels
from explorer.concepts.shared.charts import point
from explorer.concepts.shared.image_grid import COLUMNS, SHOWN, image_grid
from explorer.concepts.shared.plane_view import VIEW, broken_line, framed, pale_density, resolution
from explorer.data import images, plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator
from explorer.scene import Curve, Flow, Panel, Points, Reading, Scene, frozen, plane_grid

POINTS, TRAJECTORIES, TAIL, TIMES, CELLS = 500, 10, 8, 60, 48


@dataclass(frozen=True)
class ForwardConfig:
    """What is noised, and by which schedule."""

    dataset: str = c.data("grid", DATASETS, plane.check)
    schedule: str = c.choice("karras", SCHEDULE_LABELS)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class ForwardSnapshot:
    """Noised data, in the schedule's own form (an exploding one scaled to unit variance)."""

    step: int
    config: ForwardConfig
    time: float
    noise_level: float
    data: np.ndarray  # (POINTS, 2), or pixels (20, h, w)
    noised: np.ndarray  # the same, noised
    trajectories: np.ndarray  # (TRAJECTORIES, at most TAIL + 1, 2) the last places of some points
    density: np.ndarray  # (CELLS, CELLS) exact, of the noised data; (0, 0) for images
    signal: dict[str, np.ndarray]  # schedule -> (times, 2): time and signal's share of variance
    least_error: np.ndarray  # (times, 2): time and minimum mean squared error, that of the mean = 1


def forward(config: ForwardConfig) -> Generator[ForwardSnapshot, None, None]:
    """Add noise until hardly anything else is left."""
    schedule, rng = SCHEDULES[config.schedule], generator(config.seed)
    signal = {name: signal_share(other) for name, other in SCHEDULES.items()}
    of_images, least_error = config.dataset in IMAGES, frozen(np.zeros((0, 2), np.float32))
    if of_images:
        chosen = images.load(config.dataset)
        space = Pixels(chosen)
        x = x0 = space.encode(chosen.test[: SHOWN[config.dataset]])
    else:
        dist = plane.get(config.dataset)
        x = x0 = dist.sample(POINTS, rng)
        least_error = frozen(minimum_errors(dist, schedule, rng))
        cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    data = frozen(chosen.pixels(space.decode(x0))) if of_images else freeze(x0)
    before, trajectories = 0.0, np.zeros((TRAJECTORIES, 0, 2), np.float32)
    for step, t in enumerate(times(schedule)):
        sigma = schedule.noise_level(t).item() if step else 0.0
        x = x + max(sigma**2 - before**2, 0.0) ** 0.5 * torch.randn(x.shape, generator=rng)
        before, alpha = sigma, schedule.alpha(sigma)
        shown, density = alpha * x, np.zeros((0, 0), np.float32)
        if not of_images:
            there = dist.noised(alpha, max(alpha * sigma, resolution(CELLS)))
            density = there.log_density(cells).exp().reshape(CELLS, CELLS).numpy()
            new = shown[:TRAJECTORIES, None].numpy()
            trajectories = np.concatenate([trajectories[:, -TAIL:], new], axis=1)
        yield ForwardSnapshot(
            step=step,
            config=config,
            time=step / TIMES,
            noise_level=sigma,
            data=data,
            noised=frozen(chosen.pixels(space.decode(shown))) if of_images else freeze(shown),
            trajectories=frozen(trajectories),
            density=frozen(density),
            signal=signal,
            least_error=least_error,
        )


def times(schedule: Schedule) -> Tensor:
    """TIMES + 1 times from the first of the schedule to its last, evenly spaced, (n,) float64."""
    return torch.linspace(schedule.first, schedule.last, TIMES + 1, dtype=torch.float64)


def signal_share(schedule: Schedule) -> np.ndarray:
    """The signal's share of the variance, alpha^2 / (alpha^2 + sigma^2), over time, (times, 2)."""
    share = 1 / (1 + schedule.noise_level(times(schedule)) ** 2)
    return frozen(np.stack([np.arange(TIMES + 1) / TIMES, share], 1).astype(np.float32))


def minimum_errors(dist: Distribution, schedule: Schedule, rng: torch.Generator) -> np.ndarray:
    """The squared error of the exact E[x0 | x] over time, relative to that of the data's mean."""
    x0 = dist.sample(POINTS, rng)
    eps = torch.randn(x0.shape, generator=rng)
    errors = []
    for sigma in schedule.noise_level(times(schedule)).tolist():
        denoised = exact_denoised(dist, x0 + sigma * eps, sigma)
        errors.append((denoised - x0).square().mean() / (x0 - x0.mean(0)).square().mean())
    return np.stack([np.arange(TIMES + 1) / TIMES, np.array(errors)], 1).astype(np.float32)


def forward_scene(s: ForwardSnapshot) -> Scene:
    """Data becoming noise."""
    of_images, label = s.data.ndim == 3, SCHEDULES[s.config.schedule].label
    share = float(s.signal[s.config.schedule][s.step, 1])
    sentence = f"{label} schedule: {share:.0%} of the variance is still signal."
    readings = [
        Reading("noise level σ", s.noise_level, (s.noise_level, s.noise_level),
                "exact, by the schedule", better="neither"),
    ]  # fmt: skip
    panels = [*(_images(s) if of_images else _points(s)), _signal(s, label, share)]
    if not of_images:
        error = float(s.least_error[s.step, 1])
        panels.append(_least_error(s, error))
        readings.append(
            Reading("minimum mean squared error", 100 * error, (100 * error, 100 * error),
                    "exact: no estimate is better", "%", "neither",
                    help="Of the exact denoised estimate E[x₀ | x], relative to the variance of "
                    "the data.")
        )  # fmt: skip
        sentence += (
            " The best denoised estimate is no better than the mean of all data."
            if error > 0.985
            else f" The best denoised estimate has {error:.0%} of the squared error of the mean."
        )
    return Scene(
        [framed(panel) for panel in panels],
        step=s.step,
        flows=(Flow(0, 1, "add noise", "real"),),
        readings=readings,
        sentence=sentence,
        unit="time step",
    )


def _points(s: ForwardSnapshot) -> list[Panel]:
    return [
        Panel("Data", [Points("data", "real", s.data)], caption="Points x₀, without noise."),
        Panel(
            "Noised data",
            [
                pale_density("exact density", s.density),
                Points("noised data", "real", s.noised, size=2.0, opacity=0.6),
                Curve(
                    "trajectories of some", "real", broken_line(s.trajectories), width=1, label=""
                ),
            ],
            caption="Shade: the exact density of the noised data, scaled to unit variance.",
        ),
    ]  # fmt: skip


def _images(s: ForwardSnapshot) -> list[Panel]:
    columns = COLUMNS[s.config.dataset]
    return [
        image_grid("Images", "images", "real", s.data, columns, "Without noise."),
        image_grid("Noised images", "noised images", "neutral", s.noised, columns,
                   "The same images, scaled to unit variance."),
    ]  # fmt: skip


def _signal(s: ForwardSnapshot, label: str, share: float) -> Panel:
    others = [line for name, line in s.signal.items() if name != s.config.schedule]
    return Panel(
        "Signal left",
        [
            Curve("other schedules", "neutral", broken_line(np.stack(others)), width=1, label=""),
            Curve(label, "model", s.signal[s.config.schedule], width=2.5),
            Points("now", "model", point(s.time, share), size=5, opacity=1),
        ],
        "chart",
        xlim=(-0.03, 1.03),
        ylim=(-0.04, 1.04),
        xlabel="time t",
        ylabel="share of variance",
        span=1.3,
        caption="α² / (α² + σ_t²) over time. Schedules differ in how fast it falls.",
    )


def _least_error(s: ForwardSnapshot, error: float) -> Panel:
    return Panel(
        "Minimum mean squared error",
        [
            Curve("exact E[x₀ | x]", "truth", s.least_error),
            Points("now", "model", point(s.time, error), size=5, opacity=1),
        ],
        "chart",
        xlim=(-0.03, 1.03),
        ylim=(0, 1.1),
        xlabel="time t",
        ylabel="relative to the mean",
        caption="Of the best denoised estimate. 1: no better than the mean of the data.",
    )
