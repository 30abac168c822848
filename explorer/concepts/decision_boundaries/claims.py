"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.experiment import Measures, Outcome

MODELS = ("discriminative", "generative", "semi_supervised")
SIZES = (4, 8, 16, 32, 64, 128, 256)  # numbers of labels at which learning curves may be asked


def error(of: int) -> Callable[[Outcome], float]:
    """The test error of one of MODELS."""
    return lambda run: float(run.last.errors[of])


def training_error(of: int) -> Callable[[Outcome], float]:
    return lambda run: float(run.last.training_errors[of])


def copies(run: Outcome) -> float:
    """How many samples lie on a training point."""
    gaps = np.abs(run.last.samples[:, None] - run.last.x[None]).max(2).min(1)
    return float((gaps < 1e-6).sum())


def gap(labels: int) -> Callable[[Outcome], float]:
    """Mean difference of the test errors with so many labels: discriminative minus generative."""

    def measured(run: Outcome) -> float:
        at = np.flatnonzero(run.last.sizes == labels)
        return float(run.last.gap[at[0]]) if len(at) else float("nan")

    return measured


def error_of_the_odds(of: int) -> Callable[[Outcome], float]:
    """How far the log-odds of the whole mail are from the exact ones: of naive Bayes (0), logistic
    regression (1)."""
    return lambda run: abs(float(run.model[of] - run.model[2]))


TRAINING: Measures = {
    **{f"error_{name}": error(at) for at, name in enumerate(MODELS)},
    **{f"training_error_{name}": training_error(at) for at, name in enumerate(MODELS[:2])},
    "bayes_error": lambda run: run.last.problem.error.value,
    "distance": lambda run: run.last.distance / run.last.problem.reference.floor.mean,
    "copies": copies,
    "confidence_far_away": lambda run: run.last.outside_confidence,
    "found_far_away": lambda run: run.last.detected,  # by a low p(x)
    "classes": lambda run: run.last.problem.classes,
}
LEARNING_CURVES: Measures = {f"gap_at_{labels}": gap(labels) for labels in SIZES}
SPAM: Measures = {
    f"error_of_the_odds_{name}": error_of_the_odds(at)
    for at, name in enumerate(("naive_bayes", "logistic"))
}
