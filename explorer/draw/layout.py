"""Where everything of a scene lies, in CSS pixels, as the player lays it out.

Panels stand in rows; those of a row are equally tall, planes keep their aspect, charts and pictures
take the width that is left over. Where a row does not fit it is broken into even lines. The rules
are those of explorer/ui/player/layout.js; tests/browser/test_alike.py compares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from explorer.draw.flows import Arrow, Slot, arrow, heights, plan
from explorer.scene import Images, Panel, Scene

WIDE = 700  # from here on a picture has room for arrows between its panels
SCREEN = 1080  # pixels that the window of the player is taken to be high

Measure = Callable[[str], float]  # width of 12-pixel text


@dataclass(frozen=True)
class Page:
    """A scene laid out."""

    slots: tuple[Slot, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


@dataclass(frozen=True)
class Shape:
    """How wide a panel would like to be for each pixel of its height, at most, and at least."""

    like: float
    most: float
    least: float  # in pixels


def arrange(scene: Scene, width: float, measure: Measure, tall: float = 0.0) -> Page:
    """Lay a scene out over so many pixels; its lines are at most `tall`, or as in the player."""
    panels = scene.panels
    linked = bool(scene.flows) and width > WIDE
    gap = _gap(scene) if linked else 20 if width > WIDE else 12
    shapes = [_shape(panel) for panel in panels]
    lines = _broken(scene.rows or (len(panels),), shapes, width, gap)
    tall = tall or _tall(len(lines), width)
    slots: list[Slot] = []
    for number, line in enumerate(lines):
        charts = all(panels[i].kind == "chart" for i in line)
        most = 0.72 * tall if charts and len(lines) > 1 and width > WIDE else tall
        widths, height, slack = _share([shapes[i] for i in line], width, gap, most)
        apart = min(slack, gap)  # beyond the gap; what is left over stays outside
        x = (slack * len(line) - apart * (len(line) - 1)) / 2
        for i, wide in zip(line, widths):
            caption = tuple(wrap(panels[i].caption, floor(wide), measure))
            passes = () if linked else tuple(f for f in scene.flows if f.source == i)
            slots.append(Slot(floor(x + 0.5), 0, floor(wide), height, number, caption, passes))
            x += wide + gap + apart
    routes = plan(scene.flows, slots) if linked else []
    y = 0.0
    feet = []
    for number, line in enumerate(lines):
        for i in line:
            slots[i] = replace(slots[i], y=y)
        feet.append(max((slots[i].bottom for i in line), default=y))
        below = heights(route for route in routes if route.line == number)
        y = feet[-1] + (below or (14 if number < len(lines) - 1 else 0))
    arrows = tuple(arrow(route, slots, feet) for route in routes)
    return Page(tuple(slots), arrows, width, y)


def _shape(panel: Panel) -> Shape:
    if panel.kind == "chart":
        return Shape(1.35 * panel.span, 4 * panel.span, 230)
    if panel.kind == "images":
        like = min(max(_aspect(panel), 0.5), 3.2)
        return Shape(like, like * 1.15, 140)
    w, h = (high - low for low, high in (panel.xlim or (0, 1), panel.ylim or (0, 1)))
    return Shape(w / h, w / h, 140 * panel.span)


def _aspect(panel: Panel) -> float:
    """Width by height of the first grid of images."""
    for mark in panel.marks:
        if isinstance(mark, Images) and mark.at is None and len(mark.pixels):
            n, h, w = mark.pixels.shape[:3]
            columns = min(n, mark.columns)
            return columns * (w + 2) / (ceil(n / columns) * (h + 2))
    return 1.0


def _gap(scene: Scene) -> float:
    longest = max((len(word) for flow in scene.flows for word in flow.label.split(" ")), default=0)
    return min(max(16 + 6.5 * longest, 34), 72)


def _tall(lines: int, width: float) -> float:
    """How tall a line may be, so that a picture of one or two lines fits on a screen."""
    if width <= WIDE:
        return 420
    part = (0.4, 0.4, 0.25, 0.22)[min(lines, 3)]
    return min(max(part * SCREEN, 200), 300 if lines > 1 else 460)


def _broken(
    rows: Sequence[int], shapes: Sequence[Shape], width: float, gap: float
) -> list[list[int]]:
    """The panels of each row of the scene, broken into even lines that fit."""
    lines: list[list[int]] = []
    start = 0
    for count in rows:
        row = list(range(start, start + count))
        start += count
        parts = 1
        while parts < count and not all(
            sum(shapes[i].least for i in line) + gap * (len(line) - 1) <= width
            for line in _evenly(row, parts)
        ):
            parts += 1
        lines += _evenly(row, parts)
    return lines


def _evenly(row: list[int], parts: int) -> list[list[int]]:
    size = max(1, ceil(len(row) / parts))
    return [row[i : i + size] for i in range(0, len(row), size)]


def _share(
    shapes: Sequence[Shape], width: float, gap: float, tall: float
) -> tuple[list[float], float, float]:
    """Widths of the panels of a line, their common height, and the slack for each."""
    room = width - gap * (len(shapes) - 1)
    height = floor(min(tall, room / sum(shape.like for shape in shapes)))
    widths = [shape.like * height for shape in shapes]
    left = room - sum(widths)
    elastic = [max(0.0, s.most * height - w) for s, w in zip(shapes, widths)]
    if total := sum(elastic):
        used = min(left, total)
        widths = [w + used * more / total for w, more in zip(widths, elastic)]
        left -= used
    return widths, height, max(0.0, left) / len(shapes)


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break text at spaces into lines no wider than `width`; a longer word keeps its own line."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
