"""The wire format of the player: a JSON header, then raw arrays, each sent once a run.

    packet = u32 length of the header | header (UTF-8, padded to 4 bytes) | blobs (each padded to 4)

The header lists the frames as plain scenes in which an array is the number of its blob. Points
and meshes travel as int16 over three times the panel's limits, fields as uint8 between their low
and high, images as uint8, everything else as float32. Equal arrays are one blob, so what stays the
same over a run costs nothing after the first frame.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any

import numpy as np

from explorer.scene import Field, Images, Mark, Mesh, Panel, Points, Scene

REACH = 32767 / 1.5  # int16 units per span of a panel, so that half a span beyond is still kept


@dataclass
class Film:
    """The encoded frames of one run in one view; grows as the run does."""

    frames: list[str] = field(default_factory=list)  # JSON of each scene
    news: list[list[int]] = field(default_factory=list)  # blobs that a frame needs first
    blobs: list[tuple[str, tuple[int, ...], bytes]] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)

    def add(self, scene: Scene) -> None:
        """Append one frame."""
        before = len(self.blobs)
        self.frames.append(json.dumps(self._scene(scene), separators=(",", ":"), allow_nan=False))
        self.news.append(list(range(before, len(self.blobs))))

    def packet(self, first: int, last: int, header: dict[str, Any]) -> bytes:
        """Frames first .. last - 1 with the blobs that they need first, and a header of yours."""
        numbers = [n for news in self.news[first:last] for n in news]
        listed, offset = [], 0
        for n in numbers:
            dtype, shape, data = self.blobs[n]
            listed.append([n, dtype, shape, offset, len(data)])
            offset += len(data) + -len(data) % 4
        head = json.dumps({**header, "first": first, "blobs": listed}, separators=(",", ":"))
        text = f'{head[:-1]},"frames":[{",".join(self.frames[first:last])}]}}'.encode()
        text += b" " * (-len(text) % 4)
        body = b"".join(self.blobs[n][2] + b"\0" * (-len(self.blobs[n][2]) % 4) for n in numbers)
        return struct.pack("<I", len(text)) + text + body

    def _scene(self, scene: Scene) -> dict[str, Any]:
        return {
            "panels": [self._panel(panel) for panel in scene.panels],
            "rows": list(scene.rows),
            "flows": [_plain(flow) for flow in scene.flows],
            "readings": [_plain(reading) for reading in scene.readings],
            "step": scene.step,
            "unit": scene.unit,
            "title": scene.title,
            "sentence": scene.sentence,
        }

    def _panel(self, panel: Panel) -> dict[str, Any]:
        plain = _plain(panel, skip=("marks",))
        return {**plain, "marks": [self._mark(mark, panel) for mark in panel.marks]}

    def _mark(self, mark: Mark, panel: Panel) -> dict[str, Any]:
        plain: dict[str, Any] = {"mark": type(mark).__name__}
        for item in fields(mark):
            value = getattr(mark, item.name)
            if isinstance(value, np.ndarray):
                plain[item.name] = self._blob(_shrunk(mark, item.name, value, panel))
            elif value != item.default:
                plain[item.name] = _finite(value)
        return plain

    def _blob(self, array: np.ndarray) -> int:
        data = np.ascontiguousarray(array).tobytes()
        digest = blake2b(data + f"{array.dtype}{array.shape}".encode(), digest_size=16).digest()
        if digest not in self._known:
            self._known[digest] = len(self.blobs)
            self.blobs.append((array.dtype.name, array.shape, data))
        return self._known[digest]


def _shrunk(mark: Mark, name: str, value: np.ndarray, panel: Panel) -> np.ndarray:
    """The smallest form of an array that still shows the same picture."""
    if isinstance(mark, Field) and name == "values":
        span = (mark.high - mark.low) or 1.0
        unit = np.nan_to_num((value - mark.low) / span, nan=0.5)
        return np.rint(255 * np.clip(unit, 0, 1)).astype(np.uint8)
    if isinstance(mark, Images) and name == "pixels":
        return value.astype(np.uint8)
    if name == "classes":
        return value.astype(np.uint8)
    if isinstance(mark, Points | Mesh) and name == "xy" and panel.xlim and panel.ylim:
        low = np.array([panel.xlim[0], panel.ylim[0]])
        high = np.array([panel.xlim[1], panel.ylim[1]])
        unit = (value - (low + high) / 2) / (high - low)  # -0.5 .. 0.5 inside the panel
        whole = np.rint(np.nan_to_num(unit, nan=9.0) * REACH)
        return np.clip(whole, -32767, 32767).astype(np.int16)
    return value.astype(np.float32)


def _plain(record: Any, skip: Sequence[str] = ()) -> dict[str, Any]:
    return {
        item.name: _finite(getattr(record, item.name))
        for item in fields(record)
        if item.name not in skip
    }


def _finite(value: Any) -> Any:
    """JSON has no NaN: what is not a finite number is sent as null."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, tuple | list):
        return [_finite(item) for item in value]
    return value
