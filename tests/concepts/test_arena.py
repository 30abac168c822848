"""The arena is fair: its runs are those of the families' own pages, its turns are equal."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import arena
from explorer.concepts.arena import pace
from explorer.concepts.arena.exam import PARTS, SETS, STAGES, Exam, exam
from explorer.concepts.arena.families import FAMILIES, sized
from explorer.concepts.arena.race import Lane
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import projections, sorted_distance

every_family = pytest.mark.parametrize("key", FAMILIES)


@cache
def race():
    return finish(arena.train(arena.Config(steps=6)))


@every_family
def test_a_model_of_the_arena_is_the_one_of_its_own_page(key):
    """The same config and seed: the same weights, samples and figure."""
    snapshots, arenas = race()
    config = arenas.config.run(key, 0)
    _, own = finish(FAMILIES[key].train(config))
    model = arenas.models[key][0]
    assert config.steps == arenas.config.updates(key)
    for name, value in own.weights().items():
        np.testing.assert_array_equal(model.weights()[name], value)
    np.testing.assert_array_equal(model.sample(50, 3), own.sample(50, 3))
    judge = exam("ring")
    made = np.concatenate([judge.draw(own, 0, part) for part in range(PARTS)])
    again = sorted_distance(projections(made, judge.slices), judge.projections)
    entry = next(entry for entry in snapshots[-1].entries if entry.key == key)
    assert entry.marks[0].distance == again


def test_all_models_move_together_by_equal_shares_of_their_budget():
    snapshots, _ = finish(
        arena.train(arena.Config(steps=40, families=("mixture", "kernel", "vae")))
    )
    for snapshot in snapshots[2:-1]:
        shares = [entry.done for entry in snapshot.entries]
        assert max(shares) - min(shares) <= 0.06, shares
        assert np.mean(shares) == pytest.approx(snapshot.step / 40, abs=0.03)
    assert all(entry.done == 1 for entry in snapshots[-1].entries)


@every_family
def test_a_size_is_the_largest_within_the_allowed_numbers(key):
    family = FAMILIES[key]
    size = sized(family, 3000)
    assert family.count(size) <= 3000 < family.count(size + 1)


@every_family
def test_a_model_has_as_many_numbers_as_were_counted(key):
    family = FAMILIES[key]
    _, model = finish(family.train(family.settings("ring", 9, 12, 0)))
    weights = model.weights().items()
    found = sum(value.size for name, value in weights if name.startswith(family.own))
    assert found == family.count(9)


def test_more_seconds_buy_more_updates_and_a_larger_model_fewer():
    for key, family in FAMILIES.items():
        assert pace.steps(key, "ring", 2.0) == pytest.approx(
            2 * pace.steps(key, "ring", 1.0), abs=2
        )
        assert pace.steps(key, "ring", 2.0, 2 * family.size) < pace.steps(key, "ring", 2.0)


def test_a_perfect_model_scores_within_the_floors():
    judge = exam("ring")
    dist = plane.get("ring")
    inside = 0
    for seed in range(6):
        x = dist.sample(judge.count, generator(seed))
        distance = sorted_distance(projections(x, judge.slices), judge.projections)
        low, high = judge.floors["distance"]
        inside += low * 0.8 <= distance <= high * 1.2
    assert inside >= 5


def test_the_exam_comes_in_small_parts_and_the_way_never_goes_back():
    config = arena.Config(steps=4, families=("mixture",))
    lane = Lane("mixture", 0, config.run("mixture", 0), exam("ring"), config.learning)
    done, parts = [], 0
    while not lane.over:
        lane.advance()
        parts += lane.sitting is not None
        done.append(lane.done)
    assert parts >= STAGES
    assert done == sorted(done)
    assert max(np.diff(done)[-STAGES:]) <= 2.01 * (1 - config.learning) / (STAGES + 1)


def test_floors_that_were_found_part_by_part_are_those_found_at_once():
    slowly, at_once = Exam("ring"), Exam("ring")
    for number, _ in enumerate(slowly.prepare()):
        if number == 3:
            break
    assert len(slowly._perfect) < SETS
    assert slowly.floors == at_once.floors


def test_measured_times_are_no_part_of_what_makes_two_marks_equal():
    marks = race()[0][-1].entries[0].marks[0]
    assert replace(marks, seconds=9e9, sampling=9e9) == marks
    assert replace(marks, distance=9e9) != marks


def test_several_models_of_a_family_differ_and_each_sits_the_exam():
    config = arena.Config(steps=4, seeds=3, families=("mixture", "kernel"))
    snapshots, _ = finish(arena.train(config))
    for entry in snapshots[-1].entries:
        assert len({marks.distance for marks in entry.marks}) == 3


@pytest.mark.parametrize("wrong", [(), ("nobody",), "gan", None, ["gan"]])
def test_families_that_there_are_none_of_are_refused(wrong):
    with pytest.raises(ValueError, match="families must be among"):
        arena.Config(families=wrong)


def test_a_family_that_fails_leaves_the_race_and_the_others_go_on(monkeypatch):
    def broken(config):
        yield from ()
        raise FloatingPointError("too large")

    monkeypatch.setitem(FAMILIES, "kernel", replace(FAMILIES["kernel"], train=broken))
    config = arena.Config(steps=4, families=("mixture", "kernel"))
    snapshots, model = finish(arena.train(config))
    failed = snapshots[-1].entries[1]
    assert failed.failed == "too large"
    assert list(model.marks) == ["mixture"]
    assert torch.is_grad_enabled()
