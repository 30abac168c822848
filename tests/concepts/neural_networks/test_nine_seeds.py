"""The first of nine seeds is the run itself."""

import pytest

from explorer.concepts.neural_networks import Config, NineSeeds, nine_seeds, train
from explorer.runs import finish


def test_the_first_seed_is_the_run_itself():
    config = Config(steps=200, seed=4)
    many, _ = finish(nine_seeds(NineSeeds(config)))
    one, _ = finish(train(config))
    assert many[-1].seeds == tuple(range(4, 13))
    assert many[-1].errors[0] == pytest.approx(one[-1].test_error, abs=1e-6)
