r"""The spam-filter example: mails of twelve words, present or absent, with an exact distribution.

Each class is a mixture of two topics, and words are independent given the topic. So within a
class they are dependent ("free" comes with "winner"), and the assumption of naive Bayes, words
independent given the class, is wrong. There are 2^12 = 4,096 different mails: every error is a
sum over all of them, without the noise of a test set.

Both models are linear in the log-odds, log p(spam | x) / p(ham | x) = b + w.x. Naive Bayes
(generative) gets b and w by counting words in each class, logistic regression (discriminative)
fits them directly.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
McCallum and Nigam (1998), A comparison of event models for naive Bayes text classification
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

EVENT_MODELS: dict[str, str] = {"bernoulli": "Bernoulli", "multinomial": "multinomial"}
WORDS = (
    "free", "winner", "prize", "click", "loan", "money",
    "meeting", "report", "invoice", "thanks", "lunch", "weekend",
)  # fmt: skip
SPAM = 0.4  # share of spam
RARE = 0.03  # probability of a word that has nothing to do with the topic
TOPICS: dict[str, list[tuple[float, dict[str, float]]]] = {
    "ham": [
        (0.6, {"meeting": 0.5, "report": 0.5, "invoice": 0.3, "thanks": 0.4, "click": 0.1,
               "money": 0.15, "free": 0.1}),
        (0.4, {"lunch": 0.4, "weekend": 0.5, "thanks": 0.4, "free": 0.35, "money": 0.15,
               "winner": 0.1, "click": 0.05}),
    ],
    "spam": [
        (0.5, {"free": 0.7, "winner": 0.8, "prize": 0.8, "click": 0.6, "money": 0.3,
               "thanks": 0.1}),
        (0.5, {"loan": 0.7, "money": 0.7, "click": 0.4, "free": 0.25, "invoice": 0.2,
               "report": 0.05}),
    ],
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Linear:
    """A trained model of either kind: log p(spam | x) / p(ham | x) = bias + x . weights."""

    bias: float
    weights: np.ndarray  # (12,)

    def log_odds(self, x: np.ndarray) -> np.ndarray:
        """(n,) for mails (n, 12)."""
        return self.bias + x @ self.weights


@dataclass(frozen=True, eq=False)
class Source:
    """Every possible mail with its exact probability."""

    mails: np.ndarray  # (4096, 12) 0 or 1
    joint: np.ndarray  # (4096, 2) p(x, ham), p(x, spam)
    bayes: float  # Bayes error, exact
    limits: dict[str, float]  # exact error of each model after infinitely many mails

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """n mails (n, 12) and whether each is spam (n,)."""
        at = rng.choice(self.joint.size, n, p=self.joint.reshape(-1))
        return self.mails[at // 2].astype(np.float64), at % 2

    def error(self, model: Linear) -> float:
        """The exact share of mails that `model` misclassifies."""
        return self.error_of(model.log_odds(self.mails))

    def error_of(self, log_odds: np.ndarray) -> float:
        """The exact share of misclassified mails, from the log-odds of all mails (4096,)."""
        return float(np.where(log_odds > 0, self.joint[:, 0], self.joint[:, 1]).sum())

    def log_odds(self, x: np.ndarray) -> np.ndarray:
        """The exact log-odds (n,) of mails (n, 12)."""
        at = (x @ (1 << np.arange(len(WORDS))[::-1])).astype(int)
        ham, spam = self.joint[at].T
        return np.log(spam) - np.log(ham)


@lru_cache(maxsize=1)
def source() -> Source:
    """The source. 50 ms, once."""
    numbers = np.arange(1 << len(WORDS))
    mails = (numbers[:, None] >> np.arange(len(WORDS))[::-1]) & 1
    given = []
    for topics in (TOPICS["ham"], TOPICS["spam"]):
        total = np.zeros(len(mails))
        for share, often in topics:
            p = np.array([often.get(word, RARE) for word in WORDS])
            total += share * np.prod(np.where(mails == 1, p, 1 - p), axis=1)
        given.append(total)
    joint = np.stack(given, axis=1) * (1 - SPAM, SPAM)
    every = Source(mails.astype(np.float64), joint, float(joint.min(axis=1).sum()), {})
    x, y = np.repeat(every.mails, 2, axis=0), np.tile([0, 1], len(mails))
    weight = joint.reshape(-1)
    for event_model in EVENT_MODELS:
        every.limits[event_model] = every.error(naive_bayes(x, y, event_model, 0.0, weight))
    every.limits["logistic"] = every.error(logistic(x, y, 0.0, weight))
    for array in (every.mails, every.joint):
        array.setflags(write=False)
    return every


def naive_bayes(
    x: np.ndarray,
    y: np.ndarray,
    event_model: str = "bernoulli",
    smoothing: float = 1.0,
    weight: np.ndarray | None = None,
) -> Linear:
    """Count the words of each class in mails x (n, 12), y (n,); `smoothing` is added to each count.

    Bernoulli: a word is present with probability p_wc, and its absence counts, too. Multinomial:
    each word of a mail is drawn from the shares of all words, and absence says nothing.
    """
    w = np.ones(len(y)) if weight is None else weight
    own = [w * (y == label) for label in (0, 1)]
    size = [each.sum() for each in own]
    counts = np.stack([each @ x for each in own]) + smoothing  # (2, 12)
    prior = np.log((size[1] + smoothing) / (size[0] + smoothing))
    if event_model == "multinomial":
        share = counts / counts.sum(axis=1, keepdims=True)
        return Linear(float(prior), np.log(share[1] / share[0]))
    p = counts / (np.array(size)[:, None] + 2 * smoothing)
    present, absent = np.log(p[1] / p[0]), np.log((1 - p[1]) / (1 - p[0]))
    return Linear(float(prior + absent.sum()), present - absent)


def logistic(
    x: np.ndarray,
    y: np.ndarray,
    penalty: float = 1.0,
    weight: np.ndarray | None = None,
    bias_penalty: float = 0.01,
) -> Linear:
    """Logistic regression by Newton's method: lowers -log p(y | x) + penalty |w|^2 / 2.

    The bias is hardly penalised: only enough to be finite when all mails are of one class.
    """
    n, words = x.shape
    sizes = np.ones(n) if weight is None else weight
    phi = np.concatenate([np.ones((n, 1)), x], axis=1)
    penalties = np.diag([bias_penalty if penalty else 0.0] + [penalty] * words)
    theta = np.zeros(words + 1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-phi @ theta))
        gradient = phi.T @ (sizes * (p - y)) + penalties @ theta
        curvature = phi.T @ (phi * (sizes * p * (1 - p))[:, None]) + penalties
        step = np.linalg.solve(curvature, gradient)
        theta = theta - step / max(1.0, float(np.abs(step).max()) / 4)  # damped
        if np.abs(step).max() < 1e-9:
            break
    return Linear(float(theta[0]), theta[1:])
