r"""The best policy for a reward with a KL penalty, exactly, by dynamic programming.

The reference $p$ is the Kneser-Ney n-gram with two notes of context: a state is those two, $s$.
Among all ways to write a melody, $\mathbb{E}\,r - \beta\,\mathrm{KL}(\pi \Vert p)$ is largest for

$$\pi^*(x) \propto p(x)\,e^{r(x)/\beta}, \qquad J^* = \beta \log \sum_x p(x)\,e^{r(x)/\beta}$$

The sum over all melodies of at most 60 notes is taken backwards, from the last note to the first:

$$Z_t(s) = \sum_c p(c \mid s)\,e^{r(s, c)/\beta} Z_{t+1}(sc), \qquad
\pi^*_t(c \mid s) = p(c \mid s)\,e^{r(s, c)/\beta} Z_{t+1}(sc) / Z_t(s)$$

Without a penalty ($\beta = 0$) sums become maxima. Reward and KL of any policy are exact as well:
its distribution over states is carried forwards.

Todorov (2009), Efficient Computation of Optimal Actions, https://doi.org/10.1073/pnas.0710743106
Korbak et al. (2022), RL with KL Penalties is Better Viewed as Bayesian Inference,
https://arxiv.org/abs/2205.11275
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.concepts.music.model import fitted
from explorer.concepts.music.rules import features, reward_table

CAP = 60  # notes of a melody, at most
CONTEXT = 2  # notes that the reference remembers
BETAS = tuple(np.geomspace(10.0, 0.03, 24).tolist())  # of the frontier


@dataclass(frozen=True, eq=False)
class Value:
    """What a policy is worth, exactly; of melodies of at most CAP notes."""

    reward: float
    kl: float  # nats from the reference
    counts: np.ndarray  # (rules,) what each rule counts in a melody, on average

    def objective(self, beta: float) -> float:
        """Reward minus beta times KL."""
        return self.reward - beta * self.kl


@lru_cache(maxsize=1)
def reference() -> np.ndarray:
    """(states, size) p(c | s) of the n-gram; state a * size + b is the notes a, b, 0 for none."""
    gram = fitted("pitches", CONTEXT + 1)
    a, b = np.divmod(np.arange(gram.size**2), gram.size)
    p = gram.probabilities(np.stack([a, b], axis=1))
    p.setflags(write=False)
    return p


@lru_cache(maxsize=1)
def following() -> np.ndarray:
    """(states, size) the state after writing c in a state."""
    states, size = reference().shape
    out = (np.arange(states)[:, None] % size) * size + np.arange(size)[None]
    out.setflags(write=False)
    return out


def by_state(table: np.ndarray) -> np.ndarray:
    """A table (size, size, ...) of the last note and the next, for every state (states, size)."""
    return np.tile(table, (len(table), *[1] * (table.ndim - 1)))


def optimum(weights: tuple[float, ...], beta: float) -> tuple[np.ndarray, float]:
    """The best policy (CAP, states, size) for rules with these weights, and its objective J*.

    With beta 0, the melody with the highest reward; p decides between equal ones.
    """
    p, after = reference(), following()
    r = by_state(reward_table(weights))
    policy = np.empty((CAP, *p.shape))
    tilt = p * np.exp((r - r.max()) / beta) if beta else p
    log_z = np.zeros(len(p))  # at the end of the cap, and after the end of a melody
    for t in range(CAP - 1, -1, -1):
        ahead = log_z[after]
        ahead[:, 0] = 0.0
        if beta:
            top = ahead.max(axis=1, keepdims=True)
            q = tilt * np.exp(ahead - top)
            z = q.sum(axis=1, keepdims=True)
            log_z = (np.log(z) + top)[:, 0] + r.max() / beta
        else:
            total = r + ahead
            best = total.max(axis=1, keepdims=True)
            q = tilt * (total >= best - 1e-9)
            z = q.sum(axis=1, keepdims=True)
            log_z = best[:, 0]
        np.divide(q, z, out=policy[t])
    return policy, float(log_z[0] * (beta or 1.0))


def evaluate(policy: np.ndarray, weights: tuple[float, ...]) -> Value:
    """Reward, KL and counts of a policy (states, size), or (CAP, states, size) by time."""
    p, after, rules = reference(), following(), by_state(features())
    states = len(p)
    at: np.ndarray = np.zeros(states)
    kl = 0.0
    at[0] = 1.0
    visits = np.zeros(p.shape)  # how often c is written in a state, in a melody on average
    for t in range(CAP):
        pi = policy[t] if policy.ndim == 3 else policy
        joint = at[:, None] * pi
        visits += joint
        if policy.ndim == 3:
            kl += _divergence(joint, pi, p)
        at = np.bincount(after[:, 1:].ravel(), joint[:, 1:].ravel(), states)
    if policy.ndim == 2:
        kl = _divergence(visits, policy, p)
    counts = np.einsum("sc,sck->k", visits, rules)
    counts.setflags(write=False)
    return Value(float(counts @ np.asarray(weights)), float(kl), counts)


def _divergence(joint: np.ndarray, pi: np.ndarray, p: np.ndarray) -> float:
    """Sum of joint * log(pi / p), with 0 log 0 = 0."""
    there = joint > 0
    return float((joint[there] * np.log(pi[there] / p[there])).sum())


@lru_cache(maxsize=32)
def frontier(weights: tuple[float, ...]) -> np.ndarray:
    """(betas + 1, 2) KL and reward of the best policies: for each KL the highest reward there is.

    From no KL, the reference, to that of the smallest of BETAS.
    """
    points = [evaluate(reference(), weights)]
    points += [evaluate(optimum(weights, beta)[0], weights) for beta in BETAS]
    out = np.array([[each.kl, each.reward] for each in points])
    out.setflags(write=False)
    return out


def sampled(policy: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """n melodies (n, CAP) of a policy, zeros after their end."""
    after = following()
    state, out = np.zeros(n, int), np.zeros((n, CAP), int)
    alive = np.ones(n, bool)
    sums = None if policy.ndim == 3 else policy.cumsum(axis=1)
    last = policy.shape[-1] - 1
    for t in range(CAP):
        up = policy[t].cumsum(axis=1) if sums is None else sums
        draw = rng.random((n, 1)) * up[state, -1:]
        out[:, t] = np.minimum((draw >= up[state]).sum(axis=1), last) * alive
        state = after[state, out[:, t]]
        alive &= out[:, t] > 0
        if not alive.any():
            break
    return out
