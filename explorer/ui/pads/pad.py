"""Pads that follow the hand: a map of latent codes, strokes for a data set, a brush for an image.

All of them draw in the browser and report once the hand rests. What was drawn lives in the link,
as a short code, so it can be shared, set by a preset and restored.
"""

import base64
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, overload

import numpy as np
import streamlit as st
from PIL import Image

from explorer.scene import Limits
from explorer.ui.component import component
from explorer.ui.controls import link

Point = tuple[float, float]
Strokes = list[list[Point]]
LONGEST = 2000  # characters of a drawing in the link

_map = component("pads/map")
_strokes = component("pads/strokes", "pads/canvas")
_brush = component("pads/brush", "pads/canvas")


@dataclass(frozen=True, eq=False)
class Drawing:
    """What was painted, and which part of it is to be generated anew."""

    image: np.ndarray  # (h, w) uint8, 0 background, 255 ink
    mask: np.ndarray  # (h, w) bool, True where marked


def latent_pad(
    key: str,
    grid: np.ndarray,
    limits: tuple[Limits, Limits],
    points: np.ndarray | None = None,
    classes: np.ndarray | None = None,
    names: Sequence[str] = (),
    default: Point = (0.0, 0.0),
    label: str = "Map of latent codes: drag, or use the arrow keys, to decode another latent code",
) -> Point:
    """A map to move on, with the image decoded from the point under the hand beside it.

    `grid` (rows, columns, h, w) or (rows, columns, h, w, 3) uint8 holds what the model decodes
    from the cell centres of `scene.plane_grid(*limits, n)`: row 0 lies at the bottom. The hand
    sees the nearest of these, never a blend. `points` (n, 2) are latent codes of data, coloured by
    `classes` (n,), whose `names` stand in the middle of each. Returns the code of the image shown.
    """

    def read(written: str) -> Point:
        try:
            x, y = (float(part) for part in written.split("_"))
        except ValueError:
            x, y = np.nan, np.nan
        if not (np.isfinite(x) and np.isfinite(y)):
            raise ValueError(f"The link asks for {key}={link.short(written)}, which is no point.")
        return _snapped(x, *limits[0], columns), _snapped(y, *limits[1], rows)

    rows, columns, height, width = grid.shape[:4]
    at = link.text(key, f"{default[0]:g}_{default[1]:g}", read)

    def moved() -> None:
        x, y = st.session_state[f"{key}-pad"].value
        _report(key, f"{float(x):g}_{float(y):g}")

    _map(
        key=f"{key}-pad",
        data={
            "atlas": _atlas(grid.shape, np.ascontiguousarray(grid, np.uint8).tobytes()),
            "ink": grid.ndim == 4,
            "rows": rows,
            "columns": columns,
            "height": height,
            "width": width,
            "limits": [list(limits[0]), list(limits[1])],
            "points": None if points is None else _text(_quantised(points, limits)),
            "classes": None if classes is None else _text(np.asarray(classes, np.uint8)),
            "names": list(names),
            "value": list(at),
            "version": _version(key, f"{at[0]:g}_{at[1]:g}"),
            "label": label,
        },
        on_value_change=moved,
    )
    link.show_notice(key)
    return at


def draw_strokes(
    key: str,
    linked: bool = True,
    label: str = "Strokes: draw with the hand, or move with the arrows and press space",
) -> Strokes:
    """Strokes drawn by hand in the plane, in data units; an empty list before the first.

    Not `linked`, they stay in the session: for a dialog that puts them into the link itself.
    """
    from explorer.data import strokes as text  # imports torch, which the home page does without

    def read(written: str) -> Strokes:
        return text.decode(written) if written else []

    drawn = link.text(key, "", read) if linked else read(st.session_state.get(key, ""))

    def changed() -> None:
        strokes = st.session_state[f"{key}-pad"].strokes or []
        own = [[(float(x), float(y)) for x, y in stroke] for stroke in strokes if stroke]
        _report(key, text.encode(own) if own else "")

    _strokes(
        key=f"{key}-pad",
        data={
            "strokes": drawn,
            "limit": text.LIMITS[1],
            "most": text.MAX_STROKES,
            "version": _version(key, st.session_state.get(key) or ""),
            "label": label,
        },
        on_strokes_change=changed,
    )
    link.show_notice(key)
    return drawn


@overload
def draw_image(
    key: str,
    shape: tuple[int, int] = (28, 28),
    start: np.ndarray | None = None,
    mask: Literal[False] = False,
    label: str = ...,
) -> np.ndarray | None: ...
@overload
def draw_image(
    key: str,
    shape: tuple[int, int] = (28, 28),
    start: np.ndarray | None = None,
    *,
    mask: Literal[True],
    label: str = ...,
) -> Drawing | None: ...
def draw_image(
    key: str,
    shape: tuple[int, int] = (28, 28),
    start: np.ndarray | None = None,
    mask: bool = False,
    label: str = "Image: paint with the hand, or move with the arrows and press space",
) -> np.ndarray | Drawing | None:
    """A grey image (h, w) uint8 painted by hand, 0 background and 255 ink; None while empty.

    It begins as `start`, and begins again when another `start` comes. With `mask`, a part can be
    marked as well, and a `Drawing` comes back.
    """
    count = shape[0] * shape[1]
    first = np.zeros(shape, np.uint8) if start is None else np.asarray(start, np.uint8)
    begun = f"{key}-start"
    if st.session_state.get(begun, first.tobytes()) != first.tobytes():
        st.session_state[key] = ""
    st.session_state[begun] = first.tobytes()

    def read(written: str) -> Drawing:
        if not written:
            return Drawing(first, np.zeros(shape, bool))
        pixels, _, marks = written.partition(".")
        image = _unpacked(pixels, count, bits=4) * 17
        marked = _unpacked(marks, count, bits=1) if marks else np.zeros(count)
        return Drawing(image.astype(np.uint8).reshape(shape), marked.astype(bool).reshape(shape))

    drawing = link.text(key, "", read)

    def changed() -> None:
        sent = st.session_state[f"{key}-pad"].drawing
        pixels = np.frombuffer(base64.b64decode(sent["pixels"]), np.uint8)
        marks = np.frombuffer(base64.b64decode(sent["marks"]), np.uint8) > 0
        if len(pixels) == len(marks) == count:
            code = _packed((pixels.astype(int) + 8) // 17, bits=4)
            _report(key, code + ("." + _packed(marks, bits=1) if marks.any() else ""))

    _brush(
        key=f"{key}-pad",
        data={
            "height": shape[0],
            "width": shape[1],
            "pixels": _text(drawing.image),
            "marks": _text(drawing.mask.astype(np.uint8)),
            "mask": mask,
            "version": _version(key, (st.session_state.get(key) or "", first.tobytes())),
            "label": label,
        },
        on_drawing_change=changed,
    )
    link.show_notice(key)
    if mask:
        return drawing if drawing.image.any() or drawing.mask.any() else None
    return drawing.image if drawing.image.any() else None


def _snapped(x: float, low: float, high: float, cells: int) -> float:
    """The centre of the cell that x lies in, of `cells` between low and high."""
    cell = min(max(int((x - low) / (high - low) * cells), 0), cells - 1)
    return low + (cell + 0.5) * (high - low) / cells


def _report(key: str, value: str) -> None:
    """The hand came to rest: put the value into the link; the pad knows it already."""
    seen = st.session_state.get(f"{key}-seen")
    st.session_state[f"{key}-seen"] = (value, seen[1]) if isinstance(seen, tuple) else value
    link.write(key, value)


def _version(key: str, value: object) -> int:
    """A number that grows whenever somebody else than the hand sets the pad to `value`."""
    state = st.session_state
    if state.get(f"{key}-seen") != value:
        state[f"{key}-seen"] = value
        state[f"{key}-version"] = state.get(f"{key}-version", 0) + 1
    return state[f"{key}-version"]


@lru_cache(maxsize=16)
def _atlas(shape: tuple[int, ...], pixels: bytes) -> str:
    """All images of a grid in one lossless picture, as an address; grey becomes alpha."""
    grid = np.frombuffer(pixels, np.uint8).reshape(shape)[::-1]  # pictures grow downwards
    rows, columns, height, width = shape[:4]
    sheet = grid.swapaxes(1, 2).reshape(rows * height, columns * width, *shape[4:])
    picture = Image.fromarray(sheet)
    if sheet.ndim == 2:
        ink = Image.new("LA", picture.size)
        ink.putalpha(picture)
        picture = ink
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=6)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _quantised(points: np.ndarray, limits: tuple[Limits, Limits]) -> np.ndarray:
    """Points (n, 2) as shares of the limits, in 65,535ths."""
    low = np.array([limits[0][0], limits[1][0]])
    high = np.array([limits[0][1], limits[1][1]])
    share = (np.asarray(points, float) - low) / (high - low)
    return np.round(share.clip(0, 1) * 65535).astype("<u2")


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _packed(values: np.ndarray, bits: int) -> str:
    """Whole numbers of a few bits, as characters that may stand in a link."""
    columns = np.asarray(values, int)[:, None] >> np.arange(bits)[::-1] & 1
    squeezed = zlib.compress(np.packbits(columns.astype(np.uint8)).tobytes(), 9)
    return base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")


def _unpacked(code: str, count: int, bits: int) -> np.ndarray:
    """The `count` numbers behind a code of `_packed`; ValueError if it is none."""
    size = (count * bits + 7) // 8
    try:
        squeezed = base64.b64decode(code[:LONGEST] + "=" * (-len(code) % 4), b"-_", validate=True)
        packed = zlib.decompressobj().decompress(squeezed, size + 1)
    except (ValueError, zlib.error):
        packed = b""
    if len(packed) != size:
        raise ValueError(f"The link holds {link.short(code)}, which is no drawing of this size.")
    columns = np.unpackbits(np.frombuffer(packed, np.uint8))[: count * bits].reshape(count, bits)
    return columns @ (1 << np.arange(bits)[::-1])
