"""The parts that the pictures of a run have in common."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.decision_boundaries import sentences
from explorer.concepts.decision_boundaries.measure import COMPARED
from explorer.concepts.decision_boundaries.train import Snapshot
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

MODELS: tuple[tuple[str, Role], ...] = (
    ("discriminative", "rival"),
    ("generative", "model"),
    ("semi-supervised", "real"),
)
CONFIDENT = "predicted class, opaque where it is certain"
DENSE = "predicted class, opaque where p(x) is high"


def labelled(s: Snapshot) -> Points:
    return Points("labelled points", "real", s.x[: s.labels], s.y[: s.labels], size=3, opacity=0.85)


def confident(s: Snapshot, model: int) -> Field:
    return field(CONFIDENT, s.confidence[model] / 255, 1 / s.problem.classes, s.predicted[model])


def dense(s: Snapshot) -> Field:
    return field(DENSE, s.mass_below / 255, 0.0, s.predicted[1])


def field(name: str, values: np.ndarray, low: float, classes: np.ndarray) -> Field:
    return Field(name, values.astype(np.float32, copy=False), low, 1.0, classes=classes)


def boundary(s: Snapshot, model: int) -> Curve:
    name, role = MODELS[model]
    return Curve(f"boundary, {name} model", role, s.boundaries[model], label="")


def bayes(s: Snapshot) -> Curve:
    return Curve("Bayes boundary", "truth", s.problem.boundary, width=1.5, label="")


def contours(xy: np.ndarray) -> Curve:
    return Curve("50 and 90 % of a class lie inside", "neutral", xy, width=1.0, label="")


def exact(s: Snapshot) -> Panel:
    p = s.problem
    return Panel(
        "Exact p(x, y)",
        [field(DENSE, p.mass_below, 0.0, p.predicted), contours(p.contours), bayes(s)],
        caption=f"dashed: Bayes boundary, error {percent(p.error.value)}",
    )


def label_limits(s: Snapshot) -> tuple[float, float]:
    """The numbers of labels of the run, as limits of a chart."""
    return float(min(2 * s.problem.classes, len(s.x) - 1)), float(len(s.x))


def over_labels(
    s: Snapshot, name: str, role: Role, value: float, half: float | None = None
) -> Curve:
    """A curve over the number of labels: the point that this snapshot adds to it.

    Its name stands in the legend only: curves end side by side.
    """
    at = 1 if s.labels else 0  # nothing before the first label
    xy = np.full((at, 2), (s.arriving, value), np.float32)
    band = None if half is None else np.full((at, 2), (value - half, value + half), np.float32)
    return Curve(name, role, xy, band=band, label="", grows=True)


def constant(
    s: Snapshot, name: str, value: float, band: tuple[float, float] | None = None
) -> Curve:
    """A reference that does not depend on the number of labels."""
    xy = np.array([[x, value] for x in label_limits(s)], np.float32)
    around = None if band is None else np.array([band, band], np.float32)
    return Curve(name, "truth", xy, band=around)


def error_chart(s: Snapshot, title: str, models: Sequence[int], span: float = 1.0) -> Panel:
    """Test errors over the number of labels, with 95 % intervals."""
    curves: list[Mark] = [constant(s, "Bayes error", s.problem.error.value)]
    for i in models:
        half = 1.96 * float(s.standard_errors[i])
        curves.append(over_labels(s, *MODELS[i], float(s.errors[i]), half))
    return Panel(
        title, curves, "chart", label_limits(s), (0.0, 1.05 * (1 - 1 / s.problem.classes)),
        "labels", "share misclassified", log_x=True, span=span,
    )  # fmt: skip


def error_reading(s: Snapshot, model: int) -> Reading:
    """A test error beside that of the Bayes classifier."""
    best, half = s.problem.error.value, 1.96 * float(s.standard_errors[model])
    value = float(s.errors[model])
    return Reading(
        f"test error, {MODELS[model][0]}",
        value,
        (best, best),
        "Bayes error",
        help=f"{sentences.TESTED} 95 % interval: {value - half:.3f} to {value + half:.3f}. "
        f"The Bayes error is known to within {s.problem.error.error:.4f}.",
    )


def distance_reading(s: Snapshot) -> Reading:
    return Reading(
        "distance of samples",
        s.distance,
        s.problem.reference.floor.interval,
        help=f"Sliced Wasserstein distance of {COMPARED:,} generated samples from the data.",
        usual=s.problem.reference.floor.mean,
    )


def assembled(
    s: Snapshot,
    panels: list[Panel],
    readings: list[Reading],
    sentence: str,
    rows: tuple[int, ...] = (),
) -> Scene:
    """The scene of a snapshot."""
    title = "Generative and discriminative models"
    return Scene(panels, s.step, rows, (), readings, sentence, title=title)
