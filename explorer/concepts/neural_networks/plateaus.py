r"""Plateaus: a deep linear network learns one mode after the other, each in its own sigmoid.

Two layers W_2 W_1 are trained by gradient flow to fit a matrix with singular values s. From small,
aligned weights of size a_0 every mode follows its own exact curve,

    a(t) = s e^{2 s t} / (e^{2 s t} - 1 + s / a_0),     half learnt at  t = ln(s / a_0 - 1) / (2 s)

so strong modes come first, and between them the loss rests on plateaus.

Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep
linear neural networks, https://arxiv.org/abs/1312.6120
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import log

import numpy as np

from explorer import config as c
from explorer.config import frame_steps
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen

SINGULAR_VALUES = np.array([4.0, 2.0, 1.0, 0.5])  # singular values of what is to be learnt
SIZE, STEP = 8, 0.005  # of the matrices; time of an update (the learning rate)
FRAMES = 100
ROLES: tuple[Role, ...] = ("real", "model", "rival", "neutral")


@dataclass(frozen=True)
class Plateaus:
    """How the weights start, and for how many updates."""

    start: str = c.choice("aligned", {"aligned": "aligned with the modes", "random": "random"})
    scale: float = c.number(1e-3, 1e-6, 0.1, log=True)  # a_0: size of every mode at the start
    steps: int = c.steps(2400, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The size of every mode after `step` updates."""

    step: int
    config: Plateaus
    modes: np.ndarray  # (4,)
    loss: float
    halves: np.ndarray  # (4,) time when a mode was half learnt; −1: not yet
    gap: float  # largest difference from the exact curves so far


def exact(s: np.ndarray, start: float, t: np.ndarray | float) -> np.ndarray:
    """The size of a mode at time t."""
    growth = np.exp(-2 * s * np.asarray(t))
    return s / (1 + (s / start - 1) * growth)


def half_time(s: float, start: float) -> float:
    """When a mode is half learnt."""
    return log(s / start - 1) / (2 * s)


def plateaus(config: Plateaus) -> Generator[Snapshot, None, None]:
    """Gradient descent on |Sigma - W_2 W_1|^2 / 2 with small steps."""
    rng = np.random.default_rng(config.seed)
    u, v = (np.linalg.qr(rng.standard_normal((SIZE, SIZE)))[0] for _ in range(2))
    target = u[:, :4] * SINGULAR_VALUES @ v[:, :4].T
    root = config.scale**0.5
    w1, w2 = root * v.T, root * u
    if config.start == "random":
        w1, w2 = (root * rng.standard_normal((SIZE, SIZE)) / SIZE**0.5 for _ in range(2))
    shown, halves, gap = set(frame_steps(config.steps, FRAMES)), np.full(4, -1.0), 0.0
    for step in range(config.steps + 1):
        modes = np.einsum("ik,ij,jk->k", u[:, :4], w2 @ w1, v[:, :4])
        halves[(halves < 0) & (modes > SINGULAR_VALUES / 2)] = step * STEP
        gap = max(
            gap, float(np.abs(modes - exact(SINGULAR_VALUES, config.scale, step * STEP)).max())
        )
        error = target - w2 @ w1
        if step in shown:
            loss = float((error**2).sum() / 2)
            yield Snapshot(step, config, frozen(modes), loss, frozen(halves), gap)
        w1, w2 = w1 + STEP * w2.T @ error, w2 + STEP * error @ w1.T


def plateaus_scene(s: Snapshot) -> Scene:
    """Every mode beside its exact curve; the loss beside the exact one."""
    t = np.linspace(0, s.config.steps * STEP, 200)
    now, ends = s.step * STEP, (0.0, s.config.steps * STEP)
    marks: list[Mark] = []
    for k, size in enumerate(SINGULAR_VALUES):
        line = np.stack([t, exact(size, s.config.scale, t)], 1).astype(np.float32)
        here = np.array([[now, s.modes[k]]], np.float32)
        marks.append(Curve(f"mode {size:g}", ROLES[k], here, width=3, grows=True))
        marks.append(Curve(f"exact, {size:g}", "truth", line, width=1.2, label=""))
    rest = (
        (SINGULAR_VALUES[:, None] - exact(SINGULAR_VALUES[:, None], s.config.scale, t)) ** 2
    ).sum(0) / 2
    modes = Panel(
        "Size of each mode", marks, "chart", ends, (0.0, 4.4), "time: steps × η", "size",
        caption="Dashed: exact for aligned weights. Strong modes are learnt first.",
    )  # fmt: skip
    loss = Panel(
        "Loss",
        [
            Curve("exact", "truth", np.stack([t, rest], 1).astype(np.float32), label=""),
            Curve("loss", "model", np.array([[now, s.loss]], np.float32), label="", grows=True),
        ],
        "chart", ends, (0.0, 11.0), "time: steps × η", "half the squared error",
        caption="Plateaus: nothing seems to happen, while the next mode grows exponentially.",
    )  # fmt: skip
    known = [k for k in range(4) if s.halves[k] >= 0]
    k = known[-1] if known else 0
    wanted = half_time(float(SINGULAR_VALUES[k]), s.config.scale)
    reading = Reading(
        f"time until mode {SINGULAR_VALUES[k]:g} is half learnt",
        float(s.halves[k]) if known else now, (wanted, wanted), "exact", better="neither",
        help="ln(s / a₀ − 1) / (2 s); of a mode not yet half learnt, the time so far.",
    )  # fmt: skip
    text = (
        f"At time {now:.2f} {len(known)} of 4 modes are half learnt; the largest difference from "
        f"the exact curves so far is {s.gap:.3f}."
    )
    return Scene([modes, loss], s.step, (2,), (), [reading], text)
