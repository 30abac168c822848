"""What can be claimed about the runs of this page: measures of a finished run, by name.

A family's measures carry its key: `gan_distance` is its sliced Wasserstein distance.
"""

from collections.abc import Callable
from math import nan

import numpy as np

from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.measure import Scores, evaluation_of
from explorer.data import images
from explorer.experiment import Measures, Outcome

SCORES = ("distance", "precision", "recall", "novelty", "bits")


def score(key: str, name: str) -> Callable[[Outcome], float]:
    """A metric of a family, the mean of its models; NaN if it was not evaluated."""

    def measured(run: Outcome) -> float:
        scores = run.model.scores.get(key, ())
        return float(np.mean([getattr(each, name) for each in scores])) if scores else nan

    return measured


def updates(key: str) -> Callable[[Outcome], float]:
    """Training steps that a family makes in its time."""
    return lambda run: run.config.updates(key) if key in run.config.included else nan


def classical(run: Outcome, classic: bool) -> list[float]:
    """The distances of the classical models, or of the neural networks."""
    return [
        float(np.mean([each.distance for each in scores]))
        for key, scores in run.model.scores.items()
        if FAMILIES[key].classic == classic
    ]


def evaluated(run: Outcome) -> list[Scores]:
    """The scores of every model that was evaluated."""
    return [each for scores in run.model.scores.values() for each in scores]


TRAINING: Measures = {
    **{f"{key}_{name}": score(key, name) for key in FAMILIES for name in SCORES},
    **{f"{key}_updates": updates(key) for key in FAMILIES},
    "noise_floor": lambda run: evaluation_of(run.config.dataset).floors["distance"][1],
    "true_bits": lambda run: evaluation_of(run.config.dataset).true_bits,
    "farthest_classical": lambda run: max(classical(run, True)),
    "nearest_network": lambda run: min(classical(run, False)),
    "farthest_network": lambda run: max(classical(run, False)),
    "most_parameters": lambda run: max(each.parameters for each in evaluated(run)),
    "least_novelty": lambda run: min(each.novelty for each in evaluated(run)),
    "most_novelty": lambda run: max(each.novelty for each in evaluated(run)),
    "dimensions": lambda run: evaluation_of(run.config.dataset).fresh.shape[1],
    "training_images": lambda run: (
        len(images.load(run.config.dataset).train) if run.config.of_images else nan
    ),
    "with_likelihood": lambda run: sum(
        np.isfinite(scores[0].bits) for scores in run.model.scores.values()
    ),
}
