"""Sharpness is the largest eigenvalue of the Hessian, and it comes to rest at 2 / eta."""

import numpy as np
import pytest
import torch

from explorer.concepts.neural_networks.sharpness import (
    DigitsNetwork,
    Sharpness,
    largest_eigenvalue,
    sharpness,
)
from explorer.nets import generator
from explorer.runs import finish


class Small(DigitsNetwork):
    SIZES = (64, 2, 10)


def test_the_power_iteration_finds_the_largest_eigenvalue_of_the_hessian():
    network, rng = Small(30, generator(1)), generator(2)
    start = torch.randn(network.theta.numel(), generator=rng)
    hessian = torch.autograd.functional.hessian(network.loss, network.theta)
    wanted = torch.linalg.eigvalsh(hessian).abs().max().item()
    found, _ = largest_eigenvalue(network, network.theta, start, 200)
    assert abs(found) == pytest.approx(wanted, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("learning_rate", [0.3, 0.5])
def test_the_sharpness_hovers_at_two_by_the_learning_rate(learning_rate):
    snapshots, _ = finish(sharpness(Sharpness(learning_rate=learning_rate, steps=1200)))
    late = np.array([s.sharpness for s in snapshots[-20:]]) * learning_rate / 2
    assert 0.85 < late.mean() < 1.3
    assert snapshots[-1].loss < snapshots[20].loss / 2
