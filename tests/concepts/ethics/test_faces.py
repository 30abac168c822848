"""The faces, their classifiers, and the denoiser that learns them."""

import pytest
import torch

from explorer.concepts.ethics import faces
from explorer.concepts.ethics.denoiser import Denoiser, sample
from explorer.concepts.ethics.faces import GLASSES, HAT
from explorer.nets import generator


def test_the_training_data_have_the_correlation_that_was_chosen():
    _, values = faces.correlated(4000, 0.8, 0)
    for hat, share in ((1, 0.8), (0, 0.2)):
        found = values[values[:, HAT] == hat, GLASSES].double().mean()
        assert abs(found - share) < 4 * (0.16 / 2000) ** 0.5


def test_the_classifiers_are_right_on_faces_that_they_were_not_fitted_to():
    glasses, hat = faces.classifiers()
    x, values = faces.correlated(1000, 0.5, 7)
    assert (glasses(x) == (values[:, GLASSES] == 1)).double().mean() > 0.99
    assert (hat(x) == (values[:, HAT] == 1)).double().mean() > 0.98


def test_what_is_seen_in_the_principal_components_is_classified_as_in_the_pixels():
    x, values = faces.correlated(1500, 0.5, 0)
    mean, axes = faces.principal(x)
    codes = (x - mean) @ axes.T / axes.square().sum(1)
    assert codes.var(0).mean() == pytest.approx(1, abs=0.02)
    shown = codes @ axes + mean
    assert (faces.classifiers()[0](shown) == (values[:, GLASSES] == 1)).double().mean() > 0.99


def test_an_untrained_denoiser_is_that_of_standard_normal_data_and_samples_them():
    """F = 0 leaves D = x / (1 + sigma^2), which is exact for N(0, I)."""
    net = Denoiser(3, 16, 2, generator(0))
    noise = torch.randn(4000, 3, generator=generator(1))
    x = sample(net, noise, 40)
    assert abs(x.std().item() - 1) < 0.03
    slope = (x * noise).mean() / noise.square().mean()
    torch.testing.assert_close(x, slope * noise)


def test_the_loss_is_that_of_the_denoised_estimate_weighted_to_unit_size():
    net, rng = Denoiser(3, 16, 2, generator(0)), generator(2)
    torch.nn.init.normal_(net.last.weight, generator=rng)
    x0, eps = torch.randn(2, 50, 3, generator=rng)
    label = torch.randint(3, (50,), generator=rng)
    error = net(x0 + 0.7 * eps, 0.7, label) - x0
    expected = error.square().mean() * (1 + 0.7**2) / 0.7**2
    found = net.loss(x0, torch.full((50, 1), 0.7), eps, label)
    torch.testing.assert_close(found, expected)


def test_guidance_of_weight_one_is_the_class_and_of_zero_is_any():
    net = Denoiser(3, 16, 2, generator(0))
    torch.nn.init.normal_(net.last.weight, generator=generator(1))
    x, label = torch.randn(5, 3, generator=generator(2)), torch.ones(5, dtype=torch.int64)
    torch.testing.assert_close(net.guided(label, 1.0)(x, 0.5), net(x, 0.5, label))
    torch.testing.assert_close(net.guided(label, 0.0)(x, 0.5), net(x, 0.5))
    beyond = net(x, 0.5) + 3 * (net(x, 0.5, label) - net(x, 0.5))
    torch.testing.assert_close(net.guided(label, 3.0)(x, 0.5), beyond)
