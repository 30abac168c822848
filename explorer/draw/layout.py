"""Where everything of a scene lies, in CSS pixels, as the player lays it out.

Panels stand in rows. Planes and grids of images keep their aspect and get the height, charts take
the width that is left over. Titles stand above, captions below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explorer.scene import Flow, Panel, Scene

TITLE = 22  # pixels above a panel
LINE = 16  # pixels of a line of a caption

Measure = Callable[[str], float]  # width of 12-pixel text


@dataclass(frozen=True)
class Slot:
    """Where a panel lies: its title at `y`, its picture `TITLE` below, its caption under that."""

    x: float
    y: float
    w: float
    h: float  # of the picture
    caption: tuple[str, ...] = ()  # in lines

    @property
    def top(self) -> float:
        """The upper edge of the picture."""
        return self.y + TITLE

    @property
    def height(self) -> float:
        """Of title, picture and caption."""
        return TITLE + self.h + (4 + LINE * len(self.caption) if self.caption else 0)


@dataclass(frozen=True)
class Arrow:
    """A flow as a polyline of pixels, and where its label stands (on a baseline)."""

    flow: Flow
    path: tuple[tuple[float, float], ...]
    label: tuple[float, float]
    lines: tuple[str, ...]  # the label, in lines; the last one stands on the baseline
    align: str = "center"  # of the label


@dataclass(frozen=True)
class Page:
    """A scene laid out."""

    slots: tuple[Slot, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def arrange(scene: Scene, width: float, measure: Measure) -> Page:
    """Lay a scene out over so many pixels."""
    panels, gap = scene.panels, _gap(scene, width)
    slots: dict[int, Slot] = {}
    tall = 300 if len(scene.rows) > 1 and width > 700 else 420
    y = 0.0
    for line in _lines(scene, width, gap):
        widths, height, slack = _share([panels[i] for i in line], width, gap, tall)
        x, foot = slack / 2, 0.0
        for i, w in zip(line, widths):
            slots[i] = Slot(round(x), y, int(w), height, tuple(wrap(panels[i].caption, w, measure)))
            x += w + gap + slack
            foot = max(foot, slots[i].height)
        y += foot + (24 if scene.flows else 12)
    ordered = tuple(slots[i] for i in range(len(panels)))
    return Page(ordered, tuple(_arrow(flow, ordered) for flow in scene.flows), width, y)


def _gap(scene: Scene, width: float) -> int:
    if not scene.flows:
        return 18
    return 52 if width > 700 else 26


def _lines(scene: Scene, width: float, gap: int) -> list[list[int]]:
    """The panels of each row of the scene, broken where the width is too small."""
    lines, start = [], 0
    for count in scene.rows or (len(scene.panels),):
        narrow = 150 if count > 2 else 260  # on a phone two beside each other
        least = 170 if width > 700 else narrow
        most = max(1, int((width + gap) // (least + gap)))
        row = list(range(start, start + count))
        lines += [row[i : i + most] for i in range(0, count, most)]
        start += count
    return lines


def _share(
    panels: Sequence[Panel], width: float, gap: int, tall: float
) -> tuple[list[float], int, float]:
    """Widths of the panels of a line, their common height, and the slack beside each."""
    spans = sum(panel.span for panel in panels)
    room = width - gap * (len(panels) - 1)
    fair = [room * panel.span / spans for panel in panels]
    square = [w for w, panel in zip(fair, panels) if panel.kind != "chart"]
    height = round(min(tall, min(square) if square else 240))
    widths = [
        0.0 if p.kind == "chart" else min(w, height * (max(1, p.span) if p.kind == "images" else 1))
        for w, p in zip(fair, panels)
    ]
    left, charts = room - sum(widths), sum(p.span for p in panels if p.kind == "chart")
    for i, panel in enumerate(panels):
        if panel.kind == "chart":
            widths[i] = left * panel.span / charts
    return widths, height, 0.0 if charts else max(0.0, left) / len(panels)


def _arrow(flow: Flow, slots: Sequence[Slot]) -> Arrow:
    """A flow: straight across the gap between neighbours, else round the outside."""
    a, b = slots[flow.source], slots[flow.target]
    same = abs(a.y - b.y) < 2
    from_x, to_x = a.x + a.w / 2, b.x + b.w / 2
    between = any(abs(s.y - a.y) < 2 and a.x < s.x < b.x for s in slots)
    if same and b.x > a.x and not between:
        y, x0, x1 = a.top + a.h / 2, a.x + a.w + 5, b.x - 6
        return Arrow(flow, ((x0, y), (x1, y)), ((x0 + x1) / 2, y - 8), tuple(flow.label.split(" ")))
    if same:
        y = a.y + a.height
        path = ((from_x, y), (from_x, y + 12), (to_x, y + 12), (to_x, y + 1))
        return Arrow(flow, path, ((from_x + to_x) / 2, y + 9), (flow.label,))
    if b.y > a.y:
        y0, y1 = a.y + a.height, b.y - 2
        middle = y1 - 12
    else:
        y0, y1 = a.y, b.y + b.height + 2
        middle = y0 - 12
    if abs(from_x - to_x) < 20:  # straight up or down: the label stands beside the arrow
        beside = (to_x + 8, (y0 + y1) / 2 + 4)
        return Arrow(flow, ((to_x, y0), (to_x, y1)), beside, (flow.label,), "left")
    path = ((from_x, y0), (from_x, middle), (to_x, middle), (to_x, y1))
    return Arrow(flow, path, ((from_x + to_x) / 2 + 6, middle - 3), (flow.label,))


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break text at spaces into lines no wider than `width`; a longer word keeps its own line."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
