"""What judges a network is exact."""

import numpy as np
import pytest

from explorer.concepts.neural_networks.config import FEATURES
from explorer.concepts.neural_networks.measure import (
    expected_error,
    expected_loss,
    inputs,
    problem,
)
from explorer.nets import generator


@pytest.mark.parametrize("dataset", ["moons", "pinwheel", "checkerboard"])
def test_no_output_beats_the_exact_posterior(dataset):
    known = problem(dataset, 0.3)
    exact, rng = known.test_posterior, np.random.default_rng(0)
    p = np.clip(exact, 1e-9, 1 - 1e-9)
    for kind, best in (("cross_entropy", np.log(p / (1 - p))), ("squared", np.arctanh(2 * p - 1))):
        assert expected_loss(kind, best, exact) == pytest.approx(known.lowest_loss[kind], abs=1e-6)
        assert expected_error(best, exact) == pytest.approx(known.lowest_error, abs=1e-9)
        assert expected_error(-best, exact) == pytest.approx(1 - known.lowest_error, abs=1e-9)
        for size in (0.05, 0.5):
            other = best + size * rng.standard_normal(len(best))
            assert expected_loss(kind, other, exact) > known.lowest_loss[kind]
            assert expected_error(other, exact) >= known.lowest_error


def test_the_bayes_error_is_what_drawn_labels_give():
    known = problem("moons", 0.4)
    x, y = known.source.sample_labelled(20_000, generator(5))
    from explorer.truth.plane import posterior

    wrong = (posterior(known.source, x).argmax(1) != y).double()
    error = wrong.std().item() / len(y) ** 0.5
    assert abs(wrong.mean().item() - known.bayes.value) < 4 * error
    assert abs(known.lowest_error - known.bayes.value) < 0.02


def test_every_feature_is_what_it_is_called():
    x = np.array([[0.5, -2.0]])
    found = inputs(x, tuple(FEATURES))[0]
    wanted = [0.5, -2.0, 0.25, 4.0, -1.0, np.sin(1.0), np.sin(-4.0)]
    np.testing.assert_allclose(found, wanted)
