"""A linear state with eigenvalue 1 counts exactly; training comes close to it."""

import torch

from explorer.concepts.neural_networks.recurrence import (
    Recurrence,
    RecurrentNetwork,
    recurrence,
    sequences,
)
from explorer.nets import generator
from explorer.runs import finish


def test_a_state_that_keeps_itself_and_adds_counts_exactly():
    network = RecurrentNetwork(1, "linear", generator(0))
    for layer, weight in ((network.inward, 1.0), (network.across, 1.0), (network.outward, 1.0)):
        layer.weight.data.fill_(weight)
        layer.bias.data.zero_()
    x = sequences(5, 200, generator(1))
    torch.testing.assert_close(network(x)[0], x.cumsum(1))


def test_training_finds_the_eigenvalue_of_a_counter_and_goes_on_counting():
    snapshots, _ = finish(recurrence(Recurrence(steps=400, length=10)))
    first, last = snapshots[0], snapshots[-1]
    assert last.within < 0.1 * first.within
    assert abs(last.eigenvalue - 1) < 0.05
    assert last.errors[-1] < 1


def test_a_saturating_state_does_not_count_far():
    snapshots, _ = finish(recurrence(Recurrence(steps=300, length=10, state_activation="tanh")))
    last = snapshots[-1]
    assert last.errors[-1] > 2 * last.within
