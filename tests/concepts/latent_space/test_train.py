"""Laws of a training run."""

from dataclasses import replace

import pytest

from explorer.concepts.latent_space import Config, train
from explorer.concepts.latent_space.measure import dataset
from explorer.concepts.latent_space.train import grid_points, kl_weight
from explorer.runs import finish
from tests.concepts.latent_space.runs import TINY, trained


def test_training_raises_the_elbo():
    snapshots, _ = trained(steps=300, beta=1.0)
    assert snapshots[-1].elbo > snapshots[0].elbo + 5
    assert snapshots[-1].evaluated == len(dataset("digits").test)


def test_the_weight_of_the_kl_grows_until_the_warm_up_is_over():
    config = replace(TINY, steps=100, warmup=0.5, beta=2.0)
    assert [kl_weight(config, step) for step in (1, 25, 50, 100)] == [0.04, 1.0, 2.0, 2.0]
    assert kl_weight(replace(config, warmup=0.0), 1) == 2.0


def test_the_last_frame_is_evaluated_on_the_whole_test_set():
    (first, last), model = finish(train(Config(steps=1)))
    assert (first.evaluated, last.evaluated) == (256, 1000)
    assert last.elbo == pytest.approx(model.elbo(), rel=1e-5)


def test_a_run_that_overflows_says_what_to_do():
    with pytest.raises(FloatingPointError, match="Lower the learning rate"):
        finish(train(replace(TINY, learning_rate=1.0, steps=200)))


def test_the_decoded_grid_is_laid_out_as_on_the_map():
    square = grid_points(2).reshape(6, 6, 2)
    assert (square[0, :, 1] == square[..., 1].max()).all(), "the top row is the top of the map"
    assert (square[:, 0, 0] == square[..., 0].min()).all()
    assert (grid_points(1)[1:, 0] > grid_points(1)[:-1, 0]).all()
