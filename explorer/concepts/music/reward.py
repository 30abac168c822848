r"""Fine-tuning by reward: REINFORCE on a table, with a KL penalty to the reference.

The policy $\pi_\theta$ starts as the reference $p$. A batch of melodies is written, each is scored,
and what scored better than the others is made more probable:

$$\nabla J = \mathbb{E} \sum_t (G_t - b_t)\, \nabla \log \pi_\theta(x_t \mid s_t), \qquad
G_t = \sum_{u \ge t} r(s_u, x_u) - \beta \log \frac{\pi_\theta(x_u \mid s_u)}{p(x_u \mid s_u)}$$

with the mean of $G_t$ over the batch as baseline $b_t$. The best policy is known exactly
(`optimum`), so what REINFORCE misses can be seen.

Williams (1992), Simple Statistical Gradient-Following Algorithms, https://doi.org/10.1007/BF00992696
Jaques et al. (2017), Sequence Tutor, https://arxiv.org/abs/1611.02796
"""

from collections.abc import Generator
from dataclasses import astuple, dataclass

import numpy as np
import torch
from torch import nn

from explorer import config as c
from explorer.concepts.music.optimum import (
    Value,
    evaluate,
    frontier,
    optimum,
    reference,
    sampled,
)
from explorer.concepts.music.rules import RULES, pitches, reward_table
from explorer.data.chorales import BEAT
from explorer.optim import Adam
from explorer.scene import frozen

FRAMES = 60
MANY = 200  # melodies of which the different ones are counted
LAST = 0.05  # share of the learning rate that is left at the end


@dataclass(frozen=True)
class RewardConfig:
    """What each rule is worth, and how far the policy may go for it."""

    accidental: float = c.number(-1.0, -3.0, 3.0, 0.25)
    leap: float = c.number(-1.0, -3.0, 3.0, 0.25)
    repetition: float = c.number(-0.5, -3.0, 3.0, 0.25)
    outside: float = c.number(-0.5, -3.0, 3.0, 0.25)
    tonic: float = c.number(3.0, -3.0, 6.0, 0.25)
    length: float = c.number(0.15, -0.5, 0.5, 0.05)
    beta: float = c.number(1.0, 0.0, 5.0, 0.05)
    learning_rate: float = c.number(0.03, 1e-3, 0.3, log=True)
    batch: int = c.integer(256, 16, 1024, 16)
    steps: int = c.steps(1000, 5000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def weights(self) -> tuple[float, ...]:
        """What each of RULES is worth."""
        return astuple(self)[: len(RULES)]

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return ("data/bach_chorales.npz",)


@dataclass(frozen=True, eq=False)
class Exact:
    """What is known before anything is learnt; the same in every snapshot."""

    reference: Value
    optimum: Value
    best: float  # the objective of the optimum, J*
    frontier: np.ndarray  # (n, 2) KL and reward of the best policies
    melodies: tuple[np.ndarray, np.ndarray]  # (notes, 3) of the reference and of the optimum
    different: tuple[float, float]  # share of different melodies among MANY of each


@dataclass(frozen=True, eq=False)
class RewardSnapshot:
    """The policy after `step` updates."""

    step: int
    config: RewardConfig
    exact: Exact
    value: Value
    melody: np.ndarray  # (notes, 3) start and duration in sixteenths, pitch
    different: float  # share of different melodies among MANY samples


@dataclass(frozen=True, eq=False)
class Policy:
    """A policy (states, size): the probability of each next note after the last two."""

    probabilities: np.ndarray

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n melodies (n, CAP), zeros after their end."""
        return sampled(self.probabilities, n, np.random.default_rng(seed))

    def weights(self) -> dict[str, np.ndarray]:
        """The table by its name."""
        return {"probabilities": self.probabilities}


class Reinforce:
    """The logits of a policy, and one update after the other."""

    def __init__(self, config: RewardConfig) -> None:
        self.config, self.p, self.rng = config, reference(), np.random.default_rng(config.seed)
        self.table = reward_table(config.weights)
        self.logits = nn.Parameter(torch.from_numpy(np.log(self.p)).float())
        self.adam = Adam([self.logits], config.learning_rate, (0.9, 0.99))
        self.updates = 0

    @property
    def policy(self) -> np.ndarray:
        """(states, size) probabilities."""
        return self.logits.detach().double().softmax(1).numpy()

    def update(self) -> None:
        """Write a batch, score it, and follow the gradient."""
        left = max(LAST, 1 - self.updates / self.config.steps)
        policy = self.policy
        melodies = sampled(policy, self.config.batch, self.rng)
        step = gradient(policy, melodies, self.table, self.config.beta)
        self.adam.flat.grad.copy_(-torch.from_numpy(step).reshape(-1))
        self.adam.rate = left * self.config.learning_rate
        self.adam.step()
        self.updates += 1


def gradient(
    policy: np.ndarray, melodies: np.ndarray, table: np.ndarray, beta: float
) -> np.ndarray:
    """An estimate of dJ / dlogits (states, size) from melodies (n, CAP) that the policy wrote.

    `table` (size, size) is the reward of a note after another.
    """
    melodies = melodies[:, : int((melodies > 0).sum(axis=1).max()) + 1]
    state, alive = visited(melodies)
    surprise = np.log(policy[state, melodies] / reference()[state, melodies])
    gained = (table[state % policy.shape[1], melodies] - beta * surprise) * alive
    to_go = gained[:, ::-1].cumsum(axis=1)[:, ::-1]
    baseline = (to_go * alive).sum(axis=0) / np.maximum(1, alive.sum(axis=0))
    return weighted_scores(policy, melodies, (to_go - baseline) * alive / len(melodies))


def visited(melodies: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The state before each note of melodies (n, length), and whether it is still written."""
    size, first = reference().shape[1], np.zeros((len(melodies), 1), int)
    b = np.concatenate([first, melodies[:, :-1]], axis=1)
    a = np.concatenate([first, b[:, :-1]], axis=1)
    alive = np.concatenate([first == 0, np.cumprod(b[:, 1:] > 0, axis=1) > 0], axis=1)
    return a * size + b, alive


def weighted_scores(policy: np.ndarray, melodies: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The gradient (states, size) of the sum of weight (n, length) * log policy over all notes.

    The logarithm of a softmax has the gradient 1 - pi at what was written and -pi elsewhere, so
    two sums over all notes are enough.
    """
    states, size = policy.shape
    state, _ = visited(melodies)
    written = np.bincount((state * size + melodies).ravel(), weight.ravel(), states * size)
    each = np.bincount(state.ravel(), weight.ravel(), states)
    return written.reshape(states, size) - each[:, None] * policy


def fine_tune(config: RewardConfig) -> Generator[RewardSnapshot, None, Policy]:
    """Compute the exact optimum, then learn by REINFORCE; the first snapshot is the reference."""
    learner, known = Reinforce(config), exact(config)
    shown = early(config.steps)
    for step in range(config.steps + 1):
        if step in shown:
            policy = learner.policy
            value = evaluate(policy, config.weights)
            yield RewardSnapshot(step, config, known, value, *described(policy, config.seed))
        if step < config.steps:
            learner.update()
    return Policy(frozen(learner.policy))


def early(steps: int) -> set[int]:
    """The steps that are shown: more of the early ones, where most moves.

    >>> sorted(early(3)), sorted(early(1000))[:5]
    ([0, 1, 2, 3], [0, 1, 2, 3, 4])
    """
    if steps <= FRAMES:
        return set(range(steps + 1))
    part = np.linspace(0, 1, FRAMES + 1)
    return set(np.rint(steps * part**2).astype(int).tolist()) | set(range(4))


def exact(config: RewardConfig) -> Exact:
    """The reference and the optimum of a config, and the frontier between them."""
    best, objective = optimum(config.weights, config.beta)
    ours, theirs = (described(each, config.seed) for each in (reference(), best))
    return Exact(
        evaluate(reference(), config.weights),
        evaluate(best, config.weights),
        objective,
        frontier(config.weights),
        (ours[0], theirs[0]),
        (ours[1], theirs[1]),
    )


def described(policy: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """A melody of a policy as notes, and the share of different ones among MANY."""
    melodies = sampled(policy, MANY, np.random.default_rng(seed))
    return notes(melodies[0]), len(np.unique(melodies, axis=0)) / MANY


def notes(melody: np.ndarray) -> np.ndarray:
    """A melody (CAP,), zeros after its end, as notes (n, 3) of a beat each, the last of two."""
    pitch = pitches()[melody[melody > 0]]
    start = BEAT * np.arange(len(pitch))
    length = np.full(len(pitch), BEAT)
    length[-1:] = 2 * BEAT
    return frozen(np.stack([start, length, pitch], axis=1))
