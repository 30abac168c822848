"""What can be done after a run: every stage yields scenes that keep their place."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.concepts import text
from explorer.runs import finish
from explorer.scene import Curve

CONFIG = text.Config(rungs=("lstm",), steps=5)


@cache
def model(dataset="names"):
    return finish(text.train(replace(CONFIG, dataset=dataset)))[1]


STAGES = {
    "ways": lambda: (finish(text.ways(text.Ways("mar", "lstm"), model())), text.ways_scene),
    "ways of prose": lambda: (
        finish(text.ways(text.Ways("the whale "), model("moby"))), text.ways_scene,
    ),
    "origin": lambda: (finish(text.origin(text.Origin("lstm"), model())), text.origin_scene),
    "origin of prose": lambda: (
        finish(text.origin(text.Origin(steps=2), model("moby"))), text.origin_scene,
    ),
    "grammar": lambda: (finish(text.derive(text.Grammar())), text.grammar_scene),
    "eliza": lambda: (finish(text.talk(text.Eliza("I am tired"))), text.eliza_scene),
    "pairs": lambda: (finish(text.longer(text.Longer("names", 20))), text.longer_scene),
    "sizes": lambda: (finish(text.sizes(text.Sizes(CONFIG))), text.sizes_scene),
}  # fmt: skip


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_stage_counts_its_steps_and_its_panels_stay(stage):
    (snapshots, _), scene = STAGES[stage]()
    steps = [snapshot.step for snapshot in snapshots]
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    scenes = [scene(snapshot) for snapshot in snapshots]
    layouts = {tuple((p.title, p.kind, p.xlim, p.ylim) for p in s.panels) for s in scenes}
    assert len(layouts) == 1
    assert all(s.sentence and all(r.bound for r in s.readings) for s in scenes)
    assert all(len({m.name for m in p.marks}) == len(p.marks) for s in scenes for p in s.panels)


def test_the_same_settings_give_the_same_tree_and_the_same_samples():
    one, two = (finish(text.ways(text.Ways("a", "lstm", seed=3), model()))[0] for _ in range(2))
    assert one[-1].chosen == two[-1].chosen
    other = finish(text.ways(text.Ways("a", "lstm", seed=4), model()))[0]
    assert one[-1].chosen != other[-1].chosen


def test_a_text_without_networks_is_judged_by_counting_alone():
    snapshots, found = finish(text.train(replace(CONFIG, rungs=())))
    assert found.best == "ngram"
    names = [m.name for m in text.scene(snapshots[-1]).panels[0].marks if isinstance(m, Curve)]
    assert "5-gram" in names


def test_every_place_of_a_prompt_shows_what_was_expected_there():
    places = text.places(model(), "mara", "ngram", text.Filters(top_k=3))
    assert [place.label for place in places] == [*"mara", ""]
    for at, place in enumerate(places):
        assert sum(bar.after for bar in place.bars) == pytest.approx(1)
        assert sum(bar.after > 0 for bar in place.bars) == 3
        assert all(bar.then.startswith("mara"[:at]) for bar in place.bars)
        assert list(place.bars) == sorted(place.bars, key=lambda bar: -bar.before)


def test_nobody_can_change_what_a_stage_shows():
    (snapshots, _), _ = STAGES["sizes"]()
    with pytest.raises(ValueError, match="read-only"):
        snapshots[-1].found[0] = 0
    assert np.isfinite(snapshots[-1].found).all()
