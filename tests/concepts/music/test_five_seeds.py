"""Five seeds side by side: each is the run that it would be alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from explorer.concepts.music.five_seeds import FiveSeedsConfig, interval, train_five
from explorer.concepts.music.reward import RewardConfig, fine_tune
from explorer.runs import finish


def test_each_of_them_is_the_run_that_it_would_be_alone():
    config = FiveSeedsConfig(RewardConfig(batch=32, seed=4), steps=6)
    snapshots, policies = finish(train_five(config))
    for number in (0, 3):
        alone = replace(config.base, steps=6, seed=4 + number)
        last, policy = finish(fine_tune(alone))
        np.testing.assert_array_equal(policies.each[number].probabilities, policy.probabilities)
        objective = last[-1].value.objective(alone.beta)
        assert snapshots[-1].objectives[number] == objective


def test_the_interval_of_the_mean_is_students():
    values = np.array([1.0, 1.2, 0.9, 1.4, 1.1])
    mean, half = interval(values)
    low, high = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert (mean - half, mean + half) == pytest.approx((low, high), abs=1e-3)
