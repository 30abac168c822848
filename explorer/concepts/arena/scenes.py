"""What is seen of the race: the samples side by side, the distances over the budget, the marks."""

from collections.abc import Callable
from math import nan
from typing import TypeAlias

import numpy as np

from explorer.concepts.arena import pace
from explorer.concepts.arena.exam import Interval, exam
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Entry, Snapshot
from explorer.concepts.arena.radar import radar
from explorer.concepts.arena.standing import caption, distance, kind, mean, ranking, title
from explorer.scene import Bars, Curve, Images, Mark, Panel, Points, Reading, Scene, Text

VIEWS: dict[str, str] = {
    "overview": "Side by side",
    "curves": "Over the budget",
    "radar": "All at once",
    "marks": "The marks",
    "trade": "What it costs",
}
IMAGE_VIEWS = {key: label for key, label in VIEWS.items() if key != "curves"}
VIEW = (-2.7, 2.7)
Rows: TypeAlias = tuple[int, ...]
WORST = 2.0  # the largest distance that a chart shows
COLUMNS = 3


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    build = {"curves": _curves, "marks": _marks, "radar": _all_at_once, "trade": _trade}.get(
        view, _side_by_side
    )
    panels, rows = build(snapshot)
    return Scene(
        panels,
        step=snapshot.step,
        rows=rows,
        readings=readings(snapshot),
        sentence=sentence(snapshot),
        unit="1/100 s",
    )


def rows_of(count: int) -> Rows:
    """How panels stand in lines: up to four side by side."""
    return (count,) if count <= 4 else ((count + 1) // 2, count // 2)


def _side_by_side(s: Snapshot) -> tuple[list[Panel], Rows]:
    return _each(s, _panel)


def _all_at_once(s: Snapshot) -> tuple[list[Panel], Rows]:
    return _each(s, lambda s, entry, said: radar(s, entry, title(entry), said))


def _each(s: Snapshot, panel: Callable[[Snapshot, Entry, str], Panel]) -> tuple[list[Panel], Rows]:
    order = [entry.key for entry in ranking(s)]
    places = {key: place for place, key in enumerate(order, start=1)}
    panels = [
        panel(s, entry, caption(entry, places.get(entry.key, 0), s.config.learning))
        for entry in s.entries
    ]
    return panels, rows_of(len(panels))


def _panel(s: Snapshot, entry: Entry, said: str) -> Panel:
    if s.config.of_images:
        marks: list[Mark] = [Text("waiting", "neutral", (0.0, 0.0), "has not begun")]
        if len(entry.samples):
            marks = [Images("made", "model", entry.samples, COLUMNS)]
        return Panel(title(entry), marks, "images", caption=said)
    # Few real points are all that there is to learn from: on top, so that copies show.
    few = s.config.few
    marks = [Points("real", "real", s.real, size=2.5 if few else 2, opacity=1 if few else 0.35)]
    if len(entry.samples):
        made = Points("made", "model", entry.samples, size=3, opacity=0.6 if few else 0.8)
        marks.insert(0 if few else 1, made)
    return Panel(title(entry), marks, xlim=VIEW, ylim=VIEW, caption=said)


def _curves(s: Snapshot) -> tuple[list[Panel], Rows]:
    if s.config.of_images:
        return _marks(s)
    floor = exam(s.config.dataset).glance_floor
    panels = []
    for named, classic in (("Networks", False), ("Classics", True)):
        marks: list[Mark] = []
        for entry in s.entries:
            if FAMILIES[entry.key].classic == classic and len(entry.curves):
                marks.append(_curve(s, entry))
        best = np.array([[0.0, floor[1]], [s.config.steps / 100, floor[1]]], np.float32)
        marks.append(Curve("a perfect model", "truth", best))
        panels.append(
            Panel(
                named,
                marks,
                "chart",
                xlim=(0.0, s.config.steps / 100),
                ylim=(0.02, WORST),
                xlabel="CPU seconds of budget used",
                ylabel="distance",
                log_y=True,
                caption="Of 200 samples. Dashed: the most that 200 real points would get.",
            )
        )
    return panels, (2,)


def _curve(s: Snapshot, entry: Entry) -> Curve:
    curves = entry.curves
    x = curves[:, 0] * s.config.steps / 100
    seen = np.clip(curves[:, 1:], 0.02, WORST)
    xy = np.stack([x, np.nanmean(seen, axis=1)], axis=1).astype(np.float32)
    band = None
    if seen.shape[1] > 1:
        band = np.stack([np.nanmin(seen, axis=1), np.nanmax(seen, axis=1)], axis=1)
    return Curve(entry.label, kind(entry), xy, band=band)


# Panels of the marks: field, title, ylim, what is better.
CHARTS: tuple[tuple[str, str, tuple[float, float], str], ...] = (
    ("distance", "Distance", (0.0, 0.2), "Lower is better."),
    ("precision", "Precision", (0.0, 1.05), "Share of samples that look real."),
    ("recall", "Recall", (0.0, 1.05), "Share of real ones that it could have made."),
    ("coverage", "Coverage", (0.0, 1.05), "Share of real ones with a sample close by."),
)


def _marks(s: Snapshot) -> tuple[list[Panel], Rows]:
    floors = exam(s.config.dataset).floors if any(entry.marks for entry in s.entries) else {}
    panels = [_chart(s, *chart, floors.get(chart[0])) for chart in CHARTS]
    return [*panels, _bits(s)], (2, 3)


def _bars(s: Snapshot, values: list[float], low: float, high: float) -> list[Mark]:
    labels = [FAMILIES[entry.key].short for entry in s.entries]
    shown = np.array([np.clip(v, low, high) if np.isfinite(v) else 0.0 for v in values], np.float32)
    return [Bars("models", "model", shown, labels)]


def _line(s: Snapshot, name: str, height: float) -> Curve:
    across = np.array([[-0.5, height], [len(s.entries) - 0.5, height]], np.float32)
    return Curve(name, "truth", across, label="")


def _chart(
    s: Snapshot, name: str, title: str, limits: tuple[float, float], said: str,
    floor: Interval | None,
) -> Panel:  # fmt: skip
    if name == "distance" and s.config.of_images:
        limits = (0.0, 0.12)
    marks = _bars(s, [mean(entry.marks, name) for entry in s.entries], *limits)
    if floor:
        marks.append(_line(s, "a perfect model", float(np.mean(floor))))
    xlim = (-0.5, len(s.entries) - 0.5)
    return Panel(title, marks, "chart", xlim, limits, caption=f"{said} Dashed: real data.")


def _bits(s: Snapshot) -> Panel:
    """What each pays to write down fresh data: on the plane beyond what is needed."""
    true = exam(s.config.dataset).true_bits
    values = [mean(entry.marks, "bits") for entry in s.entries]
    xlim = (-0.5, len(s.entries) - 0.5)
    if s.config.of_images:
        marks, limits = _bars(s, values, 0.0, 4.5), (0.0, 4.5)
        said = "Lower is better; nobody knows the best. Some have none."
        return Panel("Bits per pixel", marks, "chart", xlim, limits, caption=said)
    marks, limits = _bars(s, [value - true for value in values], 0.0, 1.0), (0.0, 1.0)
    said = "Bits per dimension above the true density. A GAN has none."
    return Panel("Bits too many", marks, "chart", xlim, limits, caption=said)


def _trade(s: Snapshot) -> tuple[list[Panel], Rows]:
    made = {e.key: pace.sampling(e.key, s.config.dataset) for e in s.entries}
    numbers = {e.key: mean(e.marks, "numbers") for e in s.entries}
    return [
        _against(s, "Speed of sampling", made, (0.01, 2000.0), "CPU ms for 1,000 samples"),
        _against(s, "Size", numbers, (20.0, 5e6), "numbers in the model"),
    ], (2,)


def _against(
    s: Snapshot, title: str, values: dict[str, float], limits: tuple[float, float], label: str
) -> Panel:
    marks: list[Mark] = []
    through = [e for e in s.entries if e.marks and np.isfinite(values[e.key])]
    for number, entry in enumerate(sorted(through, key=distance)):
        x, y = values[entry.key], min(distance(entry), 0.5)
        # Names stand above and below by turns, so that neighbours stay legible.
        beside = (x, y * (1.14 if number % 2 else 0.87))
        marks.append(
            Points(entry.label, kind(entry), np.array([[x, y]], np.float32), size=5, opacity=1)
        )
        marks.append(Text(f"name of {entry.label}", kind(entry), beside, entry.label))
    return Panel(
        title, marks, "chart", xlim=limits, ylim=(0.006, 0.5), log_x=True, log_y=True,
        xlabel=label, ylabel="distance", caption="Down and to the left is better.",
    )  # fmt: skip


def readings(s: Snapshot) -> list[Reading]:
    """Of the family that leads; each with what a perfect model gets."""
    order = ranking(s)
    through = [entry for entry in s.entries if entry.marks]
    floors = exam(s.config.dataset).floors if through else {}
    leader = order[0] if order else None
    best = min((e for e in through), key=distance, default=None)
    told = [mean(e.marks, "bits") for e in through]
    told = [bits for bits in told if np.isfinite(bits)]
    true = exam(s.config.dataset).true_bits
    live = exam(s.config.dataset).glance_floor if leader and not leader.marks else None
    return [
        Reading(
            "nearest to the data",
            distance(best or leader) if leader else nan,
            floors.get("distance") if best else live,
            "real data",
            help="Sliced Wasserstein distance of the family that leads, from the exam once one is "
            "through, before that from 200 samples.",
        ),
        Reading(
            "its coverage",
            mean(best.marks, "coverage") if best else nan,
            floors.get("coverage"),
            "real data",
            better="high",
            help="Share of real points (or images) that have one of its samples close by.",
        ),
        Reading(
            "fewest bits per dimension",
            min(told, default=nan),
            (true, true) if np.isfinite(true) else None,
            "the true density" if np.isfinite(true) else "nobody knows the best",
            help="What the best likelihood pays to write down fresh data. GANs have none.",
        ),
    ]


def sentence(s: Snapshot) -> str:
    """Who leads, and how the rest does."""
    order = ranking(s)
    through = [entry for entry in s.entries if entry.marks]
    if not any(entry.done for entry in s.entries):
        names = len(s.entries)
        return f"{names} families at the start: the same data, {s.config.steps / 100:g} s each."
    if not order:
        return "The race is on: distances of images are measured at the end."
    first, last = order[0], order[-1]
    leads = "won" if s.over else "leads"
    said = f"{first.label} {leads} with a distance of {distance(first):.3f}"
    if last is not first:
        said += f"; {last.label} is last with {distance(last):.3f}"
    floors = exam(s.config.dataset).floors if through else None
    if s.over and floors:
        close = sum(distance(e) <= floors["distance"][1] for e in order)
        said += f". By this figure, {close or 'none'} of {len(order)} can pass for real data"
    return said + "."
