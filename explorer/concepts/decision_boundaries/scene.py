"""What is shown of a run: both models beside the exact answer, and how their errors fall."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from explorer.concepts.decision_boundaries import scene_joint, sentences
from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE
from explorer.concepts.decision_boundaries.panels import (
    MODELS,
    assembled,
    bayes,
    boundary,
    confident,
    contours,
    dense,
    distance_reading,
    error_chart,
    error_reading,
    exact,
    label_limits,
    labelled,
    over_labels,
)
from explorer.concepts.decision_boundaries.train import Snapshot
from explorer.scene import Field, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "samples": "Samples",
    "missing": "Missing coordinate",
    "semi_supervised": "Semi-supervised",
    "outside": "Out of distribution",
    "posterior": "Error of p(y | x)",
    "errors": "Training and test error",
}


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of `VIEWS`."""
    views: dict[str, Callable[[Snapshot], Scene]] = {
        "overview": _overview,
        "samples": scene_joint.samples,
        "missing": scene_joint.missing,
        "semi_supervised": scene_joint.semi_supervised,
        "outside": scene_joint.outside,
        "posterior": _posterior,
        "errors": _errors,
    }
    if view not in views:
        raise ValueError(f"view must be one of {', '.join(views)}. Got {view!r} instead.")
    return views[view](snapshot)


def _overview(s: Snapshot) -> Scene:
    samples = Points(
        "generated samples", "model", s.samples[:64], s.sample_classes[:64], size=3, shape="cross"
    )
    panels = [
        Panel("Labelled points", [labelled(s)], caption=f"{s.labels} of {len(s.x)} labels so far"),
        Panel(
            "Discriminative: p(y | x)",
            [confident(s, 0), boundary(s, 0), bayes(s)],
            caption=f"{DISCRIMINATIVE[s.config.discriminative]}: a class for every point",
        ),
        Panel(
            "Generative: p(x, y)",
            [dense(s), contours(s.contours), boundary(s, 1), bayes(s), samples],
            caption=f"{GENERATIVE[s.config.generative]}; crosses: samples",
        ),
        exact(s),
    ]
    readings = [error_reading(s, 0), error_reading(s, 1), distance_reading(s)]
    return assembled(s, panels, readings, sentences.overview(s))


def _errors(s: Snapshot) -> Scene:
    """Test errors and, dashed, training errors."""
    chart = error_chart(s, "Training and test error over the number of labels", (0, 1, 2))
    training = [
        replace(
            over_labels(s, f"{name}, training error", role, float(value)),
            dashed=True,
            width=1.2,
        )
        for (name, role), value in zip(MODELS, s.training_errors)
    ]
    panel = Panel(
        chart.title, [*chart.marks, *training], chart.kind, chart.xlim, chart.ylim, chart.xlabel,
        chart.ylabel, log_x=True, caption="solid: test error, with its 95 % interval; thin and "
        "dashed: training error. A wide gap between the two is overfitting.",
    )  # fmt: skip
    best = s.problem.error.value
    readings = [
        *(error_reading(s, i) for i in (0, 1)),
        *(
            Reading(
                f"training error, {MODELS[i][0]}", float(s.training_errors[i]), (best, best),
                "Bayes error", better="neither", help="Share of the labelled points that the model "
                "misclassifies. Far below the Bayes error, accidents of the sample were learnt.",
            )
            for i in (0, 1)
        ),
    ]  # fmt: skip
    return assembled(s, [panel], readings, sentences.errors(s))


def _posterior(s: Snapshot) -> Scene:
    panels = [
        Panel(
            f"Error of p(y | x), {name}",
            [
                Field(
                    "total variation distance", s.difference[i] / np.float32(255), 0.0, 1.0,
                    ("neutral", role), meaning="0 | 1",
                ),
                boundary(s, i),
                bayes(s),
            ],
            caption="dark: the posterior probability is wrong, even where the class is right",
        )
        for i, (name, role) in enumerate(MODELS[:2])
    ]  # fmt: skip
    lines = [
        over_labels(s, name, role, float(value))
        for (name, role), value in zip(MODELS, s.differences)
    ]
    panels += [
        exact(s),
        Panel(
            "Mean error of p(y | x)", lines, "chart", label_limits(s), (0.0, 0.6), "labels",
            "total variation distance", log_x=True, span=1.3,
        ),
    ]  # fmt: skip
    readings = [
        Reading(
            f"error of p(y | x), {name}", float(value), (0.0, 0.0), "the exact p(y | x)",
            help=sentences.DIFFERENCE,
        )
        for (name, _), value in zip(MODELS, s.differences)
    ]  # fmt: skip
    return assembled(s, panels, readings, sentences.posterior(s))
