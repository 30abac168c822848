"""Taste from choices: pairs of melodies, a reward learnt from them, and the policy it leads to.

Whoever listens says which of two melodies is better, a few dozen times. A Bradley-Terry model makes
weights of the rules of that, and the exact optimum for these weights is computed. A simulated
listener chooses by weights that are known, so it can be seen how many choices are needed, and that
too small a KL penalty exploits the errors of the reward that was learnt.

Ouyang et al. (2022), Training Language Models to Follow Instructions,
https://arxiv.org/abs/2203.02155
Gao, Schulman and Hilton (2023), Reward Model Overoptimization, https://arxiv.org/abs/2210.10760
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer import config as c
from explorer.concepts.music.bradley_terry import Fit, dpo, fit, sigmoid
from explorer.concepts.music.optimum import (
    CAP,
    Value,
    evaluate,
    frontier,
    optimum,
    reference,
    sampled,
)
from explorer.concepts.music.reward import Policy, notes
from explorer.concepts.music.rules import counts
from explorer.config import frame_steps
from explorer.scene import frozen

FRAMES = 12
MOST = 60  # choices of a visitor
SHORT = (6, 14)  # notes of a melody in a pair
FRESH = 2000  # pairs on which agreement is measured
BETAS = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25, 0.12)  # of the path of the learnt reward
OWN = "own"
# Weights in the order of RULES: accidentals, leaps, repetitions, out of range, ends on C, notes.
TASTES: dict[str, tuple[float, ...]] = {
    "strict": (-1.5, -1.0, -0.5, -0.5, 1.5, 0.0),
    "adventurous": (0.75, 0.5, -1.0, 0.0, 0.0, -0.1),
    "brief": (0.0, -0.3, 0.5, 0.0, 1.0, -0.5),
}
LISTENERS: dict[str, str] = {
    "strict": "strict",
    "adventurous": "adventurous",
    "brief": "likes it brief",
    OWN: "myself",
}


@dataclass(frozen=True)
class PreferencesConfig:
    """Who chooses, how often, and what is done with it. A step is a choice."""

    listener: str = c.choice("strict", LISTENERS)
    choices: str = ""  # a visitor's own: "a" or "b" for every pair
    beta: float = c.number(1.0, 0.05, 5.0, 0.05)
    prior: float = c.number(1.0, 0.1, 5.0, 0.1)  # standard deviation of the weights
    steps: int = c.steps(40, 200)  # choices of a simulated listener
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "choices")
        if len(self.choices) > MOST or set(self.choices) - {"a", "b"}:
            raise ValueError(
                f"choices must be at most {MOST} letters, a or b. Got {self.choices[:20]!r}."
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return ("data/bach_chorales.npz",)

    @property
    def taste(self) -> tuple[float, ...] | None:
        """The weights of a simulated listener; None of a visitor."""
        return TASTES.get(self.listener)


@dataclass(frozen=True, eq=False)
class PreferencesSnapshot:
    """What is known after `step` choices."""

    step: int
    config: PreferencesConfig
    pair: tuple[np.ndarray, np.ndarray]  # notes of the melodies to choose from next
    learnt: Fit
    predicted: tuple[int, int]  # choices that were foreseen by those before, of so many
    agreement: tuple[float, float]  # share of fresh pairs like the listener; the best possible
    path: np.ndarray  # (betas, 2) KL and reward of the optima for the learnt weights
    frontier: np.ndarray  # (n, 2) the best there is for the listener's reward
    tuned: Value  # of the optimum for the learnt weights, at this beta, in the listener's reward
    direct: Value  # of a table fitted by DPO to the same choices
    best: float  # the highest reward there is at the KL of the tuned policy
    melody: np.ndarray  # notes of the tuned policy


@lru_cache(maxsize=8)
def pairs(seed: int, count: int) -> np.ndarray:
    """(count, 2, CAP) melodies of the reference that are short enough to be compared by ear."""
    rng, found = np.random.default_rng(seed), np.zeros((0, CAP), int)
    while len(found) < 2 * count:
        some = sampled(reference(), 16 * count, rng)
        length = (some > 0).sum(axis=1)
        found = np.concatenate([found, some[(length >= SHORT[0]) & (length <= SHORT[1])]])
    out = found[: 2 * count].reshape(count, 2, CAP)
    out.setflags(write=False)
    return out


def differences(shown: np.ndarray) -> np.ndarray:
    """(n, rules) what the rules count in the first melody of each pair, minus the second."""
    return counts(shown[:, 0]) - counts(shown[:, 1])


def chosen(config: PreferencesConfig, difference: np.ndarray) -> np.ndarray:
    """(n,) 1 where the first melody of a pair was preferred, of all choices there are."""
    if config.taste is None:
        return np.array([letter == "a" for letter in config.choices], float)
    p = sigmoid(difference[: config.steps] @ np.array(config.taste))
    return (np.random.default_rng(config.seed).random(len(p)) < p).astype(float)


def learn(config: PreferencesConfig) -> Generator[PreferencesSnapshot, None, Policy]:
    """Choice by choice for a simulated listener; of a visitor's, what all of them together say."""
    shown = pairs(config.seed, max(MOST, config.steps) + 1)
    difference = differences(shown)
    choices = chosen(config, difference)
    count = len(choices)
    foreseen = foreknown(difference[:count], choices, config.prior)
    steps = frame_steps(count, FRAMES) if config.taste is not None else [count]
    policy = reference()
    for step in steps:
        learnt = fit(difference[:step], choices[:step], config.prior)
        policy, _ = optimum(tuple(learnt.weights), config.beta)
        taste = config.taste or tuple(learnt.weights.tolist())
        tuned = evaluate(policy, taste)
        winner = choices[:step].astype(int) == 1
        first, second = shown[:step, 0], shown[:step, 1]
        direct = dpo(
            np.where(winner[:, None], first, second),
            np.where(winner[:, None], second, first),
            config.beta,
        )
        known = frontier(taste)
        yield PreferencesSnapshot(
            step,
            config,
            (notes(shown[step, 0]), notes(shown[step, 1])),
            learnt,
            (int(foreseen[:step].sum()), step),
            agreement(learnt, config),
            path(learnt, taste),
            known,
            tuned,
            evaluate(direct, taste),
            float(np.interp(tuned.kl, known[:, 0], known[:, 1])),
            notes(sampled(policy, 1, np.random.default_rng(config.seed))[0]),
        )
    return Policy(frozen(policy))


def foreknown(difference: np.ndarray, choices: np.ndarray, prior: float) -> np.ndarray:
    """(n,) whether each choice was foreseen by the fit of those before it; the first counts half
    of the time: nothing was known."""
    found = np.zeros(len(choices))
    for k in range(len(choices)):
        margin = float(difference[k] @ fit(difference[:k], choices[:k], prior).weights)
        found[k] = 0.5 if margin == 0 else float((margin > 0) == (choices[k] == 1))
    return found


def agreement(learnt: Fit, config: PreferencesConfig) -> tuple[float, float]:
    """On fresh pairs, how often the learnt reward prefers what the listener does, and how often
    the listener's own weights would: NaN for a visitor."""
    if config.taste is None:
        return float("nan"), float("nan")
    difference = differences(pairs(config.seed + 1_000_003, FRESH))
    p = sigmoid(difference @ np.array(config.taste))
    margin = difference @ learnt.weights
    ours = np.where(margin > 0, p, np.where(margin < 0, 1 - p, 0.5))
    return float(ours.mean()), float(np.maximum(p, 1 - p).mean())


def path(learnt: Fit, taste: tuple[float, ...]) -> np.ndarray:
    """(betas + 1, 2) KL and reward, in the listener's eyes, of the optima for what was learnt."""
    found = [evaluate(reference(), taste)]
    weights = tuple(learnt.weights.tolist())
    found += [evaluate(optimum(weights, beta)[0], taste) for beta in BETAS]
    return frozen(np.array([[each.kl, each.reward] for each in found]))
