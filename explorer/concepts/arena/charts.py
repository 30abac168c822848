"""The scores of a comparison as charts: the quality of the samples, and the costs."""

from typing import TypeAlias

import numpy as np

from explorer.concepts.arena import budget
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.measure import Interval, evaluation_of
from explorer.concepts.arena.ranking import distance, kind, mean
from explorer.concepts.arena.train import FamilyState, Snapshot
from explorer.scene import Bars, Curve, Mark, Panel, Points, Role, Text

Rows: TypeAlias = tuple[int, ...]
# Panels of the quality: field, title, ylim, caption.
CHARTS: tuple[tuple[str, str, tuple[float, float], str], ...] = (
    ("distance", "Distance", (0.0, 0.2), "Lower is better."),
    ("precision", "Precision", (0.0, 1.05), "Share of samples in the neighbourhood of fresh data."),
    ("recall", "Recall", (0.0, 1.05), "Share of fresh data in the neighbourhood of a sample."),
    (
        "coverage",
        "Coverage",
        (0.0, 1.05),
        "Share of fresh data with a sample in their neighbourhood.",
    ),
)
WAITING = "measured at the end"
NEAR, FAR = 0.006, 0.5  # distances between which costs are shown
# Where a name may stand beside its point, best first, and how wide it is: shares of a panel.
SIDES = ((0.0, 0.12), (0.0, -0.12), (0.06, 0.0), (-0.06, 0.0), (0.06, 0.12), (-0.06, -0.12))
WIDE, HIGH = 0.1, 0.13


def quality(s: Snapshot) -> tuple[list[Panel], Rows]:
    """Distance, precision, recall and coverage: a panel for each."""
    floors = (
        evaluation_of(s.config.dataset).floors if any(state.scores for state in s.states) else {}
    )
    return [_chart(s, *chart, floors.get(chart[0])) for chart in CHARTS], (2, 2)


def _bars(s: Snapshot, values: list[float], low: float, high: float) -> list[Mark]:
    labels = [FAMILIES[state.key].short for state in s.states]
    shown = np.array([np.clip(v, low, high) if np.isfinite(v) else 0.0 for v in values], np.float32)
    marks: list[Mark] = [Bars("models", "model", shown, labels)]
    if not any(state.scores for state in s.states):
        marks.append(Text("waiting", "neutral", ((len(labels) - 1) / 2, 0.4 * high), WAITING))
    return marks


def beyond(s: Snapshot, values: list[float], high: float) -> str:
    """What is said of bars that are cut off at the top: their values."""
    cut = [
        f"{FAMILIES[state.key].short} {value:.2f}"
        for state, value in zip(s.states, values, strict=True)
        if np.isfinite(value) and value > high
    ]
    return f" Cut off at {high:g}: {', '.join(cut)}." if cut else ""


def _chart(
    s: Snapshot, name: str, title: str, limits: tuple[float, float], text: str,
    floor: Interval | None,
) -> Panel:  # fmt: skip
    if name == "distance" and s.config.of_images:
        limits = (0.0, 0.12)
    values = [mean(state.scores, name) for state in s.states]
    marks = _bars(s, values, *limits)
    text += beyond(s, values, limits[1])
    xlim = (-0.5, len(s.states) - 0.5)
    if floor:
        marks.append(_across("a perfect model", xlim, float(np.mean(floor))))
    return Panel(title, marks, "chart", xlim, limits, caption=f"{text} Dashed: fresh data.")


def _across(name: str, xlim: tuple[float, float], height: float) -> Curve:
    line = np.array([[x, height] for x in xlim], np.float32)
    return Curve(name, "truth", line, label="")


def costs(s: Snapshot) -> tuple[list[Panel], Rows]:
    """Sampling time, number of parameters, and bits per dimension of fresh data."""
    sampling = {e.key: budget.sampling(e.key, s.config.dataset) for e in s.states}
    parameters = {e.key: mean(e.scores, "parameters") / 1000 for e in s.states}
    return [
        _against(s, "Sampling time", sampling, (0.01, 2000.0), "CPU ms for 1,000 samples"),
        _against(s, "Model size", parameters, (0.02, 5000.0), "thousand parameters"),
        _bits(s),
    ], (2, 1)


def _bits(s: Snapshot) -> Panel:
    """The bits per dimension of fresh data: on the plane beyond those of the true density."""
    true = evaluation_of(s.config.dataset).true_bits
    values = [mean(state.scores, "bits") for state in s.states]
    xlim = (-0.5, len(s.states) - 0.5)
    if s.config.of_images:
        marks, limits = _bars(s, values, 0.0, 4.5), (0.0, 4.5)
        text = "Of held-out images. Lower is better; the best value is unknown. Some have none."
        text += beyond(s, values, limits[1])
        return Panel("Bits per pixel", marks, "chart", xlim, limits, span=2, caption=text)
    above = [value - true for value in values]
    limits = (0.0, 6.0 if s.config.few else 2.5)  # of the recorded runs the largest is 5.8, or 2.3
    marks = _bars(s, above, *limits)
    text = "Of fresh points, above the true density. Lower is better. A GAN has no likelihood."
    text += beyond(s, above, limits[1])
    return Panel("Excess bits per dimension", marks, "chart", xlim, limits, span=2, caption=text)


def _against(
    s: Snapshot, title: str, values: dict[str, float], limits: tuple[float, float], label: str
) -> Panel:
    """A cost of each family against its distance from the data."""
    evaluated = [e for e in s.states if e.scores and np.isfinite(values[e.key])]
    xy = np.array([[values[e.key], min(distance(e), FAR)] for e in evaluated]).reshape(-1, 2)
    return Panel(
        title, _named_points(evaluated, xy, limits, s.config.dataset), "chart", xlim=limits,
        ylim=(NEAR, FAR), log_x=True, log_y=True, xlabel=label, ylabel="distance",
        caption="Down and to the left is better. Dashed: fresh data.",
    )  # fmt: skip


def _named_points(
    states: list[FamilyState], xy: np.ndarray, limits: tuple[float, float], dataset: str
) -> list[Mark]:
    """A dot (n, 2) for each, with its short name beside it, and the distance of fresh data."""
    if not states:
        middle = (limits[0] * limits[1]) ** 0.5, (NEAR * FAR) ** 0.5
        return [Text("waiting", "neutral", middle, WAITING)]
    low, high = np.log([[limits[0], NEAR], [limits[1], FAR]])
    floor = float(np.mean(evaluation_of(dataset).floors["distance"]))
    line = (np.log(floor) - low[1]) / (high - low)[1]
    stand = np.exp(low + (high - low) * named((np.log(xy) - low) / (high - low), line))
    marks: list[Mark] = [_across("a perfect model", limits, floor)]
    roles: dict[str, Role] = {"neural networks": "model", "classical models": "neutral"}
    for name, role in roles.items():
        own = [i for i, state in enumerate(states) if kind(state) == role]
        if own:
            marks.append(Points(name, role, xy[own].astype(np.float32), size=5, opacity=1))
        for i in own:
            place = float(stand[i, 0]), float(stand[i, 1])
            family = FAMILIES[states[i].key]
            marks.append(Text(f"name of {family.label}", role, place, family.short))
    return marks


def named(points: np.ndarray, line: float = -1.0) -> np.ndarray:
    """Where the names of points (n, 2) in 0..1 stand, (n, 2): on the first side with room.

    Inside the panel, off the other points and names, and off a line across at height `line`.
    """
    taken = [*points]
    for point in points:
        places = point + np.array(SIDES)
        apart = np.abs(places[:, None] - np.array(taken)) / (WIDE, HIGH)
        room = apart.max(axis=2).min(axis=1)  # two overlap only where they do both ways
        height = places[:, 1]
        room = np.minimum(room, np.abs(height - line) / (HIGH / 2))
        room[(height < HIGH / 2) | (height > 1 - HIGH / 2)] = 0
        free = np.flatnonzero(room >= 1)
        taken.append(places[free[0] if len(free) else room.argmax()])
    return np.array(taken[len(points) :]).reshape(-1, 2)
