"""Laws of the learning curves: in the plane and of the spam filter."""

import numpy as np
import pytest
from scipy.stats import t as student

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.filter_learning_curves import (
    FilterLearningCurvesConfig,
    filter_learning_curves,
)
from explorer.concepts.decision_boundaries.learning_curves import (
    half_width,
    learning_curves,
    learning_curves_config,
    learning_curves_scene,
    sizes,
    summary,
)
from explorer.concepts.decision_boundaries.spam import source
from explorer.runs import finish


def curves(errors, n=(8, 64, 512)):
    """The snapshot of errors (2, repetitions, 3)."""
    return summary(list(errors.transpose(1, 0, 2)), n, 0.05, ("a network", "a mixture"))[0]


def sentence(errors):
    return learning_curves_scene(curves(errors)).sentence


def test_naive_bayes_errs_less_early_and_logistic_regression_late():
    """Ng and Jordan (2001), beyond the 95 % intervals of both ends."""
    snapshots, errors = finish(filter_learning_curves(FilterLearningCurvesConfig(steps=40)))
    assert errors.shape == (2, 40, 9)
    gap = errors[0] - errors[1]
    mean, half = gap.mean(0), half_width(gap)
    assert mean[0] > half[0]
    assert mean[-1] < -half[-1]
    assert "The generative model errs less with" in learning_curves_scene(snapshots[-1]).sentence
    assert source().limits["logistic"] < source().limits["bernoulli"]


def test_the_interval_is_students():
    values = np.random.default_rng(0).normal(size=(7, 3))
    half = student.ppf(0.975, 6) * values.std(0, ddof=1) / 7**0.5
    np.testing.assert_allclose(half_width(values), half, rtol=1e-3)
    many = np.random.default_rng(0).normal(size=(60, 2))
    half = student.ppf(0.975, 59) * many.std(0, ddof=1) / 60**0.5
    np.testing.assert_allclose(half_width(many), half, rtol=2e-3)


def test_a_difference_is_taken_within_a_repetition():
    """Chance that both models share cancels, so the interval of the difference is narrow."""
    chance = np.random.default_rng(0).normal(0, 0.1, size=(20, 3))
    snapshot = curves(np.stack([0.3 + chance, 0.25 + chance]))
    assert snapshot.gap_half.max() < 1e-9
    np.testing.assert_allclose(snapshot.gap, 0.05)
    assert snapshot.half.min() > 0.01


def test_the_sentence_names_who_errs_less_where():
    noise = np.random.default_rng(0).normal(0, 0.001, size=(2, 10, 3))
    crossing = np.array([[0.4, 0.2, 0.1], [0.3, 0.2, 0.15]])[:, None] + noise
    assert "generative model errs less with 8 labels" in sentence(crossing)
    assert "discriminative model with 512" in sentence(crossing)
    assert "Nowhere" in sentence(np.full((2, 10, 3), 0.2) + noise)
    one = np.array([[0.4, 0.4, 0.4], [0.3, 0.3, 0.3]])[:, None] + noise
    assert "generative model errs less with 8 to 512 labels" in sentence(one)
    assert "intervals shrink" in sentence(one[:, :2])


@pytest.mark.parametrize("pair", [("network", "mixture"), ("svm", "kde"), ("logistic", "lda")])
def test_the_experiment_repeats_with_fresh_labels_and_the_same_seed(pair):
    run = Config(labels=16, discriminative=pair[0], generative=pair[1])
    config = learning_curves_config(run, 2)
    snapshots, errors = finish(learning_curves(config))
    assert errors.shape == (2, 2, len(sizes(config, 2)))
    assert not np.array_equal(errors[:, 0], errors[:, 1])
    np.testing.assert_array_equal(finish(learning_curves(config))[1], errors)
    assert [s.step for s in snapshots] == [0, 1, 2]
    assert (errors >= 0.8 * snapshots[0].best).all()


def test_runs_that_differ_in_nothing_that_matters_share_an_experiment():
    a = learning_curves_config(Config(steps=10, unlabelled=0), 5)
    b = learning_curves_config(Config(steps=900), 5)
    assert a == b
    assert a != learning_curves_config(Config(labels=64), 5)
    assert a != learning_curves_config(Config(seed=3), 5)
    assert sizes(a, 2) == [4, 8, 16, 32, 64, 128, 256]
