"""The reward learnt from choices: a maximum, unmoved by how pairs are told; DPO is its twin."""

import numpy as np
import pytest

from explorer.concepts.music.bradley_terry import dpo, dpo_gradient, dpo_loss, fit, sigmoid
from explorer.concepts.music.optimum import evaluate, optimum, reference, sampled
from explorer.concepts.music.preferences import differences, pairs

RNG = np.random.default_rng(5)
DIFFERENCE = RNG.normal(size=(40, 6))
CHOSEN = (RNG.random(40) < sigmoid(DIFFERENCE @ np.array([1, -1, 0, 0.5, 2, 0]))).astype(float)


def posterior(weights, prior):
    """The logarithm of what is maximised."""
    margin = np.where(CHOSEN == 1, 1, -1) * (DIFFERENCE @ weights)
    return -np.logaddexp(0, -margin).sum() - (weights**2).sum() / 2 / prior**2


def test_no_other_weights_are_more_probable():
    found = fit(DIFFERENCE, CHOSEN, 1.0).weights
    best = posterior(found, 1.0)
    for _ in range(200):
        assert posterior(found + 0.01 * RNG.normal(size=6), 1.0) < best


def test_scikit_learn_finds_the_same_weights():
    from sklearn.linear_model import LogisticRegression

    theirs = LogisticRegression(C=0.49, fit_intercept=False, tol=1e-10).fit(DIFFERENCE, CHOSEN)
    np.testing.assert_allclose(fit(DIFFERENCE, CHOSEN, 0.7).weights, theirs.coef_[0], atol=1e-5)


def test_a_pair_the_other_way_round_says_the_same():
    one, other = fit(DIFFERENCE, CHOSEN, 1.0), fit(-DIFFERENCE, 1 - CHOSEN, 1.0)
    np.testing.assert_allclose(one.weights, other.weights)
    np.testing.assert_allclose(one.deviation, other.deviation)


def test_without_choices_nothing_but_the_prior_is_known():
    found = fit(np.zeros((0, 6)), np.zeros(0), 0.8)
    assert not found.weights.any()
    np.testing.assert_allclose(found.deviation, 0.8)


def test_the_intervals_hold_what_they_promise():
    """Weights drawn from the prior, over and over: 95 % intervals hold about 95 % of them."""
    rng, held = np.random.default_rng(0), []
    for _ in range(150):
        truth = rng.normal(size=6)
        chosen = (rng.random(40) < sigmoid(DIFFERENCE @ truth)).astype(float)
        found = fit(DIFFERENCE, chosen, 1.0)
        held.append(np.abs(found.weights - truth) < 1.96 * found.deviation)
    assert 0.92 < np.mean(held) < 0.98


@pytest.fixture(scope="module")
def melodies():
    shown = pairs(0, 6)
    return shown[:, 0], shown[:, 1]


def test_the_gradient_of_dpo_is_that_of_its_loss(melodies):
    winners, losers = melodies
    policy = 0.7 * reference() + 0.3 * RNG.dirichlet(np.ones(31), len(reference()))
    direction = RNG.normal(size=policy.shape)

    def loss(step):
        moved = policy * np.exp(step * direction)
        return dpo_loss(moved / moved.sum(axis=1, keepdims=True), winners, losers, 0.7)

    exact = (loss(1e-5) - loss(-1e-5)) / 2e-5
    found = (dpo_gradient(policy, winners, losers, 0.7) * direction).sum()
    assert found == pytest.approx(exact, rel=1e-5)


def test_a_table_fitted_by_dpo_prefers_what_was_chosen_and_leaves_the_rest(melodies):
    winners, losers = melodies
    policy = dpo(winners, losers, 1.0)
    assert dpo_loss(policy, winners, losers, 1.0) < 0.7 * dpo_loss(reference(), winners, losers, 1)
    moved = np.abs(policy - reference()).max(axis=1) > 1e-12
    assert 0 < moved.sum() < 200
    np.testing.assert_allclose(policy.sum(axis=1), 1)


def test_the_optimum_for_learnt_weights_pleases_a_listener_with_many_choices():
    taste = np.array([-1.5, -1.0, -0.5, -0.5, 1.5, 0.0])
    difference = differences(pairs(3, 400))
    chosen = (np.random.default_rng(0).random(400) < sigmoid(difference @ taste)).astype(float)
    policy, _ = optimum(tuple(fit(difference, chosen, 1.0).weights), 1.0)
    best, _ = optimum(tuple(taste), 1.0)
    ours, theirs, start = (
        evaluate(each, tuple(taste)).objective(1.0) for each in (policy, best, reference())
    )
    assert start < ours < theirs
    assert theirs - ours < 0.1 * (theirs - start)


def test_melodies_of_a_pair_are_short_and_not_the_same():
    shown = pairs(1, 20)
    length = (shown > 0).sum(axis=2)
    assert length.min() >= 6
    assert length.max() <= 14
    assert (shown[:, 0] != shown[:, 1]).any(axis=1).all()
    assert not np.array_equal(shown, pairs(2, 20))
    assert sampled(reference(), 2, np.random.default_rng(0)).shape == (2, 60)
