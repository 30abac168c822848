"""Best of n: order statistics, a closed form, and a bound that a small world confirms."""

from itertools import product

import numpy as np
import pytest

from explorer.concepts.music.best_of_n import BestOfNConfig, bound, choose, shares, win_rate
from explorer.runs import finish


@pytest.mark.parametrize("n", [1, 2, 3])
def test_order_statistics_are_those_of_all_draws(n):
    values = np.array([-1.0, 0.5, 2.0, 4.0])
    exact = np.mean([max(draw) for draw in product(values, repeat=n)])
    assert shares(n, 4) @ values == pytest.approx(exact)
    assert shares(n, 4).sum() == pytest.approx(1)


@pytest.mark.parametrize("n", [2, 4, 16])
def test_the_best_of_n_wins_n_of_n_plus_1_also_with_ties(n):
    rng = np.random.default_rng(0)
    for rewards in (rng.normal(size=80_000), rng.integers(0, 3, 80_000).astype(float)):
        found, error = win_rate(rewards, n, rng)
        assert abs(found - n / (n + 1)) < 4 * error


def test_the_bound_holds_for_every_distribution_and_is_reached_by_many_outcomes():
    rng = np.random.default_rng(0)
    for outcomes, n in ((5, 4), (5, 16), (3000, 8)):
        p = rng.dirichlet(np.ones(outcomes))
        upto = np.cumsum(p)  # the outcomes in the order of their rewards
        q = np.diff(np.r_[0, upto] ** n)
        kl = (q[q > 0] * np.log(q[q > 0] / p[q > 0])).sum()
        assert kl <= bound(n) + 1e-9
    assert kl == pytest.approx(bound(8), abs=0.02)


def test_reward_grows_with_n_and_stays_below_the_frontier():
    snapshots, _ = finish(choose(BestOfNConfig(most=64)))
    kl, reward = snapshots[-1].points.T
    assert [each.step for each in snapshots] == [1, 2, 4, 8, 16, 32, 64]
    assert (np.diff(reward) > 0).all()
    best = np.interp(kl, *snapshots[-1].frontier.T)
    assert (reward <= best + 0.2).all()  # of a sample: MANY melodies
