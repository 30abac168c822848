"""What the network predicts: each form becomes the same denoised estimate."""

import pytest
import torch

from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.nets import generator

every_parameterisation = pytest.mark.parametrize("name", PARAMETERISATIONS)
LEVELS = torch.logspace(-2, 2, 9, dtype=torch.float64)[:, None]


def noised(n=9):
    """Data, noise, noise levels and their sum, float64."""
    rng = generator(0)
    x0, eps = (torch.randn(n, 2, generator=rng, dtype=torch.float64) for _ in range(2))
    return x0, eps, LEVELS[:n], x0 + LEVELS[:n] * eps


@every_parameterisation
def test_the_target_becomes_the_data(name):
    x0, _, s, x = noised()
    form = PARAMETERISATIONS[name]
    denoised = form.c_skip(s) * x + form.c_out(s) * form.target(x0, x, s)
    torch.testing.assert_close(denoised, x0)


def test_each_target_is_what_its_name_says():
    x0, eps, s, x = noised()
    expected = {
        "epsilon": eps,
        "x0": x0,
        "velocity": eps - x0,
        "edm": (s * x0 - eps) / (1 + s**2).sqrt(),  # minus the velocity of Salimans and Ho
    }
    assert set(expected) == set(PARAMETERISATIONS)
    for name, target in expected.items():
        torch.testing.assert_close(PARAMETERISATIONS[name].target(x0, x, s), target)


@pytest.mark.parametrize("name", ["edm", "epsilon", "x0"])
def test_the_network_sees_data_of_unit_size_at_every_noise_level(name):
    x0, eps = (torch.randn(4000, 2, generator=generator(seed)) for seed in (0, 1))
    for s in (0.01, 1.0, 100.0):
        level = torch.tensor([[s]])
        seen = PARAMETERISATIONS[name].c_in(level) * (x0 + s * eps)
        assert seen.std().item() == pytest.approx(1, abs=0.05)


def test_a_network_of_straight_flow_sees_the_straight_path():
    x0, eps, s, x = noised()
    t = s / (1 + s)
    torch.testing.assert_close(PARAMETERISATIONS["velocity"].c_in(s) * x, (1 - t) * x0 + t * eps)
