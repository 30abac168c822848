"""How what one panel passes to another runs between them.

Straight across the gap between neighbours, straight down to a line beside its own, or along a lane
under the upper one of the two lines. The rules are those of explorer/ui/player/layout.js and
flows.js; tests/browser/test_alike.py compares.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from explorer.scene import Flow

TITLE = 22  # pixels above a panel
LINE = 16  # pixels of a line of a caption
DOCKS = (0, 14, -14, 28, -28)  # where flows of one panel start and end, beside each other

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
    """A flow as a polyline of pixels, and its label, the last line of which is on a baseline."""

    flow: Flow
    path: tuple[Point, ...]
    label: Point
    lines: tuple[str, ...]
    align: Literal["center", "left"] = "center"


@dataclass(frozen=True)
class Route:
    """How a flow runs, before it is known how far down."""

    flow: Flow
    kind: Literal["across", "down", "lane"]
    line: int  # under which it runs
    x0: float = 0.0
    x1: float = 0.0
    lane: int = 0
    back: bool = False  # there is another one the other way


def plan(flows: Sequence[Flow], slots: Sequence[Slot]) -> list[Route]:
    """The way of every flow between panels whose places across are known."""
    lanes: dict[int, int] = {}
    taken: list[tuple[int, float]] = []
    docked = [0] * len(slots)

    def dock(panel: int) -> float:
        slot, beside = slots[panel], DOCKS[docked[panel] % len(DOCKS)]
        docked[panel] += 1
        return slot.x + slot.w / 2 + beside

    routes = []
    for flow in flows:
        a, b = slots[flow.source], slots[flow.target]
        line = min(a.line, b.line)
        if a.line == b.line and abs(flow.source - flow.target) == 1:
            back = any((o.source, o.target) == (flow.target, flow.source) for o in flows)
            routes.append(Route(flow, "across", -1, back=back))
            continue
        left, right = max(a.x, b.x), min(a.x + a.w, b.x + b.w)
        x = (left + right) / 2
        if abs(a.line - b.line) == 1 and right - left > 40:
            while any(at == line and abs(other - x) < 60 for at, other in taken):
                x += 64
            if x < right:
                taken.append((line, x))
                routes.append(Route(flow, "down", line, x, x))
                continue
        lane = lanes.get(line, 0)
        lanes[line] = lane + 1
        routes.append(Route(flow, "lane", line, dock(flow.source), dock(flow.target), lane))
    return routes


def heights(routes: Iterable[Route]) -> float:
    """The room under a line that its flows need; 0 when there are none."""
    kinds = [route.kind for route in routes]
    lanes = kinds.count("lane")
    return 10 + 22 * lanes if lanes else 30 if "down" in kinds else 0


def arrow(route: Route, slots: Sequence[Slot], feet: Sequence[float]) -> Arrow:
    """A flow where it is drawn; `feet` are the lower edges of the lines."""
    flow = route.flow
    a, b = slots[flow.source], slots[flow.target]
    if route.kind == "across":
        forth = b.x > a.x
        y = a.top + min(a.h, b.h) * ((0.38 if forth else 0.66) if route.back else 0.5)
        x0, x1 = (a.x + a.w + 3, b.x - 3) if forth else (a.x - 3, b.x + b.w + 3)
        words = tuple(flow.label.split(" "))
        return Arrow(flow, ((x0, y), (x1, y)), ((x0 + x1) / 2, y - 7), words)
    y0, y1 = (slot.y - 1 if slot.line > route.line else slot.bottom + 2 for slot in (a, b))
    if route.kind == "down":
        beside = (route.x0 + 8, (y0 + y1) / 2 + 4)
        return Arrow(flow, ((route.x0, y0), (route.x1, y1)), beside, (flow.label,), "left")
    lane = feet[route.line] + 12 + 22 * route.lane
    path = ((route.x0, y0), (route.x0, lane), (route.x1, lane), (route.x1, y1))
    return Arrow(flow, path, ((route.x0 + route.x1) / 2, lane + 4), (flow.label,))
