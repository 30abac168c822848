"""The exact tests, against SciPy and against simulation."""

import numpy as np
import pytest
from scipy import stats

from explorer.concepts.ethics import measure
from explorer.concepts.ethics.watermark import Watermark

GREEN, GUMBEL = Watermark("green", 0, gamma=0.3), Watermark("gumbel", 0)


@pytest.mark.parametrize("n", [0, 1, 7, 400])
def test_the_tails_are_those_of_the_binomial_and_the_gamma_distribution(n):
    k = np.arange(n + 1)
    found = measure.binomial(n, 0.3)
    np.testing.assert_allclose(found, stats.binom.sf(k - 1, n, 0.3), rtol=1e-9)
    for s in (0.5, n, 1.5 * n + 1):
        exact = stats.gamma.sf(s, n) if n else 1.0
        assert measure.gamma_tail(s, n) == pytest.approx(exact, rel=1e-9)


def test_p_values_are_the_tails_at_the_totals():
    totals, counted = np.array([12.0, 40.0]), np.array([30, 50])
    np.testing.assert_allclose(
        measure.p_values(totals, counted, GREEN), stats.binom.sf(totals - 1, counted, 0.3)
    )
    np.testing.assert_allclose(
        measure.p_values(totals, counted, GUMBEL), stats.gamma.sf(totals, counted)
    )


@pytest.mark.parametrize("mark", [GREEN, GUMBEL], ids=str)
def test_the_critical_z_is_the_first_that_chance_reaches_seldom_enough(mark):
    z = measure.critical_z(60, mark)
    assert measure.tail_of_z(np.array([z]), 60, mark)[0] <= measure.LEVEL
    assert measure.tail_of_z(np.array([z - 0.3]), 60, mark)[0] > measure.LEVEL


def test_too_few_tokens_are_never_detected():
    """All of 6 green has probability 0.3^6 < 1/1000, all of 5 has more."""
    assert np.isinf(measure.critical_z(5, GREEN))
    assert np.isfinite(measure.critical_z(6, GREEN))
    assert np.isinf(measure.critical_z(0, GUMBEL))


@pytest.mark.parametrize("mark", [GREEN, GUMBEL], ids=str)
def test_the_tail_of_z_is_what_independent_numbers_give(mark):
    u = np.random.default_rng(0).random((40_000, 25))
    z = mark.z(mark.scores(u).sum(1), np.int64(25))
    for at in (-1.0, 0.4, 2.0):
        exact = float(measure.tail_of_z(np.array([at]), 25, mark)[0])
        error = (exact * (1 - exact) / len(u)) ** 0.5
        assert abs((z >= at - 1e-9).mean() - exact) < 4 * error
