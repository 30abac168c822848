"""The noise floors and the z-scores that are measured in them."""

import numpy as np
import pytest

from explorer.concepts.metrics import measure_images, measure_text
from explorer.concepts.metrics.classifier import IMAGE_SETS
from explorer.concepts.metrics.config import Config
from explorer.concepts.metrics.measure import IMAGE_METRICS, TEXT_METRICS, noise_floors, stored
from explorer.concepts.metrics.text import TextConfig


def test_a_z_score_of_one_is_the_edge_of_the_noise_floor():
    values = np.array([[10.0 + 0.1 * k, 0.5, *np.zeros(8)] for k in range(-3, 4)])
    found = noise_floors(IMAGE_METRICS, values)
    floor, row = found.floors[0], np.zeros(len(IMAGE_METRICS))
    for edge, z in ((floor.high, 1), (floor.mean, 0), (floor.low, -1)):
        assert found.z_scores(np.array([edge, *row[1:]]))[0] == pytest.approx(z, abs=1e-6)


@pytest.mark.parametrize(("name", "measured"), [
    ("digits", lambda n: measure_images.perfect_values("digits", n)),
    ("moby", measure_text.perfect_values),
])  # fmt: skip
def test_the_stored_values_of_perfect_sets_are_those_that_are_measured(name, measured):
    np.testing.assert_allclose(stored(name, 50), measured(50), rtol=0.01, atol=0.01)
    assert stored(name, 51) is None


@pytest.mark.parametrize("n", range(50, 1001, 50))
def test_noise_floors_are_stored_for_every_number_of_samples_of_the_slider(n):
    for name in IMAGE_SETS:
        assert stored(name, Config(name, samples=n).count).shape == (40, len(IMAGE_METRICS))
    assert stored("moby", TextConfig(samples=n).count).shape == (40, len(TEXT_METRICS))
    assert Config("digits", samples=1000).count == 250
