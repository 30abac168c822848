"""A run: what its snapshots hold, what it leaves behind, what is measured of it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import gan
from explorer.concepts.gan import Config
from explorer.concepts.gan.record import BINS, SHOWN, reference
from explorer.data import images, plane
from explorer.nets import generator
from explorer.runs import finish

SHORT = Config(steps=40, batch=64, hidden=16, d_hidden=16)
every_loss = pytest.mark.parametrize("loss", gan.LOSSES)


@cache
def run(config):
    return finish(gan.train(config))


def test_a_short_run_finds_the_modes_of_the_ring():
    snapshots, _ = run(Config(steps=700))
    assert snapshots[0].scores.quality < 0.2
    assert snapshots[-1].scores.covered >= 7
    assert snapshots[-1].scores.distance < snapshots[0].scores.distance / 2


def test_the_averaged_generator_is_the_model():
    snapshots, model = run(SHORT)
    z = torch.randn(4096, 2, generator=generator(SHORT.seed + 1))
    with torch.no_grad():
        shown = model.generator(z)[:SHOWN].numpy()
    np.testing.assert_allclose(snapshots[-1].averaged, shown, atol=1e-5)
    assert not np.array_equal(snapshots[-1].averaged, snapshots[-1].fake)


def test_without_averaging_the_current_weights_are_shown():
    snapshots, _ = run(replace(SHORT, ema_decay=0.0))
    np.testing.assert_array_equal(snapshots[-1].averaged, snapshots[-1].fake)


def test_weights_are_exported_by_the_names_of_the_networks():
    names = {name.partition(".")[0] for name in run(SHORT)[1].weights()}
    assert names == {"generator", "discriminator", "averaged"}


def test_what_never_changes_is_one_array_for_all_frames():
    snapshots, _ = run(SHORT)
    for name in ("real", "noise", "lattice"):
        assert len({id(getattr(snapshot, name)) for snapshot in snapshots}) == 1


def test_the_untrained_generator_returns_its_noise():
    first = run(SHORT)[0][0]
    np.testing.assert_allclose(first.fake, first.noise, atol=1e-6)
    np.testing.assert_allclose(first.mesh, first.lattice, atol=1e-6)


@every_loss
def test_every_loss_trains_with_finite_figures(loss):
    last = run(replace(SHORT, loss=loss))[0][-1]
    assert np.isfinite(last.optimal_loss) == (gan.LOSSES[loss].optimal is not None)
    assert np.isfinite([last.d_loss, last.g_loss, last.scores.distance, last.accuracy]).all()
    assert last.histogram_real.sum() == pytest.approx(1)
    assert len(last.histogram_fake) == BINS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": 10.0, "lr_decay": False}, "learning rate of 10"),
        (
            {"learning_rate": 10.0, "lr_decay": False, "loss": "wasserstein",
             "regulariser": "none"},
            "without its penalty",
        ),
    ],
)  # fmt: skip
def test_a_run_that_diverges_says_what_happened_why_and_what_to_do(change, words):
    with pytest.raises(FloatingPointError, match=words) as caught:
        finish(gan.train(replace(SHORT, steps=4000, **change)))
    assert "diverged at step" in str(caught.value)
    assert "Try" in str(caught.value) or "Choose" in str(caught.value)


def digits():
    return run(replace(SHORT, dataset="digits"))


def test_images_stand_beside_their_nearest_training_image():
    snapshots, model = digits()
    last, data = snapshots[-1], images.load("digits")
    known = {tile.tobytes() for tile in data.pixels(data.train)}
    assert all(tile.tobytes() in known for tile in last.nearest)
    samples = model.sample(5, seed=1)
    assert samples.shape == (5, 64)
    assert samples.min() >= 0
    assert samples.max() <= 1


def test_the_gradient_of_an_image_is_grey_where_it_is_zero():
    last = digits()[0][-1]
    assert last.arrows.dtype == np.uint8
    assert abs(float(last.arrows.mean()) - 127.5) < 12


def test_unseen_images_score_what_the_reference_calls_perfect():
    rule, data = reference("digits"), images.load("digits")
    rest = torch.cat([data.train, data.test])
    scores = rule.scores(rest[torch.randperm(len(rest), generator=generator(1))[: len(rule.real)]])
    assert scores.covered == rule.groups
    assert scores.distance < rule.floor[1]


@pytest.mark.parametrize("name", plane.DATASETS)
def test_fresh_points_of_the_data_score_what_the_reference_calls_perfect(name):
    rule = reference(name)
    scores = rule.scores(plane.get(name).sample(len(rule.real), generator(77)))
    assert scores.covered == rule.groups
    assert 0.8 * rule.floor[0] < scores.distance < 1.2 * rule.floor[1]
    assert rule.share[0] - 0.02 < scores.quality <= 1
    for reading in rule.readings(scores):
        assert reading.floor is not None


def test_nine_seeds_begin_with_the_run_itself():
    snapshots, _ = finish(gan.EXPERIMENTS["nine_seeds"].process(gan.NineSeeds(SHORT)))
    own = run(SHORT)[0][-1]
    np.testing.assert_allclose(snapshots[-1].samples[0], own.averaged[:256], atol=1e-4)
    assert snapshots[-1].seeds == tuple(range(9))
    assert len(gan.seeds_scene(snapshots[-1]).panels) == 9
