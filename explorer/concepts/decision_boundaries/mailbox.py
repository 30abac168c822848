"""The mail filter over time: how it gets better with mail, and how the log-odds of one mail add up.

`filters` is the experiment of `repeats` with exact errors: the only chance left is which mail
arrived. `weigh` puts the words of one mail in, one by one.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer.concepts.decision_boundaries.mail import (
    NAIVE,
    WORDS,
    logistic,
    naive_bayes,
    source,
)
from explorer.concepts.decision_boundaries.repeats import Repeats
from explorer.config import one_of, whole
from explorer.scene import Bars, Curve, Panel, Reading, Role, Scene, frozen

RANGE = (-0.2, 0.6)  # of the relative difference that is shown
SIZES = tuple(8 * 2**k for k in range(9))
MODELS: tuple[tuple[str, Role], ...] = (
    ("naive Bayes", "model"),
    ("logistic regression", "rival"),
    ("exact", "truth"),
)


@dataclass(frozen=True)
class Filters:
    """The experiment, repeated `steps` times."""

    naive: str = "bernoulli"
    steps: int = 80
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "naive", NAIVE)
        whole(self, "steps", 2, 1000)
        whole(self, "seed", 0, 2**31 - 1)


def filters(config: Filters) -> Generator[Repeats, None, np.ndarray]:
    """Repeat the experiment; returns all errors (2, repetitions, sizes)."""
    every, rng = source(), np.random.default_rng(config.seed)
    ends = (every.limits["logistic"], every.limits[config.naive])
    names = ("logistic regression", "naive Bayes")
    counts = frozen(np.array(SIZES))
    rows: list[list[list[float]]] = []
    for step in range(config.steps + 1):
        errors = np.array(rows).reshape(step, 2, len(SIZES)).transpose(1, 0, 2)
        yield Repeats(step, counts, frozen(errors), every.bayes, names, RANGE, ends)
        x, y = every.draw(SIZES[-1], rng)
        rows.append(
            [
                [every.error(logistic(x[:n], y[:n])) for n in SIZES],
                [every.error(naive_bayes(x[:n], y[:n], config.naive)) for n in SIZES],
            ]
        )
    return errors


@dataclass(frozen=True)
class Mail:
    """One mail, judged by filters that learnt from so many labelled ones."""

    words: tuple[str, ...] = ("free", "winner", "loan", "weekend")
    labels: int = 256
    naive: str = "bernoulli"
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.words) - set(WORDS)
        if unknown:
            raise ValueError(f"words must be among {', '.join(WORDS)}. Got {unknown} instead.")
        whole(self, "labels", 8, 100_000)
        one_of(self, "naive", NAIVE)
        whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class Weighing:
    """The log-odds of a mail into which `step` words were put."""

    step: int
    words: tuple[str, ...]  # all that will be put in
    steps: np.ndarray  # (3, 1 + words) what the empty mail, then each word so far, adds
    naive: str

    @property
    def totals(self) -> np.ndarray:
        """(3,) log-odds of the mail so far: naive Bayes, logistic regression, exact."""
        return self.steps.sum(axis=1)


def weigh(config: Mail) -> Generator[Weighing, None, np.ndarray]:
    """Put the words in one by one; returns the three log-odds of the whole mail."""
    every = source()
    x, y = every.draw(config.labels, np.random.default_rng(config.seed))
    lines = (naive_bayes(x, y, config.naive), logistic(x, y))
    words = [word for word in WORDS if word in config.words]
    mails = np.zeros((len(words) + 1, len(WORDS)))
    for k, word in enumerate(words):
        mails[k + 1 :, WORDS.index(word)] = 1
    totals = np.stack([*(line.log_odds(mails) for line in lines), every.log_odds(mails)])
    added = np.diff(totals, axis=1, prepend=0.0)
    for step in range(len(words) + 1):
        so_far = np.where(np.arange(len(words) + 1) <= step, added, 0.0)
        yield Weighing(step, tuple(words), frozen(so_far), config.naive)
    return totals[:, -1]


def weigh_scene(weighing: Weighing) -> Scene:
    """What each word adds, and where the sum has got to."""
    w = weighing
    labels = ("empty", *w.words)
    totals = np.cumsum(w.steps, axis=1)
    totals[:, w.step + 1 :] = np.nan
    at = np.arange(len(labels), dtype=np.float32)
    panels = [
        Panel(
            "What each word adds to the log-odds of spam",
            [
                Bars(name, role, steps.astype(np.float32), labels)
                for (name, role), steps in zip(MODELS, w.steps)
            ],
            "chart", (-0.5, len(labels) - 0.5), (-6.0, 6.0), ylabel="log-odds",
            caption="Exact: what the word adds to the words before it", span=1.6,
        ),
        Panel(
            "Sum so far",
            [
                Curve("undecided", "neutral", np.array([[0, 0], [max(at[-1], 1), 0]], np.float32),
                      width=1.0, label=""),
                *(
                    Curve(name, role, np.stack([at, total], 1).astype(np.float32))
                    for (name, role), total in zip(MODELS, totals)
                ),
            ],
            "chart", (0.0, max(float(at[-1]), 1.0)), (-14.0, 14.0), "words put in", "log-odds",
            caption="above zero: spam",
        ),
    ]  # fmt: skip
    shares = 1 / (1 + np.exp(-w.totals))
    exact = float(shares[2])
    readings = [
        Reading(f"p(spam | words), {name}", float(share), (exact, exact), "exact", better="neither")
        for (name, _), share in zip(MODELS[:2], shares)
    ]
    return Scene(panels, w.step, (), (), readings, _told(w, shares), unit="word")


def _told(w: Weighing, shares: np.ndarray) -> str:
    """How far the filters are from the exact odds, and why."""
    if not w.step:
        return (
            "An empty mail: only the shares of spam and ham, and twelve words that are not there. "
            "Every word put in moves the log-odds."
        )
    mail = ", ".join(w.words[: w.step])
    said = [100 * share for share in shares]
    if (said[0] > 50) != (said[2] > 50):
        return (
            f"“{mail}”: naive Bayes says {said[0]:.0f} % spam, exactly it is {said[2]:.0f} %. Both "
            "filters can only add: which words go together, a sum cannot tell."
        )
    if max(abs(said[0] - said[2]), abs(said[1] - said[2])) > 10:
        return (
            f"“{mail}”: exactly {said[2]:.0f} % spam. The verdict is right, the certainty is not: "
            "a sum of weights cannot know which words go together."
        )
    return f"“{mail}”: exactly {said[2]:.1f} % spam, and both filters come close."
