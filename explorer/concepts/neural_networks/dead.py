r"""Born dead: a deep, narrow ReLU network whose output does not depend on its input any more.

With symmetric weights and no biases each of N units is off with probability 1/2, so a layer passes
nothing on with probability 2^-N, and one of L layers does with probability 1 - (1 - 2^-N)^L,
exactly, for every input.

Lu et al. (2020), Dying ReLU and Initialization, https://arxiv.org/abs/1903.06733
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Field, Mark, Panel, Reading, Scene, frozen
from explorer.truth.intervals import wilson

SHOWN = 24  # networks whose units are drawn


@dataclass(frozen=True)
class Dead:
    """Networks with random weights, `depth` layers of `width` units."""

    width: int = c.integer(3, 1, 10)
    depth: int = c.integer(10, 1, 40)
    networks: int = c.integer(2000, 100, 20_000, log=True)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """How many networks are dead after `step` layers."""

    step: int
    config: Dead
    dead: int
    active: np.ndarray  # (SHOWN, depth) share of active units of a layer; 0: not computed yet


def exact(width: int, depth: np.ndarray) -> np.ndarray:
    """The probability that a network of so many layers is dead for an input."""
    return 1 - (1 - 0.5**width) ** depth


def dead(config: Dead) -> Generator[Snapshot, None, None]:
    """One layer after the other."""
    rng, n = np.random.default_rng(config.seed), config.width
    h = rng.standard_normal((config.networks, n))
    active = np.zeros((SHOWN, config.depth), np.float32)
    yield Snapshot(0, config, 0, frozen(active))
    for step in range(1, config.depth + 1):
        w = rng.standard_normal((config.networks, n, n))
        h = np.maximum(np.einsum("ri,rij->rj", h, w), 0)
        size = h.sum(1, keepdims=True)
        h = h / np.where(size > 0, size, 1)  # their scale does not matter
        active[:, step - 1] = (h[:SHOWN] > 0).mean(1)
        yield Snapshot(step, config, int((size == 0).sum()), frozen(active))


def dead_scene(s: Snapshot) -> Scene:
    """The share of dead networks by depth, and the units of some of them."""
    layers = np.arange(s.config.depth + 1)
    line = np.stack([layers, exact(s.config.width, layers)], 1).astype(np.float32)
    share, count = s.dead / s.config.networks, s.config.networks
    band = np.array([wilson(s.dead, count)], np.float32)
    marks: list[Mark] = [
        Curve("exact", "truth", line),
        Curve("measured", "model", np.array([[s.step, share]], np.float32), band=band, grows=True),
    ]
    chart = Panel(
        "Dead networks", marks, "chart", (0.0, float(s.config.depth)), (0.0, 1.0), "layers",
        "share", caption="Dashed: 1 − (1 − 2⁻ᴺ)ᴸ. The band is a 95 % interval.",
    )  # fmt: skip
    high = float(s.config.depth)
    units = Panel(
        f"Active units in {SHOWN} of the networks",
        [Field("active units", s.active, 0.0, 1.0, ("neutral", "model"),
               meaning="none of the layer | all of the layer")],
        "chart", (0.0, high), (0.0, float(SHOWN)), "layer", "network",
        caption="Once a layer is empty, all later ones are.",
    )  # fmt: skip
    low = float(exact(s.config.width, np.array(s.step)))
    reading = Reading(
        "share of dead networks", share, (low, low), "exact", better="neither",
        help=f"Of {count:,} networks: their output is 0 for this input, and so is every gradient.",
    )  # fmt: skip
    text = (
        f"After {s.step} layers {percent(share)} of {count:,} networks with {s.config.width} units "
        f"a layer are dead; exactly {percent(low)} are expected."
    )
    return Scene([chart, units], s.step, (2,), (), [reading], text, unit="layer")
