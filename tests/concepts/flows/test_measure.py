"""What counts as outside the data."""

import pytest

from explorer.concepts.flows.measure import OUTSIDE, support_level
from explorer.data import plane
from explorer.nets import generator


@pytest.mark.parametrize("name", ["moons", "checkerboard"])
def test_as_few_real_points_lie_outside_the_data_as_is_said(name):
    dist, rng = plane.get(name), generator(12)
    level = support_level(dist, dist.sample(20_000, rng))
    outside = (dist.log_density(dist.sample(20_000, rng)) < level).double().mean().item()
    assert outside <= 2 * OUTSIDE
