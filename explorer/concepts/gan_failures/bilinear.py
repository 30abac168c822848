r"""The simplest game there is: one wants x y small and moves x, the other wants it large, moves y.

    min_x max_y  x y,        both slopes vanish only at (0, 0)

With z = (x, y) and A = [[0, 1], [-1, 0]] every way of taking turns is z <- M z:

    at once          M = I - h A                 |z| grows by sqrt(1 + h^2)
    in turns         M = [[1, -h], [h, 1 - h^2]] det M = 1: a closed ellipse while h < 2
    extragradient    M = (1 - h^2) I - h A       |z| shrinks by sqrt(1 - h^2 + h^4), h < 1
    averaged         mean of the turns so far    (M^(k+1) - I) (M - I)^-1 z_0 / (k + 1)

So the orbit after k rounds is M^k z_0, known without playing. The points are played, with the
slopes of x y; the dashed lines are the formulas.

Korpelevich (1976), the extragradient method; Gidel et al. (2019), https://arxiv.org/abs/1802.10551
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from explorer.concepts.gan.panels import along
from explorer.config import between, frame_steps, whole
from explorer.scene import Curve, Mark, Panel, Points, Scene, frozen

FRAMES, LIMIT = 80, 3.0
TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])
WAYS: dict[str, str] = {
    "at_once": "Both at once",
    "in_turns": "In turns",
    "extragradient": "Extragradient",
    "averaged": "Average of the turns",
}
SEEN: dict[str, str] = {
    "at_once": "Runs away, however small the steps.",
    "in_turns": "Goes round for ever.",
    "extragradient": "Looks one step ahead: comes to rest.",
    "averaged": "The mean of a circle is its middle.",
}


@dataclass(frozen=True)
class Bilinear:
    """How large the steps are, and how many rounds are played, from (x, y) = (1, 0)."""

    size: float = 0.2
    rounds: int = 160

    def __post_init__(self) -> None:
        between(self, "size", 0.01, 1)
        whole(self, "rounds", 1, 2000)


@dataclass(frozen=True, eq=False)
class Orbits:
    """Where each way of playing has come to."""

    step: int
    config: Bilinear
    played: dict[str, np.ndarray]  # by way: (rounds so far + 1, 2)
    exact: dict[str, np.ndarray]  # by way: (rounds + 1, 2)


def slopes(z: np.ndarray) -> np.ndarray:
    """Downhill for each player at z = (x, y): x goes along -y, y along x."""
    return np.array([-z[1], z[0]])


def at_once(z: np.ndarray, h: float) -> np.ndarray:
    """Both answer where the other stands."""
    return z + h * slopes(z)


def in_turns(z: np.ndarray, h: float) -> np.ndarray:
    """y answers where x has gone."""
    x = z[0] + h * slopes(z)[0]
    return np.array([x, z[1] + h * slopes(np.array([x, z[1]]))[1]])


def extragradient(z: np.ndarray, h: float) -> np.ndarray:
    """Both answer where the other would go next."""
    return z + h * slopes(at_once(z, h))


PLAY: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "at_once": at_once,
    "in_turns": in_turns,
    "extragradient": extragradient,
}


def matrix(way: str, h: float) -> np.ndarray:
    """M of z <- M z, (2, 2)."""
    unit = np.eye(2)
    return {
        "at_once": unit - h * TURN,
        "in_turns": np.array([[1, -h], [h, 1 - h * h]]),
        "extragradient": (1 - h * h) * unit - h * TURN,
    }[way]


def exact(way: str, h: float, rounds: int) -> np.ndarray:
    """Where the formula says that the game is after 0, 1, ... rounds, (rounds + 1, 2).

    The powers of M come from its eigenvalues, so no round is played.
    """
    values, vectors = np.linalg.eig(matrix("in_turns" if way == "averaged" else way, h))
    k = np.arange(rounds + 1)[:, None]
    if way == "averaged":
        powers = (values ** (k + 1) - 1) / ((values - 1) * (k + 1))
    else:
        powers = values**k
    share = np.linalg.solve(vectors, np.array([1.0, 0.0]))
    return np.real((powers * share) @ vectors.T)


def orbits(config: Bilinear) -> Generator[Orbits, None, dict[str, np.ndarray]]:
    """Play the game in every way at once; returns where each of them ends."""
    known = {way: frozen(exact(way, config.size, config.rounds)) for way in WAYS}
    played = {way: [np.array([1.0, 0.0])] for way in WAYS}
    shown = frame_steps(config.rounds, FRAMES)
    for step in range(config.rounds + 1):
        if step == shown[0]:
            shown = shown[1:]
            so_far = {way: frozen(np.array(played[way])) for way in WAYS}
            yield Orbits(step, config, so_far, known)
        for way, play in PLAY.items():
            played[way].append(play(played[way][-1], config.size))
        played["averaged"].append(np.mean(played["in_turns"], axis=0))
    return {way: points[config.rounds] for way, points in played.items()}


def orbits_scene(s: Orbits) -> Scene:
    """The plane of both players for every way, and how far each is from rest."""
    panels = [orbit_panel(s, way) for way in WAYS]
    lines: list[Mark] = [Curve("formulas", "truth", _all(s), label="")]
    for way in WAYS:
        radius = np.linalg.norm(s.played[way], axis=1).clip(1e-3, 1e3)
        lines.append(Curve(WAYS[way].lower(), "model", along(np.arange(len(radius)), radius)))
    away = Panel(
        "Distance from rest", lines, kind="chart", xlim=(0, s.config.rounds), ylim=(1e-3, 1e3),
        xlabel="round", log_y=True, caption="Dashed: the formulas.", span=1.4,
    )  # fmt: skip
    return Scene([*panels, away], step=s.step, rows=(4, 1), unit="round", sentence=sentence(s))


def orbit_panel(s: Orbits, way: str) -> Panel:
    """One way of playing: the points played on the dashed line of the formula."""
    line, points = s.exact[way], s.played[way]
    marks: list[Mark] = [
        Curve("formula", "truth", _inside(line), width=1.2, label=""),
        Points("played", "model", _inside(points)[~np.isnan(_inside(points)[:, 0])], size=2.5),
        Points("rest", "neutral", np.zeros((1, 2), np.float32), size=5, shape="cross"),
    ]
    return Panel(
        WAYS[way], marks, xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), caption=SEEN[way]
    )  # fmt: skip


def _all(s: Orbits) -> np.ndarray:
    """The exact distances of every way, one line after the other with breaks between."""
    parts = []
    for way in WAYS:
        radius = np.linalg.norm(s.exact[way], axis=1).clip(1e-3, 1e3)
        parts += [along(np.arange(len(radius)), radius), np.full((1, 2), np.nan, np.float32)]
    return np.concatenate(parts[:-1])


def _inside(points: np.ndarray) -> np.ndarray:
    """The points with those outside of the picture as gaps."""
    outside = (np.abs(points) > LIMIT).any(axis=1, keepdims=True)
    return np.where(outside, np.nan, points).astype(np.float32)


def sentence(s: Orbits) -> str:
    """How far each way is, and how far that is from the formula."""
    now = {way: float(np.linalg.norm(s.played[way][-1])) for way in WAYS}
    gap = max(float(np.abs(s.played[way] - s.exact[way][: s.step + 1]).max()) for way in WAYS)
    return (
        f"After {s.step} rounds at distance {now['at_once']:.3g} (both at once), "
        f"{now['in_turns']:.3g} (in turns), {now['extragradient']:.3g} (extragradient) and "
        f"{now['averaged']:.3g} (averaged). Played and computed differ by {gap:.0e}."
    )
