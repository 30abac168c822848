"""Accuracy as the exact parser says it."""

from math import isnan

import pytest
import torch

from explorer.concepts.text_to_image.measure import accuracy
from explorer.data.shapes import world

HERE = world("sizes")
ROWS = HERE.captions
REAL = HERE.pictures(ROWS, torch.full((len(ROWS),), 4))


def test_real_pictures_are_right_in_everything():
    found = accuracy(HERE, REAL, ROWS)
    assert (found.joint, found.product, found.count) == (1.0, 1.0, 96)
    assert found.error < 2e-3


def test_each_attribute_is_counted_by_itself():
    asked = ROWS.clone()
    asked[:24, 0] = 1 - asked[:24, 0]  # a quarter has the wrong size
    asked[12:36, 2] = (asked[12:36, 2] + 1) % 6  # a quarter the wrong shape, half of it both
    found = accuracy(HERE, REAL, asked)
    assert found.attributes == pytest.approx((0.75, 1.0, 0.75))
    assert found.joint == pytest.approx(1 - 36 / 96)
    assert found.product == pytest.approx(0.75**2)


def test_what_a_caption_leaves_open_cannot_be_wrong():
    asked = ROWS.flip(0).clone()
    asked[:] = -1
    assert accuracy(HERE, REAL, asked).joint == 1.0


def test_the_interval_holds_the_share_and_is_wide_for_few_pictures():
    few, many = accuracy(HERE, REAL[:5], ROWS[:5]), accuracy(HERE, REAL, ROWS)
    assert few.interval[0] < many.interval[0] < 1.0
    assert isnan(accuracy(HERE, REAL[:0], ROWS[:0]).joint)
