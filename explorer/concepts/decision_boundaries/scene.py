"""What is seen of a run: both models beside the exact answer, in one picture or several."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.decision_boundaries import only_joint, words
from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.concepts.decision_boundaries.pieces import (
    best,
    chart,
    crowd,
    distance,
    error,
    exact,
    labelled,
    over_labels,
    reach,
    sure,
    whole,
)
from explorer.scene import Curve, Field, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "samples": "New points",
    "missing": "Half is missing",
    "unlabelled": "No labels",
    "unseen": "Never seen",
    "errors": "Error map",
    "curves": "Curves",
}


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of `VIEWS`."""
    views: dict[str, Callable[[Snapshot], Scene]] = {
        "overview": _overview,
        "samples": only_joint.samples,
        "missing": only_joint.missing,
        "unlabelled": only_joint.unlabelled,
        "unseen": only_joint.unseen,
        "errors": _errors,
        "curves": _curves,
    }
    if view not in views:
        raise ValueError(f"view must be one of {', '.join(views)}. Got {view!r} instead.")
    return views[view](snapshot)


def _overview(s: Snapshot) -> Scene:
    panels = [
        Panel("Labelled points", [labelled(s)], caption=f"{s.labels} of {len(s.x)} labels"),
        Panel(
            f"A: {DISCRIMINATIVE[s.config.discriminative]}",
            [
                sure(s, 0),
                Curve("boundary of A", "rival", s.boundary_a, label=""),
                best(s),
            ],
            caption="p(y | x): a class for every point of the plane",
        ),
        Panel(
            f"B: {GENERATIVE[s.config.generative]}",
            [
                crowd(s),
                Curve("50 and 90 % of a class", "neutral", s.contours, width=1.0, label=""),
                Curve("boundary of B", "model", s.boundary_b, label=""),
                best(s),
                Points(
                    "made up by B", "model", s.made[:64], s.made_classes[:64], size=3, shape="cross"
                ),
            ],
            caption="p(x, y): where the points of each class lie, and new ones",
        ),
        exact(s),
    ]
    return whole(
        s,
        panels,
        [error(s, 0, "A: test error"), error(s, 1, "B: test error"), distance(s)],
        words.overview(s),
    )


def _curves(s: Snapshot) -> Scene:
    lines: dict[str, tuple[Role, str]] = {
        "A": ("rival", "a"),
        "B": ("model", "b"),
        "B, all points": ("real", "c"),
    }
    panel = chart(s, "Test error as labels arrive", lines)
    return whole(
        s,
        [panel],
        [error(s, 0, "A: test error"), error(s, 1, "B: test error")],
        words.overview(s),
    )


def _errors(s: Snapshot) -> Scene:
    pair: list[tuple[str, Role, np.ndarray]] = [
        ("A", "rival", s.boundary_a),
        ("B", "model", s.boundary_b),
    ]
    panels = [
        Panel(
            f"{name}: wrong odds",
            [
                Field(
                    "difference",
                    s.gap[i] / np.float32(255),
                    0.0,
                    1.0,
                    ("neutral", role),
                    meaning="none | all",
                ),
                Curve(f"boundary of {name}", role, line, label=""),
                best(s),
            ],
            caption="dark: wrong about the odds, even where the class is right",
        )
        for i, (name, role, line) in enumerate(pair)
    ]
    panels.append(exact(s))
    panels.append(
        Panel(
            "Mean difference",
            [
                Curve("A", "rival", over_labels(s, "gap_a")),
                Curve("B", "model", over_labels(s, "gap_b")),
            ],
            "chart",
            xlim=reach(s),
            ylim=(0.0, 0.6),
            xlabel="labels so far",
            ylabel="half the summed difference",
            log_x=True,
            span=1.3,
        )
    )
    readings = [
        Reading(
            f"{name}: mean difference from the exact odds",
            s.now(column),
            (0.0, 0.0),
            "the exact p(y | x)",
            help=words.GAP,
        )
        for name, column in (("A", "gap_a"), ("B", "gap_b"))
    ]
    return whole(s, panels, readings, words.errors(s))
