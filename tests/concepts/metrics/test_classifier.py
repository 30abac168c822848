"""The features of images come from a classifier that saw neither of the sets it is used on."""

import numpy as np
import pytest
import torch

from explorer.concepts.metrics.classifier import (
    FILES,
    IMAGE_SETS,
    classifier,
    classifier_data,
    split,
)

every_set = pytest.mark.parametrize("name", IMAGE_SETS)


@every_set
def test_the_three_parts_of_a_set_share_no_image(name):
    known = split(name)
    rows = torch.cat([classifier_data(name)[0], known.train, known.test])
    assert len(classifier_data(name)[0]) == len(known.train) == len(known.test)
    twins = len(rows) - len(torch.unique(rows, dim=0))
    assert twins <= 2  # the same image may stand twice in the original


@pytest.mark.parametrize(("name", "least"), [("digits", 0.95), ("mnist", 0.96), ("fashion", 0.84)])
def test_the_classifier_is_right_about_images_that_it_was_not_trained_on(name, least):
    known = split(name)
    for x, labels in ((known.train, known.train_labels), (known.test, known.test_labels)):
        outputs = classifier(name)(x)
        assert (outputs.probabilities.argmax(1) == labels).double().mean() > least
        torch.testing.assert_close(outputs.probabilities.sum(1), torch.ones(len(x)))
    assert outputs.features.shape == (len(x), 64)


@every_set
def test_the_weights_are_plain_arrays_and_small(name):
    assert (FILES / f"{name}.npz").stat().st_size < 250_000
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as archive:
        assert {archive[key].dtype for key in archive.files} == {np.dtype(np.float16)}
