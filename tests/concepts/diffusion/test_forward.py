"""The forward process gives exactly the noised distribution."""

import numpy as np
import pytest

from explorer.concepts.diffusion.forward import TIMES, ForwardConfig, forward
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.data import plane
from explorer.nets import generator
from explorer.truth.distances import sliced_wasserstein
from explorer.truth.floors import noise_floor


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_noised_points_have_the_exact_noised_distribution(schedule):
    snapshots = list(forward(ForwardConfig("moons", schedule)))
    assert len(snapshots) == TIMES + 1
    for snapshot in snapshots[::15]:
        s = snapshot.noise_level
        scale = SCHEDULES[schedule].alpha(s)
        there = plane.get("moons").noised(scale, scale * s) if s else plane.get("moons")
        fresh = there.sample(len(snapshot.noised), generator(5))
        floor = noise_floor("sliced_wasserstein", there, len(fresh), None, 32)
        assert sliced_wasserstein(snapshot.noised, fresh, 32) <= 1.5 * floor.high


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_least_error_rises_from_nothing_to_that_of_the_mean(schedule):
    first, *_, last = forward(ForwardConfig("ring", schedule))
    np.testing.assert_array_equal(first.noised, first.data)
    error = last.least_error[:, 1]
    assert error[0] < 0.05
    assert error[-1] > 0.95
    assert (np.diff(error) > -0.03).all()
    assert last.signal[schedule][0, 1] > 0.99
    assert last.signal[schedule][-1, 1] < 0.01


def test_images_become_noise_too():
    first, *_, last = forward(ForwardConfig("digits", "cosine"))
    np.testing.assert_array_equal(first.noised, first.data)
    assert abs(np.corrcoef(last.noised.ravel(), last.data.ravel())[0, 1]) < 0.2
