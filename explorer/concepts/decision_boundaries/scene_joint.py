"""What only a model of p(x, y) can do: samples, a missing coordinate, learning from unlabelled
points, and telling that a point lies outside the data."""

import numpy as np

from explorer.concepts.decision_boundaries import sentences
from explorer.concepts.decision_boundaries.config import GENERATIVE
from explorer.concepts.decision_boundaries.measure import LIMITS, WIDE
from explorer.concepts.decision_boundaries.panels import (
    CONFIDENT,
    MODELS,
    assembled,
    bayes,
    boundary,
    confident,
    constant,
    distance_reading,
    error_chart,
    error_reading,
    field,
    label_limits,
    labelled,
    over_labels,
)
from explorer.concepts.decision_boundaries.train import Snapshot
from explorer.scene import Curve, Field, Panel, Points, Reading, Role, Scene

COLOURS = ("violet", "rose", "green", "yellow")  # of the first four classes
FLOORS = (0.3, 100.0)  # distances shown, in units of the noise floor
LOG_DENSITY = (-12.0, 0.0)  # shown


def samples(s: Snapshot) -> Scene:
    p, floor = s.problem, s.problem.reference.floor
    low, high = (edge / floor.mean for edge in floor.interval)
    panels = [
        Panel(
            "Fresh points of the data",
            [Points("data", "real", p.fresh, p.fresh_classes)],
            caption="none of them was used for training",
        ),
        Panel(
            "Samples of p(x, y)",
            [
                Points("samples", "model", s.samples, s.sample_classes, shape="cross", size=3),
                Points("centres of the Gaussians", "model", s.centres, size=6, shape="ring"),
            ],
            caption="first a class from p(y), then a point from p(x | y)",
        ),
        Panel(
            "p(y | x) has no samples",
            [confident(s, 0)],
            caption="a class for any given point; nothing about where points are",
        ),
        Panel(
            "Distance from the data, in noise floors",
            [
                constant(s, "a perfect model", 1.0, (low, high)),
                over_labels(s, *MODELS[1], s.distance / floor.mean),
            ],
            "chart", label_limits(s), FLOORS, "labels", "distance / noise floor",
            log_x=True, log_y=True, span=1.3, caption="1: mean distance of fresh data",
        ),
    ]  # fmt: skip
    return assembled(s, panels, [distance_reading(s)], sentences.samples(s))


def missing(s: Snapshot) -> Scene:
    p = s.problem
    names = ("x₁", "x₂")
    pictures = [(axis, 0) for axis in (0, 1)]
    if p.classes > 2:  # all classes, from the first coordinate
        pictures = [(0, label) for label in range(p.classes)]
    panels = [Panel("Labelled points", [labelled(s)], caption="both coordinates are there")]
    for axis, label in pictures:
        value = p.coordinate.numpy()
        lines: dict[str, tuple[Role, np.ndarray]] = {
            "exact": ("truth", p.partial_posterior[axis, :, label].numpy()),
            "discriminative, mean filled in": ("rival", s.partial[0, axis, :, label]),
            "generative, marginalised": ("model", s.partial[1, axis, :, label]),
        }
        panels.append(
            Panel(
                f"p({COLOURS[label]} | {names[axis]}), {names[1 - axis]} missing",
                [
                    Curve(name, role, np.stack([value, share], 1).astype(np.float32), label="")
                    for name, (role, share) in lines.items()
                ],
                "chart", LIMITS, (-0.02, 1.02), names[axis], "probability",
            )
        )  # fmt: skip
    best = sum(p.partial_error) / 2
    readings = [
        Reading(
            f"error with a coordinate missing, {name}", float(value), (best, best),
            "Bayes error without it", help=sentences.MISSING,
        )
        for (name, _), value in zip(MODELS, s.partial_errors)
    ]  # fmt: skip
    rows = (3, 2) if p.classes == 4 else ()
    return assembled(s, panels, readings, sentences.missing(s), rows)


def semi_supervised(s: Snapshot) -> Scene:
    points = Points("unlabelled points", "neutral", s.unlabelled, size=2, opacity=0.45)
    panels = [
        Panel(
            "Training data", [points, labelled(s)],
            caption=f"{s.labels} labelled points, {s.config.unlabelled} unlabelled",
        ),
        Panel(
            "p(x, y) from labelled points", [confident(s, 1), boundary(s, 1), bayes(s)],
            caption=GENERATIVE[s.config.generative],
        ),
        Panel(
            "p(x, y) from all points", [confident(s, 2), boundary(s, 2), bayes(s)],
            caption=sentences.semi_supervised_model(s),
        ),
        error_chart(s, "Test error", (0, 1, 2), span=1.3),
    ]  # fmt: skip
    readings = [error_reading(s, i) for i in (0, 1, 2)]
    return assembled(s, panels, readings, sentences.semi_supervised(s))


def outside(s: Snapshot) -> Scene:
    p = s.problem
    data = Points("labelled points", "neutral", s.x[: s.labels], size=1.5, opacity=0.5)
    densities: list[tuple[str, Role, np.ndarray, np.ndarray]] = [
        ("Generative: log p(x)", "model", s.wide_density, s.region),
        ("Exact log p(x)", "truth", p.wide_density, p.region),
    ]
    panels = [
        Panel(
            "Discriminative: p(y | x)",
            [
                field(CONFIDENT, s.wide_confidence / 255, 1 / p.classes, s.wide_predicted),
                Curve("boundary, discriminative model", "rival", s.wide_boundary, label=""),
                data,
            ],
            xlim=WIDE, ylim=WIDE, caption="the plane is twice as wide here; strong colour: certain",
        ),
        *(
            Panel(
                title,
                [
                    Field(
                        title, values.astype(np.float32, copy=False), *LOG_DENSITY,
                        ("neutral", role), meaning="rare | frequent",
                    ),
                    Curve("99 % lie inside", role, line, label=""),
                    data,
                ],
                xlim=WIDE, ylim=WIDE, caption="outside the line: out of distribution",
            )
            for title, role, values, line in densities
        ),
    ]  # fmt: skip
    far = float(p.wide_confidence.reshape(-1)[p.outside.numpy()].mean())
    readings = [
        Reading(
            "out-of-distribution points detected", s.detected, (1.0, 1.0), "the exact p(x)",
            better="high", help="Share of the cells where practically no data ever fall in which "
            "the generative model's p(x) lies below its threshold.",
        ),
        Reading(
            "false positives", s.false_positives, (0.01, 0.01), "the exact p(x), same threshold",
            help="Share of the 2,000 fresh points of the data below the threshold.",
        ),
        Reading(
            "mean certainty there, discriminative", s.outside_confidence, (far, far),
            "the exact p(y | x)", better="neither", help=sentences.CERTAIN,
        ),
    ]  # fmt: skip
    return assembled(s, panels, readings, sentences.outside(s))
