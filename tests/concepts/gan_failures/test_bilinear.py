"""The bilinear game: the iterates lie on the formulas."""

import numpy as np
import pytest

from explorer.concepts.gan_failures.bilinear import (
    RULES,
    UPDATES,
    Bilinear,
    bilinear_scene,
    exact,
    matrix,
    orbits,
)
from explorer.runs import finish
from explorer.scene import gathered


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("size", [0.05, 0.3, 1.0])
def test_the_iterates_are_the_orbit_of_the_formula(rule, size):
    shots, end = finish(orbits(Bilinear(size, 90)))
    scale = np.abs(exact(rule, size, 90)).max()
    whole = np.concatenate([shot.iterates[rule] for shot in shots])
    np.testing.assert_allclose(whole / scale, exact(rule, size, 90) / scale, atol=1e-10)
    np.testing.assert_allclose(
        end.points[rule] / scale, exact(rule, size, 90)[-1] / scale, atol=1e-10
    )


@pytest.mark.parametrize("rule", UPDATES)
def test_an_update_is_its_matrix(rule):
    z = np.array([0.3, -1.2])
    np.testing.assert_allclose(UPDATES[rule](z, 0.4), matrix(rule, 0.4) @ z)


def test_distances_grow_stay_and_shrink_as_the_closed_forms_say():
    h, k = 0.3, np.arange(51)
    radius = {rule: np.linalg.norm(exact(rule, h, 50), axis=1) for rule in RULES}
    np.testing.assert_allclose(radius["simultaneous"], (1 + h * h) ** (k / 2))
    np.testing.assert_allclose(radius["extragradient"], (1 - h * h + h**4) ** (k / 2))
    x, y = exact("alternating", h, 50).T
    np.testing.assert_allclose(x * x + y * y - h * x * y, 1)  # an ellipse, kept for ever
    assert radius["averaged"][-1] < 0.2


def test_every_picture_stays_in_its_frame():
    shots, _ = finish(orbits(Bilinear(1.0, 300)))
    for panel in gathered([bilinear_scene(shot) for shot in shots]).panels[:-1]:
        for mark in panel.marks:
            assert np.nanmax(np.abs(mark.xy)) <= 3


def test_nonsense_is_refused_by_name():
    with pytest.raises(ValueError, match=r"learning_rate must be between .* Got 7.0"):
        Bilinear(7.0)
    with pytest.raises(ValueError, match=r"steps must be .* Got 0"):
        Bilinear(0.1, 0)
