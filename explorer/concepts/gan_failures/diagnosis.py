"""Naming the illness from what is measured: the figures of `gauge` at every look.

Each rule is a bound on something that anybody could measure while training, without knowing what
was done to the game.
"""

from collections.abc import Callable

import numpy as np

from explorer.concepts.gan_failures.gauge import FIGURES

LAST = 3  # looks at the end that have to agree
EARLY = 0.1  # of the run
SURE, FLAT, FAR = 0.9, 0.05, 0.5  # D finds the real one; slope at G; way between two looks
COPY, NEW = 0.8, 0.9  # of what unseen real points have to the nearest training point


def column(history: np.ndarray, name: str) -> np.ndarray:
    """A figure at all looks, (looks, ...) of history (looks, ..., figures)."""
    return history[..., FIGURES.index(name)]


def last(history: np.ndarray, name: str) -> np.ndarray:
    """The last looks at a figure."""
    return column(history, name)[-LAST:]


def early(history: np.ndarray, name: str) -> np.ndarray:
    """A figure early in the run."""
    return column(history, name)[min(len(history) - 1, max(1, round(EARLY * (len(history) - 1))))]


def every(holds: np.ndarray) -> np.ndarray:
    """Whether something holds at all of the looks."""
    return np.asarray(holds.all(axis=0))


def cured(history: np.ndarray, groups: int) -> np.ndarray:
    """Whether all modes are covered at each of the last looks, by points that are new."""
    everything = every(last(history, "covered") == groups)
    return everything & every(last(history, "copied") >= NEW)


def collapsed(history: np.ndarray, groups: int) -> np.ndarray:
    """At most half of the modes, and many points on them."""
    few = every(last(history, "covered") <= groups / 2)
    return few & every(last(history, "target") > 0.2)


def vanished(history: np.ndarray, groups: int) -> np.ndarray:
    """D is sure, its slope at the made-up points is flat, and modes are missing."""
    flat = every(last(history, "pull") < FLAT) & every(last(history, "right") > SURE)
    return flat & every(last(history, "covered") < groups)


def circling(history: np.ndarray, groups: int) -> np.ndarray:
    """Points are thrown far between looks, to the end."""
    return np.asarray(np.median(column(history, "swing")[-5 * LAST :], axis=0) > FAR)


def won(history: np.ndarray, groups: int) -> np.ndarray:
    """D knew the real one early, its slope did not vanish, and modes are missing at the end."""
    sure = early(history, "right") > SURE
    steep = every(last(history, "pull") > FLAT)
    return sure & steep & every(last(history, "covered") < groups)


def forgetful(history: np.ndarray, groups: int) -> np.ndarray:
    """At least twice as many modes were covered at some time as are now."""
    now = last(history, "covered").max(axis=0)
    return np.asarray(2 * np.maximum(now, 1) <= column(history, "visited")[-1])


def copying(history: np.ndarray, groups: int) -> np.ndarray:
    """Points lie nearer to training points than unseen real points do."""
    return every(last(history, "copied") < COPY)


RULES: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "collapse": collapsed,
    "vanish": vanished,
    "circles": circling,
    "early": won,
    "forget": forgetful,
    "copies": copying,
}
