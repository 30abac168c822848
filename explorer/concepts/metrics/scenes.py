"""What a set that is spoilt looks like, who notices, and by how much."""

import numpy as np

from explorer.concepts.metrics.marks import Metric
from explorer.concepts.metrics.run import Snapshot
from explorer.scene import Curve, Field, Images, Mark, Panel, Points, Reading, Scene, Text, frozen

VIEWS: dict[str, str] = {
    "overview": "Who notices",
    "numbers": "Every number",
    "map": "What they see",
}
LOUDEST = 30.0  # floors, at the end of the colours
LABELS = 9.0  # width of the names, in rows
WIDE = 12.0  # width of the map beside them
FINE = 3  # cells for each value
NARROW = 1.7  # times as much room as a picture needs, a line of words does
CURVES = ("frechet", "kernel", "inception", "recall", "coverage", "novelty", "error", "perceptual")
WORD_CURVES = (
    "perplexity", "distinct1", "distinct2", "self_bleu", "copied", "bleu", "rouge1", "soft",
)  # fmt: skip
TOLD = {False: ("frechet", "recall", "novelty"), True: ("perplexity", "distinct2", "copied")}


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    build = {"numbers": _numbers, "map": _map}.get(view, _overview)
    panels = build(s)
    return Scene(
        panels,
        step=s.step,
        rows=(4, 4) if view == "numbers" else (),
        readings=[reading(s, key) for key in TOLD[s.fixed.config.of_words]],
        sentence=_sentence(s),
        title="How do you mark creativity?",
    )


def _overview(s: Snapshot) -> list[Panel]:
    return [*_examples(s), _notices(s)]


def _examples(s: Snapshot) -> list[Panel]:
    if s.fixed.config.of_words:
        return [_page("As written", "real", s.fixed.original, "Sentences kept aside."),
                _page("Spoilt", "model", s.lines, "The same sentences now.")]  # fmt: skip
    real = Images("real", "real", s.fixed.real, columns=7)
    made = Images("spoilt", "model", s.pixels, columns=7)
    return [
        Panel("Real", [real], "images", caption="What a model would learn from."),
        Panel("Spoilt", [made], "images", caption="Other real ones, spoilt more and more."),
    ]


def _page(title: str, role: str, lines: tuple[str, ...], caption: str) -> Panel:
    """Sentences, two lines each, to the left."""
    marks: list[Mark] = []
    for row, line in enumerate(lines):
        for part, words in enumerate(folded(line)):
            y = 2.0 * len(lines) - 2 * row - 0.6 - 0.85 * part
            which = "neutral" if role == "real" else role
            marks.append(Text(f"{row + 1}, {part + 1}", which, (0.0, y), words))  # type: ignore[arg-type]
    height = 2.0 * len(lines)
    view = (0.0, 0.95 * height), (0.0, height)
    return Panel(title, marks, "plane", *view, span=NARROW, caption=caption)


def folded(line: str, most: int = 40) -> tuple[str, str]:
    """A line in two pieces of at most so many letters; what is too long ends in dots."""
    if len(line) <= most:
        return line, " "
    cut = line.rfind(" ", 0, most)
    rest = line[cut + 1 :]
    return line[:cut], rest if len(rest) <= most else rest[: most - 2] + " …"


def colour(alarm: np.ndarray) -> np.ndarray:
    """Alarms as a height in -1..1: 0 inside the floor, 1 thirty times as far as its edge."""
    loud = np.log(np.maximum(np.abs(alarm), 1)) / np.log(LOUDEST)
    return np.sign(alarm) * np.minimum(loud, 1)


def _notices(s: Snapshot) -> Panel:
    metrics, steps = s.fixed.scale.metrics, s.fixed.config.steps
    frames = min(steps, 24) + 1
    alarms = np.nan_to_num(colour(s.fixed.scale.alarm(s.values)))
    heights = np.zeros((len(metrics), frames), np.float32)
    heights[:, : len(alarms)] = alarms.T
    # Several cells for each value, and one row of gap: the colours of cells run into each other.
    columns = np.repeat(heights, FINE, axis=1)
    names = np.zeros((len(metrics), round(columns.shape[1] * LABELS / WIDE)))
    rows = np.concatenate([names, columns], axis=1)[::-1, None]
    cells = np.concatenate([rows] * FINE + [0 * rows], axis=1).reshape(-1, rows.shape[2])
    marks: list[Mark] = [
        Field(
            "alarm", frozen(cells.astype(np.float32)), -1.0, 1.0, ("real", "rival"),
            meaning="better than perfect | notices",
        )
    ]  # fmt: skip
    last = s.fixed.scale.alarm(s.values[-1])
    for row, metric in enumerate(metrics):
        y = len(metrics) - 1 - row + 0.42
        words = f"{metric.label}: {verdict(metric, float(last[row]))}"
        marks.append(Text(metric.label, "neutral", (-LABELS, y), words))
    return Panel(
        "Who notices",
        marks,
        xlim=(-LABELS, WIDE),
        ylim=(0, float(len(metrics))),
        caption="Strength grows to the right. 3x: three times as far off as 99 % of perfect sets.",
    )


def verdict(metric: Metric, alarm: float) -> str:
    """An alarm in a word or two."""
    if np.isnan(alarm):
        return "no pairs"
    if abs(alarm) <= 1:
        return "blind"
    if alarm < 0:
        return "too good"
    return f"{alarm:.0f}x" if alarm >= 10 else f"{alarm:.1f}x"


def _numbers(s: Snapshot) -> list[Panel]:
    keys = WORD_CURVES if s.fixed.config.of_words else CURVES
    return [_curve(s, key) for key in keys]


def _curve(s: Snapshot, key: str) -> Panel:
    """A metric over strength, with its floor."""
    at, metric = _place(s, key)
    floor = s.fixed.scale.floors[at]
    end = max(s.fixed.config.strength, 0.05)
    column = s.values[:, at]
    line = np.stack([s.strengths, column], axis=1).astype(np.float32)
    flat = np.array([[0, floor.mean], [end, floor.mean]], np.float32)
    band = np.array([floor.interval, floor.interval], np.float32)
    what = "a copy" if metric.paired else "perfect"
    paired = bool(np.isfinite(column).all())
    marks: list[Mark] = [Text("none", "neutral", (end / 2, 0.5), "needs pairs")]
    if paired:
        marks = [Curve(what, "truth", flat, band=band), Curve("spoilt", "model", line, label="")]
    return Panel(
        metric.label[0].upper() + metric.label[1:],
        marks,
        kind="chart",
        xlim=(0, end),
        ylim=None if paired else (0, 1),
        xlabel="strength",
        caption=metric.help,
    )


def _map(s: Snapshot) -> list[Panel]:
    if s.fixed.config.of_words:
        return [*_examples(s), _curve(s, "bits"), _curve(s, "rouge2")]
    low, high = s.fixed.view
    real = Points("real", "real", s.fixed.dots, size=3)
    made = Points("spoilt", "model", np.clip(s.dots, low, high), size=2.5, shape="ring")
    return [
        *_examples(s),
        Panel(
            "Features", [real, made], xlim=(low, high), ylim=(low, high),
            caption="The classifier's 64 numbers, in the two directions where real ones vary most.",
        ),
    ]  # fmt: skip


def _place(s: Snapshot, key: str) -> tuple[int, Metric]:
    metrics = s.fixed.scale.metrics
    at = [metric.key for metric in metrics].index(key)
    return at, metrics[at]


def reading(s: Snapshot, key: str) -> Reading:
    """A metric of the last strength, with its floor."""
    at, metric = _place(s, key)
    floor = s.fixed.scale.floors[at]
    bound = "a copy" if metric.paired else "a perfect model"
    return Reading(
        metric.label, float(s.values[-1, at]), floor.interval, bound, better=metric.better,
        help=f"{metric.help} 99 % of perfect sets of {s.fixed.config.count} lie in the interval.",
        usual=floor.mean,
    )  # fmt: skip


def _sentence(s: Snapshot) -> str:
    alarms = s.fixed.scale.alarm(s.values[-1])
    metrics = s.fixed.scale.metrics
    if s.step == 0:
        return "Fresh real samples: a perfect model. All that any metric says now is noise."
    labels = [metric.label for metric in metrics]
    deceived = [label for label, alarm in zip(labels, alarms) if alarm < -1]
    blind = [label for label, alarm in zip(labels, alarms) if abs(alarm) <= 1]
    loud = [label for label, alarm in zip(labels, alarms) if alarm > 1]
    parts = [f"{len(loud)} of {len(labels)} notice"]
    if np.isnan(alarms).any():
        parts[0] = f"{len(loud)} of {len(labels) - int(np.isnan(alarms).sum())} notice"
    if blind:
        parts.append(f"blind: {', '.join(blind)}")
    if deceived:
        parts.append(f"better than perfect, so they say: {', '.join(deceived)}")
    return "; ".join(parts) + "."
