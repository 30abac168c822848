"""Every family has its place from the start, and names do not cover each other."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.concepts import arena
from explorer.concepts.arena import charts, score_table
from explorer.concepts.arena.train import start
from explorer.runs import finish
from explorer.scene import Curve, Images


@pytest.mark.parametrize(("dataset", "seeds"), [("moons", 3), ("digits", 1)])
def test_the_table_has_its_rows_and_columns_before_the_run_and_after_it(dataset, seeds):
    config = arena.Config(dataset, ("mixture", "kernel"), steps=2, seeds=seeds)
    before = score_table.rows(config, None)
    after = score_table.rows(config, finish(arena.train(config))[0][-1])
    assert [list(row) for row in before] == [list(row) for row in after]
    assert [row["family"] for row in before] == ["fresh data", "mixture", "kernel density"]
    assert all(row["distance"] is None for row in before)
    assert all(row["distance"] > 0 for row in after)


def test_images_stand_beside_held_out_ones():
    snapshot = start(arena.Config("digits"))
    panels = arena.scene(snapshot).panels
    assert len(panels) == 1 + len(snapshot.states)
    marks = [mark for panel in panels for mark in panel.marks]
    (shown,) = [mark for mark in marks if isinstance(mark, Images) and mark.role == "real"]
    np.testing.assert_array_equal(shown.pixels, snapshot.real)


@pytest.mark.parametrize("count", range(1, 9))
def test_every_curve_has_a_panel_and_none_holds_more_than_two(count):
    first = start(arena.Config("ring"))
    states = [replace(each, curve=np.full((2, 2), 0.5)) for each in first.states[:count]]
    scene = arena.scene(replace(first, states=tuple(states)), "curves")
    own = [
        [mark.name for mark in panel.marks if isinstance(mark, Curve) and mark.role != "truth"]
        for panel in scene.panels
    ]
    assert [name for names in own for name in names] == [each.label for each in states]
    assert max(map(len, own)) <= 2
    assert sum(scene.rows) == len(scene.panels)


@pytest.mark.parametrize("trial", range(20))
def test_names_of_eight_points_stand_apart_near_their_own_and_inside(trial):
    points = np.random.default_rng(trial).random((8, 2))
    names = charts.named(points)
    assert 0 <= names[:, 1].min() <= names[:, 1].max() <= 1
    assert np.abs(names - points).max() < 0.15
    gaps = np.abs(names[:, None] - names[None]) / (charts.WIDE, charts.HIGH)
    apart = gaps.max(axis=2) + 9 * np.eye(8)
    assert (apart < 1).sum() <= 2 * 2


def test_two_points_at_the_same_place_have_their_names_on_two_sides():
    names = charts.named(np.array([[0.5, 0.5], [0.5, 0.5]]))
    assert abs(names[0, 1] - names[1, 1]) >= charts.HIGH


def test_a_name_stays_off_a_line_across():
    names = charts.named(np.array([[0.5, 0.5]]), 0.6)
    assert abs(names[0, 1] - 0.6) >= charts.HIGH / 2
