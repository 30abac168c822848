"""Noise carried to data along a learnt velocity: trajectories of the ODE, and their density."""

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.flows.coupling import log_normal
from explorer.concepts.flows.flow_matching import (
    FIRST,
    LAST,
    PACE,
    VelocityModel,
    exact,
    noise,
    solve,
    with_divergence,
)
from explorer.concepts.flows.grid import lattice
from explorer.concepts.flows.measure import gap
from explorer.concepts.flows.scene import grid_lines
from explorer.concepts.shared.charts import point
from explorer.concepts.shared.plane_view import (
    VIEW,
    broken_line,
    density,
    framed,
    in_reach,
    pale_density,
    resolution,
    shortened,
)
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator
from explorer.scene import Arrows, Curve, Panel, Points, Reading, Scene, plane_grid

POINTS, TRAJECTORIES, ARROWS, CELLS = 400, 40, 12, 48
GRID_POINTS = 121  # of each line of the grid
HELD_OUT = 400  # real points whose density is computed
TINY = 60  # steps of Heun's method: as good as endless ones
VIEWS: dict[str, str] = {"trajectories": "Trajectories", "density": "Learnt density"}


@dataclass(frozen=True)
class TrajectoryConfig:
    """How many steps of Euler's method from noise to data."""

    steps: int = c.integer(24, 1, 100)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class LearntDensity:
    """The density of the trained flow, whatever the steps of the trajectories that are shown."""

    learnt: np.ndarray  # (CELLS, CELLS) by integrating the divergence from each cell to noise
    exact: np.ndarray  # (CELLS, CELLS)
    peak: float  # where the colours end
    gap: float  # nats: mean of exact minus learnt log-density over real points


@dataclass(frozen=True, eq=False)
class TrajectorySnapshot:
    """Points between noise and data. `step` counts the steps taken."""

    step: int
    config: TrajectoryConfig
    time: float  # 1 is noise, 0 is data
    density: LearntDensity
    x: np.ndarray  # (POINTS, 2)
    moves: np.ndarray  # (TRAJECTORIES, 2, 2) of some points, in the last step
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise
    noised: np.ndarray  # (CELLS, CELLS) exact density at this time
    grid: np.ndarray  # (ARROWS^2, 2)
    learnt: np.ndarray  # (ARROWS^2, 2) the learnt velocity towards data, scaled
    exact: np.ndarray  # (ARROWS^2, 2)
    learnt_log: float  # mean log-density of the points, by the sum of divergences
    exact_log: float  # mean exact log-density at the same points
    length: float  # of the trajectories so far, relative to the straight line between their ends
    error: float | None = None  # mean distance from where tiny steps lead; at the end


@torch.no_grad()
def learnt_density(model: VelocityModel, dist: Distribution) -> LearntDensity:
    """The density of a trained flow, beside the exact one."""
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    real = dist.sample(HELD_OUT, generator(3))
    logs = model.log_density(torch.cat([cells, real]))
    field, own = logs.split([len(cells), HELD_OUT])
    known = dist.log_density(real)
    return LearntDensity(
        learnt=freeze(field.exp().reshape(CELLS, CELLS)),
        exact=freeze(dist.log_density(cells).exp().reshape(CELLS, CELLS)),
        peak=known.quantile(0.95).exp().item(),
        gap=gap(known, own),
    )


@torch.no_grad()
def trajectory(
    config: TrajectoryConfig, model: VelocityModel
) -> Generator[TrajectorySnapshot, None, None]:
    """Carry noise to data in so many steps of Euler's method."""
    dist = plane.get(model.config.dataset)
    v, true = model.velocity, exact(dist)
    result = learnt_density(model, dist)
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    places = torch.from_numpy(plane_grid(VIEW, VIEW, ARROWS))
    shown_grid = freeze(places)
    x = before = start = noise(POINTS, config.seed)
    lattice_lines, total, along = lattice(GRID_POINTS), log_normal(start), torch.zeros(POINTS)
    lines, target = lattice_lines.noise, solve(v, start, TINY)
    times = [float(t) for t in np.linspace(LAST, FIRST, config.steps + 1)]
    for step, (t, sooner) in enumerate(pairwise([*times, FIRST])):
        there = dist.noised(1 - t, t)
        noised = dist.noised(1 - t, max(t, resolution(CELLS))).log_density(cells).exp()
        along = along + (x - before).norm(dim=1)
        ended = step == config.steps
        yield TrajectorySnapshot(
            step=step,
            config=config,
            time=t,
            density=result,
            x=freeze(in_reach(x)),
            moves=freeze(in_reach(torch.stack([before, x], 1)[:TRAJECTORIES])),
            mesh=lattice_lines.drawn(in_reach(lines)),
            noised=freeze(noised.reshape(CELLS, CELLS)),
            grid=shown_grid,
            learnt=freeze(-PACE * v(places, t)),
            exact=freeze(-PACE * true(places, t)),
            learnt_log=total.mean().item(),
            exact_log=there.log_density(x).clamp(min=-20).mean().item(),
            length=relative_length(along, x - start) if step else 1.0,
            error=(x - target).norm(dim=1).mean().item() if ended else None,
        )
        if not ended:
            velocity, divergence = with_divergence(v, x, t)
            before, x = x, x + (sooner - t) * velocity
            total = total + (t - sooner) * divergence
            lines = lines + (sooner - t) * v(lines, t)


def relative_length(along: Tensor, across: Tensor) -> float:
    """Length of paths (n,) over that of the straight lines (n, 2) between their ends."""
    return 1 / max((across.norm(dim=1) / along.clamp(min=1e-6)).mean().item(), 1e-3)


def trajectory_scene(s: TrajectorySnapshot, view: str = "trajectories") -> Scene:
    """Points between noise and data, in one of VIEWS."""
    middle = [_learnt(s), _exact(s)] if view == "density" else [_velocity(s), _grid(s)]
    return Scene(
        [framed(panel) for panel in [_points(s), *middle, _curves(s)]],
        step=s.step,
        readings=_readings(s),
        sentence=_sentence(s),
    )


def _points(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Trajectories",
        [
            pale_density("exact density at this time", s.noised),
            Curve("trajectories of some", "model", broken_line(s.moves), width=1, label="",
                  grows=True),
            Points("points", "model", s.x, size=2.2, interpolated=True),
        ],
        caption="Noise carried to data. Are the trajectories straight?",
    )  # fmt: skip


def _velocity(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Velocity",
        [
            pale_density("exact density at this time", s.noised),
            Arrows("exact velocity", "truth", s.grid, shortened(s.exact)),
            Arrows("learnt velocity", "model", s.grid, shortened(s.learnt)),
        ],
        caption="Towards data, at this time. The learnt one is drawn over the exact one.",
    )


def _grid(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Grid of noise",
        [grid_lines(s.mesh), Points("points", "model", s.x, size=2.0, interpolated=True)],
        caption="A continuous flow stretches the grid, too, and keeps it connected.",
    )


def _learnt(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Learnt density",
        [density("learnt density", s.density.learnt, s.density.peak, "model")],
        caption="From each cell to noise, with all divergences added up.",
    )


def _exact(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Exact density",
        [density("exact density", s.density.exact, s.density.peak, "truth")],
        caption="Of the data, in closed form.",
    )


def _curves(s: TrajectorySnapshot) -> Panel:
    return Panel(
        "Log-density of the points",
        [
            Curve("sum of divergences", "model", point(s.time, s.learnt_log), label="", grows=True),
            Curve("exact, at these points", "truth", point(s.time, s.exact_log), label="",
                  grows=True),
        ],
        "chart",
        xlim=(0.0, 1.0),
        ylim=(-4.0, 2.5),
        xlabel="time t",
        ylabel="nats",
        span=1.3,
        caption="From right to left: that of noise, plus the divergence of v on the way.",
    )  # fmt: skip


def _readings(s: TrajectorySnapshot) -> list[Reading]:
    return [
        Reading(
            "error of the steps", float("nan") if s.error is None else s.error,
            None if s.error is None else (0.0, 0.0), "infinitely many steps",
            help="Mean distance between where the points end and where tiny steps would have led "
            "them.",
        ),
        Reading(
            "length of the trajectories", s.length, (1.0, 1.0), "straight lines", "times",
            "neither", help="So far, relative to the straight line between their ends.",
        ),
        Reading(
            "gap to the exact density", s.density.gap, (0.0, 0.0), "the exact density", "nats",
            help="Of the learnt density, integrated with as many steps as it needs: mean of exact "
            "minus learnt log-density over held-out points. It does not depend on the steps here.",
        ),
    ]  # fmt: skip


def _sentence(s: TrajectorySnapshot) -> str:
    if s.step == 0:
        return "Pure noise. Each point is about to follow the velocity at its place."
    curved = f"trajectories {s.length:.2f} times as long as straight lines"
    if s.error is None:
        return f"t = {s.time:.2f}; {curved}."
    if s.config.steps == 1:
        if s.x.std(axis=0).mean() < 0.5:
            return "One step: each point lands near the mean of all data that it could become."
        return (
            "One step misses the data. By the exact velocity it would lead near their mean; the "
            "learnt one is least exact at pure noise, and one step takes all of that error."
        )
    return f"Arrived, {s.error:.2g} from where tiny steps would have led; {curved}."
