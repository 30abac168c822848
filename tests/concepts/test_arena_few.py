"""Little data: all learn from the same few points, copies are found out, the advice rests on it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import arena
from explorer.concepts.arena import advice, kernel, record, sheet
from explorer.concepts.arena.exam import Marks, exam
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.learner import Config
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish

POINTS = 50


def few(**changes):
    return arena.Config("moons", steps=4, examples=POINTS, **changes)


@pytest.mark.parametrize("key", FAMILIES)
def test_every_family_learns_from_the_same_points(key):
    """What a family's run would draw its batches from, by the name in its config."""
    config = few(seed=5)
    known = plane.get(config.run(key, 0).dataset).known[0]
    assert len(known) == POINTS
    assert torch.equal(known, plane.get(config.run("gan", 0).dataset).known[0])
    assert not torch.equal(known, plane.get(config.run(key, 1).dataset).known[0])


def test_what_is_shown_is_what_the_first_models_learn_from():
    config = few(families=("mixture", "kernel"))
    snapshot = next(arena.train(config))
    known = plane.get(config.run("kernel", 0).dataset).known[0]
    np.testing.assert_array_equal(snapshot.real, known.numpy())


def test_copies_have_no_newness_and_fresh_data_have_as_much_as_there_is():
    judge, name = exam("moons"), plane.few("moons", POINTS, 3)
    known = plane.get(name).known[0]
    assert judge.newness(known[torch.arange(300) % POINTS], name) == pytest.approx(0, abs=1e-3)
    fresh = plane.get("moons").sample(300, generator(4))
    assert judge.newness(fresh, name) == pytest.approx(1, abs=0.15)
    assert np.isnan(judge.newness(fresh, "moons")), "without an end there is nothing to copy"


def test_a_kernel_density_keeps_some_of_few_points_aside_so_its_width_stays_above_zero():
    _, model = finish(kernel.train(Config(plane.few("moons", POINTS, 0), 4000, 200, 0)))
    assert model.used < POINTS
    assert model.square**0.5 > 0.02


def test_images_know_no_number_of_examples():
    config = arena.Config("digits", examples=POINTS)
    assert not config.few
    assert config.run("kernel", 0).dataset == "digits"


@pytest.mark.parametrize("wrong", [-1, 1, 19, 10_001, 2.5])
def test_too_few_examples_are_refused(wrong):
    with pytest.raises(ValueError, match="examples must be"):
        arena.Config(examples=wrong)


def test_the_table_tells_newness_only_where_data_have_an_end():
    who = ("mixture", "kernel")
    for config, told in ((few(families=who), True), (arena.Config(steps=4, families=who), False)):
        rows = sheet.rows(config, finish(arena.train(config))[0][-1])
        assert ("newness" in rows[0]) == told
        assert all((row["newness"] > 0) for row in rows if told)


def test_no_link_leads_to_a_run_that_the_pages_do_not_know():
    assert sheet.link(arena.Config("moons"), "gan") is not None
    assert all(sheet.link(few(), key) is None for key in FAMILIES)


def marks(distance, newness=float("nan")):
    return (Marks(distance, 0.9, 0.9, 0.9, 1.0, 100, 10, newness),)


def test_little_data_is_judged_by_races_with_little_data(monkeypatch):
    table = {
        "ring": {"gan": marks(0.01), "kernel": marks(0.5)},
        record.few("ring"): {"gan": marks(0.9, 1.0), "kernel": marks(0.1, 0.2)},
    }
    monkeypatch.setattr(record, "everything", lambda: table)
    advised = advice.advise(["few"], "ring", None)
    assert advised.words.startswith("**Take:** **kernel density**")
    assert f"record of the ring with {record.FEW} points" in advised.words
    assert advice.advise(["sharpness"], "ring", None).words.startswith("**Take:** **GAN**")


def test_a_race_with_little_data_is_evidence_itself(monkeypatch):
    monkeypatch.setattr(record, "everything", dict)
    last = finish(arena.train(few(families=("mixture", "kernel"))))[0][-1]
    best = min(last.entries, key=lambda entry: entry.marks[0].distance)
    words = advice.advise(["few"], "moons", last).words
    assert words.startswith(f"**Take:** **{best.label}**")
    assert "by the race above" in words


def test_the_record_holds_races_with_little_data():
    found = record.everything()[record.few("ring")]
    assert set(found) == set(FAMILIES)
    assert all(len(each) == record.SEEDS for each in found.values())
    assert record.races(record.few("ring"))[0].examples == record.FEW


def test_an_untimed_family_takes_part_by_one_line(monkeypatch):
    """Race, pictures, table, bets and advice know it without a word anywhere else."""
    from explorer.concepts.arena import lesson

    monkeypatch.setitem(FAMILIES, "newcomer", replace(FAMILIES["kernel"], label="newcomer"))
    config = arena.Config("moons", steps=4, families=("mixture", "newcomer"))
    last = finish(arena.train(config))[0][-1]
    assert [entry.label for entry in last.entries] == ["mixture", "newcomer"]
    for view in arena.VIEWS:
        assert (
            "newcomer"
            in str([panel.marks for panel in arena.scene(last, view).panels])
            + str([panel.title for panel in arena.scene(last, view).panels])
            or view == "marks"
        )
    assert sheet.rows(config, last)[-1]["family"] == "newcomer"
    monkeypatch.setitem(lesson.LABELS, "newcomer", "newcomer")
    assert len(lesson.stakes(config, last)[0][1]) == 2
    assert any(
        row["family"] == "newcomer" for row in advice.advise(["sharpness"], "moons", last).rows
    )
