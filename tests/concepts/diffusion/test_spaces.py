"""Pixels and latent codes, and back."""

import pytest
import torch

from explorer.concepts.diffusion.spaces import Pixels
from explorer.data import images


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_there_and_back_between_images_and_their_space(name, mnist):
    chosen = images.load(name)
    space = Pixels(chosen) if name == "digits" else mnist[1].space
    with torch.no_grad():
        x = space.encode(chosen.train)
    assert x.mean().item() == pytest.approx(0, abs=0.05)
    assert x.std().item() == pytest.approx(1, abs=0.05)
    if name == "digits":
        torch.testing.assert_close(space.decode(x[:9]), chosen.train[:9])
