"""What every concept promises. A new one is picked up from the package by itself."""

import json
import threading
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from explorer.data import images, plane
from explorer.runs import finish
from explorer.scene import (
    ROLES,
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Mark,
    Mesh,
    Panel,
    Points,
    Scene,
    Text,
)

FOLDER = Path(__file__).parents[1] / "explorer" / "concepts"
CONCEPTS = [
    import_module(f"explorer.concepts.{path.stem}")
    for path in sorted(FOLDER.iterdir())
    if path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").exists())
]
STEPS = 12
DRAWING = plane.encode_strokes([[(-2, -2), (0, 2)], [(1, 1), (2, -1)]])
LARGEST = 64_000  # bytes of what changes from frame to frame

every_concept = pytest.mark.parametrize(
    "concept", CONCEPTS, ids=[module.__name__.rpartition(".")[2] for module in CONCEPTS]
)


def short(concept, **changes):
    """The concept's own default, but over in a moment."""
    return replace(concept.Config(), steps=STEPS, **changes)


@cache
def run(concept):
    """The snapshots and the model of a short run."""
    return finish(concept.train(short(concept)))


def arrays(value):
    """Every array inside a record, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    if is_dataclass(value):
        return [a for field in fields(value) for a in arrays(getattr(value, field.name))]
    if isinstance(value, dict):
        return [a for item in value.values() for a in arrays(item)]
    if isinstance(value, list | tuple):
        return [a for item in value for a in arrays(item)]
    return []


def same(a, b):
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_array_equal(x, y)


@every_concept
def test_it_exports_what_the_house_is_built_on(concept):
    for name in ("Config", "Snapshot", "train", "VIEWS", "scene"):
        assert hasattr(concept, name), name
    assert concept.VIEWS
    assert all(isinstance(text, str) and text for text in concept.VIEWS.values())


@every_concept
def test_a_config_is_frozen_and_equal_ones_are_one_key(concept):
    config = concept.Config()
    assert config == concept.Config()
    assert hash(config) == hash(concept.Config())
    assert config != replace(config, seed=config.seed + 1)
    with pytest.raises(FrozenInstanceError):
        config.seed = 5


@every_concept
def test_a_config_survives_the_link(concept):
    config = concept.Config()
    back = json.loads(json.dumps(asdict(config)))
    rebuilt = concept.Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in back.items()})
    assert rebuilt == config
    assert {"dataset", "steps", "seed"} <= set(back)


@every_concept
def test_every_field_refuses_nonsense_by_name_rule_and_value(concept):
    """Whatever somebody writes into the link."""
    for field in fields(concept.Config):
        value = getattr(concept.Config(), field.name)
        nonsense = [None, "nonsense", -1e30, float("nan"), 10**30]
        if isinstance(value, bool):
            nonsense = [None, "nonsense", 7]
        for wrong in nonsense[value is None :]:  # a field may be left out by default
            with pytest.raises(ValueError, match=field.name) as caught:
                replace(concept.Config(), **{field.name: wrong})
            assert "must" in str(caught.value), caught.value
            assert "Got" in str(caught.value), caught.value


@every_concept
def test_a_run_goes_from_before_the_first_update_to_the_last(concept):
    snapshots, model = run(concept)
    steps = [snapshot.step for snapshot in snapshots]
    assert steps[0] == 0
    assert steps[-1] == STEPS
    assert steps == sorted(set(steps))
    assert model is not None


@every_concept
def test_a_run_of_one_step_has_two_frames(concept):
    snapshots, _ = finish(concept.train(replace(concept.Config(), steps=1)))
    assert [snapshot.step for snapshot in snapshots] == [0, 1]


@every_concept
def test_the_same_config_gives_the_same_bytes_whatever_others_do(concept):
    snapshots, model = run(concept)
    stop = threading.Event()

    def disturb():
        rng = torch.Generator().manual_seed(1)
        while not stop.wait(0.0005):
            torch.randn(10)
            np.random.standard_normal(3)  # noqa: NPY002  the shared one is what must not matter
            torch.randn(10, generator=rng)

    other = threading.Thread(target=disturb)
    other.start()
    torch.manual_seed(99)
    try:
        again, twin = finish(concept.train(short(concept)))
    finally:
        stop.set()
        other.join()
    for a, b in zip(snapshots, again, strict=True):
        same(arrays(a), arrays(b))
    same(list(model.weights().values()), list(twin.weights().values()))


@every_concept
def test_two_runs_side_by_side_do_not_touch_each_other(concept):
    expected, _ = run(concept)
    one, other = concept.train(short(concept)), concept.train(short(concept, seed=1))
    for snapshot, mine, _ in zip(expected, one, other, strict=False):
        same(arrays(snapshot), arrays(mine))


@every_concept
def test_another_seed_is_another_run(concept):
    _, model = run(concept)
    _, other = finish(concept.train(short(concept, seed=1)))
    pairs = zip(model.weights().values(), other.weights().values(), strict=True)
    assert any(not np.array_equal(a, b) for a, b in pairs)


@every_concept
def test_nobody_can_change_a_snapshot(concept):
    for snapshot in run(concept)[0]:
        assert arrays(snapshot)
        assert not any(array.flags.writeable for array in arrays(snapshot))
        with pytest.raises(FrozenInstanceError):
            snapshot.step = 7


@every_concept
def test_gradients_stay_enabled_between_frames(concept):
    training = concept.train(short(concept))
    for _ in range(3):
        next(training)
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    training.close()
    assert torch.is_grad_enabled()


@every_concept
def test_samples_are_fixed_by_their_seed(concept):
    _, model = run(concept)
    x = model.sample(9, seed=3)
    assert isinstance(x, np.ndarray)
    assert len(x) == 9
    assert np.isfinite(x).all()
    torch.manual_seed(5)
    np.testing.assert_array_equal(model.sample(9, seed=3), x)
    assert not np.array_equal(model.sample(9, seed=4), x)
    assert torch.is_grad_enabled()


@every_concept
def test_a_checkpoint_is_arrays_by_name(concept):
    weights = run(concept)[1].weights()
    assert weights
    for name, value in weights.items():
        assert isinstance(name, str)
        assert isinstance(value, np.ndarray)
        assert np.isfinite(value).all()


def scenes(concept):
    snapshots, _ = run(concept)
    for view in concept.VIEWS:
        for snapshot in (snapshots[0], snapshots[-1]):
            yield concept.scene(snapshot, view=view)


@every_concept
def test_every_view_of_every_snapshot_is_a_valid_scene(concept):
    for scene in scenes(concept):
        check_scene(scene)


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
    [
        pytest.param(module, name, id=f"{module.__name__.rpartition('.')[2]}-{name}")
        for module in CONCEPTS
        for name in accepted(module)
    ],
)
def test_every_data_set_that_is_accepted_gives_valid_pictures(concept, name):
    snapshots, model = finish(concept.train(replace(concept.Config(), dataset=name, steps=2)))
    for view in concept.VIEWS:
        check_scene(concept.scene(snapshots[-1], view=view))
    assert np.isfinite(model.sample(3, seed=0)).all()


@every_concept
def test_a_scene_is_a_pure_function_of_its_snapshot(concept):
    snapshot = run(concept)[0][-1]
    before = [array.copy() for array in arrays(snapshot)]
    for view in concept.VIEWS:
        first, second = (concept.scene(snapshot, view=view) for _ in range(2))
        same(arrays(first), arrays(second))
        assert first.sentence == second.sentence
    same(arrays(snapshot), before)


@every_concept
def test_panels_keep_their_place_over_a_run(concept):
    """Nothing jumps: the same panels, of the same kind and with the same limits."""
    snapshots, _ = run(concept)
    for view in concept.VIEWS:
        frames = [concept.scene(snapshot, view=view) for snapshot in snapshots[::4]]
        layouts = {
            (tuple(frame.rows), *((p.title, p.kind, p.xlim, p.ylim, p.span) for p in frame.panels))
            for frame in frames
        }
        assert len(layouts) == 1


@every_concept
def test_a_frame_is_small_enough_to_travel(concept):
    """What did not change since the frame before is not sent again."""
    snapshots, _ = run(concept)
    for view in concept.VIEWS:
        frames = [concept.scene(snapshot, view=view) for snapshot in snapshots[-2:]]
        known = {id(array) for array in arrays(frames[0])}
        new = [array for array in arrays(frames[1]) if id(array) not in known]
        assert sum(array.nbytes for array in new) <= LARGEST, view


def check_scene(scene):
    assert isinstance(scene, Scene)
    assert 1 <= len(scene.panels) <= 8
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
        if not isinstance(mark, Field):
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
}
