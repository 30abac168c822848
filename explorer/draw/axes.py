"""Axes: which limits a panel has, where its units lie in pixels, and how numbers are written.

The same rules as in the player (explorer/ui/player/marks.js).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite, log10

import numpy as np

from explorer.draw.layout import Measure
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Limits,
    Links,
    Mark,
    Panel,
    Points,
    Reading,
    Scene,
    Text,
)

LETTER = 7  # pixels that a letter of a label takes, generously
MOST_ROOM = 0.28  # of the width of a chart that names of curves may take


def three(value: float | None) -> str:
    """A number with three significant digits.

    >>> three(0.06123), three(1234.5), three(5.0), three(2.3e-7), three(float("nan"))
    ('0.0612', '1234', '5', '2.3e-7', '–')
    """
    if value is None or not isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1e5 or 0 < size < 1e-3:
        digits, power = f"{value:.1e}".split("e")
        return f"{digits}e{int(power):+d}"
    return f"{value:.0f}" if size >= 100 else f"{float(f'{value:.3g}'):g}"


def ticks(low: float, high: float, most: float) -> list[float]:
    """Round numbers between low and high, about `most` of them.

    >>> ticks(0, 1, 4)
    [0.0, 0.5, 1.0]
    """
    raw = (high - low) / max(1.0, most)
    power = 10.0 ** floor(log10(raw))
    step = next((m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999), raw)
    first = ceil(low / step)
    count = floor((high + step * 1e-6) / step) - first + 1
    return [float(f"{(first + i) * step:.12g}") for i in range(count)]


def decades(low: float, high: float) -> list[float]:
    """The powers of ten between two logarithms."""
    return [10.0**power for power in range(ceil(low - 1e-9), floor(high + 1e-9) + 1)]


@dataclass
class Fit:
    """What a whole run has shown: limits of charts that fit their data, ranges of the readings,
    and everything that has a name."""

    x: list[Limits]
    y: list[Limits]
    readings: list[Limits]
    history: list[list[float]]  # the values of each reading, scene by scene
    marks: list[Mark]


def fit(scenes: Sequence[Scene]) -> Fit:
    """Limits that hold everything in these scenes; of logarithmic axes, the logarithms."""
    count = max(len(scene.panels) for scene in scenes)
    count_readings = max(len(scene.readings) for scene in scenes)
    x, y = [_Span() for _ in range(count)], [_Span() for _ in range(count)]
    readings = [_Span() for _ in range(count_readings)]
    for scene in scenes:
        for i, panel in enumerate(scene.panels):
            if panel.kind == "chart" and not (panel.xlim and panel.ylim):
                _stretch(panel, x[i], y[i])
        for i, reading in enumerate(scene.readings):
            readings[i].add(np.array([reading.value, *(reading.floor or ())], dtype=float))
    named = {
        ("field" if isinstance(mark, Field | Links) else mark.role, mark.name): mark
        for scene in scenes
        for panel in scene.panels
        for mark in panel.marks
        if mark.name and not isinstance(mark, Text)
    }
    xs, ys, held = ([span.limits for span in spans] for spans in (x, y, readings))
    history = [
        [s.readings[i].value if i < len(s.readings) else float("nan") for s in scenes]
        for i in range(count_readings)
    ]
    return Fit(xs, ys, held, history, list(named.values()))


class _Span:
    def __init__(self) -> None:
        self.limits: Limits = (np.inf, -np.inf)

    def add(self, values: np.ndarray, log: bool = False) -> None:
        if log:
            values = np.log10(np.where(values > 0, values, np.nan))
        values = values[np.isfinite(values)]
        if values.size:
            low, high = self.limits
            self.limits = min(low, float(values.min())), max(high, float(values.max()))


def _stretch(panel: Panel, x: _Span, y: _Span) -> None:
    for mark in panel.marks:
        if isinstance(mark, Bars):
            x.add(np.array([-0.5, len(mark.values) - 0.5]))
            y.add(np.append(np.asarray(mark.values, dtype=float) * 1.05, 0.0))
        elif isinstance(mark, Points | Curve | Arrows) and len(mark.xy):
            shown = mark.xy[np.isfinite(mark.xy).all(axis=1)]
            x.add(shown[:, 0], panel.log_x)
            y.add(shown[:, 1], panel.log_y)
            if isinstance(mark, Curve) and mark.band is not None:
                y.add(mark.band, panel.log_y)


@dataclass(frozen=True)
class View:
    """The map from the units of a panel to pixels inside its picture, which is `box`."""

    box: tuple[float, float, float, float]  # x, y, w, h
    x0: float  # limits; their logarithms on logarithmic axes
    x1: float
    y0: float
    y1: float
    log_x: bool
    log_y: bool
    room: float = 0.0  # to the right of the box, for the names of curves

    def x(self, values: np.ndarray | float) -> np.ndarray:
        """Pixels of horizontal positions; NaN where a logarithm does not exist."""
        unit = (_log(values, self.log_x) - self.x0) / (self.x1 - self.x0)
        return self.box[0] + unit * self.box[2]

    def y(self, values: np.ndarray | float) -> np.ndarray:
        """Pixels of vertical positions, which grow downwards."""
        unit = (_log(values, self.log_y) - self.y0) / (self.y1 - self.y0)
        return self.box[1] + self.box[3] - unit * self.box[3]

    def xy(self, points: np.ndarray) -> np.ndarray:
        """Pixels (n, 2) of points (n, 2)."""
        return np.stack([self.x(points[..., 0]), self.y(points[..., 1])], axis=-1)

    def units(self, pixels: np.ndarray) -> np.ndarray:
        """Points (n, 2) of the panel from pixels (n, 2); not for logarithmic axes."""
        x, y, w, h = self.box
        across = self.x0 + (pixels[:, 0] - x) / w * (self.x1 - self.x0)
        up = self.y0 + (y + h - pixels[:, 1]) / h * (self.y1 - self.y0)
        return np.stack([across, up], axis=1)

    def moved(self, dx: float, dy: float) -> "View":
        """The same view, shifted by so many pixels."""
        x, y, w, h = self.box
        return replace(self, box=(x + dx, y + dy, w, h))


def view(panel: Panel, width: float, height: float, fitted: tuple[Limits, Limits]) -> View:
    """How a panel lies in a picture of this size; `fitted` replaces limits that are None."""
    left, right, top, bottom = 1, 1, 1, 1
    if panel.kind == "chart":
        left, right, top = 56 if panel.ylabel else 42, max(12, end_room(panel, width)), 8
        bottom = 36 if panel.xlabel else 22
    x, y, w, h = float(left), float(top), width - left - right, height - top - bottom
    x0, x1 = _fixed(panel.xlim, fitted[0], panel.log_x)
    y0, y1 = _fixed(panel.ylim, fitted[1], panel.log_y)
    if panel.kind == "plane":
        scale = min(w / (x1 - x0), h / (y1 - y0))
        wide, high = scale * (x1 - x0), scale * (y1 - y0)
        x, y, w, h = x + (w - wide) / 2, y + (h - high) / 2, wide, high
    room = end_room(panel, width) if panel.kind == "chart" else 0
    return View((x, y, w, h), x0, x1, y0, y1, panel.log_x, panel.log_y, room)


def _fixed(own: Limits | None, fitted: Limits, log: bool) -> Limits:
    if own:
        low, high = (float(np.log10(max(v, 1e-12))) if log else float(v) for v in own)
    else:
        low, high = fitted
    if not (isfinite(low) and isfinite(high)):
        low, high = 0.0, 1.0
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    if not own and not log:
        margin = (high - low) * 0.04
        low, high = low - margin if low != 0 else low, high + margin
    return low, high


def _log(values: np.ndarray | float, log: bool) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    return np.log10(np.where(values > 0, values, np.nan)) if log else values


def x_ticks(view: View) -> list[float]:
    """Where a horizontal axis is labelled."""
    if view.log_x:
        return decades(view.x0, view.x1)
    return ticks(view.x0, view.x1, view.box[2] / 70)


def y_ticks(view: View) -> list[float]:
    """Where a vertical axis is labelled and a line drawn across."""
    if view.log_y:
        return decades(view.y0, view.y1)
    return ticks(view.y0, view.y1, view.box[3] / 46)


def bar_labels(bars: Bars, width: float, measure: Measure) -> list[tuple[int, str]]:
    """The labels of bars, as many as fit side by side."""
    if not bars.labels:
        return []
    slot = width / len(bars.labels)
    every = ceil((max(measure(label) for label in bars.labels) + 6) / slot)
    return list(enumerate(bars.labels))[::every]


def bound(reading: Reading) -> str:
    """What a perfect model would score, in words; nothing when that is not known."""
    if reading.floor is None or not all(isfinite(value) for value in reading.floor):
        return ""
    low, high = (three(value) for value in reading.floor)
    return f"{reading.bound}: {low}" if low == high else f"{reading.bound}: {low} to {high}"


def cells(
    images: Images, view: View, scale: float = 1.0, smooth: bool = False
) -> list[tuple[float, float, float, float]]:
    """x, y, w, h in pixels of each image: hard pixels at whole multiples, in a grid or at points.

    Smaller where there is no room. `smooth` ones at points have any size.
    `scale` is how many pixels of the screen or file a CSS pixel has.
    """
    n, h, w = images.pixels.shape[:3]
    left, top, width, height = view.box
    if images.at is not None:
        tall = abs(float(view.y(images.height)) - float(view.y(0.0)))
        size = tall if smooth or tall < h else round(tall / h) * h
        wide = size * w / h
        return [
            (float(round(x - wide / 2)), float(round(y - size / 2)), wide, float(size))
            for x, y in view.xy(images.at)
        ]
    columns = min(n, images.columns)
    rows = ceil(n / columns)
    foot = 16 if images.captions else 0
    most = min(
        (width - 4 * (columns - 1)) / (columns * w), (height - (4 + foot) * rows) / (rows * h)
    )
    if most >= 1:
        most = floor(most * scale) / scale
    gap = max(2, min(4, round(most)))
    wide, tall = w * most, h * most
    x0 = left + (width - columns * wide - (columns - 1) * gap) / 2
    y0 = top + max(0.0, (height - rows * (tall + foot) - (rows - 1) * gap) / 2)

    def sharp(pixel: float) -> float:
        return floor(pixel * scale + 0.5) / scale

    return [
        (
            sharp(x0 + (i % columns) * (wide + gap)),
            sharp(y0 + (i // columns) * (tall + gap + foot)),
            wide,
            tall,
        )
        for i in range(n)
    ]


def end_label(mark: Mark) -> str:
    """What stands at the end of a mark: of a curve its label, or its name if it has none."""
    if not isinstance(mark, Curve):
        return ""
    return mark.name if mark.label is None else mark.label


def end_room(panel: Panel, width: float) -> int:
    """Pixels beside the axes for the names of curves: 0 where they would take too much."""
    longest = max((len(end_label(mark)) for mark in panel.marks), default=0)
    room = 8 + LETTER * longest
    return room if longest and room <= MOST_ROOM * width else 0
