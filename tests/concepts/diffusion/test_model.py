"""Trained denoisers of images."""

import torch

from explorer.concepts.diffusion.model import ImageModel, classes_in_turn
from explorer.concepts.shared.image_grid import examples
from explorer.data import images
from explorer.nets import generator


def test_the_label_that_is_asked_for_changes_the_estimate_and_none_is_none(digits):
    _, model = digits
    x = torch.randn(10, 64, generator=generator(0))
    none = torch.full((10,), 10)
    torch.testing.assert_close(model.denoise(x, 1.0), model.denoise(x, 1.0, none))
    assert not torch.allclose(model.denoise(x, 1.0), model.denoise(x, 1.0, classes_in_turn(10)))


def test_the_model_says_which_images_it_was_trained_on(digits):
    _, model = digits
    assert isinstance(model, ImageModel)
    assert model.images is images.load("digits")
    assert examples(model.images).shape == (20, 64)
