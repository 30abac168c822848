"""What the pictures of every concept promise."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from explorer.data import images, plane
from explorer.draw.pillow_scene import picture
from explorer.draw.plotly_scene import figure
from explorer.draw.wire import Recording
from explorer.runs import finish
from explorer.scene import (
    ROLES,
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Links,
    Maps,
    Mark,
    Mesh,
    Panel,
    Points,
    Scene,
    Text,
)
from tests.contract import CONCEPTS, arrays, case, drawn, every_experiment, run, same

DRAWING = plane.encode_strokes([[(-2, -2), (0, 2)], [(1, 1), (2, -1)]])
LARGEST = 64_000  # bytes of what changes from frame to frame


@every_experiment
def test_every_view_of_every_snapshot_is_a_valid_scene(concept, key):
    snapshots, _ = run(concept, key)
    for snapshot in (snapshots[0], snapshots[-1]):
        for _, scene in drawn(concept, key, snapshot):
            check_scene(scene)


@every_experiment
def test_every_view_is_drawn_by_all_three_renderers(concept, key):
    snapshots, _ = run(concept, key)
    first, last = ([scene for _, scene in drawn(concept, key, snapshots[at])] for at in (0, -1))
    for scenes in zip(first, last, strict=True):
        recording = Recording()
        for scene in scenes:
            recording.add(scene)
        assert recording.packet(0, 2, {})
        assert picture(scenes[1], "light", 480).width == 480
        assert figure(scenes[1], "dark").data


def accepted(concept):
    """The data sets of the house that a concept learns from."""
    for name in [*plane.DATASETS, DRAWING, *images.SETS]:
        try:
            replace(concept.Config(), dataset=name)
        except ValueError:
            continue
        yield name


@pytest.mark.parametrize(
    ("concept", "name"),
    [case(module, name) for module in CONCEPTS for name in accepted(module)],
)
def test_every_data_set_that_is_accepted_gives_valid_pictures(concept, name):
    snapshots, model = finish(concept.train(replace(concept.Config(), dataset=name, steps=2)))
    for view in concept.VIEWS:
        check_scene(concept.scene(snapshots[-1], view=view))
    assert np.isfinite(model.sample(3, seed=0)).all()


@every_experiment
def test_a_scene_is_a_pure_function_of_its_snapshot(concept, key):
    snapshot = run(concept, key)[0][-1]
    before = [array.copy() for array in arrays(snapshot)]
    pairs = zip(drawn(concept, key, snapshot), drawn(concept, key, snapshot), strict=True)
    for (_, first), (_, second) in pairs:
        same(arrays(first), arrays(second))
        assert first.sentence == second.sentence
    same(arrays(snapshot), before)


@every_experiment
def test_panels_keep_their_place_over_a_run(concept, key):
    """Nothing jumps: the same panels, of the same kind and with the same limits."""
    layouts = {}
    for snapshot in run(concept, key)[0][::4]:
        for view, frame in drawn(concept, key, snapshot):
            panels = ((p.title, p.kind, p.xlim, p.ylim, p.span) for p in frame.panels)
            layouts.setdefault(view, set()).add((tuple(frame.rows), *panels))
    assert all(len(found) == 1 for found in layouts.values()), layouts


@every_experiment
def test_a_frame_is_small_enough_to_travel(concept, key):
    """What did not change since the frame before is not sent again."""
    snapshots = run(concept, key)[0][-2:]
    frames = [dict(drawn(concept, key, snapshot)) for snapshot in snapshots]
    for view, last in frames[-1].items():
        known = {id(array) for array in arrays(frames[0][view])} if len(frames) > 1 else set()
        new = [array for array in arrays(last) if id(array) not in known]
        assert sum(array.nbytes for array in new) <= LARGEST, view


def check_scene(scene):
    assert isinstance(scene, Scene)
    assert 1 <= len(scene.panels) <= 9, "eight families, and what is real"
    assert scene.sentence, "what is seen, in words"
    assert sum(scene.rows) in (0, len(scene.panels))
    for flow in scene.flows:
        assert 0 <= flow.source < len(scene.panels)
        assert 0 <= flow.target < len(scene.panels)
        assert flow.role in ROLES
    for reading in scene.readings:
        assert reading.label
        assert reading.floor is None or reading.floor[0] <= reading.floor[1]
        assert reading.bound, "no figure without its floor or its bound"
    for panel in scene.panels:
        check_panel(panel)


def check_panel(panel):
    assert isinstance(panel, Panel)
    assert panel.title
    assert panel.kind in ("plane", "chart", "images")
    for limits in (panel.xlim, panel.ylim):
        assert limits is None or limits[0] < limits[1]
    names = [mark.name for mark in panel.marks]
    assert all(names)
    assert len(names) == len(set(names)), "a name is what the legend switches"
    for mark in panel.marks:
        assert isinstance(mark, get_args(Mark))
        CHECKS[type(mark)](mark)
        if not isinstance(mark, Field | Links):
            assert mark.role in ROLES


def shaped(array, *shape):
    assert isinstance(array, np.ndarray)
    assert array.ndim == len(shape)
    for size, wanted in zip(array.shape, shape, strict=True):
        assert wanted in (None, size), f"{array.shape} is not {shape}"
    return array


def numbers(array, *shape):
    assert np.isfinite(shaped(array, *shape)).all()


def points(mark):
    numbers(mark.xy, None, 2)
    if mark.classes is not None:
        assert np.issubdtype(shaped(mark.classes, len(mark.xy)).dtype, np.integer)
    if mark.values is not None:
        shaped(mark.values, len(mark.xy))
    assert mark.shape in ("dot", "ring", "cross", "square")


def field(mark):
    numbers(mark.values, None, None)
    assert mark.low < mark.high
    assert set(mark.ends) <= set(ROLES)
    if mark.classes is not None:
        assert np.issubdtype(shaped(mark.classes, *mark.values.shape).dtype, np.integer)


def curve(mark):
    shaped(mark.xy, None, 2)  # NaN breaks a line
    assert not np.isinf(mark.xy).any()
    if mark.band is not None:
        shaped(mark.band, len(mark.xy), 2)


def arrows(mark):
    numbers(mark.xy, None, 2)
    numbers(mark.uv, len(mark.xy), 2)


def pictures(mark):
    assert mark.pixels.dtype == np.uint8
    assert mark.pixels.ndim in (3, 4)
    if mark.pixels.ndim == 4:
        assert mark.pixels.shape[3] == 3
    assert mark.columns >= 1
    assert len(mark.captions) in (0, len(mark.pixels))
    assert all(0 <= index < len(mark.pixels) for index in mark.marked)
    if mark.at is not None:
        numbers(mark.at, len(mark.pixels), 2)
        assert mark.height > 0


def bars(mark):
    numbers(mark.values, None)
    assert len(mark.labels) in (0, len(mark.values))
    if mark.classes is not None:
        shaped(mark.classes, len(mark.values))


def links(mark):
    numbers(mark.xy, None, 2)
    numbers(mark.uv, len(mark.xy), 2)
    numbers(mark.values, len(mark.xy))
    assert len(mark.labels) in (0, len(mark.xy))
    assert mark.high > 0


def maps(mark):
    numbers(mark.values, None, None, None)
    numbers(mark.at, len(mark.values), 2)
    assert mark.low < mark.high
    assert mark.height > 0
    assert len(mark.labels) in (0, len(mark.values))


def text(mark):
    assert mark.text
    assert len(mark.xy) == 2


CHECKS = {
    Points: points,
    Field: field,
    Curve: curve,
    Arrows: arrows,
    Mesh: lambda mark: numbers(mark.xy, None, None, 2),
    Images: pictures,
    Bars: bars,
    Text: text,
    Links: links,
    Maps: maps,
}
