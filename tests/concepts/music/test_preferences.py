"""Choices of a listener, simulated or one's own, and what becomes of them."""

import numpy as np
import pytest

from explorer.concepts.music.bradley_terry import fit
from explorer.concepts.music.preferences import (
    OWN,
    PreferencesConfig,
    agreement,
    chosen,
    differences,
    foreknown,
    learn,
    pairs,
)
from explorer.runs import finish


def test_a_simulated_listener_prefers_what_the_taste_says_with_the_right_frequency():
    config = PreferencesConfig(steps=200)
    difference = differences(pairs(0, 200))
    choices, margin = chosen(config, difference), difference @ np.array(config.taste)
    sure = np.abs(margin) > 4
    assert (choices[sure] == (margin[sure] > 0)).mean() > 0.95
    expected = 1 / (1 + np.exp(-margin))
    error = np.sqrt((expected * (1 - expected)).sum()) / len(margin)
    assert abs(choices.mean() - expected.mean()) < 4 * error


def test_ones_own_choices_are_read_letter_by_letter():
    config = PreferencesConfig(OWN, "aab")
    snapshots, _ = finish(learn(config))
    assert [each.step for each in snapshots] == [3]
    shown = differences(pairs(0, 61))[:3]
    found = snapshots[0].learnt.weights
    assert (shown[0] @ found > 0) or (shown[1] @ found > 0)
    assert np.isnan(snapshots[0].agreement).all()
    with pytest.raises(ValueError, match="choices must be"):
        PreferencesConfig(OWN, "abc")


def test_choices_by_a_coin_are_not_foreseen_and_by_a_rule_they_are():
    difference, rng = differences(pairs(4, 200)), np.random.default_rng(0)
    coin = (rng.random(200) < 0.5).astype(float)
    assert abs(foreknown(difference, coin, 1.0).mean() - 0.5) < 0.12
    rule = (difference[:, 1] < difference[:, 0]).astype(float)
    assert foreknown(difference, rule, 1.0)[50:].mean() > 0.75


def test_more_choices_agree_better_with_the_listener_and_never_better_than_possible():
    found = {}
    for count in (4, 60):
        each = []
        for seed in range(4):
            config = PreferencesConfig(steps=count, seed=seed)
            difference = differences(pairs(seed, 61))[:count]
            learnt = fit(difference, chosen(config, difference), config.prior)
            ours, best = agreement(learnt, config)
            assert ours <= best
            each.append(ours)
        found[count] = np.mean(each)
    assert found[60] > found[4] + 0.03


def test_no_tuned_policy_is_better_than_the_best_at_its_kl():
    snapshots, _ = finish(learn(PreferencesConfig(steps=8)))
    for each in snapshots:
        assert each.tuned.reward <= each.best + 0.05
