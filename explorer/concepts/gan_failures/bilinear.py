r"""The simplest adversarial game: x minimises x y, y maximises it.

    min_x max_y  x y,        both gradients vanish only at the equilibrium (0, 0)

With z = (x, y) and A = [[0, 1], [-1, 0]] every update rule is z <- M z:

    simultaneous     M = I - h A                 |z| grows by sqrt(1 + h^2)
    alternating      M = [[1, -h], [h, 1 - h^2]] det M = 1: a closed ellipse while h < 2
    extragradient    M = (1 - h^2) I - h A       |z| shrinks by sqrt(1 - h^2 + h^4), h < 1
    averaged         mean of the alternating ones so far, (M^(k+1) - I) (M - I)^-1 z_0 / (k + 1)

So the orbit after k steps is M^k z_0, known in closed form. The points are updated step by step,
with the gradients of x y; the dashed lines are the formulas.

Korpelevich (1976), the extragradient method; Gidel et al. (2019), https://arxiv.org/abs/1802.10551
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.shared.adversarial.panels import along
from explorer.config import frame_steps
from explorer.scene import Curve, Mark, Panel, Points, Scene, frozen

FRAMES, LIMIT = 80, 3.0
ROTATION = np.array([[0.0, 1.0], [-1.0, 0.0]])
RULES: dict[str, str] = {
    "simultaneous": "Simultaneous",
    "alternating": "Alternating",
    "extragradient": "Extragradient",
    "averaged": "Averaged iterates",
}
CAPTIONS: dict[str, str] = {
    "simultaneous": "Diverges for every learning rate.",
    "alternating": "Stays on a closed ellipse: it never converges.",
    "extragradient": "Uses the gradient one step ahead: converges for h < 1.",
    "averaged": "The mean of the alternating iterates: converges.",
}


@dataclass(frozen=True)
class Bilinear:
    """The learning rate h of both players, and how many steps, from (x, y) = (1, 0)."""

    learning_rate: float = c.number(0.2, 0.01, 1.0, 0.01)
    steps: int = c.steps(160, 2000)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Orbits:
    """Where each update rule has come to."""

    step: int
    config: Bilinear
    iterates: dict[str, np.ndarray]  # by rule: (k, 2), those since the last snapshot
    gap: float  # largest difference between iterates and formulas so far
    exact: dict[str, np.ndarray]  # by rule: (steps + 1, 2)


@dataclass(frozen=True, eq=False)
class Ends:
    """Where each update rule ends."""

    points: dict[str, np.ndarray]  # by rule: (2,)


def descent(z: np.ndarray) -> np.ndarray:
    """The direction of each player at z = (x, y): x goes along -y, y along x."""
    return np.array([-z[1], z[0]])


def simultaneous(z: np.ndarray, h: float) -> np.ndarray:
    """Both follow the gradient at the present point."""
    return z + h * descent(z)


def alternating(z: np.ndarray, h: float) -> np.ndarray:
    """y follows the gradient after x has moved."""
    x = z[0] + h * descent(z)[0]
    return np.array([x, z[1] + h * descent(np.array([x, z[1]]))[1]])


def extragradient(z: np.ndarray, h: float) -> np.ndarray:
    """Both follow the gradient of where a simultaneous step would lead."""
    return z + h * descent(simultaneous(z, h))


UPDATES: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extragradient": extragradient,
}


def matrix(rule: str, h: float) -> np.ndarray:
    """M of z <- M z, (2, 2)."""
    unit = np.eye(2)
    return {
        "simultaneous": unit - h * ROTATION,
        "alternating": np.array([[1, -h], [h, 1 - h * h]]),
        "extragradient": (1 - h * h) * unit - h * ROTATION,
    }[rule]


def exact(rule: str, h: float, steps: int) -> np.ndarray:
    """The orbit after 0, 1, ... steps by its formula, (steps + 1, 2).

    The powers of M come from its eigenvalues, so nothing is updated.
    """
    values, vectors = np.linalg.eig(matrix("alternating" if rule == "averaged" else rule, h))
    k = np.arange(steps + 1)[:, None]
    if rule == "averaged":
        powers = (values ** (k + 1) - 1) / ((values - 1) * (k + 1))
    else:
        powers = values**k
    share = np.linalg.solve(vectors, np.array([1.0, 0.0]))
    return np.real((powers * share) @ vectors.T)


def orbits(config: Bilinear) -> Generator[Orbits, None, Ends]:
    """Follow every update rule at once; returns where each of them ends."""
    h = config.learning_rate
    known = {rule: frozen(exact(rule, h, config.steps)) for rule in RULES}
    iterates = {rule: [np.array([1.0, 0.0])] for rule in RULES}
    gap, first = 0.0, 0
    for step in frame_steps(config.steps, FRAMES):
        while len(iterates["averaged"]) <= step:
            for rule, update in UPDATES.items():
                iterates[rule].append(update(iterates[rule][-1], h))
            iterates["averaged"].append(np.mean(iterates["alternating"], axis=0))
        new = {rule: frozen(np.array(iterates[rule][first:])) for rule in RULES}
        gaps = [np.abs(new[rule] - known[rule][first : step + 1]).max() for rule in RULES]
        gap, first = max(gap, *map(float, gaps)), step + 1
        yield Orbits(step, config, new, gap, known)
    return Ends({rule: points[-1] for rule, points in iterates.items()})


def bilinear_scene(s: Orbits) -> Scene:
    """The plane of both players for every update rule, and the distance from equilibrium."""
    panels = [orbit_panel(s, rule) for rule in RULES]
    lines: list[Mark] = [Curve("formulas", "truth", _all(s), label="")]
    for rule in RULES:
        radius = np.linalg.norm(s.iterates[rule], axis=1).clip(1e-3, 1e3)
        steps = np.arange(s.step + 1 - len(radius), s.step + 1)
        lines.append(Curve(RULES[rule].lower(), "model", along(steps, radius), grows=True))
    away = Panel(
        "Distance from equilibrium", lines, kind="chart", xlim=(0, s.config.steps),
        ylim=(1e-3, 1e3), xlabel="step", ylabel="distance", log_y=True,
        caption="Dashed: the formulas.", span=1.4,
    )  # fmt: skip
    return Scene([*panels, away], step=s.step, rows=(4, 1), sentence=sentence(s))


def orbit_panel(s: Orbits, rule: str) -> Panel:
    """One update rule: the line of its iterates on the dashed line of the formula."""
    line, points = s.exact[rule], s.iterates[rule]
    marks: list[Mark] = [
        Curve("formula", "truth", _inside(line), width=1.2, label=""),
        Curve("iterates", "model", _inside(points), width=1.6, label="", grows=True),
        Points("equilibrium", "neutral", np.zeros((1, 2), np.float32), size=5, shape="cross"),
    ]
    return Panel(
        RULES[rule], marks, xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), caption=CAPTIONS[rule]
    )  # fmt: skip


def _all(s: Orbits) -> np.ndarray:
    """The exact distances of every rule, one line after the other with breaks between."""
    parts = []
    for rule in RULES:
        radius = np.linalg.norm(s.exact[rule], axis=1).clip(1e-3, 1e3)
        parts += [along(np.arange(len(radius)), radius), np.full((1, 2), np.nan, np.float32)]
    return np.concatenate(parts[:-1])


def _inside(points: np.ndarray) -> np.ndarray:
    """The points with those outside of the picture as gaps."""
    outside = (np.abs(points) > LIMIT).any(axis=1, keepdims=True)
    return np.where(outside, np.nan, points).astype(np.float32)


def sentence(s: Orbits) -> str:
    """How far each rule is from equilibrium, and how far that is from the formula."""
    now = {rule: float(np.linalg.norm(s.iterates[rule][-1])) for rule in RULES}
    return (
        f"Distance from equilibrium after {s.step} steps: {now['simultaneous']:.3g} "
        f"(simultaneous), {now['alternating']:.3g} (alternating), {now['extragradient']:.3g} "
        f"(extragradient), {now['averaged']:.3g} (averaged). Iterates and formulas differ by "
        f"{s.gap:.0e}."
    )
