"""The numbers of one backward pass are those of the network, and finite differences agree."""

import numpy as np
import pytest

from explorer.concepts.neural_networks import Backward, Config, backward, backward_scene, train
from explorer.concepts.neural_networks.config import ACTIVATIONS
from explorer.runs import finish


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("residual", [False, True])
def test_every_number_follows_from_those_before_it(activation, residual):
    config = Config(steps=20, activation=activation, residual=residual, layers=3)
    _, model = finish(train(config))
    snapshots, _ = finish(backward(Backward(example=7, state="trained"), model))
    n = snapshots[-1].numbers
    assert n.gap < 1e-6 or n.kink
    for k in range(len(n.sums)):
        np.testing.assert_allclose(n.given[k] @ n.weights[k] + n.biases[k], n.sums[k])
        np.testing.assert_allclose(n.deltas[k], n.local[k] * n.by_output[k], atol=1e-12)
        np.testing.assert_allclose(n.gradients[k], np.outer(n.given[k], n.deltas[k]), atol=1e-12)
        if not n.kink:
            np.testing.assert_allclose(n.gradients[k], n.differences[k], atol=1e-6)


def test_the_pass_goes_forward_through_all_layers_and_then_back():
    _, model = finish(train(Config(steps=5)))
    snapshots, _ = finish(backward(Backward(), model))
    stages = [(s.forward, s.backward) for s in snapshots]
    assert stages == [(0, 0), (1, 0), (2, 0), (3, 0), (3, 1), (3, 2), (3, 3)]
    assert "finite differences needed 74 forward passes" in backward_scene(snapshots[-1]).sentence


def test_normalised_networks_are_refused():
    _, model = finish(train(Config(steps=5, normalisation="batch")))
    with pytest.raises(ValueError, match="normalisation must be none"):
        next(backward(Backward(), model))
