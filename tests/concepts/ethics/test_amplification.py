"""The exact laws of guidance and temperature, and what the sampler is asked for."""

import numpy as np
import pytest

from explorer.concepts.ethics import amplification
from explorer.concepts.ethics.amplification import VALUES, AmplificationConfig, amplify, law
from explorer.concepts.ethics.faces import FacesConfig, train_faces
from explorer.runs import finish


def test_the_laws_are_tilted_and_tempered_distributions():
    """Four kinds of faces: hat or none, glasses or none."""
    joint = np.array([[0.35, 0.15], [0.15, 0.35]])  # no hat, hat; no glasses, glasses
    hat_given = joint[1] / joint.sum(0)
    for w in (0.0, 1.0, 3.0):
        tilted = joint.sum(0) * hat_given**w
        assert tilted[1] / tilted.sum() == pytest.approx(law("guidance", w, 0.7))
    p = joint[1] / joint[1].sum()
    tempered = p ** (1 / 0.5)
    assert tempered[1] / tempered.sum() == pytest.approx(law("temperature", 0.5, 0.7))
    assert law("truncation", 0.5, 0.7) == pytest.approx(0.7)


@pytest.fixture(scope="module")
def model():
    return finish(train_faces(FacesConfig(steps=2)))[1]


@pytest.mark.parametrize("method", list(VALUES))
def test_without_a_change_of_the_sampler_the_faces_are_those_of_the_model(model, method):
    neutral = {"guidance": 2, "temperature": 0}
    snapshots, _ = finish(amplify(AmplificationConfig(method, 50), model))
    assert len(snapshots) == len(VALUES[method])
    plain = amplification.pixels_of(model.faces(50, 1, 0)[:16])
    if method in neutral:
        np.testing.assert_array_equal(snapshots[neutral[method]].pixels, plain)
    assert not np.array_equal(snapshots[-1].pixels, plain)
