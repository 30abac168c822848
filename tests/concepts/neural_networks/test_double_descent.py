"""The mean test error over training sets is the exact one, within its standard error."""

import numpy as np
import pytest

from explorer.concepts.neural_networks.double_descent import errors, exact, sizes


@pytest.mark.parametrize(("n", "noise"), [(40, 0.2), (20, 0.6)])
def test_the_mean_error_is_the_exact_one(n, noise):
    rng, tried = np.random.default_rng(2), sizes(n)
    tried = tried[np.abs(tried - n) > 4]  # nearer the mean has no variance
    found = np.array([errors(rng, n, noise, tried) for _ in range(200)])
    wanted = np.array([exact(int(p), n, noise) for p in tried])
    error = found.std(0, ddof=1) / len(found) ** 0.5
    assert (np.abs(found.mean(0) - wanted) < 4 * error).all()


def test_there_is_no_mean_next_to_as_many_features_as_examples():
    assert np.isnan([exact(p, 40, 0.2) for p in (39, 40, 41)]).all()
    assert np.isfinite([exact(p, 40, 0.2) for p in (1, 38, 42, 200)]).all()
