"""The parts that the pictures of a run have in common."""

import numpy as np

from explorer.concepts.decision_boundaries import words
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.concepts.decision_boundaries.problem import COMPARED
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

SURE = "class, and how surely"
CROWD = "class, where points are dense"


def labelled(s: Snapshot) -> Points:
    return Points("labelled", "real", s.x[: s.labels], s.y[: s.labels], size=3, opacity=0.85)


def sure(s: Snapshot, model: int) -> Field:
    return field(SURE, s.sure[model] / 255, 1 / s.problem.classes, s.winner[model])


def crowd(s: Snapshot) -> Field:
    return field(CROWD, s.crowd / 255, 0.0, s.winner[1])


def field(name: str, values: np.ndarray, low: float, classes: np.ndarray) -> Field:
    return Field(name, values.astype(np.float32, copy=False), low, 1.0, classes=classes)


def best(s: Snapshot) -> Curve:
    return Curve("best boundary", "truth", s.problem.boundary, width=1.5, label="")


def exact(s: Snapshot) -> Panel:
    p = s.problem
    return Panel(
        "Exact",
        [
            field(CROWD, p.crowd, 0.0, p.winner),
            Curve("50 and 90 % of a class", "neutral", p.contours, width=1.0, label=""),
            best(s),
        ],
        caption=f"even the best errs in {words.percent(p.error.value)} of cases",
    )


def reach(s: Snapshot) -> tuple[float, float]:
    """The labels over the run, as limits of a chart."""
    return float(min(2 * s.problem.classes, len(s.x) - 1)), float(len(s.x))


def over_labels(s: Snapshot, column: str) -> np.ndarray:
    """A column of the history against the labels, (k, 2); one point for each number of labels."""
    labels, values = s.past("labels"), s.past(column)
    last = np.append(labels[1:] != labels[:-1], True) & (labels > 0)
    return np.stack([labels[last], values[last]], axis=1).astype(np.float32)


def flat(
    name: str,
    role: Role,
    span: tuple[float, float],
    value: float,
    band: tuple[float, float] | None = None,
) -> Curve:
    xy = np.array([[span[0], value], [span[1], value]], np.float32)
    around = None if band is None else np.array([band, band], np.float32)
    return Curve(name, role, xy, band=around)


def chart(s: Snapshot, title: str, lines: dict[str, tuple[Role, str]], span: float = 1.0) -> Panel:
    """Test errors against the number of labels, with their intervals."""
    marks: list[Mark] = [flat("best possible", "truth", reach(s), s.problem.error.value)]
    for i, (name, (role, column)) in enumerate(lines.items()):
        xy = over_labels(s, column)
        half = 1.96 * s.spread[i]
        band = np.stack([xy[:, 1] - half, xy[:, 1] + half], 1).astype(np.float32)
        marks.append(Curve(name, role, xy, band=band))
    high = 1.05 * (1 - 1 / s.problem.classes)
    return Panel(
        title, marks, "chart", reach(s), (0.0, high), "labels so far", "wrong",
        log_x=True, span=span,
    )  # fmt: skip


def error(s: Snapshot, model: int, label: str) -> Reading:
    """A test error beside what the Bayes classifier scores on as many points."""
    best, half = s.problem.error.value, 1.96 * float(s.spread[model])
    value = s.now("abc"[model])
    return Reading(
        label,
        value,
        (best, best),
        "the best possible",
        help=f"{words.TESTED} 95 % interval: {value - half:.3f} to {value + half:.3f}. "
        f"The best possible is known to within {s.problem.error.error:.4f}.",
    )


def distance(s: Snapshot) -> Reading:
    return Reading(
        "B: distance to the data",
        s.now("distance"),
        s.problem.rule.floor.interval,
        help=f"Sliced Wasserstein distance of {COMPARED:,} made-up points from the data.",
        usual=s.problem.rule.floor.mean,
    )


def whole(
    s: Snapshot,
    panels: list[Panel],
    readings: list[Reading],
    sentence: str,
    rows: tuple[int, ...] = (),
) -> Scene:
    """The scene of a snapshot."""
    return Scene(panels, s.step, rows, (), readings, sentence, title="Two ways to learn")
