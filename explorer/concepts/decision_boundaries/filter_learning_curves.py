"""Learning curves of the spam filter: naive Bayes against logistic regression.

Errors are exact, so chance lies only in which mails were drawn.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer.concepts.decision_boundaries.learning_curves import (
    LearningCurves,
    learning_curves_scene,
    summary,
)
from explorer.concepts.decision_boundaries.spam import EVENT_MODELS, logistic, naive_bayes, source
from explorer.config import one_of, whole
from explorer.scene import Scene

REACH = (-0.2, 0.6)  # of the relative difference that is shown
SIZES = tuple(8 * 2**k for k in range(9))


@dataclass(frozen=True)
class FilterLearningCurvesConfig:
    """The experiment, repeated `steps` times."""

    event_model: str = "bernoulli"  # of naive Bayes
    steps: int = 80  # repetitions
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "event_model", EVENT_MODELS)
        whole(self, "steps", 2, 1000)
        whole(self, "seed", 0, 2**31 - 1)


def filter_learning_curves(
    config: FilterLearningCurvesConfig,
) -> Generator[LearningCurves, None, np.ndarray]:
    """Repeat the experiment; returns all errors (2, repetitions, sizes)."""
    every, rng = source(), np.random.default_rng(config.seed)
    limits = (every.limits["logistic"], every.limits[config.event_model])
    names = ("logistic regression", "naive Bayes")
    rows: list[list[list[float]]] = []
    for _ in range(config.steps + 1):
        snapshot, errors = summary(rows, SIZES, every.bayes, names, limits)
        yield snapshot
        x, y = every.draw(SIZES[-1], rng)
        rows.append(
            [
                [every.error(logistic(x[:n], y[:n])) for n in SIZES],
                [every.error(naive_bayes(x[:n], y[:n], config.event_model)) for n in SIZES],
            ]
        )
    return errors


def filter_learning_curves_scene(snapshot: LearningCurves) -> Scene:
    """Mean errors over the number of mails, and their relative difference."""
    return learning_curves_scene(snapshot, REACH)
