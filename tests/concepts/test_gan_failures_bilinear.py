"""The game of two numbers: what is played lies on what is known."""

import numpy as np
import pytest

from explorer.concepts.gan_failures.bilinear import (
    PLAY,
    WAYS,
    Bilinear,
    exact,
    matrix,
    orbits,
    orbits_scene,
)
from explorer.runs import finish


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [0.05, 0.3, 1.0])
def test_the_orbit_played_is_the_orbit_of_the_formula(way, size):
    shots, end = finish(orbits(Bilinear(size, 90)))
    scale = np.abs(exact(way, size, 90)).max()
    np.testing.assert_allclose(
        shots[-1].played[way] / scale, exact(way, size, 90) / scale, atol=1e-10
    )
    np.testing.assert_allclose(end[way] / scale, exact(way, size, 90)[-1] / scale, atol=1e-10)


@pytest.mark.parametrize("way", PLAY)
def test_a_round_is_its_matrix(way):
    z = np.array([0.3, -1.2])
    np.testing.assert_allclose(PLAY[way](z, 0.4), matrix(way, 0.4) @ z)


def test_distances_grow_stay_and_shrink_as_the_closed_forms_say():
    h, k = 0.3, np.arange(51)
    radius = {way: np.linalg.norm(exact(way, h, 50), axis=1) for way in WAYS}
    np.testing.assert_allclose(radius["at_once"], (1 + h * h) ** (k / 2))
    np.testing.assert_allclose(radius["extragradient"], (1 - h * h + h**4) ** (k / 2))
    x, y = exact("in_turns", h, 50).T
    np.testing.assert_allclose(x * x + y * y - h * x * y, 1)  # an ellipse, kept for ever
    assert radius["averaged"][-1] < 0.2


def test_every_picture_stays_in_its_frame():
    shots, _ = finish(orbits(Bilinear(1.0, 300)))
    for panel in orbits_scene(shots[-1]).panels[:-1]:
        for mark in panel.marks:
            assert np.nanmax(np.abs(mark.xy)) <= 3


def test_nonsense_is_refused_by_name():
    with pytest.raises(ValueError, match=r"size must be between .* Got 7"):
        Bilinear(7)
    with pytest.raises(ValueError, match=r"rounds must be .* Got 0"):
        Bilinear(0.1, 0)
