"""Destroying, making and painting: with exact denoisers, so that the right result is known."""

import numpy as np
import pytest
import torch

from explorer.concepts import diffusion
from explorer.concepts.diffusion.config import Config, usual
from explorer.concepts.diffusion.forward import TIMES, ForwardConfig, forward
from explorer.concepts.diffusion.images import ImageModel
from explorer.concepts.diffusion.paint import (
    PaintConfig,
    drawing,
    example,
    image_and_mask,
    paint,
    painting,
)
from explorer.concepts.diffusion.plane import PlaneModel
from explorer.concepts.diffusion.reverse import ReverseConfig, reverse
from explorer.concepts.diffusion.samplers import SAMPLERS
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.space import Pixels
from explorer.data import images, plane
from explorer.nets import generator
from explorer.truth.distances import sliced_wasserstein
from explorer.truth.floors import noise_floor


def exact(name):
    """A model that knows the exact guess for a distribution of the plane."""
    return PlaneModel(Config(name), lambda x, s: x + s**2 * plane.get(name).noised(1, s).score(x))


class Gaussian:
    """The exact guess for images that are normal with this mean and covariance."""

    def __init__(self, x):
        self.mean, self.covariance = x.mean(0), torch.cov(x.T) + 0.05 * torch.eye(x.shape[1])

    def __call__(self, x, s, label=None):
        system = self.covariance + s**2 * torch.eye(len(self.mean))
        return self.mean + torch.linalg.solve(system, (x - self.mean).T).T @ self.covariance


@pytest.fixture(scope="module")
def digits():
    chosen = images.load("digits")
    space = Pixels(chosen)
    return ImageModel(usual("digits"), Gaussian(space.encode(chosen.train)), space)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_noised_points_have_the_exact_noised_distribution(schedule):
    snapshots = list(forward(ForwardConfig("moons", schedule)))
    assert len(snapshots) == TIMES + 1
    for snapshot in snapshots[::15]:
        s = snapshot.strength
        scale = SCHEDULES[schedule].shown(s)
        there = plane.get("moons").noised(scale, scale * s) if s else plane.get("moons")
        fresh = there.sample(len(snapshot.noised), generator(5))
        floor = noise_floor("sliced_wasserstein", there, len(fresh), None, 32)
        assert sliced_wasserstein(snapshot.noised, fresh, 32) <= 1.5 * floor.high


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_what_can_be_recovered_is_lost_from_everything_to_nothing(schedule):
    first, *_, last = forward(ForwardConfig("ring", schedule))
    np.testing.assert_array_equal(first.noised, first.data)
    error = last.unsure[:, 1]
    assert error[0] < 0.05
    assert error[-1] > 0.95
    assert (np.diff(error) > -0.03).all()
    assert last.paces[schedule][0, 1] > 0.99
    assert last.paces[schedule][-1, 1] < 0.01


def test_images_drown_too():
    first, *_, last = forward(ForwardConfig("digits", "cosine"))
    np.testing.assert_array_equal(first.noised, first.data)
    assert abs(np.corrcoef(last.noised.ravel(), last.data.ravel())[0, 1]) < 0.2


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_with_the_exact_score_every_stop_is_where_it_should_be(sampler):
    rungs = 20 if sampler == "heun" else 60
    *_, last = reverse(ReverseConfig(sampler, "cosine", rungs), exact("ring"))
    assert last.strength == 0
    assert last.marks.modes == 8
    assert last.marks.distance <= 1.3 * last.marks.distance_floor.high
    gap = last.distances[:, 1] - last.perfect[:, 1]
    assert gap.max() < 0.15


def test_the_learnt_arrows_of_the_exact_model_are_the_exact_arrows():
    for stop in reverse(ReverseConfig(rungs=6), exact("moons")):
        np.testing.assert_allclose(stop.pull, stop.exact_pull, atol=2e-3)


def test_one_step_lands_near_the_average_of_all_data():
    first, last = reverse(ReverseConfig("ddim", rungs=1), exact("grid"))
    assert np.abs(last.x).mean() < 0.1 < np.abs(first.real).mean()
    assert "average" in diffusion.reverse_scene(last).sentence


def test_a_walk_of_n_steps_has_n_plus_one_stops_and_ends_without_noise():
    stops = list(reverse(ReverseConfig(rungs=7), exact("ring")))
    assert [stop.step for stop in stops] == list(range(8))
    assert [stop.strength for stop in stops] == sorted((s.strength for s in stops), reverse=True)
    assert stops[-1].evaluations == 13


def test_a_walk_that_leaves_all_numbers_ends_in_a_sentence():
    wild = PlaneModel(Config("ring"), lambda x, s: x * 1e30)
    with pytest.raises(FloatingPointError, match="Keep the guess inside the box"):
        list(reverse(ReverseConfig(rungs=9), wild))


def test_every_stop_of_every_process_is_a_scene(digits):
    mine = PaintConfig(drawing(example("digits")), rungs=3)
    for scene, stops in [
        (diffusion.forward_scene, forward(ForwardConfig("grid"))),
        (diffusion.forward_scene, forward(ForwardConfig("mnist"))),
        (diffusion.reverse_scene, reverse(ReverseConfig(rungs=3), exact("grid"))),
        (diffusion.reverse_scene, reverse(ReverseConfig(rungs=3), digits)),
        (diffusion.paint_scene, paint(mine, digits)),
    ]:
        layouts = set()
        for stop in stops:
            shown = scene(stop)
            assert shown.sentence
            assert shown.step == stop.step
            layouts.add(tuple((p.title, p.kind, p.xlim, p.ylim) for p in shown.panels))
        assert len(layouts) == 1, "nothing jumps"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampler": "euler2"}, "sampler must be one of"),
        ({"rungs": 0}, "rungs must be a whole number between 1 and 200"),
        ({"guidance": -1.0}, "guidance must be between 0 and 20"),
        ({"label": 10}, "label must be a whole number between -1 and 9"),
    ],
)
def test_impossible_walks_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        ReverseConfig(**change)


@pytest.mark.parametrize("shape", [(8, 8), (28, 28)])
def test_a_drawing_and_its_mask_survive_their_code(shape):
    rng = np.random.default_rng(0)
    image, mask = rng.integers(0, 256, shape).astype(np.uint8), rng.random(shape) < 0.3
    back, marked = image_and_mask(drawing(image, mask))
    np.testing.assert_array_equal(back, image)
    np.testing.assert_array_equal(marked, mask)


def test_without_a_mark_the_lower_half_is_made_up():
    _, mask = image_and_mask(drawing(example("digits")))
    assert not mask[:4].any()
    assert mask[4:].all()


def test_an_empty_pad_and_a_broken_code_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="drawing must hold some ink"):
        painting(None)
    for broken in ("", "nonsense", "8:AAAA", "9999999:eJwDAAAAAAE="):
        with pytest.raises(ValueError, match="drawing must be"):
            PaintConfig(broken)


def test_what_is_known_stays_exactly_as_it_was_drawn(digits):
    image = example("digits")
    *_, last = paint(PaintConfig(drawing(image), rungs=8), digits)
    known = ~image_and_mask(last.config.drawing)[1]
    assert (last.guess[:, known] == image[known]).all()
    assert last.off[-1, 1] < 1e-6
    assert len({answer.tobytes() for answer in last.guess}) > 1, "several answers, not one"


def test_what_is_made_up_is_drawn_from_what_the_known_half_makes_likely(digits):
    """With the exact guess for normal images: the conditional of a normal is known exactly."""
    model, image, rng = digits.denoiser, example("digits"), generator(7)
    mask = torch.from_numpy(image_and_mask(drawing(image))[1].ravel())
    x0, c, known = digits.encode(ink(image))[0], model.covariance, ~mask
    pull = torch.linalg.solve(c[known][:, known], c[known][:, mask])
    mean = model.mean[mask] + (x0[known] - model.mean[known]) @ pull
    factor = torch.linalg.cholesky(c[mask][:, mask] - c[mask][:, known] @ pull)
    exact_ones = x0.repeat(4000, 1)
    exact_ones[:, mask] = mean + torch.randn(4000, len(mean), generator=rng) @ factor.T
    expected = digits.decode(exact_ones)[:, mask]
    made = []
    for seed in range(6):
        *_, last = paint(PaintConfig(drawing(image), rungs=20, repeats=6, seed=seed), digits)
        made.append(ink(last.guess)[:, mask])
    blind = digits.decode(model.mean[None])[:, mask]
    gap = (torch.cat(made).mean(0) - expected.mean(0)).abs().mean()
    assert gap < 0.25 * (blind - expected.mean(0)).abs().mean() + 0.02
    assert torch.cat(made).std(0).mean() == pytest.approx(expected.std(0).mean().item(), rel=0.2)


def ink(pixels):
    """Pixels uint8 as rows (n, d) in 0..1."""
    return torch.from_numpy(pixels.reshape(-1, 64) / 255).float()


def test_a_drawing_buried_in_little_noise_comes_back_and_in_much_noise_does_not(digits):
    mine = drawing(example("digits"))
    little, much = (
        list(paint(PaintConfig(mine, "denoise", strength=s, rungs=8), digits))[-1].off[-1, 1]
        for s in (0.1, 5.0)
    )
    assert little < 0.05 < much


def test_a_drawing_of_another_size_is_refused(digits):
    with pytest.raises(ValueError, match=r"drawing must be of \(8, 8\) pixels"):
        next(paint(PaintConfig(drawing(example("mnist"))), digits))
