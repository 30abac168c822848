"""Training on points and on images: what a run promises, measured on tiny ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import diffusion
from explorer.concepts.diffusion import images as on_images
from explorer.concepts.diffusion import plane as on_plane
from explorer.concepts.diffusion.config import Config, usual
from explorer.concepts.diffusion.images import EXAM, ImageModel, turns
from explorer.concepts.diffusion.network import ImageNet
from explorer.concepts.diffusion.plane import Judge, levels
from explorer.concepts.diffusion.quality import novelty, quality
from explorer.concepts.diffusion.reader import reader
from explorer.concepts.diffusion.samplers import clipped, final, start, walk
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.space import Codes, Pixels
from explorer.concepts.diffusion.targets import TARGETS
from explorer.data import images, plane
from explorer.nets import generator
from explorer.runs import finish

SMALL = Config("ring", hidden=48, features=16, batch=128, steps=250)


def exact(x, s):
    """The exact guess for the ring, one strength for each point."""
    dist = plane.get("ring")
    if not isinstance(s, torch.Tensor):
        return x + s**2 * dist.noised(1, s).score(x)
    return torch.cat([exact(a[None], float(b)) for a, b in zip(x, s)])


@pytest.fixture(scope="module")
def ring():
    return finish(diffusion.train(SMALL))


@pytest.fixture(scope="module")
def digits():
    return finish(diffusion.train(usual("digits", hidden=48, steps=150)))


@pytest.fixture(scope="module")
def mnist():
    return finish(diffusion.train(usual("mnist", hidden=16, steps=12)))


def test_a_short_run_already_finds_every_mode_of_the_ring(ring):
    snapshots, model = ring
    first, last = snapshots[0], snapshots[-1]
    assert last.marks.modes == 8
    assert last.marks.distance < first.marks.distance / 3
    assert last.score_errors[-1, 1] < 0.1 < first.score_errors[0, 1]
    assert model.sample(100, seed=1).shape == (100, 2)


@pytest.mark.parametrize("objective", TARGETS)
def test_no_network_does_better_than_the_exact_guess(objective):
    """The dashed line is a floor: on the same noised points the exact guess has the least loss."""
    config = replace(SMALL, objective=objective, schedule="karras", steps=60)
    snapshots, _ = finish(diffusion.train(config))
    best = snapshots[-1].fixed.best_loss
    assert (snapshots[-1].losses[:, 1] > 0.97 * best).all()
    assert snapshots[-1].losses[-1, 1] < snapshots[-1].losses[0, 1]


def test_the_exact_guess_has_no_error_and_a_network_that_sees_nothing_all_of_it():
    held = levels(plane.get("ring"), 64, generator(0))
    assert held.errors(exact)[0] < 1e-9
    error, by_level = held.errors(lambda x, s: x)  # the score is taken to be zero everywhere
    assert error == pytest.approx(1)
    np.testing.assert_allclose(by_level[:, 1], 1, rtol=1e-5)


def test_the_learnt_score_is_compared_at_the_same_places_and_in_the_same_units(ring):
    judge, last = Judge(SMALL), ring[0][-1]
    guess = exact(judge.noised, on_plane.SHOWN)
    np.testing.assert_allclose(last.fixed.best_guess, guess.numpy(), atol=1e-5)
    at = torch.tensor(last.fixed.arrows_at)
    pull = exact(at, on_plane.SHOWN) - at
    np.testing.assert_allclose(last.fixed.exact_arrows, pull.numpy(), atol=1e-5)


def test_a_loss_that_is_no_number_ends_the_run_in_a_sentence():
    assert on_plane.finite(0.5, 7) == 0.5
    with pytest.raises(FloatingPointError, match=r"before step 7: .* Lower the learning rate\."):
        on_plane.finite(float("nan"), 7)


def test_noise_prediction_on_a_cosine_ladder_goes_astray_unless_the_guess_is_kept_in_its_box():
    config = replace(SMALL, objective="noise", schedule="cosine", steps=150)
    _, model = finish(diffusion.train(config))
    ladder = SCHEDULES["cosine"]

    def made(denoise):
        return final(walk(denoise, start((200, 2), ladder, generator(0)), ladder, 30, "ddim"))

    assert made(model.denoise).abs().mean() > 5
    assert made(clipped(model.denoise, 3.0)).abs().mean() < 3


def test_a_drawing_can_be_learnt():
    name = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.5)]])
    snapshots, _ = finish(diffusion.train(replace(SMALL, dataset=name, steps=5)))
    assert snapshots[-1].marks.modes is None
    assert "mode" not in snapshots[-1].marks.__repr__().replace("modes=None", "")


def test_usual_settings_name_what_was_changed():
    assert usual("mnist", steps=7) == replace(usual("mnist"), steps=7)
    assert usual("moons").dataset == "moons"
    with pytest.raises(ValueError, match="dataset must be one of"):
        usual("mars")


def test_images_come_out_as_pixels_of_the_right_shape(digits):
    snapshots, model = digits
    last = snapshots[-1]
    assert last.samples.shape == last.guess.shape == last.nearest.shape == (20, 8, 8)
    assert snapshots[0].nearest.shape == (0, 8, 8)
    made = model.sample(7, seed=2, guidance=2.0)
    assert made.shape == (7, 64)
    assert made.min() >= 0
    assert made.max() <= 1


def test_more_of_the_class_is_read_as_training_goes_on(digits):
    reads = digits[0][-1].reads[:, 1]
    assert reads[-1] > 0.4 > 0.2 > reads[0]


def test_the_label_that_is_asked_for_changes_the_guess_and_none_is_none(digits):
    _, model = digits
    x = torch.randn(10, 64, generator=generator(0))
    none = torch.full((10,), 10)
    torch.testing.assert_close(model.denoise(x, 1.0), model.denoise(x, 1.0, none))
    assert not torch.allclose(model.denoise(x, 1.0), model.denoise(x, 1.0, turns(10)))


def test_the_untrained_image_network_answers_nothing():
    net = ImageNet(64, 32, 10, generator(0))
    x = torch.randn(4, 64, generator=generator(1))
    assert not net(x, torch.zeros(4, 1), turns(4)).any()


def test_who_knows_the_training_images_by_heart_guesses_unseen_ones_worse_than_the_network(digits):
    last = digits[0][-1]
    assert last.heart_loss > last.losses[-1, 1]


def test_on_mnist_the_autoencoder_learns_first_and_then_stays_as_it_is(mnist):
    snapshots, model = mnist
    phases = [snapshot.learning for snapshot in snapshots]
    assert phases == ["autoencoder"] * 6 + ["denoiser"] * 7
    assert isinstance(model.space, Codes)
    assert {name.split(".")[0] for name in model.weights()} == {"vae", "network"}
    losses = snapshots[-1].lost[:, 1]
    assert losses[-1] < losses[0]
    assert (snapshots[-1].lost[:, 0] < 6).all()


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


def test_the_reader_learns_from_what_was_kept_aside_and_reads_what_was_not():
    assert reader("digits").accuracy > 0.95
    chosen = images.load("digits")
    seen = {row.numpy().tobytes() for row in reader("digits").centres}
    assert not seen & {row.numpy().tobytes() for row in chosen.train}


def test_real_images_score_as_real_images_do():
    chosen, judge = images.load("digits"), quality("digits")
    marks = judge.marks(chosen.train[:EXAM], chosen.train_labels[:EXAM])
    assert marks.read_floor[0] <= marks.read <= marks.read_floor[1] + 0.01
    assert marks.variety >= marks.variety_floor[0] - 0.01


def test_the_marks_see_wrong_classes_sameness_and_copies():
    chosen, judge = images.load("digits"), quality("digits")
    real, labels = chosen.train[:EXAM], chosen.train_labels[:EXAM]
    assert judge.marks(real, (labels + 1) % 10).read < 0.1
    assert judge.marks(real[:1].repeat(EXAM, 1), labels).variety < 0.1
    assert novelty(real, chosen.test, chosen.train)[0] < 0.05
    fresh, (low, high) = novelty(chosen.test, chosen.test, chosen.train)
    assert low <= fresh <= high


def test_every_view_of_images_is_the_same_size_from_frame_to_frame(digits, mnist):
    for snapshots, _ in (digits, mnist):
        for view in diffusion.VIEWS:
            frames = [diffusion.scene(s, view) for s in (snapshots[0], snapshots[8], snapshots[-1])]
            layouts = {tuple((p.title, p.kind, p.xlim, p.ylim) for p in f.panels) for f in frames}
            assert len(layouts) == 1
            assert all(frame.sentence and frame.readings for frame in frames)


def test_the_model_says_which_images_it_learnt_from(digits):
    _, model = digits
    assert isinstance(model, ImageModel)
    assert model.images is images.load("digits")
    assert on_images.in_turn(model.images).shape == (20, 64)
