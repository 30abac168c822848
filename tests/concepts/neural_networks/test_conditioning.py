"""The methods fall at the exact rates, and gradient descent diverges where it should."""

import numpy as np
import pytest

from explorer.concepts.neural_networks.conditioning import (
    Conditioning,
    follow,
    rate_gd,
    rate_heavy_ball,
)


@pytest.mark.parametrize("condition", [2.0, 100.0, 1000.0])
def test_gradient_descent_falls_by_its_rate_in_every_step(condition):
    size = np.linalg.norm(follow(Conditioning(condition=condition, steps=30))["gd"], axis=1)
    np.testing.assert_allclose(size[1:] / size[:-1], rate_gd(condition))


def test_the_heavy_ball_falls_by_its_rate_in_the_end():
    size = np.linalg.norm(follow(Conditioning(steps=200))["heavy_ball"], axis=1)
    rate = (size[160] / size[80]) ** (1 / 80)
    assert rate == pytest.approx(rate_heavy_ball(100.0), rel=0.02)


def test_just_above_the_best_rate_gradient_descent_diverges():
    path = follow(Conditioning(factor=1.02, steps=800))["gd"]
    assert np.linalg.norm(path[-1]) > 100


def test_no_learning_rate_beats_the_best_one():
    def left(factor):
        return np.linalg.norm(follow(Conditioning(factor=factor, steps=2500))["gd"][-1])

    assert all(left(1.0) < left(other) for other in (0.5, 0.9, 0.98))
