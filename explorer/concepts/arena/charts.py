"""The marks of a race as charts: how good the samples are, and what they cost."""

from typing import TypeAlias

import numpy as np

from explorer.concepts.arena import pace
from explorer.concepts.arena.exam import Interval, exam
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Entry, Snapshot
from explorer.concepts.arena.standing import distance, kind, mean
from explorer.scene import Bars, Curve, Mark, Panel, Points, Role, Text

Rows: TypeAlias = tuple[int, ...]
# Panels of the marks: field, title, ylim, what is better.
CHARTS: tuple[tuple[str, str, tuple[float, float], str], ...] = (
    ("distance", "Distance", (0.0, 0.2), "Lower is better."),
    ("precision", "Precision", (0.0, 1.05), "Share of samples that look real."),
    ("recall", "Recall", (0.0, 1.05), "Share of real ones that it could have made."),
    ("coverage", "Coverage", (0.0, 1.05), "Share of real ones with a sample close by."),
)
WAITING = "from the exam, at the end"
NEAR, FAR = 0.006, 0.5  # distances between which costs are shown
# Where a name may stand beside its point, best first, and how wide it is: shares of a panel.
SIDES = ((0.0, 0.12), (0.0, -0.12), (0.06, 0.0), (-0.06, 0.0), (0.06, 0.12), (-0.06, -0.12))
WIDE, HIGH = 0.1, 0.13


def marks_of(s: Snapshot) -> tuple[list[Panel], Rows]:
    """How near, how real, how complete: a panel for each."""
    floors = exam(s.config.dataset).floors if any(entry.marks for entry in s.entries) else {}
    return [_chart(s, *chart, floors.get(chart[0])) for chart in CHARTS], (2, 2)


def _bars(s: Snapshot, values: list[float], low: float, high: float) -> list[Mark]:
    labels = [FAMILIES[entry.key].short for entry in s.entries]
    shown = np.array([np.clip(v, low, high) if np.isfinite(v) else 0.0 for v in values], np.float32)
    marks: list[Mark] = [Bars("models", "model", shown, labels)]
    if not any(entry.marks for entry in s.entries):
        marks.append(Text("waiting", "neutral", ((len(labels) - 1) / 2, 0.4 * high), WAITING))
    return marks


def _chart(
    s: Snapshot, name: str, title: str, limits: tuple[float, float], said: str,
    floor: Interval | None,
) -> Panel:  # fmt: skip
    if name == "distance" and s.config.of_images:
        limits = (0.0, 0.12)
    marks = _bars(s, [mean(entry.marks, name) for entry in s.entries], *limits)
    xlim = (-0.5, len(s.entries) - 0.5)
    if floor:
        marks.append(_across("a perfect model", xlim, float(np.mean(floor))))
    return Panel(title, marks, "chart", xlim, limits, caption=f"{said} Dashed: real data.")


def _across(name: str, xlim: tuple[float, float], height: float) -> Curve:
    line = np.array([[x, height] for x in xlim], np.float32)
    return Curve(name, "truth", line, label="")


def costs(s: Snapshot) -> tuple[list[Panel], Rows]:
    """What samples cost in time, a model in numbers, and writing down fresh data in bits."""
    made = {e.key: pace.sampling(e.key, s.config.dataset) for e in s.entries}
    numbers = {e.key: mean(e.marks, "numbers") / 1000 for e in s.entries}
    return [
        _against(s, "Speed of sampling", made, (0.01, 2000.0), "CPU ms for 1,000 samples"),
        _against(s, "Size", numbers, (0.02, 5000.0), "thousand numbers in the model"),
        _bits(s),
    ], (2, 1)


def _bits(s: Snapshot) -> Panel:
    """What each pays to write down fresh data: on the plane beyond what is needed."""
    true = exam(s.config.dataset).true_bits
    values = [mean(entry.marks, "bits") for entry in s.entries]
    xlim = (-0.5, len(s.entries) - 0.5)
    if s.config.of_images:
        marks, limits = _bars(s, values, 0.0, 4.5), (0.0, 4.5)
        said = "To write down an image. Lower is better; nobody knows the best. Some have none."
        return Panel("Bits per pixel", marks, "chart", xlim, limits, span=2, caption=said)
    above = [value - true for value in values]
    limits = (0.0, 6.0 if s.config.few else 2.5)  # of the recorded races the largest is 5.8, or 2.3
    marks = _bars(s, above, *limits)
    said = "To write down fresh points: bits per dimension above the true density. A GAN has none."
    return Panel("Excess bits per dimension", marks, "chart", xlim, limits, span=2, caption=said)


def _against(
    s: Snapshot, title: str, values: dict[str, float], limits: tuple[float, float], label: str
) -> Panel:
    """What it costs, and how near to the data it gets."""
    through = [e for e in s.entries if e.marks and np.isfinite(values[e.key])]
    xy = np.array([[values[e.key], min(distance(e), FAR)] for e in through]).reshape(-1, 2)
    return Panel(
        title, _named_points(through, xy, limits, s.config.dataset), "chart", xlim=limits,
        ylim=(NEAR, FAR), log_x=True, log_y=True, xlabel=label, ylabel="distance",
        caption="Down and to the left is better. Dashed: real data.",
    )  # fmt: skip


def _named_points(
    entries: list[Entry], xy: np.ndarray, limits: tuple[float, float], dataset: str
) -> list[Mark]:
    """A dot (n, 2) for each, with its short name beside it, and what real data get."""
    if not entries:
        middle = (limits[0] * limits[1]) ** 0.5, (NEAR * FAR) ** 0.5
        return [Text("waiting", "neutral", middle, WAITING)]
    low, high = np.log([[limits[0], NEAR], [limits[1], FAR]])
    floor = float(np.mean(exam(dataset).floors["distance"]))
    line = (np.log(floor) - low[1]) / (high - low)[1]
    stand = np.exp(low + (high - low) * named((np.log(xy) - low) / (high - low), line))
    marks: list[Mark] = [_across("a perfect model", limits, floor)]
    roles: dict[str, Role] = {"networks": "model", "classics": "neutral"}
    for name, role in roles.items():
        own = [i for i, entry in enumerate(entries) if kind(entry) == role]
        if own:
            marks.append(Points(name, role, xy[own].astype(np.float32), size=5, opacity=1))
        for i in own:
            place = float(stand[i, 0]), float(stand[i, 1])
            family = FAMILIES[entries[i].key]
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
