"""What only p(x, y) can do: new points, a missing coordinate, no labels, never seen."""

import numpy as np

from explorer.concepts.decision_boundaries import words
from explorer.concepts.decision_boundaries.config import GENERATIVE
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.concepts.decision_boundaries.pieces import (
    SURE,
    best,
    chart,
    distance,
    error,
    field,
    flat,
    labelled,
    over_labels,
    reach,
    sure,
    whole,
)
from explorer.concepts.decision_boundaries.problem import LIMITS, WIDE
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

COLOURS = ("violet", "rose", "green", "yellow")  # of the first four classes
FLOORS = (0.3, 100.0)  # distances shown, in units of what a perfect model scores
DENSE = -12.0  # log-densities shown run from here to 0


def samples(s: Snapshot) -> Scene:
    p, floor = s.problem, s.problem.rule.floor
    low, high = (edge / floor.mean for edge in floor.interval)
    panels = [
        Panel(
            "Fresh real points",
            [Points("real", "real", p.shown, p.shown_classes)],
            caption="none of them was used for training",
        ),
        Panel(
            "Made up by B",
            [
                Points("made up by B", "model", s.made, s.made_classes, shape="cross", size=3),
                Points("centres of its Gaussians", "model", s.centres, size=6, shape="ring"),
            ],
            caption="first a class from p(y), then a point from p(x | y)",
        ),
        Panel(
            "What A can offer",
            [sure(s, 0)],
            caption="a verdict on any point you bring; nothing about which points there are",
        ),
        Panel(
            "Distance to the data, in floors",
            [
                flat("a perfect model", "truth", reach(s), 1.0, (low, high)),
                Curve("B", "model", over_labels(s, "distance") / [1, floor.mean]),
            ],
            "chart",
            xlim=reach(s),
            ylim=FLOORS,
            xlabel="labels so far",
            log_x=True,
            log_y=True,
            span=1.3,
            caption="1: what real ones score, on average",
        ),
    ]
    return whole(s, panels, [distance(s)], words.samples(s))


def missing(s: Snapshot) -> Scene:
    p = s.problem
    panels = [
        Panel("Labelled points", [labelled(s)], caption="seen whole while training"),
    ]
    known = ("across", "up")
    pictures = [(axis, 0) for axis in (0, 1)]
    if p.classes > 2:  # all classes, from the first coordinate
        pictures = [(0, label) for label in range(p.classes)]
    for axis, label in pictures:
        value = p.line.numpy()
        lines: dict[str, tuple[Role, np.ndarray]] = {
            "exact": ("truth", p.line_posterior[axis, :, label].numpy()),
            "A, the rest filled with the mean": ("rival", s.partial[0, axis, :, label]),
            "B, the rest summed out": ("model", s.partial[1, axis, :, label]),
        }
        panels.append(
            Panel(
                f"p({COLOURS[label]} | only the coordinate {known[axis]})",
                [
                    Curve(name, role, np.stack([value, share], 1).astype(np.float32), label="")
                    for name, (role, share) in lines.items()
                ],
                "chart",
                xlim=LIMITS,
                ylim=(-0.02, 1.02),
                xlabel=f"coordinate {known[axis]}",
            )
        )
    best = sum(p.line_error) / 2
    readings = [
        Reading(
            f"{name}: error with one coordinate lost",
            s.now(column),
            (best, best),
            "the best possible without it",
            help=words.LOST,
        )
        for name, column in (("A", "lost_a"), ("B", "lost_b"))
    ]
    return whole(s, panels, readings, words.missing(s), rows=(3, 2) if p.classes == 4 else ())


def unlabelled(s: Snapshot) -> Scene:
    marks: list[Mark] = [
        Points("without a label", "neutral", s.unlabelled, size=2, opacity=0.45),
        labelled(s),
    ]
    panels = [
        Panel("What there is", marks, caption=f"{s.labels} labels, {s.config.unlabelled} without"),
        Panel(
            "B, from the labelled points",
            [sure(s, 1), Curve("boundary of B", "model", s.boundary_b, label=""), best(s)],
            caption=GENERATIVE[s.config.generative],
        ),
        Panel(
            "B, from all points",
            [
                sure(s, 2),
                Curve("boundary of B with all points", "model", s.boundary_c, label=""),
                best(s),
            ],
            caption=words.with_unlabelled(s),
        ),
        chart(
            s,
            "Test error",
            {"A": ("rival", "a"), "B": ("model", "b"), "B, all points": ("real", "c")},
            span=1.3,
        ),
    ]
    readings = [
        error(s, 0, "A: has no use for them"),
        error(s, 1, "B: labelled points only"),
        error(s, 2, "B: all points"),
    ]
    return whole(s, panels, readings, words.unlabelled(s))


def unseen(s: Snapshot) -> Scene:
    p = s.problem
    real = Points("labelled", "neutral", s.x[: s.labels], size=1.5, opacity=0.5)
    densities: list[tuple[str, Role, np.ndarray]] = [
        ("B: log p(x)", "model", s.wide_density),
        ("Exact log p(x)", "truth", p.wide_density),
    ]
    panels = [
        Panel(
            "A: how sure it is",
            [
                field(SURE, s.wide_sure / 255, 1 / p.classes, s.wide_winner),
                Curve("boundary of A", "rival", s.boundary_far, label=""),
                real,
            ],
            xlim=WIDE,
            ylim=WIDE,
            caption="strong colour: sure. The plane is twice as wide here",
        ),
        *(
            Panel(
                title,
                [
                    Field(
                        title,
                        values.astype(np.float32, copy=False),
                        DENSE,
                        0.0,
                        ("neutral", role),
                        meaning="never seen | common",
                    ),
                    Curve("99 % lie inside", role, line, label=""),
                    real,
                ],
                xlim=WIDE,
                ylim=WIDE,
                caption="beyond the line: never seen anything like it",
            )
            for (title, role, values), line in zip(densities, (s.known, p.known))
        ),
    ]
    far = float((p.wide_sure.reshape(-1))[p.strange.numpy()].mean())
    readings = [
        Reading(
            "B: strange places noticed", s.noticed, (1.0, 1.0), "the exact p(x)",
            better="high", help="Places in the wide plane where practically no data ever fall.",
        ),
        Reading(
            "B: real points taken for strange", s.alarms, (0.01, 0.01),
            "the exact p(x), with this line", help="Of 2,000 fresh real points.",
        ),
        Reading(
            "A: mean certainty in strange places", s.certainty, (far, far),
            "even the exact p(y | x)", better="neither", help=words.CERTAIN,
        ),
    ]  # fmt: skip
    return whole(s, panels, readings, words.unseen(s))
