"""Whatever a visitor pastes and the check lets through: every part of the page can work with it."""

import pytest

from explorer.concepts import text
from explorer.concepts.text.dataset_size import PARTS
from explorer.concepts.text.train import frames
from explorer.data.text import OWN, load
from explorer.runs import finish

PASTED = {
    "one line again and again": "abc\n" * 100,
    "few names, often": "anna\nberta\ncarla\ndora\nemil\nfritz\n" * 16,
    "a short list": "\n".join(f"name{number}" for number in range(60)),
    "one word": "aaa " * 100,
    "as short as it may be": "abcdefghij klmnop " * 17,
    "Devanagari": "पूर्व दिशा में सूरज उगता है। " * 12,
    "no pair of letters twice": "".join(chr(0x4E00 + i) for i in range(400)),
    "1,300 kinds of letters": "".join(chr(0x4E00 + i * i % 1300) for i in range(4_000)),
}


@pytest.mark.parametrize("merges", [0, 300])
@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED)
def test_every_model_learns_it_and_every_experiment_shows_it(pasted, merges):
    config = text.Config(OWN + pasted.strip(), merges=merges, hidden=16, steps=2)
    snapshots, model = finish(text.train(config))
    assert (snapshots[-1].bits > 0).all()
    for key, asked in (
        ("decoding", text.DecodingConfig("ab", "lstm")),
        ("memorisation", text.MemorisationConfig("lstm")),
    ):
        experiment = text.EXPERIMENTS[key]
        last = finish(experiment.process(asked, model))[0][-1]
        assert experiment.scene(last).sentence
    found = finish(text.compare_sizes(text.DatasetSizeConfig(config)))[0][-1]
    assert len(found.found) == len(PARTS)
    assert text.EXPERIMENTS["dataset_size"].scene(found).sentence
    last = finish(text.merge_pairs(text.BytePairsConfig(config.dataset, 20)))[0][-1]
    assert text.EXPERIMENTS["byte_pairs"].scene(last).sentence


def test_lines_that_are_all_the_same_are_no_list():
    """A list keeps each line once: of one line nothing was left to learn from."""
    assert not load(OWN + PASTED["one line again and again"].strip()).lines
    assert load(OWN + PASTED["a short list"]).lines


def test_a_run_is_evaluated_every_tenth_step_at_most_but_for_a_few_times():
    assert [frames(steps) for steps in (1, 30, 80, 200, 600, 6000)] == [4, 4, 8, 20, 20, 20]
