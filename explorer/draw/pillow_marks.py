"""Each kind of mark as pillow draws it, the same as the player's canvas."""

from collections.abc import Sequence

import numpy as np

from explorer.draw import axes, colours, palette
from explorer.draw.axes import View
from explorer.draw.canvas import Canvas
from explorer.draw.lettering import measure
from explorer.draw.palette import Theme
from explorer.scene import (
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
    Role,
    Text,
)

THICK = 6.0  # pixels of the thickest link,
ROOM = 220  # in a panel of so many pixels or more; in smaller ones it is thinner
THICKNESSES = 8
FAINT = 0.35  # opacity of the thinnest link


def draw(panel: Panel, canvas: Canvas, view: View, theme: Theme) -> None:
    """All marks of a panel, in order; only images of a panel of images may leave its box."""
    whole, box = canvas, view.box
    if panel.kind != "images":
        canvas, view = canvas.cut(box), view.moved(-box[0], -box[1])
    bars = [mark for mark in panel.marks if isinstance(mark, Bars)]
    for mark in panel.marks:
        if isinstance(mark, Bars):
            _bars(mark, canvas, view, theme, bars.index(mark), len(bars))
        else:
            _mark(mark, canvas, view, theme)
    if canvas is not whole:
        whole.put(canvas, box)


def _mark(mark: Mark, canvas: Canvas, view: View, theme: Theme) -> None:
    match mark:
        case Field():
            canvas.paste(colours.field_pixels(mark, theme), view.box, smooth=True)
        case Points():
            _points(mark, canvas, view, theme)
        case Curve():
            _curve(mark, canvas, view, theme)
        case Arrows():
            _arrows(mark, canvas, view, theme)
        case Mesh():
            stroke = canvas.stroke()
            xy = view.xy(mark.xy)
            for line in (*xy, *xy.swapaxes(0, 1)):
                stroke.line(line, 1)
            stroke.ink(colours.role(mark.role, theme), 0.75)
        case Images():
            _images(mark, canvas, view, theme)
        case Links():
            for role, share, lines in links(mark, view):
                stroke = canvas.stroke()
                for line in lines:
                    stroke.line(line, THICK * share * min(1.0, view.box[3] / ROOM))
                stroke.ink(colours.role(role, theme), FAINT + (1 - FAINT) * share)
        case Maps():
            _images(colours.as_images(mark, theme), canvas, view, theme, smooth=True)
        case Text():
            _text(mark, canvas, view, theme)


def _points(mark: Points, canvas: Canvas, view: View, theme: Theme) -> None:
    xy = view.xy(mark.xy)
    for colour, members in by_colour(mark, theme):
        stroke = canvas.stroke()
        here = xy[members]
        if mark.shape == "cross":
            for x, y in here[np.isfinite(here).all(axis=1)]:
                s = mark.size
                stroke.line(np.array([[x - s, y - s], [x + s, y + s]]), 1.5)
                stroke.line(np.array([[x - s, y + s], [x + s, y - s]]), 1.5)
        elif mark.shape == "square":
            stroke.squares(here, mark.size)
        elif mark.shape == "ring":
            stroke.rings(here, mark.size, 1.5)
        else:
            stroke.dots(here, mark.size)
        stroke.ink(colour, mark.opacity)


def by_colour(mark: Points, theme: Theme) -> list[tuple[str, np.ndarray]]:
    """The rows of a cloud that share a colour: all of them, or those of each class."""
    if mark.classes is None:
        return [(colours.role(mark.role, theme), np.arange(len(mark.xy)))]
    found = np.where(mark.classes < 0, -1, mark.classes % len(palette.CLASSES[theme]))
    return [
        (colours.class_colour(int(index), theme), np.flatnonzero(found == index))
        for index in np.unique(found)
    ]


def _curve(mark: Curve, canvas: Canvas, view: View, theme: Theme) -> None:
    colour = colours.role(mark.role, theme)
    if mark.band is not None and len(mark.xy):
        x = view.x(mark.xy[:, 0])
        edge = np.stack([np.r_[x, x[::-1]], view.y(np.r_[mark.band[:, 1], mark.band[::-1, 0]])], 1)
        edge = edge[np.isfinite(edge).all(axis=1)]
        if len(edge) > 2:
            stroke = canvas.stroke()
            stroke.polygon(edge)
            stroke.ink(colour, 0.18)
    dash = (6, 4) if mark.dashed or mark.role == "truth" else ()
    canvas.polyline(view.xy(mark.xy), colour, mark.width, dash)


def _arrows(mark: Arrows, canvas: Canvas, view: View, theme: Theme) -> None:
    stroke = canvas.stroke()
    dash = (3, 2) if mark.role == "truth" else ()
    for shaft, head in arrow_shapes(view.xy(mark.xy), view.xy(mark.xy + mark.uv)):
        stroke.line(shaft, 1.2, dash)
        stroke.polygon(head)
    stroke.ink(colours.role(mark.role, theme), 0.85)


def arrow_shapes(start: np.ndarray, end: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shafts (2, 2) and heads (3, 2) in pixels of the arrows that are long enough to be seen."""
    way = end - start
    length = np.hypot(*way.T)
    shapes = []
    for a, b, size, along in zip(start, end, length, way):
        if not size > 0.7:
            continue
        along = along / size
        across = np.array([-along[1], along[0]])
        head = min(5.0, size * 0.45)
        foot = b - along * head
        shapes.append(
            (
                np.stack([a, foot]),
                np.stack([b, foot + across * head / 2, foot - across * head / 2]),
            )
        )
    return shapes


def links(mark: Links, view: View) -> list[tuple[Role, float, list[np.ndarray]]]:
    """Links of equal colour and thickness: role, share of the thickest, lines (13, 2) in pixels.

    Each leaves and arrives horizontally (a cubic Bezier curve).
    """
    share = np.minimum(1.0, np.abs(mark.values) / (mark.high or 1.0))
    level = np.ceil(THICKNESSES * np.where(np.isfinite(share), share, 0.0)).astype(int)
    sign = np.where(mark.values < 0, 0, 1)
    t = np.linspace(0, 1, 13)[:, None]
    start, end = view.xy(mark.xy), view.xy(mark.xy + mark.uv)
    middle = (start[:, :1] + end[:, :1]) / 2
    leave, arrive = (np.concatenate([middle, at[:, 1:]], 1) for at in (start, end))
    parts = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    curves = sum(p[None] * q[:, None] for p, q in zip(parts, (start, leave, arrive, end)))
    return [
        (mark.ends[k], n / THICKNESSES, list(curves[(level == n) & (sign == k)]))
        for n in range(1, THICKNESSES + 1)
        for k in (0, 1)
        if ((level == n) & (sign == k)).any()
    ]


def _images(mark: Images, canvas: Canvas, view: View, theme: Theme, smooth: bool = False) -> None:
    colour, ink = colours.role(mark.role, theme), palette.SURFACE[theme]["text"]
    pixels = colours.image_pixels(mark, theme)
    places = axes.cells(mark, view, canvas.scale, smooth)
    for i, (x, y, w, h) in enumerate(places):
        canvas.paste(pixels[i], (x, y, w, h), smooth=smooth)
        if i in mark.marked:
            canvas.rectangle((x - 1, y - 1, w + 2, h + 2), colour, 2)
        if i < len(mark.captions) and mark.captions[i]:
            canvas.write(mark.captions[i], (x + w / 2, y + h + 12), ink, align="center")


def _text(mark: Text, canvas: Canvas, view: View, theme: Theme) -> None:
    neutral = mark.role == "neutral"
    colour = palette.SURFACE[theme]["text"] if neutral else colours.role(mark.role, theme)
    half = measure(mark.text) / 2 + 2
    left, _, width, _ = view.box
    x = min(max(float(view.x(mark.xy[0])), left + half), left + width - half)
    canvas.write(mark.text, (x, float(view.y(mark.xy[1])) + 4), colour, align="center")


def _bars(mark: Bars, canvas: Canvas, view: View, theme: Theme, k: int, of: int) -> None:
    slot = view.box[2] / max(1, len(mark.values))
    width, zero = max(1.0, slot * 0.8 / of), float(view.y(0.0))
    for i, y in enumerate(view.y(np.asarray(mark.values))):
        if not np.isfinite(y):
            continue
        x, y = view.box[0] + slot * (i + 0.1) + width * k, float(y)
        box = (x, min(y, zero), width, abs(zero - y))
        if mark.classes is not None:
            colour = colours.class_colour(int(mark.classes[i]), theme)
        else:
            colour = colours.role(mark.role, theme)
        if mark.role == "truth":
            canvas.rectangle(box, colour, 1.5, (4, 3))
        else:
            stroke = canvas.stroke()
            stroke.polygon(_corners(box))
            stroke.ink(colour, 0.85)


def _corners(box: Sequence[float]) -> np.ndarray:
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
