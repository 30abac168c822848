"""The spam filter, word by word: how the log-odds of one mail add up in both models and exactly."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.decision_boundaries.spam import (
    EVENT_MODELS,
    WORDS,
    logistic,
    naive_bayes,
    source,
)
from explorer.scene import Bars, Curve, Panel, Reading, Role, Scene, frozen

MODELS: tuple[tuple[str, Role], ...] = (
    ("naive Bayes", "model"),
    ("logistic regression", "rival"),
    ("exact", "truth"),
)


@dataclass(frozen=True)
class SpamFilterConfig:
    """One mail, classified by filters that were trained on so many labelled mails."""

    words: tuple[str, ...] = c.several(
        ("free", "winner", "loan", "weekend"), {word: word for word in WORDS}
    )
    mails: int = c.integer(256, 8, 8192, log=True)
    event_model: str = c.choice("bernoulli", EVENT_MODELS)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class LogOdds:
    """The log-odds of a mail into which `step` words were put."""

    step: int
    words: tuple[str, ...]  # all that will be put in
    added: np.ndarray  # (3, 1 + words) log-odds of the empty mail, then what each word so far adds

    @property
    def totals(self) -> np.ndarray:
        """(3,) log-odds of the mail so far: naive Bayes, logistic regression, exact."""
        return self.added.sum(axis=1)


def spam_filter(config: SpamFilterConfig) -> Generator[LogOdds, None, np.ndarray]:
    """Put the words in one by one; returns the three log-odds of the whole mail."""
    every = source()
    x, y = every.draw(config.mails, np.random.default_rng(config.seed))
    models = (naive_bayes(x, y, config.event_model), logistic(x, y))
    words = [word for word in WORDS if word in config.words]
    mails = np.zeros((len(words) + 1, len(WORDS)))
    for k, word in enumerate(words):
        mails[k + 1 :, WORDS.index(word)] = 1
    totals = np.stack([*(model.log_odds(mails) for model in models), every.log_odds(mails)])
    added = np.diff(totals, axis=1, prepend=0.0)
    for step in range(len(words) + 1):
        so_far = np.where(np.arange(len(words) + 1) <= step, added, 0.0)
        yield LogOdds(step, tuple(words), frozen(so_far))
    return totals[:, -1]


def spam_filter_scene(snapshot: LogOdds) -> Scene:
    """What each word adds, and the sum so far."""
    s = snapshot
    labels = ("empty mail", *s.words)
    last = max(len(s.words), 1)
    panels = [
        Panel(
            "Log-odds added by each word",
            [
                Bars(name, role, added.astype(np.float32), labels)
                for (name, role), added in zip(MODELS, s.added)
            ],
            "chart", (-0.5, len(labels) - 0.5), (-6.0, 6.0), ylabel="log-odds of spam",
            caption="exact: what the word adds given the words before it", span=1.6,
        ),
        Panel(
            "Log-odds of the mail so far",
            [
                Curve("p(spam) = 1/2", "neutral", np.array([[0, 0], [last, 0]], np.float32),
                      width=1.0, label=""),
                *(
                    Curve(
                        name, role, np.array([[s.step, total]], np.float32), label="",
                        grows=True,
                    )
                    for (name, role), total in zip(MODELS, s.totals)
                ),
            ],
            "chart", (0.0, float(last)), (-14.0, 14.0), "words", "log-odds of spam",
            caption="above zero the mail is classified as spam",
        ),
    ]  # fmt: skip
    p = 1 / (1 + np.exp(-s.totals))
    exact = float(p[2])
    readings = [
        Reading(f"p(spam | x), {name}", float(value), (exact, exact), "exact", better="neither")
        for (name, _), value in zip(MODELS[:2], p)
    ]
    return Scene(
        panels, s.step, (), (), readings, _sentence(s, p), unit="word", title="Spam filter"
    )


def _sentence(s: LogOdds, p: np.ndarray) -> str:
    """How far the filters are from the exact posterior probability, and why."""
    if not s.step:
        return (
            "An empty mail: its log-odds come from the shares of spam and ham and from twelve "
            "absent words. Every word that is put in changes them."
        )
    mail = ", ".join(s.words[: s.step])
    naive, logistic, exact = 100 * p
    if max(abs(naive - exact), abs(logistic - exact)) > 10:
        return (
            f"“{mail}”: the exact posterior is {exact:.0f} % spam, naive Bayes gives "
            f"{naive:.0f} %, logistic regression {logistic:.0f} %. Both are sums over "
            "words: they cannot know which words occur together."
        )
    return (
        f"“{mail}”: the exact posterior is {exact:.1f} % spam, and both filters lie within 10 "
        "percentage points of it."
    )
