"""Laws of latent arithmetic, and of the classifier that measures it."""

import numpy as np
import pytest
import torch

from explorer.concepts.latent_space import ArithmeticConfig, add
from explorer.concepts.latent_space.arithmetic import (
    attributes,
    choices,
    counterfactual,
    direction,
    linear_classifier,
)
from explorer.concepts.latent_space.measure import dataset, evaluation_subset
from explorer.data import faces
from explorer.runs import finish
from tests.concepts.latent_space.runs import normal, trained


def test_latent_arithmetic_is_linear():
    """Shifted codes have the same direction; what is added at 1 is half of what is added at 2."""
    codes, targets = normal(60, 4), (normal(60, 2, seed=1) > 0).float()
    own = torch.zeros(2)
    added, adds = direction(codes, targets, own, 1)
    assert adds
    moved, _ = direction(3 * codes + 5, targets, own, 1)
    torch.testing.assert_close(moved, 3 * added)
    back, adds = direction(codes, targets, torch.ones(2), 1)
    assert not adds
    torch.testing.assert_close(back, -added)


def test_adding_nothing_changes_nothing_and_each_frame_is_the_decoded_sum():
    _, model = trained()
    snapshots, result = finish(add(ArithmeticConfig(4, 7), model))
    data, x = dataset("digits"), evaluation_subset("digits").images[4:5]
    means, _ = model.encode(data.train)
    own, seven = (torch.tensor(means[data.train_labels == i]).mean(0) for i in (4, 7))
    start, _ = model.encode(x)
    for i in (0, 10, 30, 40):
        z = torch.tensor(start) + float(result.t[i]) * (seven - own)
        np.testing.assert_allclose(snapshots[i].image, data.pixels(model.decode(z)), atol=1)
    assert result.t[10] == pytest.approx(0, abs=1e-6)


def test_the_classifier_scores_training_images_without_zero_and_with_one():
    classifier, accuracy = linear_classifier("digits")
    names, targets = attributes("digits")
    scores = classifier(dataset("digits").train)
    for i in range(len(names)):
        has = targets[:, i] > 0
        assert scores[has, i].mean().item() == pytest.approx(1, abs=1e-3)
        assert scores[~has, i].mean().item() == pytest.approx(0, abs=1e-3)
    assert min(accuracy) > 0.8


def test_the_true_result_differs_from_the_face_only_where_the_attribute_is():
    x, has = choices("faces")
    glasses = [counterfactual(i, "glasses") for i in range(4)]
    for i, face in enumerate(glasses):
        gap = (face - x[i : i + 1]).abs().reshape(faces.SHAPE).sum(2)
        assert gap.any()
        assert not gap[:4].any(), "the top of the head has no glasses"
        assert not gap[-3:].any(), "nor have the clothes"
    assert has.shape == (10, 5)


def test_an_attribute_is_added_where_it_is_missing_and_else_removed():
    _, has = choices("faces")
    _, model = trained(dataset="faces", steps=20)
    for i in range(3):
        _, result = finish(add(ArithmeticConfig(i, 1), model))
        assert result.adds == (has[i, 1] == 0)
        assert result.error is not None


def test_a_class_is_never_removed():
    """Classes exclude each other: towards the image's own class is away from all others."""
    codes, labels = normal(60, 4), torch.arange(60) % 3
    targets, own = torch.nn.functional.one_hot(labels).float(), torch.tensor([0.0, 1.0, 0.0])
    for changed in range(3):
        added, adds = direction(codes, targets, own, changed)
        without = labels == 1 if changed != 1 else labels != 1
        assert adds
        expected = codes[labels == changed].mean(0) - codes[without].mean(0)
        torch.testing.assert_close(added, expected)


@pytest.mark.parametrize("name", ["mnist", "digits", "fashion", "letters", "faces", "linear"])
def test_the_default_adds_an_attribute_that_the_image_does_not_have(name):
    _, has = choices(name)
    assert has[ArithmeticConfig().image, ArithmeticConfig().attribute] == 0


def test_an_attribute_that_the_data_set_does_not_have_is_refused():
    _, model = trained()
    with pytest.raises(ValueError, match="attribute must be below 10"):
        next(add(ArithmeticConfig(attribute=25), model))
