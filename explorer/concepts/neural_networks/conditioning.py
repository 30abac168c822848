r"""The condition number: how many steps gradient descent needs in a narrow valley.

On a quadratic with curvatures 1 and kappa the best constant learning rates are known exactly:

    gradient descent   eta = 2 / (1 + kappa)            error x (kappa - 1) / (kappa + 1) a step
    heavy ball         eta = 4 / (sqrt(kappa) + 1)^2,   error x sqrt(beta) a step
                       beta = ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^2

Polyak (1964), https://doi.org/10.1016/0041-5553(64)90137-5
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from explorer import config as c
from explorer.concepts.neural_networks.optimisers import BETAS, TINY
from explorer.config import frame_steps
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen

START, CLOSE, FRAMES = (1.0, 1.0), 1e-6, 100
METHODS: dict[str, tuple[str, Role]] = {
    "gd": ("gradient descent", "model"),
    "heavy_ball": ("heavy ball", "real"),
    "adam": ("Adam", "rival"),
}


@dataclass(frozen=True)
class Conditioning:
    """The condition number, and the learning rate of gradient descent by the best one."""

    condition: float = c.number(100.0, 1.0, 1000.0, log=True)
    factor: float = c.number(1.0, 0.1, 1.2, 0.02)
    adam_rate: float = c.number(0.05, 0.001, 0.5, log=True)
    steps: int = c.steps(800, 5000)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Where the methods are after `step` updates."""

    step: int
    config: Conditioning
    paths: dict[str, np.ndarray]  # by method: (k, 2), since the last snapshot
    errors: dict[str, np.ndarray]  # by method: (k, 2) step and distance from the minimum
    reached: dict[str, int]  # by method: the step when it was below CLOSE; -1: not yet


def rate_gd(condition: float) -> float:
    """The factor by which the error of gradient descent falls in a step, at best."""
    return (condition - 1) / (condition + 1)


def rate_heavy_ball(condition: float) -> float:
    """The same of the heavy ball, in the limit of many steps."""
    return (sqrt(condition) - 1) / (sqrt(condition) + 1)


def follow(config: Conditioning) -> dict[str, np.ndarray]:
    """By method: all iterates (steps + 1, 2)."""
    curvature = np.array([1.0, config.condition])
    root = sqrt(config.condition)
    found = {}
    for method in METHODS:
        x, v, square = np.array(START), np.zeros(2), np.zeros(2)
        path = [x]
        for step in range(1, config.steps + 1):
            g = curvature * x
            if method == "gd":
                x = x - config.factor * 2 / (1 + config.condition) * g
            elif method == "heavy_ball":
                v = rate_heavy_ball(config.condition) ** 2 * v - 4 / (root + 1) ** 2 * g
                x = x + v
            else:
                v = BETAS[0] * v + (1 - BETAS[0]) * g
                square = BETAS[1] * square + (1 - BETAS[1]) * g * g
                spread = np.sqrt(square / (1 - BETAS[1] ** step)) + TINY
                x = x - config.adam_rate * v / (1 - BETAS[0] ** step) / spread
            x = np.clip(x, -1e30, 1e30)
            path.append(x)
        found[method] = np.array(path)
    return found


def conditioning(config: Conditioning) -> Generator[Snapshot, None, None]:
    """All three from the same point."""
    paths = follow(config)
    sizes = {name: np.linalg.norm(path, axis=1) for name, path in paths.items()}
    before = -1
    for step in frame_steps(config.steps, FRAMES):
        new = np.arange(before + 1, step + 1)
        yield Snapshot(
            step,
            config,
            {name: frozen(path[new].astype(np.float32)) for name, path in paths.items()},
            {name: frozen(np.stack([new, np.maximum(e[new], 1e-16)], 1)) for name, e in
             sizes.items()},
            {name: int(np.argmax(e[: step + 1] < CLOSE)) if (e[: step + 1] < CLOSE).any() else -1
             for name, e in sizes.items()},
        )  # fmt: skip
        before = step


def conditioning_scene(s: Snapshot) -> Scene:
    """The paths in the valley, and the distance from the minimum beside the exact rates."""
    k, steps = s.config.condition, s.config.steps
    angle = np.linspace(0, 2 * np.pi, 90)
    rings = [
        np.stack([r * np.cos(angle), r * np.sin(angle) / sqrt(k)], 1)
        for r in (0.25, 0.5, 1.0, 1.5)
    ]  # fmt: skip
    gap = np.full((1, 2), np.nan)
    level = np.concatenate([part for ring in rings for part in (ring, gap)]).astype(np.float32)
    valley: list[Mark] = [Curve("equal loss", "neutral", level, width=1, label="")]
    chart: list[Mark] = []
    t = np.linspace(0, steps, 200)
    for name, rate in (("gd", rate_gd(k)), ("heavy_ball", rate_heavy_ball(k))):
        line = np.stack([t, np.maximum(sqrt(2) * max(rate, 1e-9) ** t, 1e-12)], 1)
        label = f"exact rate, {METHODS[name][0]}"
        chart.append(Curve(label, "truth", line.astype(np.float32), width=1.2, label=""))
    for name, (label, role) in METHODS.items():
        valley.append(Curve(label, role, s.paths[name], width=1.5, label="", grows=True))
        chart.append(Curve(label, role, s.errors[name].astype(np.float32), grows=True))
    panels = [
        Panel("The valley", valley, "plane", (-1.5, 1.5), (-1.1, 1.1), "curvature 1",
              f"curvature {k:g}", caption=f"Condition number {k:g}: steep across, flat along."),
        Panel("Distance from the minimum", chart, "chart", (0.0, float(steps)), (1e-12, 1e3),
              "training step", "distance", log_y=True,
              caption="Dashed: falling at the exact rates, with the best learning rates."),
    ]  # fmt: skip
    wanted = np.log(CLOSE / sqrt(2)) / np.log(max(rate_gd(k), 1e-9))
    took = s.reached["gd"]
    reading = Reading(
        "steps of gradient descent to 0.000001", float(took if took >= 0 else s.step),
        (float(wanted), float(wanted)), "exact rate",
        help="With the best constant learning rate; if it has not come so far yet, the steps so "
        "far.",
    )  # fmt: skip
    done = ", ".join(
        f"{METHODS[name][0]} {f'after {at} steps' if at >= 0 else 'not yet'}"
        for name, at in s.reached.items()
    )
    text = f"Within 0.000001 of the minimum: {done}."
    return Scene(panels, s.step, (2,), (), [reading], text)
