"""What is seen of the race: the samples side by side, the distances over the budget, the marks."""

from collections.abc import Callable
from math import ceil, nan

import numpy as np

from explorer.concepts.arena.charts import Rows, costs, marks_of
from explorer.concepts.arena.exam import exam
from explorer.concepts.arena.race import Entry, Snapshot
from explorer.concepts.arena.radar import radar
from explorer.concepts.arena.standing import caption, distance, kind, mean, ranking, title
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Scene, Text

VIEWS: dict[str, str] = {
    "overview": "Side by side",
    "curves": "Over the budget",
    "radar": "All at once",
    "marks": "The marks",
    "trade": "What it costs",
}
IMAGE_VIEWS = {key: label for key, label in VIEWS.items() if key != "curves"}
VIEW = (-2.7, 2.7)
WORST = 2.0  # the largest distance that a chart shows
COLUMNS = 3


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    build = {"curves": _curves, "marks": marks_of, "radar": _all_at_once, "trade": costs}.get(
        view, _side_by_side
    )
    panels, rows = build(snapshot)
    return Scene(
        panels,
        step=snapshot.step,
        rows=rows,
        readings=readings(snapshot),
        sentence=sentence(snapshot),
        unit="hundredth",
    )


def rows_of(count: int, most: int = 4) -> Rows:
    """How panels stand in lines: up to `most` in one, else in two."""
    return (count,) if count <= most else ((count + 1) // 2, count // 2)


def _side_by_side(s: Snapshot) -> tuple[list[Panel], Rows]:
    panels, rows = _each(s, _panel)
    if not s.config.of_images:
        return panels, rows
    rows = rows_of(1 + len(panels))
    # On a telephone two stand side by side; of an odd row the last is alone, and large.
    panels.insert(rows[0] - 1 if rows[0] % 2 else 0, _real(s))
    return panels, rows


def _real(s: Snapshot) -> Panel:
    """Points lie under those that are made; images need a place of their own."""
    marks = [Images("real", "real", s.real, COLUMNS)]
    return Panel("Real data", marks, "images", caption="kept aside, to judge by")


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
    """Two or so in a panel, so that every curve can be told from the next."""
    if s.config.of_images:
        return marks_of(s)
    end, many = s.config.steps / 100, ceil(len(s.entries) / 4)
    floor = exam(s.config.dataset).glance_floor
    best = np.array([[0.0, floor[1]], [end, floor[1]]], np.float32)
    panels = []
    for first in range(0, len(s.entries), many):
        some = s.entries[first : first + many]
        panels.append(
            Panel(
                ", ".join(entry.label for entry in some),
                [
                    Curve("at most, of 200 real points", "truth", best, label="real data"),
                    *(_curve(s, entry) for entry in some if len(entry.curves)),
                ],
                "chart",
                xlim=(0.0, end),
                ylim=(0.02, WORST),
                xlabel="CPU seconds of budget used",
                ylabel="distance",
                log_y=True,
            )
        )
    return panels, rows_of(len(panels), 2)


def _curve(s: Snapshot, entry: Entry) -> Curve:
    curves = entry.curves
    x = curves[:, 0] * s.config.steps / 100
    seen = np.clip(curves[:, 1:], 0.02, WORST)
    xy = np.stack([x, np.nanmean(seen, axis=1)], axis=1).astype(np.float32)
    band = None
    if seen.shape[1] > 1:
        band = np.stack([np.nanmin(seen, axis=1), np.nanmax(seen, axis=1)], axis=1)
    return Curve(entry.label, kind(entry), xy, band=band)


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
