"""Inpainting and SDEdit: with an exact denoiser, so that the right result is known."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import diffusion
from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.edit import (
    EditConfig,
    drawing_of,
    edit,
    editing,
    example,
)
from explorer.concepts.diffusion.forward import ForwardConfig, forward
from explorer.concepts.diffusion.model import ImageModel, PlaneModel
from explorer.concepts.diffusion.reverse import ReverseConfig, reverse
from explorer.concepts.diffusion.spaces import Pixels
from explorer.concepts.shared.drawing import decode_drawing
from explorer.data import images, plane
from explorer.nets import generator


def exact(name):
    """A model that knows the exact denoised estimate for a distribution of the plane."""
    return PlaneModel(Config(name), lambda x, s: x + s**2 * plane.get(name).noised(1, s).score(x))


class Gaussian:
    """The exact denoised estimate for images that are normal with this mean and covariance."""

    def __init__(self, x):
        self.mean, self.covariance = x.mean(0), torch.cov(x.T) + 0.05 * torch.eye(x.shape[1])

    def __call__(self, x, s, label=None):
        system = self.covariance + s**2 * torch.eye(len(self.mean))
        return self.mean + torch.linalg.solve(system, (x - self.mean).T).T @ self.covariance


@pytest.fixture(scope="module")
def digits():
    chosen = images.load("digits")
    space = Pixels(chosen)
    return ImageModel(Config.usual("digits"), Gaussian(space.encode(chosen.train)), space)


def ink(pixels):
    """Pixels uint8 as rows (n, d) in 0..1."""
    return torch.from_numpy(pixels.reshape(-1, 64) / 255).float()


def test_every_stop_of_every_process_is_a_scene(digits):
    mine = EditConfig(editing(example("digits")), steps=3)
    for scene, snapshots in [
        (diffusion.forward_scene, forward(ForwardConfig("grid"))),
        (diffusion.forward_scene, forward(ForwardConfig("mnist"))),
        (diffusion.reverse_scene, reverse(ReverseConfig(steps=3), exact("grid"))),
        (diffusion.reverse_scene, reverse(ReverseConfig(steps=3), digits)),
        (diffusion.edit_scene, edit(mine, digits)),
    ]:
        layouts = set()
        for snapshot in snapshots:
            shown = scene(snapshot)
            assert shown.sentence
            assert shown.step == getattr(snapshot, "step", None)
            layouts.add(tuple((p.title, p.kind, p.xlim, p.ylim) for p in shown.panels))
        assert len(layouts) == 1, "nothing jumps"


@pytest.mark.parametrize("shape", [(8, 8), (28, 28)])
def test_a_drawing_and_its_mask_survive_as_text(shape):
    rng = np.random.default_rng(0)
    image, mask = rng.integers(0, 256, shape).astype(np.uint8), rng.random(shape) < 0.3
    back, marked = decode_drawing(editing(image, mask))
    np.testing.assert_array_equal(back, image)
    np.testing.assert_array_equal(marked, mask)


def test_without_a_mark_the_lower_half_is_inpainted():
    _, mask = decode_drawing(editing(example("digits")))
    assert not mask[:4].any()
    assert mask[4:].all()


def test_an_empty_pad_and_broken_text_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="drawing must hold some ink"):
        EditConfig(drawing_of(None))
    for broken in ("nonsense", "8:AAAA", "9999999:eJwDAAAAAAE="):
        with pytest.raises(ValueError, match="drawing must be"):
            EditConfig(broken)


def test_what_is_known_stays_exactly_as_it_was_drawn(digits):
    image = example("digits")
    *_, last = edit(EditConfig(editing(image), steps=8), digits)
    known = ~decode_drawing(last.config.drawing)[1]
    assert (last.denoised[:, known] == image[known]).all()
    assert last.change < 1e-6
    assert len({result.tobytes() for result in last.denoised}) > 1, "several results, not one"


def test_what_is_inpainted_is_drawn_from_what_the_known_half_makes_likely(digits):
    """With the exact denoiser for normal images: the conditional of a normal is known exactly."""
    model, image, rng = digits.denoiser, example("digits"), generator(7)
    mask = torch.from_numpy(decode_drawing(editing(image))[1].ravel())
    x0, c, known = digits.encode(ink(image))[0], model.covariance, ~mask
    weights = torch.linalg.solve(c[known][:, known], c[known][:, mask])
    mean = model.mean[mask] + (x0[known] - model.mean[known]) @ weights
    factor = torch.linalg.cholesky(c[mask][:, mask] - c[mask][:, known] @ weights)
    exact_ones = x0.repeat(4000, 1)
    exact_ones[:, mask] = mean + torch.randn(4000, len(mean), generator=rng) @ factor.T
    expected = digits.decode(exact_ones)[:, mask]
    samples, config = [], EditConfig(editing(image), steps=20, resamplings=6)
    for seed in range(6):
        *_, last = edit(replace(config, seed=seed), digits)
        samples.append(ink(last.denoised)[:, mask])
    prior = digits.decode(model.mean[None])[:, mask]
    gap = (torch.cat(samples).mean(0) - expected.mean(0)).abs().mean()
    assert gap < 0.25 * (prior - expected.mean(0)).abs().mean() + 0.02
    assert torch.cat(samples).std(0).mean() == pytest.approx(expected.std(0).mean().item(), rel=0.2)


def test_a_drawing_returns_from_little_noise_and_not_from_much(digits):
    mine = editing(example("digits"))
    little, much = (
        list(edit(EditConfig(mine, "sdedit", noise_level=s, steps=8), digits))[-1].change
        for s in (0.1, 5.0)
    )
    assert little < 0.05 < much


def test_a_drawing_of_another_size_is_refused(digits):
    with pytest.raises(ValueError, match=r"drawing must be of \(8, 8\) pixels"):
        next(edit(EditConfig(editing(example("mnist"))), digits))
