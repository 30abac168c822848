"""The wire format of the player: a header in JSON, then raw arrays, each sent once per run.

    packet = u32 length of the header | header (UTF-8, padded to 4 bytes) | buffers (padded to 4)

A frame is a list of numbers: of the templates of its scene and its panels (everything but the
arrays), and of its arrays. Whatever a run repeats, a template or an array, is numbered by its
content and travels once. Of a curve that grows every frame holds its new points.
Points and meshes are int16 over three times the panel's limits, fields uint8 between their low and
high, images uint8, everything else float32.
"""

import json
import struct
from collections.abc import Hashable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from hashlib import blake2b
from itertools import count
from typing import Any, get_args

import numpy as np

from explorer.scene import (
    Arrows,
    Field,
    Flow,
    Images,
    Links,
    Maps,
    Mark,
    Mesh,
    Panel,
    Points,
    Reading,
    Scene,
)

REACH = 32767 / 1.5  # int16 units per span of a panel, so that a span beyond each side is kept
NOTHING = 255  # of a field: no value here
LEVELS = 254  # of a field: the number of its steps from low to high
KINDS = {np.dtype(name): name for name in ("int16", "uint8", "float32")}
NAMES = {
    kind: [item.name for item in fields(kind)] for kind in (Flow, Reading, Panel, *get_args(Mark))
}


@dataclass(frozen=True)
class Buffer:
    """An array as bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


@dataclass
class Recording:
    """The encoded frames of one run in one view; grows as the run does."""

    frames: list[str] = field(default_factory=list)  # JSON of each
    templates: list[str] = field(default_factory=list)  # JSON of each
    buffers: list[Buffer] = field(default_factory=list)
    size: int = 0  # in bytes
    _counts: list[tuple[int, int]] = field(default_factory=list)  # templates, buffers up to a frame
    _texts: dict[str, int] = field(default_factory=dict)  # number of a template by its JSON
    _alike: dict[Hashable, int] = field(default_factory=dict)  # and by what it was made of
    _known: dict[bytes, int] = field(default_factory=dict)  # number of an array by its digest

    def add(self, scene: Scene) -> None:
        """Append one frame."""
        panels = [self._panel(panel) for panel in scene.panels]
        frame = {
            "step": finite(scene.step),
            "says": scene.sentence,
            "values": [finite(reading.value) for reading in scene.readings],
            "scene": self._template(_scene(scene)),
            "panels": panels,
        }
        if scene.sounds:
            frame["sounds"] = [
                [
                    each.label,
                    each.role,
                    each.panel,
                    each.tempo,
                    self._buffer(each.notes.astype("f4")),
                ]
                for each in scene.sounds
            ]
        self.frames.append(_json(frame))
        self._counts.append((len(self.templates), len(self.buffers)))
        self.size += len(self.frames[-1])

    def packet(self, first: int, last: int, header: dict[str, Any]) -> bytes:
        """Frames first .. last - 1, what they are the first to need, and a header of yours."""
        known, sent = self._counts[first - 1] if first else (0, 0)
        needed, send = self._counts[last - 1] if last else (0, 0)
        listed, offset = [], 0
        for number in range(sent, send):
            buffer = self.buffers[number]
            listed.append([number, buffer.dtype, buffer.shape, offset, len(buffer.data)])
            offset += len(buffer.data) + -len(buffer.data) % 4
        templates = ",".join(f'"{i}":{self.templates[i]}' for i in range(known, needed))
        head = _json({**header, "first": first, "buffers": listed})
        frames = ",".join(self.frames[first:last])
        text = f'{head[:-1]},"templates":{{{templates}}},"frames":[{frames}]}}'.encode()
        text += b" " * (-len(text) % 4)
        body = [b.data + b"\0" * (-len(b.data) % 4) for b in self.buffers[sent:send]]
        return b"".join([struct.pack("<I", len(text)), text, *body])

    def shape(self) -> dict[str, Any]:
        """The templates of the first frame: how the scene is laid out, without its arrays."""
        frame = json.loads(self.frames[0])
        scene = json.loads(self.templates[frame["scene"]])
        return {
            "scene": scene,
            "panels": [json.loads(self.templates[p[0]]) for p in frame["panels"]],
        }

    def _panel(self, panel: Panel) -> list[int]:
        """The number of the panel's template, then those of its arrays in their order."""
        numbers: list[int] = []
        content = [_fixed(getattr(panel, name)) for name in NAMES[Panel] if name != "marks"]
        for mark in panel.marks:
            content.append(type(mark).__name__)
            for name in NAMES[type(mark)]:
                value = getattr(mark, name)
                if isinstance(value, np.ndarray):
                    numbers.append(self._buffer(shrunk(mark, name, value, panel)))
                    value = np.ndarray  # the template knows the order only
                content.append(_fixed(value))
        # Most frames lay a panel out as the one before did: that is seen without writing it out.
        alike = tuple(content)
        template = self._alike.get(alike)
        if template is None:
            template = self._alike[alike] = self._template(_panel(panel))
        return [template, *numbers]

    def _template(self, content: dict[str, Any]) -> int:
        text = _json(content)
        if text not in self._texts:
            self._texts[text] = len(self.templates)
            self.templates.append(text)
            self.size += len(text)
        return self._texts[text]

    def _buffer(self, array: np.ndarray) -> int:
        kind, data = KINDS[array.dtype], array.tobytes()
        digest = blake2b(data + f"{kind}{array.shape}".encode(), digest_size=16).digest()
        number = self._known.get(digest)
        if number is None:
            number = self._known[digest] = len(self.buffers)
            self.buffers.append(Buffer(kind, array.shape, data))
            self.size += len(data)
        return number


def shrunk(mark: Mark, name: str, value: np.ndarray, panel: Panel) -> np.ndarray:
    """The smallest form of an array that still shows the same picture."""
    if isinstance(mark, Field | Maps) and name == "values":
        unit = (value - mark.low) / ((mark.high - mark.low) or 1.0)
        level = np.rint(LEVELS * np.clip(unit, 0, 1))
        return np.where(np.isnan(unit), NOTHING, level).astype(np.uint8)
    if isinstance(mark, Images) and name == "pixels":
        return value.astype(np.uint8)
    if name == "classes":
        return value.astype(np.uint8)
    inside = isinstance(mark, Points | Mesh | Arrows | Links) and name == "xy"
    if inside and panel.xlim and panel.ylim and not (panel.log_x or panel.log_y):
        low, high = np.array([panel.xlim, panel.ylim]).T
        unit = (value - (low + high) / 2) / (high - low)  # -0.5 .. 0.5 inside the panel
        whole = np.rint(np.where(np.isnan(unit), 9.0, unit) * REACH)
        return np.clip(whole, -32767, 32767).astype(np.int16)
    return value.astype(np.float32)


def finite(value: Any) -> Any:
    """What JSON can say: no NaN, no infinity, no numpy; such a number becomes null."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, tuple | list):
        return [finite(item) for item in value]
    return value


def _panel(panel: Panel) -> dict[str, Any]:
    """All of a panel but its arrays, of which it says which comes where."""
    marks, arrays = [], count()
    for mark in panel.marks:
        plain: dict[str, Any] = {"mark": type(mark).__name__}
        for item in fields(mark):
            value = getattr(mark, item.name)
            if isinstance(value, np.ndarray):
                plain[item.name] = next(arrays)
            elif item.default is MISSING or value != item.default:
                plain[item.name] = finite(value)
        marks.append(plain)
    return {**_plain(panel, ("marks",)), "marks": marks}


def _fixed(value: Any) -> Hashable:
    return tuple(map(_fixed, value)) if isinstance(value, list | tuple) else value


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "rows": list(scene.rows) or [len(scene.panels)],
        "flows": [_plain(flow) for flow in scene.flows],
        "readings": [_plain(reading, ("value",)) for reading in scene.readings],
        "unit": scene.unit,
        "title": scene.title,
    }


def _plain(record: Any, skip: Sequence[str] = ()) -> dict[str, Any]:
    names = NAMES[type(record)]
    return {name: finite(getattr(record, name)) for name in names if name not in skip}


def _json(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"), allow_nan=False)
