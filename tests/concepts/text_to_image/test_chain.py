"""Chains of drawing and reading."""

import torch

from explorer.concepts.text_to_image import EXPERIMENTS
from explorer.concepts.text_to_image.chain import same


def test_a_caption_is_the_same_while_it_says_what_was_asked_for():
    values = torch.tensor([[0, 1, 2], [0, 1, 3], [1, 1, 2]])
    asked = torch.tensor([[0, 1, 2], [0, 1, 2], [-1, 1, 2]])
    assert same(values, asked).tolist() == [True, False, True]


def test_every_experiment_builds_upon_one_before_it():
    keys = list(EXPERIMENTS)
    for place, each in enumerate(EXPERIMENTS.values()):
        assert not each.after or keys.index(each.after) < place
