"""The denoiser and the networks inside it."""

import pytest
import torch

from explorer.concepts.diffusion.model import classes_in_turn
from explorer.concepts.diffusion.network import Denoiser, ImageNet
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.shared.noise_level_net import PlaneNet
from explorer.nets import generator

every_parameterisation = pytest.mark.parametrize("name", PARAMETERISATIONS)
LEVELS = torch.logspace(-2, 2, 9, dtype=torch.float64)[:, None]


def noised(n=9):
    """Data, noise, noise levels and their sum, float64."""
    rng = generator(0)
    x0, eps = (torch.randn(n, 2, generator=rng, dtype=torch.float64) for _ in range(2))
    return x0, eps, LEVELS[:n], x0 + LEVELS[:n] * eps


@every_parameterisation
def test_the_denoiser_goes_with_the_prediction_and_its_loss_is_that_of_the_prediction(name):
    denoiser = Denoiser(PlaneNet(16, 4, generator(0)), name)
    x0, eps, s, x = (value.float() for value in noised())
    denoised, form = denoiser(x, s), denoiser.parameterisation
    torch.testing.assert_close(
        denoised, form.c_skip(s) * x + form.c_out(s) * denoiser.predict(x, s), rtol=1e-4, atol=1e-4
    )
    of_denoised = ((denoised - x0) / form.c_out(s)).square().mean()
    torch.testing.assert_close(denoiser.loss(x0, s, eps), of_denoised, rtol=2e-3, atol=1e-4)


def test_one_noise_level_for_all_is_the_same_as_one_for_each():
    denoiser = Denoiser(PlaneNet(16, 4, generator(0)), "edm")
    x = torch.randn(5, 2, generator=generator(1))
    torch.testing.assert_close(denoiser(x, 0.3), denoiser(x, torch.full((5, 1), 0.3)))


def test_the_untrained_image_network_predicts_zero():
    net = ImageNet(64, 32, 10, generator(0))
    x = torch.randn(4, 64, generator=generator(1))
    assert not net(x, torch.zeros(4, 1), classes_in_turn(4)).any()
