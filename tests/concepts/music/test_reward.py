"""REINFORCE: its gradient is that of the objective, and it comes near the exact optimum."""

import numpy as np
import pytest

from explorer.concepts.music.optimum import by_state, evaluate, optimum, reference, sampled
from explorer.concepts.music.reward import Policy, RewardConfig, fine_tune, gradient
from explorer.concepts.music.rules import reward_table
from explorer.runs import finish

WEIGHTS = (-1.0, -1.0, -0.5, -0.5, 3.0, 0.0)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_the_gradient_is_that_of_the_exact_objective(beta):
    """Along a direction in the logits: finite differences of J against the mean of estimates."""
    rng = np.random.default_rng(0)
    start, _ = optimum(WEIGHTS, 3.0)
    policy = 0.5 * start[0] + 0.5 * reference()
    table = reward_table(WEIGHTS)
    direction = by_state(table + 0.3 * rng.normal(size=table.shape))

    def objective(step):
        logits = np.log(policy) + step * direction
        moved = np.exp(logits - logits.max(axis=1, keepdims=True))
        return evaluate(moved / moved.sum(axis=1, keepdims=True), WEIGHTS).objective(beta)

    exact = (objective(1e-4) - objective(-1e-4)) / 2e-4
    found = [
        (gradient(policy, sampled(policy, 400, rng), table, beta) * direction).sum()
        for _ in range(60)
    ]
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - exact) < 4 * error + 0.01 * abs(exact)
    assert error < 0.2 * abs(exact)


def test_a_reward_that_is_the_same_for_all_notes_moves_nothing_on_average():
    """Melodies of one length: a constant is taken off by the baseline."""
    policy, rng = reference(), np.random.default_rng(0)
    melodies = sampled(policy, 500, rng)
    melodies = melodies[(melodies > 0).all(axis=1)]
    assert np.abs(gradient(policy, melodies, np.ones((31, 31)), 0.0)).max() < 1e-12


def test_every_state_gets_a_gradient_that_sums_to_nothing():
    melodies = sampled(reference(), 64, np.random.default_rng(0))
    step = gradient(reference(), melodies, reward_table(WEIGHTS), 0.3)
    np.testing.assert_allclose(step.sum(axis=1), 0, atol=1e-12)


def test_it_comes_near_the_optimum_and_never_beyond_it():
    config = RewardConfig(length=0.0, beta=0.3, steps=400)
    snapshots, policy = finish(fine_tune(config))
    objectives = [each.value.objective(config.beta) for each in snapshots]
    best = snapshots[0].exact.best
    assert max(objectives) < best
    assert objectives[-1] > best - 0.3
    assert isinstance(policy, Policy)
    np.testing.assert_allclose(policy.probabilities.sum(axis=1), 1)
    first = snapshots[0].value
    assert first.kl == pytest.approx(0, abs=1e-6)
