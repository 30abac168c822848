"""The comparison: samples side by side, distances over the training time, scores."""

from collections.abc import Callable
from math import ceil, nan

import numpy as np

from explorer.concepts.arena.charts import Rows, costs, quality
from explorer.concepts.arena.measure import evaluation_of
from explorer.concepts.arena.radar import radar
from explorer.concepts.arena.ranking import caption, distance, kind, mean, ranking, title
from explorer.concepts.arena.train import FamilyState, Snapshot
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Scene, Text

VIEWS: dict[str, str] = {
    "overview": "Samples",
    "curves": "Training curves",
    "radar": "All metrics",
    "quality": "Sample quality",
    "costs": "Costs",
}
IMAGE_VIEWS = {key: label for key, label in VIEWS.items() if key != "curves"}
VIEW = (-2.7, 2.7)
WORST = 2.0  # the largest distance that a chart shows
COLUMNS = 3


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    build = {"curves": _curves, "quality": quality, "radar": _radars, "costs": costs}.get(
        view, _side_by_side
    )
    panels, rows = build(snapshot)
    return Scene(
        panels,
        step=snapshot.step,
        rows=rows,
        readings=readings(snapshot),
        sentence=sentence(snapshot),
        unit="1/100 s:",
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
    """Real points lie under the samples; images need a panel of their own."""
    marks = [Images("held-out images", "real", s.real, COLUMNS)]
    return Panel("Held-out images", marks, "images", caption="The test set: not used for training.")


def _radars(s: Snapshot) -> tuple[list[Panel], Rows]:
    return _each(s, lambda s, state, text: radar(s, state, title(state), text))


def _each(
    s: Snapshot, panel: Callable[[Snapshot, FamilyState, str], Panel]
) -> tuple[list[Panel], Rows]:
    order = [state.key for state in ranking(s)]
    ranks = {key: rank for rank, key in enumerate(order, start=1)}
    panels = [
        panel(s, state, caption(state, ranks.get(state.key, 0), s.config.training))
        for state in s.states
    ]
    return panels, rows_of(len(panels))


def _panel(s: Snapshot, state: FamilyState, text: str) -> Panel:
    if s.config.of_images:
        marks: list[Mark] = [Text("waiting", "neutral", (0.0, 0.0), "not trained yet")]
        if len(state.samples):
            marks = [Images("generated", "model", state.samples, COLUMNS)]
        return Panel(title(state), marks, "images", caption=text)
    # Few real points are the training data: on top, so that copies show.
    few = s.config.few
    marks = [Points("data", "real", s.real, size=2.5 if few else 2, opacity=1 if few else 0.35)]
    if len(state.samples):
        generated = Points("generated", "model", state.samples, size=3, opacity=0.6 if few else 0.8)
        marks.insert(0 if few else 1, generated)
    return Panel(title(state), marks, xlim=VIEW, ylim=VIEW, caption=text)


def _curves(s: Snapshot) -> tuple[list[Panel], Rows]:
    """Two or so in a panel, so that every curve can be told from the next."""
    if s.config.of_images:
        return quality(s)
    end, many = s.config.steps / 100, ceil(len(s.states) / 4)
    floor = evaluation_of(s.config.dataset).live_floor
    best = np.array([[0.0, floor[1]], [end, floor[1]]], np.float32)
    panels = []
    for first in range(0, len(s.states), many):
        some = s.states[first : first + many]
        panels.append(
            Panel(
                ", ".join(state.label for state in some),
                [
                    Curve("at most, of 200 fresh points", "truth", best, label="fresh data"),
                    *(_curve(s, state) for state in some),
                ],
                "chart",
                xlim=(0.0, end),
                ylim=(0.02, WORST),
                xlabel="CPU seconds of training",
                ylabel="distance",
                log_y=True,
            )
        )
    return panels, rows_of(len(panels), 2)


def _curve(s: Snapshot, state: FamilyState) -> Curve:
    """What this snapshot adds: the mean over the models, and their range if there are several."""
    empty = np.zeros((0, 1 + s.config.seeds), np.float32)
    curve = state.curve if len(state.curve) else empty
    models = np.clip(curve[:, 1:], 0.02, WORST)
    x = curve[:, 0] * s.config.steps / 100
    xy = np.stack([x, models.mean(axis=1)], axis=1).astype(np.float32)
    band = None
    if s.config.seeds > 1:
        band = np.stack([models.min(axis=1), models.max(axis=1)], axis=1).astype(np.float32)
    return Curve(state.label, kind(state), xy, band=band, grows=True)


def readings(s: Snapshot) -> list[Reading]:
    """Of the nearest family; each with what fresh data score."""
    order = ranking(s)
    evaluated = [state for state in s.states if state.scores]
    evaluation = evaluation_of(s.config.dataset)
    floors = evaluation.floors if evaluated else {}
    first = order[0] if order else None
    best = min(evaluated, key=distance, default=None)
    bits = [value for e in evaluated if np.isfinite(value := mean(e.scores, "bits"))]
    true = evaluation.true_bits
    live = evaluation.live_floor if first and not first.scores else None
    return [
        Reading(
            "smallest distance",
            distance(best or first) if first else nan,
            floors.get("distance") if best else live,
            "fresh data",
            help="Sliced Wasserstein distance of the nearest family: from the evaluation once one "
            "is evaluated, before that from 200 samples.",
        ),
        Reading(
            "its coverage",
            mean(best.scores, "coverage") if best else nan,
            floors.get("coverage"),
            "fresh data",
            better="high",
            help="Share of fresh data with one of its samples in their neighbourhood.",
        ),
        Reading(
            "fewest bits per dimension",
            min(bits, default=nan),
            (true, true) if np.isfinite(true) else None,
            "the true density" if np.isfinite(true) else "the best value is unknown",
            help="Negative log-likelihood of fresh data under the model where it is smallest; of "
            "points it may be below 0, because a density can exceed 1. GANs have none; of images, "
            "that of denoisers is not computed.",
        ),
    ]


def sentence(s: Snapshot) -> str:
    """Which family is nearest, and how the others do."""
    order = ranking(s)
    evaluated = any(state.scores for state in s.states)
    if not any(state.done for state in s.states):
        count, seconds = len(s.states), s.config.steps / 100
        return f"{count} model families, the same data, {seconds:g} s of training each."
    if not order:
        return "The models are in training. Distances of images are measured at the end."
    first, last = order[0], order[-1]
    text = f"{first.label} is nearest to the data, with a distance of {distance(first):.3f}"
    if last is not first:
        text += f"; {last.label} is farthest, with {distance(last):.3f}"
    if s.over and evaluated:
        limit = evaluation_of(s.config.dataset).floors["distance"][1]
        within = sum(distance(e) <= limit for e in order)
        text += (
            f". {within or 'None'} of {len(order)} "
            f"{'lies' if within <= 1 else 'lie'} within the noise floor of fresh data"
        )
        if within > 1:
            text += ", so the order among them is chance"
    return f"{text[0].upper()}{text[1:]}."
