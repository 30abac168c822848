"""Laws of the pictures of a run and of their sentences."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries import sentences
from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE
from explorer.runs import finish

SHORT = db.Config(steps=60, labels=40, unlabelled=60)


@cache
def run(config=SHORT):
    return finish(db.train(config))


@pytest.mark.parametrize("discriminative", DISCRIMINATIVE)
def test_every_pair_runs_and_every_view_has_a_sentence(discriminative):
    for generative in ("kde", "naive_bayes"):
        config = replace(SHORT, discriminative=discriminative, generative=generative, steps=8)
        snapshots, _ = finish(db.train(replace(config, dataset="pinwheel")))
        for view in db.VIEWS:
            texts = {db.scene(snapshot, view).sentence for snapshot in snapshots}
            assert len(texts) > 1, "the sentence changes with the state"
            assert all(text.endswith(".") for text in texts)


def test_an_unknown_view_is_refused_by_name():
    with pytest.raises(ValueError, match="view must be one of"):
        db.scene(run()[0][0], "sideways")


def test_the_sentence_says_which_model_errs_less():
    snapshot = run()[0][-1]
    best = snapshot.problem.error.value

    def sentence(a, b, generative="mixture"):
        config = replace(snapshot.config, generative=generative)
        errors = np.array([a, b, b])
        return sentences.overview(replace(snapshot, errors=errors, config=config))

    assert "generative model is lower, by 8.0 percentage" in sentence(best + 0.1, best + 0.02)
    assert "more labels do not mend" in sentence(best + 0.01, best + 0.2, "lda")
    # a mixture can follow any shape
    assert "densities that the generative model estimated" in sentence(best + 0.01, best + 0.2)
    assert "of both models lie within" in sentence(best + 0.001, best + 0.002)
    assert "differ by less than 1 percentage point" in sentence(best + 0.1, best + 0.101)


def test_overfitting_is_a_gap_between_training_and_test_error():
    snapshot = replace(run()[0][-1], errors=np.array([0.2, 0.1, 0.1]))
    none = replace(snapshot, training_errors=np.array([0.19, 0.1, 0.1]))
    assert "neither overfits" in sentences.errors(none)
    some = replace(snapshot, training_errors=np.array([0.0, 0.1, 0.1]))
    assert "The gap, 20 percentage points, is overfitting" in sentences.errors(some)


@pytest.mark.parametrize(
    ("dataset", "generative", "cause"),
    [
        ("gaussians", "qda", "from 40 points only"),  # its assumption is true
        ("circles", "qda", "can only be one Gaussian per class."),
        ("gaussians", "lda", "all of the same covariance"),
        ("moons", "mixture", "from 40 points only"),
    ],
)
def test_samples_far_from_the_data_are_explained_by_what_is_wrong(dataset, generative, cause):
    snapshot = run(replace(SHORT, dataset=dataset, generative=generative))[0][-1]
    far = replace(snapshot, distance=3.4 * snapshot.problem.reference.floor.mean)
    assert sentences.samples(far).startswith("The samples lie 3.4 times as far")
    assert cause in sentences.samples(far)
    reading = db.scene(far, "samples").readings[0]
    assert reading.value / reading.usual == pytest.approx(3.4)  # as in the reading
