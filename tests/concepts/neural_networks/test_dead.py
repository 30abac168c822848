"""The share of dead networks is the exact probability, within its standard error."""

import numpy as np
import pytest

from explorer.concepts.neural_networks.dead import Dead, dead, exact
from explorer.runs import finish


@pytest.mark.parametrize(("width", "depth"), [(1, 3), (3, 10), (5, 20)])
def test_as_many_are_dead_as_theory_says(width, depth):
    config = Dead(width=width, depth=depth, networks=20_000)
    snapshots, _ = finish(dead(config))
    for s in snapshots:
        p = float(exact(width, np.array(s.step)))
        error = (p * (1 - p) / config.networks) ** 0.5
        assert abs(s.dead / config.networks - p) <= 4 * error
    assert [s.dead for s in snapshots] == sorted(s.dead for s in snapshots)
