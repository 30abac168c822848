"""What can be claimed about the runs of this page: measures of a finished run, by name.

A metric's measure is its z-score: above 1 it is worse than a perfect model, by more than chance.
"""

from collections.abc import Callable

from explorer.concepts.metrics.comparison import MEMORISED, METRICS
from explorer.concepts.metrics.measure import IMAGE_METRICS, TEXT_METRICS, Metric
from explorer.experiment import Measures, Outcome


def z_scores(metrics: tuple[Metric, ...]) -> Measures:
    """The z-score of every metric at the last severity."""

    def of(at: int) -> Callable[[Outcome], float]:
        return lambda run: float(run.last.scores.z_scores()[at])

    return {metric.key: of(at) for at, metric in enumerate(metrics)}


def value(key: str) -> Callable[[Outcome], float]:
    """The value of a metric at the last severity."""
    return lambda run: float(run.last.scores.values[-1][run.last.scores.floors.at(key)])


def first(metric: int) -> Callable[[Outcome], float]:
    """Whether the copies of the training images rank first by one metric of the comparison."""

    def measured(run: Outcome) -> float:
        snapshot = run.snapshots[metric]
        return float(snapshot.models[snapshot.order()[0]] == MEMORISED)

    return measured


IMAGES: Measures = {
    **z_scores(IMAGE_METRICS),
    "value_of_frechet": value("frechet"),
    "value_of_novelty": value("novelty"),
    "noticing": lambda run: int((run.last.scores.z_scores() > 1).sum()),  # metrics that do
}
TEXT: Measures = {**z_scores(TEXT_METRICS), "value_of_rouge1": value("rouge1")}
SAMPLE_SIZE: Measures = {
    "with_few": lambda run: run.last.fewest,  # Fréchet distance of a perfect model
    "with_many": lambda run: float(run.last.values[0, 0]),
    "with_infinitely_many": lambda run: run.last.limit,  # extrapolated
}
COMPARISON: Measures = {
    **{f"copies_first_by_{metric.key}": first(at) for at, metric in enumerate(METRICS)},
}
