"""A corrupted set of images beside the reference, and what each metric makes of it."""

import numpy as np

from explorer.concepts.metrics.measure import FRAMES, Scores
from explorer.concepts.metrics.train import Snapshot
from explorer.scene import Curve, Field, Images, Mark, Panel, Points, Reading, Scene, Text, frozen

VIEWS: dict[str, str] = {
    "overview": "Sensitivity of the metrics",
    "curves": "Curves of the metrics",
    "features": "Feature space",
}
TITLE = "What does each metric notice?"
CURVES = ("frechet", "kernel", "inception", "recall", "coverage", "novelty", "mse", "perceptual")
READINGS = ("frechet", "recall", "novelty")
LARGEST = 30.0  # z-score at the end of the colours
LABELS = 9.0  # width of the names, in rows
WIDE = 12.0  # width of the map beside them
CELLS = 3  # for each value
LIMITS = (-3.2, 3.2)  # of the features


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    panels = {
        "curves": lambda: [curve(s.scores, key) for key in CURVES],
        "features": lambda: [*_samples(s), _features(s)],
    }.get(view, lambda: [*_samples(s), sensitivity(s.scores)])()
    return Scene(
        panels,
        step=s.step,
        rows=(4, 4) if view == "curves" else (),
        readings=[reading(s.scores, key) for key in READINGS],
        sentence=sentence(s.scores),
        title=TITLE,
    )


def _samples(s: Snapshot) -> list[Panel]:
    train = Images("training images", "real", s.reference, columns=7)
    corrupted = Images("corrupted images", "model", s.pixels, columns=7)
    return [
        Panel("Training images", [train], "images", caption="The reference of the metrics."),
        Panel("Corrupted images", [corrupted], "images",
              caption="Held-out images, corrupted more at every step."),
    ]  # fmt: skip


def _features(s: Snapshot) -> Panel:
    train = Points("training images", "real", s.reference_features, size=3)
    inside = frozen(np.clip(s.features, *LIMITS))
    corrupted = Points("corrupted images", "model", inside, size=2.5, shape="ring")
    return Panel(
        "Features", [train, corrupted], xlim=LIMITS, ylim=LIMITS,
        caption="The 64 features of the classifier, on their first two principal components.",
    )  # fmt: skip


def colour(z: np.ndarray) -> np.ndarray:
    """z-scores as a height in -1..1: 0 inside the noise floor, 1 at LARGEST, logarithmic."""
    height = np.log(np.maximum(np.abs(z), 1)) / np.log(LARGEST)
    return np.sign(z) * np.minimum(height, 1)


def sensitivity(s: Scores) -> Panel:
    """A row for each metric: its z-score at every severity, as colour, and the last as number."""
    metrics = s.floors.metrics
    frames = min(s.config.steps, FRAMES) + 1
    found = np.nan_to_num(colour(s.floors.z_scores(s.values)))
    heights = np.zeros((len(metrics), frames), np.float32)
    heights[:, : len(found)] = found.T
    # Several cells for each value, and one row of gap: the colours of cells run into each other.
    columns = np.repeat(heights, CELLS, axis=1)
    names = np.zeros((len(metrics), round(columns.shape[1] * LABELS / WIDE)))
    rows = np.concatenate([names, columns], axis=1)[::-1, None]
    cells = np.concatenate([rows] * CELLS + [0 * rows], axis=1).reshape(-1, rows.shape[2])
    meaning = "better than perfect | worse than perfect"
    drawn: list[Mark] = [
        Field(
            "z-score", frozen(cells.astype(np.float32)), -1.0, 1.0, ("real", "rival"),
            meaning=meaning,
        )
    ]  # fmt: skip
    for row, (metric, z) in enumerate(zip(metrics, s.z_scores())):
        y = len(metrics) - 1 - row + 0.42
        drawn.append(Text(metric.label, "neutral", (-LABELS, y), f"{metric.label}: {written(z)}"))
    return Panel(
        "Sensitivity of the metrics",
        drawn,
        xlim=(-LABELS, WIDE),
        ylim=(0, float(len(metrics))),
        caption="Severity grows to the right. z: distance from a perfect model, in noise floors.",
    )


def written(z: float) -> str:
    """A z-score in words.

    >>> written(3.14), written(-1.5), written(120.3), written(0.4), written(float("nan"))
    ('z = 3.1', 'z = -1.5', 'z = 120', 'within noise', 'needs pairs')
    """
    if np.isnan(z):
        return "needs pairs"
    if abs(z) <= 1:
        return "within noise"
    return f"z = {z:.0f}" if abs(z) >= 10 else f"z = {z:.1f}"


def curve(s: Scores, key: str) -> Panel:
    """A metric over the severity, with its noise floor."""
    at = s.floors.at(key)
    metric, floor = s.floors.metrics[at], s.floors.floors[at]
    end = max(s.config.severity, 0.05)
    point = np.array([[s.severities[-1], s.values[-1, at]]], np.float32)
    flat = np.array([[0, floor.mean], [end, floor.mean]], np.float32)
    band = np.array([floor.interval, floor.interval], np.float32)
    name = "identical" if metric.paired else "perfect model"
    there = bool(np.isfinite(point).all())
    drawn: list[Mark] = [Text("none", "neutral", (end / 2, 0.5), "needs pairs")]
    if there:
        drawn = [
            Curve(name, "truth", flat, band=band),
            Curve("corrupted", "model", point, label="", grows=True),
        ]
    return Panel(
        metric.label[0].upper() + metric.label[1:],
        drawn,
        kind="chart",
        xlim=(0, end),
        ylim=None if there else (0, 1),
        xlabel="severity",
        caption=metric.help,
    )


def reading(s: Scores, key: str) -> Reading:
    """A metric at the last severity, with its noise floor."""
    at = s.floors.at(key)
    metric, floor = s.floors.metrics[at], s.floors.floors[at]
    bound = "identical pairs" if metric.paired else "a perfect model"
    return Reading(
        metric.label, float(s.values[-1, at]), floor.interval, bound, better=metric.better,
        help=f"{metric.help} 99 % of perfect sets of {s.config.count} lie in the interval.",
        usual=floor.mean,
    )  # fmt: skip


def sentence(s: Scores) -> str:
    """Which metrics notice, which do not, and which rate the set better than a perfect one."""
    if not s.severities[-1]:
        return (
            "Held-out real samples, as a perfect model would draw them: what a metric differs from "
            "its mean is chance."
        )
    z, labels = s.z_scores(), [metric.label for metric in s.floors.metrics]
    inside = [label for label, each in zip(labels, z) if abs(each) <= 1]
    better = [label for label, each in zip(labels, z) if each < -1]
    parts = [f"{(z > 1).sum()} of {np.isfinite(z).sum()} metrics notice the corruption"]
    if inside:
        parts.append(f"within their noise floor: {', '.join(inside)}")
    if better:
        parts.append(f"better than a perfect model: {', '.join(better)}")
    return "; ".join(parts) + "."
