"""The rotation of a run is that of its gradient: known for the bilinear game, small for noise."""

from math import atan, cos

import numpy as np
import pytest

from explorer.concepts.gan_failures.bilinear import exact, matrix
from explorer.concepts.gan_failures.config import Config
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.gan_failures.rotation import (
    LAGS,
    correlation,
    lowest_of_noise,
    period,
    rotation,
)


def gradients(rule: str, h: float, steps: int = 400) -> np.ndarray:
    """The gradients of x y along the exact orbit, (steps + 1, 2)."""
    z = exact(rule, h, steps)
    return np.stack([-z[:, 1], z[:, 0]], axis=1)


@pytest.mark.parametrize("h", [0.05, 0.2, 0.7])
def test_the_bilinear_game_rotates_by_the_angle_of_its_matrix(h):
    for rule, angle in (("simultaneous", atan(h)), ("extragradient", atan(h / (1 - h * h)))):
        c = correlation(gradients(rule, h))
        np.testing.assert_allclose(c, [cos(lag * angle) for lag in range(LAGS + 1)], atol=1e-12)
        assert abs(np.angle(np.linalg.eigvals(matrix(rule, h)))) == pytest.approx(angle)


def test_one_player_sees_the_rotation_of_both():
    c = correlation(gradients("alternating", 0.1)[:, :1])
    assert rotation(c) == pytest.approx(-1, abs=1e-3)
    assert period(c) == pytest.approx(2 * np.pi / 0.1, abs=2)


def test_a_constant_gradient_does_not_rotate():
    steady = np.tile([[1.0, 2.0]], (50, 1))
    np.testing.assert_allclose(correlation(steady), 1)
    np.testing.assert_array_equal(correlation(0 * steady), 0)


def test_noise_alone_lies_above_its_floor_in_99_of_100():
    noise = np.random.default_rng(7).standard_normal((400, 500, 2))
    below = (correlation(noise).min(axis=0) < lowest_of_noise(400)).mean()
    assert below <= 0.02
    assert -0.2 < lowest_of_noise(400) < -0.1


def test_every_seed_has_its_own_gradients():
    gan = RemediedGAN(Config().setup(), [0, 1])
    assert gan.autocorrelation().shape == (1, 2)
    for _ in range(8):
        gan.train_step()
    np.testing.assert_allclose(gan.autocorrelation()[0], 1)
    assert gan.autocorrelation().shape == (5, 2)
    alone = RemediedGAN(Config().setup(), [1])
    for _ in range(8):
        alone.train_step()
    np.testing.assert_allclose(
        gan.autocorrelation()[:, 1], alone.autocorrelation()[:, 0], atol=1e-4
    )
