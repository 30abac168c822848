"""Naming the failure from what is measured: the figures of `measure` in every snapshot.

Each rule is a bound on something that anybody could measure while training, without knowing what
was done to the settings.
"""

from collections.abc import Callable

import numpy as np

from explorer.concepts.gan_failures.measure import FIGURES

LAST = 3  # snapshots at the end that have to agree
EARLY = 0.1  # of the run
SURE, FLAT, FAR = 0.9, 0.05, 0.5  # accuracy on pairs; gradient at G; way between two snapshots
COPY, NEW = 0.8, 0.9  # of what unseen points have to the nearest training point


def column(history: np.ndarray, name: str) -> np.ndarray:
    """A figure in all snapshots, (snapshots, ...) of history (snapshots, ..., figures)."""
    return history[..., FIGURES.index(name)]


def last(history: np.ndarray, name: str) -> np.ndarray:
    """A figure in the last snapshots."""
    return column(history, name)[-LAST:]


def early(history: np.ndarray, name: str) -> np.ndarray:
    """A figure early in the run."""
    return column(history, name)[min(len(history) - 1, max(1, round(EARLY * (len(history) - 1))))]


def every(holds: np.ndarray) -> np.ndarray:
    """Whether something holds in all of the snapshots."""
    return np.asarray(holds.all(axis=0))


def succeeded(history: np.ndarray, groups: int) -> np.ndarray:
    """Whether all modes are covered in each of the last snapshots, by samples that are new."""
    everything = every(last(history, "covered") == groups)
    return everything & every(last(history, "nearest") >= NEW)


def collapsed(history: np.ndarray, groups: int) -> np.ndarray:
    """At most half of the modes, and many samples on them."""
    few = every(last(history, "covered") <= groups / 2)
    return few & every(last(history, "high_quality") > 0.2)


def vanished(history: np.ndarray, groups: int) -> np.ndarray:
    """D is sure, its gradient at the fake samples is flat, and modes are missing."""
    sure = every(last(history, "pair_accuracy") > SURE)
    flat = every(last(history, "gradient") < FLAT) & sure
    return flat & every(last(history, "covered") < groups)


def oscillates(history: np.ndarray, groups: int) -> np.ndarray:
    """Samples are thrown far between snapshots, to the end."""
    return np.asarray(np.median(column(history, "moved")[-5 * LAST :], axis=0) > FAR)


def overpowered(history: np.ndarray, groups: int) -> np.ndarray:
    """D was sure early, its gradient did not vanish, and modes are missing at the end."""
    sure = early(history, "pair_accuracy") > SURE
    steep = every(last(history, "gradient") > FLAT)
    return sure & steep & every(last(history, "covered") < groups)


def hops(history: np.ndarray, groups: int) -> np.ndarray:
    """At least twice as many modes were covered at some time as are now."""
    now = last(history, "covered").max(axis=0)
    return np.asarray(2 * np.maximum(now, 1) <= column(history, "visited")[-1])


def memorised(history: np.ndarray, groups: int) -> np.ndarray:
    """Samples lie nearer to training points than unseen points do."""
    return every(last(history, "nearest") < COPY)


RULES: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "collapse": collapsed,
    "vanishing": vanished,
    "oscillation": oscillates,
    "overpowered": overpowered,
    "hopping": hops,
    "memorisation": memorised,
}
