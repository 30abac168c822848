"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable
from math import nan

import numpy as np

from explorer.concepts.shared.ngram import SMOOTHINGS
from explorer.concepts.text.config import NETWORKS
from explorer.experiment import Measures, Outcome


def network(name: str) -> Callable[[Outcome], float]:
    """Bits per character of a network after training, on all held-out text."""
    return lambda run: run.model.bits.get(name, nan)


def series(run: Outcome) -> np.ndarray:
    """Bits per character of the last network in every snapshot."""
    return np.array([snapshot.bits[-1] for snapshot in run.snapshots])


def by_order(order: int) -> Callable[[Outcome], float]:
    """Bits of the n-gram of an order, with the chosen smoothing."""
    return lambda run: float(
        run.last.baselines.orders[list(SMOOTHINGS).index(run.config.smoothing), order - 1]
    )


def found(method: str) -> Callable[[Outcome], list[tuple[str, float]]]:
    """The continuations of a decoding method, with their probabilities."""
    return lambda run: [(text, p) for kind, text, p in run.last.chosen if kind == method]


def distinct(method: str) -> Callable[[Outcome], float]:
    return lambda run: len({text for text, _ in found(method)(run)})


TRAINING: Measures = {
    **{name: network(name) for name in NETWORKS},
    "ngram": lambda run: run.last.baselines.best,
    "order": lambda run: run.last.baselines.order,  # of the best n-gram
    **{f"order_{order}": by_order(order) for order in range(1, 8)},
    "entropy": lambda run: run.last.baselines.entropy,  # the rate of the source, where it is known
    "lowest": lambda run: float(series(run).min()),  # bits of the network in any snapshot
    "last": lambda run: float(series(run)[-1]),
    "copied": lambda run: float(run.last.copied[-1]),
    "copied_at_the_lowest": lambda run: float(run.snapshots[int(series(run).argmin())].copied[-1]),
    "best_network": lambda run: min(run.model.bits.get(name, nan) for name in run.config.networks),
}
DECODING: Measures = {
    "beam": lambda run: max(p for _, p in found("beam")(run)),  # probability of the best
    "greedy": lambda run: max(p for _, p in found("greedy")(run)),
    "sample": lambda run: float(np.median([p for _, p in found("sample")(run)])),
    "mass_of_beams": lambda run: sum(dict(found("beam")(run)).values()),
    "different_beams": distinct("beam"),
    "different_samples": distinct("sample"),
}
