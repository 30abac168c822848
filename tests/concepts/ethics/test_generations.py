"""Closed forms of model collapse, against simulation within its standard error."""

import numpy as np
import pytest

from explorer.concepts.ethics.generations import Frequencies, Gaussians, Names

STRATEGIES = ("replace", "mix", "accumulate")
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES)


def share(strategy):
    return 0.25 if strategy == "mix" else 0.0


@every_strategy
def test_the_mean_variance_of_normal_distributions_is_exact(strategy):
    chain = Gaussians(12, share(strategy), np.random.default_rng(0))
    exact = chain.exact(strategy, 8)
    for t in range(1, 9):
        chain.refit(strategy)
        error = chain.variance.std() / len(chain.variance) ** 0.5
        assert abs(chain.variance.mean() - exact[t]) < 4 * error


def test_the_typical_variance_is_exact():
    chain = Gaussians(12, 0.0, np.random.default_rng(0))
    for t in range(1, 9):
        chain.refit("replace")
        logs = np.log(chain.variance)
        error = logs.std() / len(logs) ** 0.5
        assert abs(logs.mean() - np.log(chain.typical(8)[t])) < 4 * error


@every_strategy
def test_the_probability_that_two_words_differ_is_exact(strategy):
    chain = Frequencies(300, share(strategy), np.random.default_rng(0))
    exact = chain.exact(strategy, 12)
    assert exact[0] == pytest.approx(chain.diversity)
    for t in range(1, 13):
        chain.refit(strategy)
        each = 1 - (chain.p**2).sum(1)
        assert abs(each.mean() - exact[t]) < 4 * each.std() / len(each) ** 0.5 + 1e-6


def test_what_was_lost_stays_lost_and_one_generation_loses_what_is_exactly_expected():
    chain = Frequencies(1000, 0.0, np.random.default_rng(0))
    expected = (1 - (1 - chain.start) ** 1000).sum()
    chain.refit("replace")
    left = (chain.p > 0).sum(1)
    assert abs(left.mean() - expected) < 4 * left.std() / len(left) ** 0.5
    before = chain.p > 0
    chain.refit("replace")
    assert not (chain.p[~before] > 0).any()
    np.testing.assert_allclose(chain.p.sum(1), 1)


def test_accumulating_never_loses_a_word():
    chain = Frequencies(300, 0.0, np.random.default_rng(0))
    chain.refit("accumulate")
    assert (chain.p > 0).all()


def test_names_get_worse_and_less_so_if_they_accumulate():
    loss = {}
    for strategy in ("replace", "accumulate"):
        chain = Names(400, 0.0, np.random.default_rng(0))
        first = chain.bits
        for _ in range(4):
            chain.refit(strategy)
        loss[strategy] = chain.bits - first
        assert all(name[-1] == 0 and 0 not in name[:-1] for name in chain.names)
    assert loss["replace"] > 2 * loss["accumulate"] > 0
