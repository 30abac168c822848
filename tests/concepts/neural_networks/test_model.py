"""Training: replayed by its config, and changed by hand."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.model import Trainer
from explorer.concepts.neural_networks.train import train
from explorer.runs import finish


def trained(config, steps=None):
    trainer = Trainer(config)
    for _ in range(config.steps if steps is None else steps):
        trainer.train_step()
    return trainer


SHORT = Config(steps=60, edit_step=0)


def test_a_change_of_the_learning_rate_leaves_what_came_before_as_it_was():
    changed = replace(SHORT, change_step=40, learning_rate_2=0.5)
    one, other = trained(SHORT, 40), trained(changed, 40)
    np.testing.assert_array_equal(one.network.theta, other.network.theta)
    assert (one.learning_rate, other.learning_rate) == (0.02, 0.5)
    one.train_step()
    other.train_step()
    assert not np.array_equal(one.network.theta, other.network.theta)


def test_a_frozen_unit_keeps_its_weights_and_others_do_not():
    config = replace(SHORT, edits="f1.2", edit_step=20)
    before, after = trained(config, 20).network.layers[0], trained(config).network.layers[0]
    np.testing.assert_array_equal(before.weight[:, 1], after.weight[:, 1])
    assert before.bias[0, 1] == after.bias[0, 1]
    assert (before.weight[:, [0, 2, 3]] != after.weight[:, [0, 2, 3]]).all()


def test_a_unit_that_was_cut_puts_out_nothing_and_learns_nothing():
    trainer = trained(replace(SHORT, edits="c1.3"))
    start = Trainer(SHORT).network.layers[0]
    assert not trainer.network.forward(trainer.inputs)[0].output[:, 2].any()
    np.testing.assert_array_equal(trainer.network.layers[0].weight[:, 2], start.weight[:, 2])


def test_a_weight_and_a_bias_set_by_hand_start_from_there():
    config = replace(SHORT, edits="w2.1.3=4,b1.2=-2", learning_rate=1e-4)
    layers = trained(config, 1).network.layers
    assert layers[1].weight[0, 2] == pytest.approx(4, abs=1e-3)
    assert layers[0].bias[0, 1] == pytest.approx(-2, abs=1e-3)


def test_units_that_start_equal_stay_equal():
    first, second, _ = trained(replace(SHORT, initialisation="equal")).network.layers
    assert np.ptp(first.weight, axis=1).max() == 0
    assert np.ptp(second.weight, axis=1).max() == 0
    assert np.ptp(first.weight, axis=0).max() > 0


@pytest.mark.parametrize(
    "changes", [{}, {"normalisation": "batch"}, {"optimiser": "sgd", "l2": 0.01}]
)
def test_several_seeds_side_by_side_are_their_single_runs(changes):
    config = replace(SHORT, **changes)
    many = Trainer(config, range(3))
    for _ in range(config.steps):
        many.train_step()
    for seed in range(3):
        one = trained(replace(config, seed=seed))
        np.testing.assert_allclose(
            many.network.theta[seed], one.network.theta, rtol=1e-6, atol=1e-9
        )


def test_an_epoch_shows_every_point_once():
    trainer = Trainer(replace(SHORT, points=40, batch=10))
    seen = np.concatenate([trainer._next()[0] for _ in range(4)])
    np.testing.assert_array_equal(np.sort(seen[:, 0]), np.sort(trainer.inputs[:, 0]))


def test_l1_makes_more_weights_vanish_than_l2():
    def small(**penalty):
        weights = trained(Config(steps=1500, optimiser="sgd", learning_rate=0.1, **penalty)).network
        return (np.abs(weights.theta[weights.penalised > 0]) < 0.02).sum()

    assert small(l1=0.01) > small(l2=0.01)


def test_edits_later_than_the_run_are_made_at_its_end():
    snapshots, model = finish(train(replace(SHORT, edit_step=500, edits="b1.1=-3")))
    plain, _ = finish(train(SHORT))
    assert snapshots[-1].biases[0] == -3
    assert plain[-1].biases[0] != -3
    parts = model.parts()
    assert parts["biases"][0][0] == pytest.approx(plain[-1].biases[0], rel=1e-6)
