"""The exact optimum: against all melodies of a small world, and no policy is better."""

from itertools import pairwise, product

import numpy as np
import pytest

from explorer.concepts.music import optimum as dp
from explorer.concepts.music import rules

WEIGHTS = (-1.0, -1.0, -0.5, -0.5, 3.0, 0.15)
SIZE, SHORT = 3, 4  # tokens (0 ends) and notes of the small world
betas = pytest.mark.parametrize("beta", [2.0, 0.5, 0.1, 0.0])


@pytest.fixture
def small(monkeypatch):
    """A world of two notes and melodies of at most four, in which all melodies can be listed."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(SIZE), SIZE * SIZE)
    after = (np.arange(SIZE * SIZE)[:, None] % SIZE) * SIZE + np.arange(SIZE)
    counted = rng.normal(size=(SIZE, SIZE, len(rules.RULES)))
    monkeypatch.setattr(dp, "CAP", SHORT)
    monkeypatch.setattr(dp, "reference", lambda: p)
    monkeypatch.setattr(dp, "following", lambda: after)
    monkeypatch.setattr(dp, "features", lambda: counted)
    monkeypatch.setattr(dp, "reward_table", lambda weights: counted @ np.asarray(weights))
    return p, counted @ np.asarray(WEIGHTS)


def every_melody(p, table):
    """(melody, probability under p, reward) of everything that can be written."""
    for tokens in product(range(SIZE), repeat=SHORT):
        if any(a == 0 and b != 0 for a, b in pairwise(tokens)):
            continue
        a = b = 0
        probability, reward = 1.0, 0.0
        for c in tokens:
            probability *= p[a * SIZE + b, c]
            reward += table[b, c]
            a, b = b, c
            if c == 0:
                break
        yield tokens, probability, reward


def probability(policy, tokens):
    """Of a melody under a policy by time."""
    a = b = 0
    found = 1.0
    for t, c in enumerate(tokens):
        found *= policy[t, a * SIZE + b, c]
        a, b = b, c
        if c == 0:
            break
    return found


@pytest.mark.parametrize("beta", [2.0, 0.5, 0.1])
def test_the_optimum_is_the_tilted_reference_over_all_melodies(small, beta):
    melodies, p, r = map(np.array, zip(*every_melody(*small), strict=True))
    assert p.sum() == pytest.approx(1)
    tilted = p * np.exp(r / beta)
    policy, objective = dp.optimum(WEIGHTS, beta)
    assert objective == pytest.approx(beta * np.log(tilted.sum()))
    found = [probability(policy, each) for each in melodies]
    np.testing.assert_allclose(found, tilted / tilted.sum(), rtol=1e-9)


def test_without_penalty_it_is_the_best_melody_of_all(small):
    rewards = [r for _, _, r in every_melody(*small)]
    policy, objective = dp.optimum(WEIGHTS, 0.0)
    assert objective == pytest.approx(max(rewards))
    assert dp.evaluate(policy, WEIGHTS).reward == pytest.approx(max(rewards))


@betas
def test_reward_and_kl_are_those_over_all_melodies(small, beta):
    melodies, p, r = map(np.array, zip(*every_melody(*small), strict=True))
    policy, _ = dp.optimum(WEIGHTS, beta)
    q = np.array([probability(policy, each) for each in melodies])
    value = dp.evaluate(policy, WEIGHTS)
    there = q > 0
    assert value.reward == pytest.approx((q * r).sum())
    assert value.kl == pytest.approx((q[there] * np.log(q[there] / p[there])).sum(), abs=1e-12)


@betas
def test_the_optimum_is_worth_what_it_promises(beta):
    policy, objective = dp.optimum(WEIGHTS, beta)
    np.testing.assert_allclose(policy.sum(axis=2), 1)
    assert dp.evaluate(policy, WEIGHTS).objective(beta) == pytest.approx(objective)


def test_the_reference_has_no_kl_and_the_frontier_rises_ever_more_slowly():
    assert dp.evaluate(dp.reference(), WEIGHTS).kl == pytest.approx(0)
    kl, reward = dp.frontier(WEIGHTS).T
    assert (np.diff(kl) > 0).all()
    gains = np.diff(reward) / np.diff(kl)
    assert (np.diff(gains) < 1e-9).all()


def test_no_policy_lies_above_the_frontier():
    """A mixture of the optimum and the reference, and an optimum for other rules."""
    best, _ = dp.optimum(WEIGHTS, 1.0)
    other, _ = dp.optimum((1.0, 1.0, 1.0, 0.0, 0.0, 0.0), 1.0)
    for policy in (0.5 * best + 0.5 * dp.reference(), 0.5 * best + 0.5 * other, other):
        value = dp.evaluate(policy, WEIGHTS)
        for beta in (3.0, 1.0, 0.3):
            assert value.objective(beta) <= dp.optimum(WEIGHTS, beta)[1] + 1e-9


def test_samples_have_the_counts_that_are_computed():
    policy, _ = dp.optimum(WEIGHTS, 1.0)
    melodies = dp.sampled(policy, 4000, np.random.default_rng(0))
    counted, exact = rules.counts(melodies), dp.evaluate(policy, WEIGHTS).counts
    error = counted.std(axis=0) / np.sqrt(len(counted))
    assert (np.abs(counted.mean(axis=0) - exact) < 4 * error + 1e-9).all()
