"""Where everything of a scene lies, in CSS pixels, as the player lays it out.

Panels stand in rows; those of a row are equally tall, planes keep their aspect, charts and pictures
take the width that is left over. Where a row does not fit it is broken into even lines. The rules
are those of explorer/ui/player_layout.js and player_flows.js; tests/browser/test_alike.py compares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

from explorer.scene import Flow, Images, Panel, Scene

TITLE = 22  # pixels above a panel
LINE = 16  # pixels of a line of a caption
WIDE = 700  # from here on a picture has room for arrows between its panels
SCREEN = 1080  # pixels that the window of the player is taken to be high
DOCKS = (0, 14, -14, 28, -28)  # where flows of one panel start and end, beside each other

Measure = Callable[[str], float]  # width of 12-pixel text
Point = tuple[float, float]


@dataclass(frozen=True)
class Slot:
    """Where a panel lies: its title at `y`, its picture `TITLE` below, its caption under that."""

    x: float
    y: float
    w: float
    h: float  # of the picture
    line: int
    caption: tuple[str, ...] = ()  # in lines
    passes: tuple[Flow, ...] = ()  # said in words under the caption: there is no room for arrows

    @property
    def top(self) -> float:
        """The upper edge of the picture."""
        return self.y + TITLE

    @property
    def bottom(self) -> float:
        """The lower edge of what stands under the picture."""
        caption = 4 + LINE * len(self.caption) if self.caption else 0
        return self.top + self.h + caption + LINE * len(self.passes)


@dataclass(frozen=True)
class Arrow:
    """A flow as a polyline of pixels; its label is centred, the last line on a baseline."""

    flow: Flow
    path: tuple[Point, ...]
    label: Point
    lines: tuple[str, ...]


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


@dataclass
class _Lines:
    """The lines that panels are broken into, and where the lane of flows under each starts."""

    panels: list[list[int]]
    feet: list[float] = field(default_factory=list)

    def of(self, panel: int) -> int:
        return next(i for i, line in enumerate(self.panels) if panel in line)


def arrange(scene: Scene, width: float, measure: Measure) -> Page:
    """Lay a scene out over so many pixels."""
    panels = scene.panels
    linked = bool(scene.flows) and width > WIDE
    gap = _gap(scene) if linked else 20 if width > WIDE else 12
    shapes = [_shape(panel) for panel in panels]
    lines = _Lines(_broken(scene.rows or (len(panels),), shapes, width, gap))
    tall = _tall(len(lines.panels), width)
    slots: dict[int, Slot] = {}
    y = 0.0
    for number, line in enumerate(lines.panels):
        charts = all(panels[i].kind == "chart" for i in line)
        low = charts and len(lines.panels) > 1 and width > WIDE
        widths, height, slack = _share(
            [shapes[i] for i in line], width, gap, 0.72 * tall if low else tall
        )
        apart = min(slack, gap)  # beyond the gap; what is left over stays outside
        x = (slack * len(line) - apart * (len(line) - 1)) / 2
        for i, wide in zip(line, widths):
            caption = tuple(wrap(panels[i].caption, floor(wide), measure))
            passes = () if linked else tuple(f for f in scene.flows if f.source == i)
            slots[i] = Slot(floor(x + 0.5), y, floor(wide), height, number, caption, passes)
            x += wide + gap + apart
        lines.feet.append(max((slots[i].bottom for i in line), default=y))
        lanes = _lanes(scene.flows, lines, number) if linked else 0
        y = lines.feet[-1]
        y += 10 + 22 * lanes if lanes else 14 if number < len(lines.panels) - 1 else 0
    ordered = tuple(slots[i] for i in range(len(panels)))
    return Page(ordered, _arrows(scene, ordered, lines) if linked else (), width, y)


def _shape(panel: Panel) -> Shape:
    if panel.kind == "chart":
        return Shape(1.35 * panel.span, 4 * panel.span, 230)
    if panel.kind == "images":
        like = min(max(_aspect(panel), 0.5), 3.2)
        return Shape(like, like * 1.15, 140)
    w, h = (high - low for low, high in (panel.xlim or (0, 1), panel.ylim or (0, 1)))
    return Shape(w / h, w / h, 140)


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


def _lanes(flows: Sequence[Flow], lines: _Lines, number: int) -> int:
    """How many lanes a line needs under it, for its flows that are not between neighbours."""
    count = 0
    for flow in flows:
        a, b = lines.of(flow.source), lines.of(flow.target)
        far = a == b == number and abs(flow.source - flow.target) > 1
        count += far or (a != b and min(a, b) == number)
    return count


def _arrows(scene: Scene, slots: Sequence[Slot], lines: _Lines) -> tuple[Arrow, ...]:
    used, docked = [0] * len(lines.feet), [0] * len(slots)
    arrows = []
    for flow in scene.flows:
        a, b = slots[flow.source], slots[flow.target]
        if a.line == b.line and abs(flow.source - flow.target) == 1:
            arrows.append(_across(flow, a, b, scene.flows))
            continue
        upper = min(a.line, b.line)
        lane = lines.feet[upper] + 12 + 22 * used[upper]
        used[upper] += 1
        ends = []
        for slot, i in ((a, flow.source), (b, flow.target)):
            dock = slot.x + slot.w / 2 + DOCKS[docked[i] % len(DOCKS)]
            docked[i] += 1
            ends.append((dock, slot.y - 2 if slot.line > upper else slot.bottom + 2))
        (x0, y0), (x1, y1) = ends
        path = ((x0, y0), (x0, lane), (x1, lane), (x1, y1))
        arrows.append(Arrow(flow, path, ((x0 + x1) / 2, lane + 4), (flow.label,)))
    return tuple(arrows)


def _across(flow: Flow, a: Slot, b: Slot, flows: Sequence[Flow]) -> Arrow:
    """Straight across the gap between neighbours; there and back at two heights."""
    forth = b.x > a.x
    both = any((o.source, o.target) == (flow.target, flow.source) for o in flows)
    y = a.top + min(a.h, b.h) * ((0.38 if forth else 0.66) if both else 0.5)
    x0, x1 = (a.x + a.w + 3, b.x - 3) if forth else (a.x - 3, b.x + b.w + 3)
    words = tuple(flow.label.split(" "))
    return Arrow(flow, ((x0, y), (x1, y)), ((x0 + x1) / 2, y - 7), words)


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break text at spaces into lines no wider than `width`; a longer word keeps its own line."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
