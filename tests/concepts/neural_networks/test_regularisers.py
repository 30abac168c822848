"""All kinds get the same points and weights at the start; regularisers lower the test loss."""

import numpy as np

from explorer.concepts.neural_networks.model import Trainer
from explorer.concepts.neural_networks.regularisers import (
    KINDS,
    Regularisers,
    configured,
    regularisers,
)
from explorer.runs import finish


def test_the_kinds_differ_only_by_their_regulariser():
    first, *others = (Trainer(configured(Regularisers(), kind), range(2)) for kind in KINDS)
    for other in others:
        np.testing.assert_array_equal(first.points, other.points)
        np.testing.assert_array_equal(first.network.theta, other.network.theta)


def test_regularisers_lower_the_test_loss_and_raise_the_training_loss():
    snapshots, _ = finish(regularisers(Regularisers(steps=600)))
    last = snapshots[-1]
    for kind in ("l2", "dropout"):
        assert last.test[kind].mean() < 0.7 * last.test["none"].mean()
        assert last.train[kind].mean() > last.train["none"].mean()
    assert last.lowest < min(each.min() for each in last.best.values())
