"""Aligned modes follow their exact curves, and each is half learnt when it should be."""

import numpy as np

from explorer.concepts.neural_networks.plateaus import (
    SINGULAR_VALUES,
    STEP,
    Plateaus,
    exact,
    half_time,
    plateaus,
)
from explorer.runs import finish


def test_aligned_modes_follow_the_exact_curves():
    snapshots, _ = finish(plateaus(Plateaus()))
    last = snapshots[-1]
    assert last.gap < 0.1  # steps are small, not infinitely so
    wanted = [half_time(float(s), 1e-3) for s in SINGULAR_VALUES]
    assert np.abs(last.halves - wanted).max() < 0.03


def test_random_weights_learn_in_the_same_order():
    snapshots, _ = finish(plateaus(Plateaus(start="random", steps=4000)))
    halves = snapshots[-1].halves
    assert (np.diff(halves) > 0).all()


def test_the_exact_curve_solves_its_differential_equation():
    t, h = np.linspace(0, 4, 50), 1e-5
    for s in SINGULAR_VALUES:
        a = exact(s, 1e-3, t)
        slope = (exact(s, 1e-3, t + h) - exact(s, 1e-3, t - h)) / (2 * h)
        np.testing.assert_allclose(slope, 2 * a * (s - a), atol=1e-6)
    assert 1 / SINGULAR_VALUES.max() / 10 > STEP
