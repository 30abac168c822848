"""Whatever a visitor pastes and the check lets through: every part of the page can work with it."""

import pytest

from explorer.concepts import text
from explorer.concepts.text.sizes import PARTS, part
from explorer.data.text import OWN, load
from explorer.runs import finish

PASTED = {
    "one line again and again": "abc\n" * 100,
    "few names, often": "anna\nberta\ncarla\ndora\nemil\nfritz\n" * 16,
    "a short list": "\n".join(f"name{number}" for number in range(60)),
    "one word": "aaa " * 100,
    "as short as it may be": "abcdefghij klmnop " * 17,
}


@pytest.mark.parametrize("pairs", [0, 300])
@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED)
def test_every_rung_learns_it_and_every_stage_shows_it(pasted, pairs):
    config = text.Config(OWN + pasted.strip(), pairs=pairs, hidden=16, steps=2)
    snapshots, model = finish(text.train(config))
    assert (snapshots[-1].curve[-1] > 0).all()
    for stage, scene, asked in (
        (text.ways, text.ways_scene, text.Ways("ab", "lstm")),
        (text.origin, text.origin_scene, text.Origin("lstm")),
    ):
        assert scene(finish(stage(asked, model))[0][-1]).sentence
    found = finish(text.sizes(text.Sizes(config)))[0][-1]
    assert len(found.found) == len(PARTS)
    assert text.sizes_scene(found).sentence


def test_lines_that_are_all_the_same_are_no_list():
    """A list keeps each line once: of one line nothing was left to learn from."""
    assert not load(OWN + PASTED["one line again and again"].strip()).lines
    assert load(OWN + PASTED["a short list"]).lines


def test_a_part_of_a_list_has_at_least_one_line_and_whole_ones():
    corpus = load(OWN + PASTED["a short list"])
    for share in (1e-3, *PARTS):
        own = part(corpus, share)
        assert own.train[-1] == 0
        assert len(own.train) <= max(8, share * len(corpus.train))
