"""Captions as text: what is known, what is not, and what counts."""

import pytest

from explorer.concepts.text_to_image.captions import LONGEST, normal, read_caption
from explorer.data.shapes import world

HERE = world("sizes")


def kinds(text):
    return {token.word: token.kind for token in read_caption(text, HERE).tokens}


@pytest.mark.parametrize(
    "text", ["a large red ring", "ring, red; LARGE!", "the red ring is large", "large  red\nring"]
)
def test_the_order_of_words_and_how_they_are_written_do_not_matter(text):
    assert HERE.caption(read_caption(text, HERE).values) == "large red ring"


def test_every_caption_of_the_world_is_read_as_itself():
    for name in ("sizes", "plain", "places"):
        here = world(name)
        for row in here.captions[::7]:
            assert list(read_caption(here.caption(row), here).values) == row.tolist()


def test_words_outside_the_vocabulary_are_named_and_change_nothing():
    caption = read_caption("a turquoise elephant beside a red ring", HERE)
    assert caption.unknown == ("turquoise", "elephant", "beside")
    assert caption.values == (-1, 0, 5)


def test_of_two_words_for_one_attribute_the_later_one_counts():
    assert kinds("red blue star") == {"red": "replaced", "blue": "used", "star": "used"}
    assert HERE.caption(read_caption("red blue star", HERE).values) == "blue star"


def test_an_accent_is_the_same_composed_and_decomposed():
    assert read_caption("étoile", HERE).unknown == read_caption("e\u0301toile", HERE).unknown


@pytest.mark.parametrize("text", ["", "   ", "!?", "🙂", "日本"])
def test_a_caption_that_says_nothing_leaves_everything_open(text):
    assert set(read_caption(text, HERE).values) == {-1}


def test_a_caption_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match=f"caption must have at most {LONGEST} letters. Got"):
        normal("a" * (LONGEST + 1))
