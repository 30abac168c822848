"""The rotation of a game is that of its arrows: known for the bilinear game, small for noise."""

from math import atan, cos

import numpy as np
import pytest

from explorer.concepts.gan_failures.bilinear import exact, matrix
from explorer.concepts.gan_failures.config import Config
from explorer.concepts.gan_failures.game import Games
from explorer.concepts.gan_failures.rotation import LAGS, correlation, least, rotation, turn


def arrows(way: str, h: float, rounds: int = 400) -> np.ndarray:
    """The slopes of x y along the exact orbit, (rounds + 1, 2)."""
    z = exact(way, h, rounds)
    return np.stack([-z[:, 1], z[:, 0]], axis=1)


@pytest.mark.parametrize("h", [0.05, 0.2, 0.7])
def test_the_bilinear_game_rotates_by_the_angle_of_its_matrix(h):
    for way, angle in (("at_once", atan(h)), ("extragradient", atan(h / (1 - h * h)))):
        c = correlation(arrows(way, h))
        np.testing.assert_allclose(c, [cos(lag * angle) for lag in range(LAGS + 1)], atol=1e-12)
        assert abs(np.angle(np.linalg.eigvals(matrix(way, h)))) == pytest.approx(angle)


def test_one_player_sees_the_rotation_of_both():
    c = correlation(arrows("in_turns", 0.1)[:, :1])
    assert rotation(c) == pytest.approx(-1, abs=1e-3)
    assert turn(c) == pytest.approx(2 * np.pi / 0.1, abs=2)


def test_arrows_that_keep_their_way_do_not_rotate():
    steady = np.tile([[1.0, 2.0]], (50, 1))
    np.testing.assert_allclose(correlation(steady), 1)
    np.testing.assert_array_equal(correlation(0 * steady), 0)


def test_noise_alone_lies_above_its_floor_in_99_of_100():
    noise = np.random.default_rng(7).standard_normal((400, 500, 2))
    below = (correlation(noise).min(axis=0) < least(400)).mean()
    assert below <= 0.02
    assert -0.2 < least(400) < -0.1


def test_every_seed_has_its_own_arrows():
    games = Games(Config().rules(), [0, 1])
    assert games.turning().shape == (1, 2)
    for _ in range(8):
        games.round()
    np.testing.assert_allclose(games.turning()[0], 1)
    assert games.turning().shape == (5, 2)
    alone = Games(Config().rules(), [1])
    for _ in range(8):
        alone.round()
    np.testing.assert_allclose(games.turning()[:, 1], alone.turning()[:, 0], atol=1e-4)
