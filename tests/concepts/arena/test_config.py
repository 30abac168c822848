"""Few training points: the same for all, copies are noticed, recommendations rest on them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import arena
from explorer.concepts.arena import (
    families,
    kernel,
    predictions,
    recommendation,
    record,
    score_table,
)
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.learner import Config
from explorer.concepts.arena.measure import Scores, evaluation_of
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


def test_the_points_shown_are_those_that_the_first_models_learn_from():
    config = few(families=("mixture", "kernel"))
    snapshot = next(arena.train(config))
    known = plane.get(config.run("kernel", 0).dataset).known[0]
    np.testing.assert_array_equal(snapshot.real, known.numpy())


def test_copies_have_no_novelty_and_fresh_data_have_one():
    evaluation, name = evaluation_of("moons"), plane.few("moons", POINTS, 3)
    known = plane.get(name).known[0]
    assert evaluation.novelty(known[torch.arange(300) % POINTS], name) == pytest.approx(0, abs=1e-3)
    fresh = plane.get("moons").sample(300, generator(4))
    assert evaluation.novelty(fresh, name) == pytest.approx(1, abs=0.15)
    assert np.isnan(evaluation.novelty(fresh, "moons")), (
        "of unlimited data there is nothing to copy"
    )


def test_a_kernel_density_holds_out_some_of_few_points_so_its_bandwidth_stays_above_zero():
    _, model = finish(kernel.train(Config(plane.few("moons", POINTS, 0), 4000, 200, 0)))
    assert model.used < POINTS
    assert model.square**0.5 > 0.02


def test_images_have_no_number_of_examples():
    config = arena.Config("digits", examples=POINTS)
    assert not config.few
    assert getattr(config.run("kernel", 0), "dataset", "") == "digits"


@pytest.mark.parametrize("wrong", [-1, 1, 19, 10_001, 2.5])
def test_too_few_examples_are_refused(wrong):
    with pytest.raises(ValueError, match="examples must be"):
        arena.Config(examples=wrong)


def test_the_table_has_novelty_only_where_data_are_limited():
    who = ("mixture", "kernel")
    for config, there in ((few(families=who), True), (arena.Config(steps=4, families=who), False)):
        rows = score_table.rows(config, finish(arena.train(config))[0][-1])
        assert ("novelty" in rows[0]) == there
        assert all((row["novelty"] > 0) for row in rows if there)


def test_no_link_leads_to_a_run_that_the_pages_do_not_know():
    assert score_table.link(arena.Config("moons"), "gan") is not None
    assert all(score_table.link(few(), key) is None for key in FAMILIES)


def scores(distance, novelty=float("nan")):
    return (Scores(distance, 0.9, 0.9, 0.9, 1.0, 100, 10, novelty),)


def test_little_data_is_measured_in_runs_with_little_data(monkeypatch):
    table = {
        "ring": {"gan": scores(0.01), "kernel": scores(0.5)},
        record.few("ring"): {"gan": scores(0.9, 1.0), "kernel": scores(0.1, 0.2)},
    }
    monkeypatch.setattr(record, "everything", lambda: table)
    advised = recommendation.recommend(["few"], "ring", None)
    assert advised.words.startswith("**Recommended:** **kernel density**")
    assert f"recorded runs on {record.FEW} points of ring" in advised.words
    assert recommendation.recommend(["sharpness"], "ring", None).words.startswith(
        "**Recommended:** **GAN**"
    )


def test_a_run_with_little_data_is_evidence_itself(monkeypatch):
    monkeypatch.setattr(record, "everything", dict)
    last = finish(arena.train(few(families=("mixture", "kernel"))))[0][-1]
    best = min(last.states, key=lambda state: state.scores[0].distance)
    words = recommendation.recommend(["few"], "moons", last).words
    assert words.startswith(f"**Recommended:** **{best.label}**")
    assert "measured in the run above" in words


def test_the_record_holds_runs_with_little_data():
    found = record.everything()[record.few("ring")]
    assert set(found) == set(FAMILIES)
    assert all(len(each) == record.SEEDS for each in found.values())
    assert record.configs(record.few("ring"))[0].examples == record.FEW


def test_an_untimed_family_is_compared_by_one_entry(monkeypatch):
    """Run, scenes, table, predictions and recommendation need nothing else."""
    monkeypatch.setitem(FAMILIES, "newcomer", replace(FAMILIES["kernel"], label="newcomer"))
    monkeypatch.setitem(families.LABELS, "newcomer", "newcomer")
    config = arena.Config("moons", steps=4, families=("mixture", "newcomer"))
    last = finish(arena.train(config))[0][-1]
    assert [state.label for state in last.states] == ["mixture", "newcomer"]
    for view in arena.VIEWS:
        assert (
            "newcomer"
            in str([panel.marks for panel in arena.scene(last, view).panels])
            + str([panel.title for panel in arena.scene(last, view).panels])
            or view == "quality"
        )
    assert score_table.rows(config, last)[-1]["family"] == "newcomer"
    assert len(predictions.questions(config, last)[0][1]) == 2
    assert any(
        row["family"] == "newcomer"
        for row in recommendation.recommend(["sharpness"], "moons", last).rows
    )
