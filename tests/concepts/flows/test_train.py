"""Training closes the gap to the exact density."""

import pytest
import torch

from explorer.concepts.flows.config import COUPLINGS, Config
from explorer.concepts.flows.train import train
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish

every_kind = pytest.mark.parametrize("kind", COUPLINGS)


@every_kind
def test_training_closes_the_gap_and_a_gap_is_never_below_zero(kind):
    tiny = {"layers": 2, "hidden": 16, "bins": 6, "batch": 128, "learning_rate": 5e-3}
    config = Config.usual("moons", kind, steps=40, seed=3, **tiny)
    snapshots, model = finish(train(config))
    first, last = snapshots[0].scores, snapshots[-1].scores
    assert last.gap < 0.75 * first.gap
    assert last.gap > 0
    assert last.mass == pytest.approx(1, abs=0.01)
    own = plane.get("moons").sample(2000, generator(11))
    gap = (plane.get("moons").log_density(own) - model.log_density(own)).mean().item()
    assert gap == pytest.approx(last.gap, abs=0.1)


def test_before_training_the_flow_is_the_identity():
    first = next(train(Config(steps=5)))
    torch.testing.assert_close(torch.tensor(first.as_noise), torch.tensor(first.fixed.real),
                               atol=1e-5, rtol=0)  # fmt: skip
