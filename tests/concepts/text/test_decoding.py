"""What can be done after a run: every stage yields scenes that keep their position."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.concepts import text
from explorer.concepts.text import next_token
from explorer.data.text import load
from explorer.runs import finish
from explorer.scene import Curve

CORPUS = load("moby")
CONFIG = text.Config(networks=("lstm",), steps=5)


@cache
def model(dataset="names"):
    return finish(text.train(replace(CONFIG, dataset=dataset)))[1]


STAGES = {
    "decoding": ("decoding", text.DecodingConfig("mar", "lstm"), "names"),
    "decoding of prose": ("decoding", text.DecodingConfig("the whale "), "moby"),
    "memorisation": ("memorisation", text.MemorisationConfig("lstm"), "names"),
    "memorisation of prose": ("memorisation", text.MemorisationConfig(steps=2), "moby"),
    "grammar": ("grammar", text.GrammarConfig(), ""),
    "eliza": ("eliza", text.ElizaConfig("I am tired"), ""),
    "byte pairs": ("byte_pairs", text.BytePairsConfig("names", 20), ""),
    "dataset size": ("dataset_size", text.DatasetSizeConfig(CONFIG), ""),
}


@cache
def stages(name):
    """The snapshots of an experiment, and its scenes."""
    key, config, dataset = STAGES[name]
    experiment = text.EXPERIMENTS[key]
    snapshots, _ = finish(experiment.process(config, *([model(dataset)] if dataset else [])))
    return snapshots, [experiment.scene(snapshot) for snapshot in snapshots]


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_stage_counts_its_steps_and_its_panels_stay(stage):
    snapshots, scenes = stages(stage)
    steps = [snapshot.step for snapshot in snapshots]
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    layouts = {tuple((p.title, p.kind, p.xlim, p.ylim) for p in s.panels) for s in scenes}
    assert len(layouts) == 1
    assert all(s.sentence and all(r.bound for r in s.readings) for s in scenes)
    assert all(len({m.name for m in p.marks}) == len(p.marks) for s in scenes for p in s.panels)


def test_the_same_settings_give_the_same_tree_and_the_same_samples():
    one, two = (
        finish(text.decode(text.DecodingConfig("a", "lstm", seed=3), model()))[0] for _ in range(2)
    )
    assert one[-1].chosen == two[-1].chosen
    other = finish(text.decode(text.DecodingConfig("a", "lstm", seed=4), model()))[0]
    assert one[-1].chosen != other[-1].chosen


def test_without_networks_the_best_model_is_an_ngram():
    snapshots, found = finish(text.train(replace(CONFIG, networks=())))
    assert found.best == "ngram"
    names = [m.name for m in text.scene(snapshots[-1]).panels[0].marks if isinstance(m, Curve)]
    assert "5-gram" in names


def test_every_position_of_a_prompt_shows_what_was_expected_there():
    positions = text.next_tokens(model(), text.DecodingConfig("mara", "ngram", top_k=3))
    assert [position.label for position in positions] == [*"mara", ""]
    for at, position in enumerate(positions):
        assert sum(bar.after for bar in position.bars) == pytest.approx(1)
        assert sum(bar.after > 0 for bar in position.bars) == 3
        assert all(bar.then.startswith("mara"[:at]) for bar in position.bars)
        assert list(position.bars) == sorted(position.bars, key=lambda bar: -bar.before)


def test_nobody_can_change_what_a_stage_shows():
    snapshots, _ = stages("dataset size")
    with pytest.raises(ValueError, match="read-only"):
        snapshots[-1].found[0] = 0
    assert np.isfinite(snapshots[-1].found).all()


def test_a_prompt_that_grew_by_clicks_goes_on_with_its_end():
    full = ("the white whale " * 9)[: next_token.MOST]
    bars = text.next_tokens(model("moby"), text.DecodingConfig(full))[-1].bars
    then = text.prompt(bars[0].then, CORPUS)
    assert then.text == (full + bars[0].then[-1])[1:]
    assert "last 60 characters" in then.remark
    assert text.prompt(full, CORPUS).remark == ""
    assert len(text.prompt("日" * 10_000, CORPUS).text) == 0
