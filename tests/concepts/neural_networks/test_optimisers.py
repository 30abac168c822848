"""The optimisers are those of torch.optim."""

import numpy as np
import pytest
import torch

from explorer.concepts.neural_networks.optimisers import Optimiser

KINDS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")


@pytest.mark.parametrize("kind", KINDS)
def test_updates_are_those_of_torch(kind):
    rng = np.random.default_rng(1)
    theta = rng.standard_normal(20)
    twin = torch.nn.Parameter(torch.tensor(theta))
    other = {
        "sgd": lambda: torch.optim.SGD([twin], lr=0.05),
        "momentum": lambda: torch.optim.SGD([twin], lr=0.05, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD([twin], lr=0.05, momentum=0.9, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop([twin], lr=0.05),
        "adam": lambda: torch.optim.Adam([twin], lr=0.05),
    }[kind]()
    own = Optimiser(kind, theta)
    for _ in range(40):
        gradient = rng.standard_normal(20)
        own.update(gradient, 0.05)
        twin.grad = torch.tensor(gradient)
        other.step()
    np.testing.assert_allclose(theta, twin.detach().numpy(), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_frozen_does_not_move(kind):
    theta = np.ones(4)
    own = Optimiser(kind, theta)
    own.trained = np.array([1.0, 0, 1, 0])
    for _ in range(5):
        own.update(np.ones(4), 0.1)
    assert (theta[[1, 3]] == 1).all()
    assert (theta[[0, 2]] < 1).all()
