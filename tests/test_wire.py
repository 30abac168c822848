"""Laws of the player's wire format, checked with a decoder of its own."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from explorer.draw.wire import LEVELS, NOTHING, REACH, Recording
from explorer.scene import (
    Arrows,
    Bars,
    Field,
    Images,
    Mesh,
    Panel,
    Points,
    Reading,
    Scene,
    Sound,
)
from tests.draw import scenes
from tests.draw.scenes import demo


class Receiver:
    """What the browser keeps: templates and arrays by number, frames in order."""

    def __init__(self) -> None:
        self.templates: dict[int, dict] = {}
        self.arrays: dict[int, np.ndarray] = {}
        self.frames: list[dict] = []
        self.header: dict = {}

    def take(self, packet: bytes) -> "Receiver":
        (size,) = struct.unpack_from("<I", packet)
        self.header = header = json.loads(packet[4 : 4 + size])
        body = packet[4 + size :]
        assert size % 4 == 0
        assert header["first"] <= len(self.frames), "a gap"
        self.templates |= {int(i): template for i, template in header["templates"].items()}
        for number, dtype, shape, offset, length in header["buffers"]:
            assert offset % 4 == 0
            array = np.frombuffer(body[offset : offset + length], dtype)
            self.arrays[number] = array.reshape(shape)
        self.frames[header["first"] :] = header["frames"]
        return self

    def panel(self, frame: int, panel: int) -> dict:
        """A panel's template with its arrays put back."""
        template, *numbers = self.frames[frame]["panels"][panel]
        found = json.loads(json.dumps(self.templates[template]))
        for mark in found["marks"]:
            for key, value in mark.items():
                if key in ARRAYS and isinstance(value, int):
                    mark[key] = self.arrays[numbers[value]]
        return found


ARRAYS = {"xy", "values", "classes", "band", "uv", "pixels", "at"}


def header_of(packet: bytes) -> dict:
    (size,) = struct.unpack_from("<I", packet)
    return json.loads(packet[4 : 4 + size])


def recorded(*scenes: Scene) -> Recording:
    made = Recording()
    for scene in scenes:
        made.add(scene)
    return made


def run(frames: int = 12) -> Recording:
    """A run of everything, with growing curves in the place of whole ones."""
    everything = [demo(1 + 25 * i) for i in range(frames)]
    for i, scene in enumerate(everything):
        panels = list(scene.panels)
        panels[4] = replace(scenes.growing(i).panels[0], title=panels[4].title)
        everything[i] = replace(scene, panels=panels)
    return recorded(*everything)


def one(mark, **panel) -> dict:
    """One mark, sent and received."""
    sent = recorded(Scene([Panel("p", [mark], **panel)]))
    return Receiver().take(sent.packet(0, 1, {})).panel(0, 0)["marks"][0]


def test_every_scene_arrives_with_its_words_and_numbers():
    scene = demo(40)
    got = Receiver().take(recorded(scene).packet(0, 1, {"total": 1}))
    assert got.header["total"] == 1
    frame = got.frames[0]
    assert frame["step"] == 40
    assert frame["says"] == scene.sentence
    assert frame["values"] == [reading.value for reading in scene.readings]
    plain = got.templates[frame["scene"]]
    assert plain["rows"] == list(scene.rows)
    assert [flow["label"] for flow in plain["flows"]] == [flow.label for flow in scene.flows]
    for i, panel in enumerate(scene.panels):
        shown = got.panel(0, i)
        assert shown["title"] == panel.title
        assert [m["mark"] for m in shown["marks"]] == [type(m).__name__ for m in panel.marks]


def test_a_run_is_the_same_however_it_is_cut_into_packets():
    made = run()
    whole = Receiver().take(made.packet(0, 12, {}))
    parts = Receiver()
    for first, last in [(0, 1), (1, 1), (1, 6), (4, 9), (9, 12)]:  # also empty, and overlapping
        parts.take(made.packet(first, last, {}))
    assert parts.frames == whole.frames
    for i in range(12):
        for panel in range(7):
            a, b = whole.panel(i, panel), parts.panel(i, panel)
            assert json.dumps(a, default=np.ndarray.tolist) == json.dumps(
                b, default=np.ndarray.tolist
            )


def test_what_a_run_repeats_travels_once():
    made = run()
    packets = [made.packet(i, i + 1, {}) for i in range(12)]
    assert max(map(len, packets[1:])) < len(packets[0]) / 2
    numbers = [buffer[0] for p in packets for buffer in header_of(p)["buffers"]]
    assert len(numbers) == len(set(numbers))
    again = recorded(demo(5), demo(6), demo(5))
    assert not header_of(again.packet(2, 3, {}))["buffers"]


def test_of_a_growing_curve_only_the_new_points_travel():
    packets = recorded(*(scenes.growing(step) for step in range(40)))
    assert {len(buffer.data) for buffer in packets.buffers} == {
        16
    }  # two points, whatever came before
    got = Receiver().take(packets.packet(0, 40, {}))
    assert got.panel(7, 0)["marks"][0]["grows"]
    assert list(got.panel(7, 0)["marks"][1]["xy"][:, 0]) == [7, 7.5]


def test_points_keep_their_place_to_a_hundredth_of_a_pixel():
    xy = np.random.default_rng(0).uniform(-6, 6, (500, 2))
    for mark in (Points("p", "real", xy), Arrows("a", "model", xy, xy)):
        sent = one(mark, xlim=(-4, 4), ylim=(-2, 6))["xy"]
        assert sent.dtype == np.int16
        back = np.array([0, 2]) + sent / REACH * 8
        assert np.abs(back - xy).max() < 8 / 400 / 100
    mesh = one(Mesh("m", "model", xy.reshape(20, 25, 2)))["xy"]
    assert mesh.shape == (20, 25, 2)


def test_points_far_outside_stay_outside():
    sent = one(Points("p", "real", np.array([[1e9, -1e9], [np.nan, 0.0]])))["xy"]
    assert (np.abs(sent[0]) > REACH).all()
    assert abs(sent[1, 0]) > REACH, "a point that is no number is not shown in the middle"


def test_points_on_logarithmic_axes_stay_exact():
    xy = np.array([[1e-6, 1e-3], [1.0, 1e6]])
    sent = one(Points("p", "real", xy), kind="chart", xlim=(1e-6, 1), ylim=(1e-3, 1e6), log_x=True)
    np.testing.assert_allclose(sent["xy"], xy, rtol=1e-6)


def test_a_field_keeps_its_values_to_half_a_level_and_its_holes():
    values = np.random.default_rng(0).uniform(-1, 3, (8, 9))
    values[2, 3] = np.nan
    values[0, 0], values[0, 1] = -9, 99
    sent = one(Field("f", values, -1, 3))["values"]
    assert sent.dtype == np.uint8
    assert sent[2, 3] == NOTHING
    assert (sent[0, 0], sent[0, 1]) == (0, LEVELS)
    back = -1 + sent / LEVELS * 4
    inside = np.ones_like(values, bool)
    inside[2, 3] = inside[0, 0] = inside[0, 1] = False
    assert np.abs(back - values)[inside].max() <= 4 / LEVELS / 2 + 1e-9


def test_images_and_bars_arrive_exactly():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 6, 3), dtype=np.uint8)
    images = Images("i", "model", pixels, captions=list("abcde"), marked=(2,))
    sent = one(images, kind="images")
    np.testing.assert_array_equal(sent["pixels"], pixels)
    assert sent["captions"] == list("abcde")
    assert sent["marked"] == [2]
    values = np.array([0.25, 0.5])
    np.testing.assert_array_equal(one(Bars("b", "truth", values), kind="chart")["values"], values)


@pytest.mark.parametrize("value", [np.nan, np.inf, np.float32(np.nan)])
def test_a_reading_that_is_no_number_arrives_as_null(value):
    reading = Reading("r", value, (0.0, np.inf))
    got = Receiver().take(recorded(replace(demo(3), readings=[reading])).packet(0, 1, {}))
    assert got.frames[0]["values"] == [None]
    assert got.templates[got.frames[0]["scene"]]["readings"][0]["floor"] == [0.0, None]


def test_numpy_numbers_in_a_scene_are_plain_numbers_on_the_wire():
    scene = Scene([Panel("p", [], xlim=(np.float32(0), np.int64(2)))], step=np.int64(7))
    got = Receiver().take(recorded(scene).packet(0, 1, {}))
    assert got.frames[0]["step"] == 7
    assert got.panel(0, 0)["xlim"] == [0.0, 2]


def test_a_frame_of_everything_is_small():
    made = run(40)
    packets = [made.packet(i, i + 1, {}) for i in range(1, 40)]
    assert sum(map(len, packets)) / len(packets) < 8000


def test_the_shape_of_a_recording_is_what_its_layout_needs():
    shape = run(3).shape()
    assert [panel["title"] for panel in shape["panels"]] == [p.title for p in demo().panels]
    assert shape["scene"]["rows"] == [3, 4]


def test_what_can_be_heard_travels_with_its_frame():
    notes = np.array([[0, 1, 60], [1, 0.5, 64]], np.float32)
    heard, recording = Sound("melody", "model", notes, panel=0, tempo=120), Recording()
    recording.add(Scene([Panel("silent", [])], 0))
    recording.add(Scene([Panel("heard", [])], 1, sounds=[heard]))
    receiver = Receiver().take(recording.packet(0, 2, {}))
    assert "sounds" not in receiver.frames[0]
    ((label, role, panel, tempo, number),) = receiver.frames[1]["sounds"]
    assert (label, role, panel, tempo) == ("melody", "model", 0, 120)
    np.testing.assert_array_equal(receiver.arrays[number], notes)
