"""Held-out pairs: spread evenly, with the purple star among them."""

from collections import Counter

import pytest
import torch

from explorer.concepts.text_to_image.config import MOST_HELD_OUT
from explorer.concepts.text_to_image.split import FIRST, held_out_pairs, split
from explorer.data.shapes import COLOURS, SHAPES, world


def test_all_pairs_are_different_and_the_purple_star_is_the_first():
    for seed in range(5):
        pairs = held_out_pairs(48, seed)
        assert len(set(pairs)) == 48
        assert pairs[0] == (list(COLOURS).index(FIRST[0]), SHAPES.index(FIRST[1]))


@pytest.mark.parametrize("count", [6, 12, 24, 36, MOST_HELD_OUT])
def test_pairs_are_spread_evenly_over_colours_and_shapes(count):
    for side in (0, 1):
        times = Counter(pair[side] for pair in held_out_pairs(count, 3))
        every = [times[i] for i in range((8, 6)[side])]
        assert max(every) - min(every) <= 1


@pytest.mark.parametrize("name", ["sizes", "plain", "places"])
def test_every_caption_is_on_one_side_and_every_word_is_seen(name):
    here = world(name)
    parts = split(here, MOST_HELD_OUT, 1)
    both = torch.cat([here.number(parts.seen), here.number(parts.unseen)])
    assert torch.equal(both.sort().values, torch.arange(len(here.captions)))
    for column, size in enumerate(here.sizes):
        assert len(parts.seen[:, column].unique()) == size
    assert len(parts.unseen) * 48 == MOST_HELD_OUT * len(here.captions)


def test_another_seed_holds_out_other_pairs():
    assert set(held_out_pairs(6, 0)) != set(held_out_pairs(6, 1))
