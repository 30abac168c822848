r"""Gradients by depth: what a chain of layers does to them, and what keeps them alive.

In the limit of infinite width the gradient's variance is multiplied in every layer by

    chi_l = sigma_w^2 E[f'(sqrt(q_l) u)^2],  q_{l+1} = sigma_w^2 E[f(sqrt(q_l) u)^2],  u ~ N(0, 1)

with q the variance of a layer's sums: below 1 it vanishes, above it explodes.

Schoenholz et al. (2017), Deep Information Propagation, https://arxiv.org/abs/1611.01232
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from explorer import config as c
from explorer.concepts.neural_networks.network import EPSILON, sigmoid
from explorer.concepts.shared.charts import point
from explorer.scene import Curve, Panel, Reading, Role, Scene, frozen

ACTIVATIONS: dict[str, str] = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
KINDS: dict[str, tuple[str, Role]] = {
    "plain": ("plain", "model"),
    "residual": ("residual", "real"),
    "normalised": ("layer norm", "rival"),
    "both": ("both", "neutral"),
}
EXAMPLES, DRAWS = 20, 10  # of inputs, and of weights


@dataclass(frozen=True)
class Depth:
    """A chain of layers of equal width, with random weights of variance sigma_w^2 / width."""

    activation: str = c.choice("sigmoid", ACTIVATIONS)
    gain: float = c.number(1.0, 0.5, 3.0, 0.1)  # sigma_w
    depth: int = c.integer(30, 2, 60)
    width: int = c.integer(64, 4, 128, 4)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The gradient `step` layers before the output, in units of that at the output."""

    step: int
    config: Depth
    sizes: dict[str, float]  # by kind: root mean square
    exact: np.ndarray  # (depth + 1, 2) of the plain chain, infinitely wide


def activation(name: str, a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The activation and its derivative."""
    if name == "tanh":
        h = np.tanh(a)
        return h, 1 - h * h
    if name == "relu":
        return np.maximum(a, 0), (a > 0).astype(float)
    h = sigmoid(a)
    return h, h * (1 - h)


def exact(config: Depth) -> np.ndarray:
    """The size of the gradient (depth + 1,), from the output back to the input, by theory."""
    u, weight = np.polynomial.hermite_e.hermegauss(100)
    weight = weight / weight.sum()
    q, factors = config.gain**2, []  # inputs have variance 1
    for _ in range(config.depth):
        h, derivative = activation(config.activation, sqrt(q) * u)
        factors.append(config.gain**2 * float(weight @ derivative**2))
        q = config.gain**2 * float(weight @ h**2)
    return np.sqrt(np.concatenate([[1.0], np.cumprod(factors[::-1])]))


def gradients(config: Depth, kind: str, rng: np.random.Generator) -> np.ndarray:
    """The root mean square (depth + 1,) of the gradient from the output back to the input."""
    n, residual, normal = config.width, kind in ("residual", "both"), kind in ("normalised", "both")
    shape = (DRAWS, n, n)
    weights = [rng.standard_normal(shape) * config.gain / sqrt(n) for _ in range(config.depth)]
    h = rng.standard_normal((DRAWS, EXAMPLES, n))
    known = []
    for w in weights:
        spread = np.sqrt(h.var(-1, keepdims=True) + EPSILON) if normal else np.ones(1)
        y = (h - h.mean(-1, keepdims=True)) / spread if normal else h
        out, derivative = activation(config.activation, y @ w)
        known.append((y, spread, derivative))
        h = h + out if residual else out
    g = rng.standard_normal(h.shape)
    sizes = [sqrt((g * g).mean())]
    for w, (y, spread, derivative) in zip(weights[::-1], known[::-1]):
        back = (g * derivative) @ w.swapaxes(-1, -2)
        if normal:
            along = y * (back * y).mean(-1, keepdims=True)
            back = (back - back.mean(-1, keepdims=True) - along) / spread
        g = g + back if residual else back
        sizes.append(sqrt((g * g).mean()))
    return np.array(sizes) / sizes[0]


def depth(config: Depth) -> Generator[Snapshot, None, None]:
    """Back through the layers, one by one."""
    found = {kind: gradients(config, kind, np.random.default_rng(config.seed)) for kind in KINDS}
    layers = np.arange(config.depth + 1)
    line = frozen(np.stack([layers, np.maximum(exact(config), 1e-300)], 1))
    for step in range(config.depth + 1):
        yield Snapshot(step, config, {kind: float(v[step]) for kind, v in found.items()}, line)


def depth_scene(s: Snapshot) -> Scene:
    """The gradient by the number of layers that it came back through."""
    marks = [Curve("infinite width", "truth", s.exact.astype(np.float64))]
    for kind, (name, role) in KINDS.items():
        xy = point(s.step, max(s.sizes[kind], 1e-37))
        marks.append(Curve(name, role, xy, dashed=kind == "both", grows=True))
    chart = Panel(
        "Size of the gradient", marks, "chart", (0.0, float(s.config.depth)), None,
        "layers gone back", "relative to the output", log_y=True,
        caption="Dashed: exact for a plain chain of infinitely wide layers.",
    )  # fmt: skip
    last = float(s.exact[s.step, 1])
    reading = Reading(
        "gradient of the plain chain", s.sizes["plain"], (last, last), "infinite width",
        better="neither",
        help=f"Root mean square over {DRAWS} draws of the weights, relative to the output.",
    )  # fmt: skip
    rest = ", ".join(f"{KINDS[kind][0]} {s.sizes[kind]:.2g}" for kind in list(KINDS)[1:])
    text = (
        f"{s.step} layers before the output the gradient of a plain chain is "
        f"{s.sizes['plain']:.2g} times that at the output; {rest}."
    )
    return Scene([chart], s.step, (1,), (), [reading], text, unit="layer")
