"""The comparison is fair: its models are those of the families' own pages, its turns are equal."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import arena
from explorer.concepts.arena import budget
from explorer.concepts.arena.families import FAMILIES, sized
from explorer.concepts.arena.measure import PARTS, SETS, STAGES, Evaluation, evaluation_of
from explorer.concepts.arena.train import Candidate
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import projections, sorted_distance

every_family = pytest.mark.parametrize("key", FAMILIES)


@cache
def compared():
    return finish(arena.train(arena.Config(steps=6)))


@every_family
def test_a_model_of_the_comparison_is_the_one_of_its_own_page(key):
    """The same config and seed: the same weights, samples and figure."""
    snapshots, found = compared()
    config = found.config.run(key, 0)
    _, own = finish(FAMILIES[key].train(config))
    model = found.models[key][0]
    assert config.steps == found.config.updates(key)
    for name, value in own.weights().items():
        np.testing.assert_array_equal(model.weights()[name], value)
    np.testing.assert_array_equal(model.sample(50, 3), own.sample(50, 3))
    evaluation = evaluation_of("ring")
    samples = np.concatenate([evaluation.draw(own, 0, part) for part in range(PARTS)])
    again = sorted_distance(projections(samples, evaluation.slices), evaluation.projections)
    state = next(state for state in snapshots[-1].states if state.key == key)
    assert state.scores[0].distance == again


def test_all_models_move_together_by_equal_shares_of_their_budget():
    snapshots, _ = finish(
        arena.train(arena.Config(steps=40, families=("mixture", "kernel", "vae")))
    )
    for snapshot in snapshots[2:-1]:
        shares = [state.done for state in snapshot.states]
        assert max(shares) - min(shares) <= 0.06, shares
        assert np.mean(shares) == pytest.approx(snapshot.step / 40, abs=0.03)
    assert all(state.done == 1 for state in snapshots[-1].states)


@every_family
def test_a_size_is_the_largest_within_the_allowed_parameters(key):
    family = FAMILIES[key]
    size = sized(family, 3000)
    assert family.count(size) <= 3000 < family.count(size + 1)


@every_family
def test_a_model_has_as_many_parameters_as_were_counted(key):
    family = FAMILIES[key]
    _, model = finish(family.train(family.settings("ring", 9, 12, 0)))
    weights = model.weights().items()
    found = sum(value.size for name, value in weights if name.startswith(family.own))
    assert found == family.count(9)


def test_more_seconds_buy_more_updates_and_a_larger_model_fewer():
    for key, family in FAMILIES.items():
        assert budget.steps(key, "ring", 2.0) == pytest.approx(
            2 * budget.steps(key, "ring", 1.0), abs=2
        )
        assert budget.steps(key, "ring", 2.0, 2 * family.size) < budget.steps(key, "ring", 2.0)


def test_a_perfect_model_scores_within_the_floors():
    evaluation = evaluation_of("ring")
    dist = plane.get("ring")
    inside = 0
    for seed in range(6):
        x = dist.sample(evaluation.count, generator(seed))
        distance = sorted_distance(projections(x, evaluation.slices), evaluation.projections)
        low, high = evaluation.floors["distance"]
        inside += low * 0.8 <= distance <= high * 1.2
    assert inside >= 5


def test_the_evaluation_comes_in_small_parts_and_progress_never_goes_back():
    config = arena.Config(steps=4, families=("mixture",))
    candidate = Candidate(
        "mixture", 0, config.run("mixture", 0), evaluation_of("ring"), config.training
    )
    done, parts = [], 0
    while not candidate.over:
        candidate.advance()
        parts += candidate.evaluating is not None
        done.append(candidate.done)
    assert parts >= STAGES
    assert done == sorted(done)
    assert max(np.diff(done)[-STAGES:]) <= 2.01 * (1 - config.training) / (STAGES + 1)


def test_floors_that_were_found_part_by_part_are_those_found_at_once():
    slowly, at_once = Evaluation("ring"), Evaluation("ring")
    for number, _ in enumerate(slowly.prepare()):
        if number == 3:
            break
    assert len(slowly._perfect) < SETS
    assert slowly.floors == at_once.floors


def test_measured_times_are_no_part_of_what_makes_two_scores_equal():
    scores = compared()[0][-1].states[0].scores[0]
    assert replace(scores, seconds=9e9, sampling=9e9) == scores
    assert replace(scores, distance=9e9) != scores


def test_several_models_of_a_family_differ_and_each_is_evaluated():
    config = arena.Config(steps=4, seeds=3, families=("mixture", "kernel"))
    snapshots, _ = finish(arena.train(config))
    for state in snapshots[-1].states:
        assert len({each.distance for each in state.scores}) == 3


@pytest.mark.parametrize("wrong", [(), ("nobody",), "gan", None, ["gan"]])
def test_families_that_there_are_none_of_are_refused(wrong):
    with pytest.raises(ValueError, match="families must be some of"):
        arena.Config(families=wrong)


def test_a_family_that_fails_stops_and_the_others_go_on(monkeypatch):
    def broken(config):
        yield from ()
        raise FloatingPointError("too large")

    monkeypatch.setitem(FAMILIES, "kernel", replace(FAMILIES["kernel"], train=broken))
    config = arena.Config(steps=4, families=("mixture", "kernel"))
    snapshots, model = finish(arena.train(config))
    failed = snapshots[-1].states[1]
    assert failed.failed == "too large"
    assert list(model.scores) == ["mixture"]
    assert torch.is_grad_enabled()
