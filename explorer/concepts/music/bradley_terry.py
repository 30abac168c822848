r"""A reward learnt from choices: who prefers A to B says something of what A and B are worth.

The Bradley-Terry model: with a reward $r(x) = w \cdot \phi(x)$, where $\phi$ is what the rules
count, A is chosen with probability

$$P(A \succ B) = \sigma\big(w \cdot (\phi(A) - \phi(B))\big)$$

The weights maximise the likelihood of all choices under a normal prior: a concave problem, solved
by Newton's method. Its curvature gives an interval for every weight (Laplace's approximation).

Direct preference optimisation (DPO) leaves the reward out: of a policy, $\beta \log \pi / p$ is
taken for the reward. For the policies $\pi \propto p\,e^{w \cdot \phi / \beta}$ that is the same
fit, since their logarithm differs from $w \cdot \phi / \beta$ by a constant only. For a table of
probabilities it is another: transitions that are in no pair stay as they were.

Bradley and Terry (1952), https://doi.org/10.1093/biomet/39.3-4.324
Christiano et al. (2017), Deep RL from Human Preferences, https://arxiv.org/abs/1706.03741
Rafailov et al. (2023), Direct Preference Optimization, https://arxiv.org/abs/2305.18290
"""

from dataclasses import dataclass

import numpy as np

from explorer.concepts.music.optimum import reference
from explorer.concepts.music.reward import visited, weighted_scores
from explorer.scene import frozen

NEWTON = 30  # steps at most; a handful is enough
DPO_STEPS, DPO_RATE = 200, 1.0


@dataclass(frozen=True, eq=False)
class Fit:
    """Weights of the rules, learnt from choices."""

    weights: np.ndarray  # (rules,)
    deviation: np.ndarray  # (rules,) standard deviations of their posterior


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), also of large numbers."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, float)))


def fit(difference: np.ndarray, chosen: np.ndarray, prior: float) -> Fit:
    """Weights from pairs: difference (n, rules) is that of counts, A minus B; chosen (n,) is 1
    where A was preferred. `prior` is the standard deviation of the weights before any choice."""
    count = difference.shape[1]
    weights, inverse = np.zeros(count), np.eye(count) / prior**2
    for _ in range(NEWTON):
        p = sigmoid(difference @ weights)
        gradient = difference.T @ (chosen - p) - inverse @ weights
        curvature = (difference * (p * (1 - p))[:, None]).T @ difference + inverse
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-10:
            break
    p = sigmoid(difference @ weights)
    curvature = (difference * (p * (1 - p))[:, None]).T @ difference + inverse
    return Fit(frozen(weights), frozen(np.sqrt(np.diag(np.linalg.inv(curvature)))))


def dpo_loss(policy: np.ndarray, winners: np.ndarray, losers: np.ndarray, beta: float) -> float:
    """The mean of -log sigma(beta (log pi/p of the winner - of the loser))."""
    return float(np.logaddexp(0, -_margins(policy, winners, losers, beta)).mean())


def dpo_gradient(
    policy: np.ndarray, winners: np.ndarray, losers: np.ndarray, beta: float
) -> np.ndarray:
    """The gradient (states, size) of the loss for the logits; winners and losers (n, length)."""
    share = beta * sigmoid(-_margins(policy, winners, losers, beta)) / len(winners)
    parts = []
    for melodies in (winners, losers):
        _, alive = visited(melodies)
        parts.append(weighted_scores(policy, melodies, share[:, None] * alive))
    return parts[1] - parts[0]


def dpo(winners: np.ndarray, losers: np.ndarray, beta: float) -> np.ndarray:
    """A table (states, size) that starts as the reference and follows the gradient of the loss.

    Plain gradient descent, the gradient scaled by 1 / beta^2.
    """
    logits = np.log(reference())
    policy = reference()
    for _ in range(DPO_STEPS if len(winners) else 0):
        step = dpo_gradient(policy, winners, losers, beta)
        logits = logits - DPO_RATE / beta**2 * step
        policy = np.exp(logits - logits.max(axis=1, keepdims=True))
        policy /= policy.sum(axis=1, keepdims=True)
    return policy


def _margins(
    policy: np.ndarray, winners: np.ndarray, losers: np.ndarray, beta: float
) -> np.ndarray:
    """(n,) beta times the difference of log pi/p."""
    ratio = np.log(policy / reference())
    both = []
    for melodies in (winners, losers):
        state, alive = visited(melodies)
        both.append((ratio[state, melodies] * alive).sum(axis=1))
    return beta * (both[0] - both[1])
