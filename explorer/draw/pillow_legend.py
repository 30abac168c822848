"""Under the panels: what the colours mean, the readings, and the sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log

import numpy as np

from explorer.draw import axes, colours, palette
from explorer.draw.axes import Fit, three
from explorer.draw.canvas import Canvas
from explorer.draw.layout import wrap
from explorer.draw.lettering import BOLD, measure
from explorer.draw.palette import Theme
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Limits,
    Links,
    Maps,
    Mark,
    Mesh,
    Points,
    Scene,
)

LINE = 24  # height of a line of the legend
READING = 84  # height of a box with a number
LETTERS, SENTENCE = 15, 22  # size and line height of the sentence


@dataclass(frozen=True)
class Entry:
    """A swatch in the legend between words."""

    x: float
    before: str
    after: str
    mark: Mark

    @property
    def swatch(self) -> float:
        """Where the swatch starts."""
        return self.x + (measure(self.before) + 7 if self.before else 0)


def lines(marks: Sequence[Mark], width: float) -> list[list[Entry]]:
    """The names of marks (of `axes.Fit`) in lines of this width; one alone needs no legend."""
    found: list[list[Entry]] = []
    x = width
    for mark in marks if len(marks) > 1 else ():
        before, after = _words(mark)
        wide = _swatch(mark) + sum(measure(text) + 7 for text in (before, after) if text)
        if x + wide > width or not found:
            found.append([])
            x = 0
        found[-1].append(Entry(x, before, after, mark))
        x += wide + 18
    return found


def _words(mark: Mark) -> tuple[str, str]:
    """What stands before and after the swatch: the ends of a field, or a name."""
    if isinstance(mark, Links | Maps) or (isinstance(mark, Field) and mark.classes is None):
        low, _, high = (part.strip() for part in mark.meaning.partition("|"))
        return (low, high) if high else ("", low or mark.name)
    return "", mark.name


def _swatch(mark: Mark) -> int:
    if isinstance(mark, Field | Links | Maps):
        return 34
    return 18 if isinstance(mark, Curve | Mesh | Arrows) else 10


def draw(line: Sequence[Entry], canvas: Canvas, theme: Theme) -> None:
    """One line of the legend."""
    ink = palette.SURFACE[theme]["text"]
    for entry in line:
        mark, x = entry.mark, entry.swatch
        canvas.write(entry.before, (entry.x, 16), ink)
        canvas.write(entry.after, (x + _swatch(mark) + 7, 16), ink)
        if isinstance(mark, Field | Links | Maps):
            canvas.paste(colours.field_swatch(mark, theme), (x, 7, 34, 10), smooth=False)
            canvas.rectangle((x + 0.5, 7.5, 33, 9), palette.SURFACE[theme]["line"], 1)
            continue
        stroke = canvas.at(x - 4, 0, 30, LINE).stroke()
        centre = np.array([[9.0, 12.0]])
        square = np.array([[5.0, 8], [13, 8], [13, 16], [5, 16], [5, 8]])
        match mark:
            case Curve() | Mesh() | Arrows():
                dashed = mark.role == "truth" or (isinstance(mark, Curve) and mark.dashed)
                stroke.line(np.array([[4.0, 12.0], [22.0, 12.0]]), 2.5, (5, 3) if dashed else ())
            case Points(shape="ring"):
                stroke.rings(centre, 4, 2)
            case Points(shape="cross"):
                stroke.line(square[[0, 2]], 2)
                stroke.line(square[[1, 3]], 2)
            case Points(shape="dot"):
                stroke.dots(centre, 5)
            case Images():
                stroke.line(square, 2.5)
            case Bars(role="truth"):
                stroke.line(square, 1.5, (3, 2))
            case _:
                stroke.squares(centre, 5)
        stroke.ink(colours.role(mark.role, theme))


@dataclass(frozen=True)
class Results:
    """Where the boxes with numbers and the sentence lie."""

    boxes: tuple[tuple[float, float, float], ...]  # x, y, width
    sentence: tuple[str, ...]  # in lines
    at: tuple[float, float]  # top left of the sentence
    height: float


def plan(scene: Scene, width: float) -> Results:
    """The boxes side by side; the sentence beside them where there is room, else below."""
    count = len(scene.readings)
    beside = bool(count) and width >= 900
    room = width * 0.64 if beside else width
    columns = max(1, min(count, int((room + 10) // 160)))
    wide = min(300.0, (room - 10 * (columns - 1)) / columns)
    boxes = tuple(
        ((i % columns) * (wide + 10), (i // columns) * (READING + 10), wide) for i in range(count)
    )
    tall = (boxes[-1][1] + READING) if boxes else 0.0
    left = columns * (wide + 10) + 14 if beside else 0.0
    sentence = tuple(wrap(scene.sentence, width - left, lambda text: measure(text, LETTERS)))
    high = SENTENCE * len(sentence)
    if beside:
        return Results(boxes, sentence, (left, max(0.0, (tall - high) / 2)), max(tall, high))
    gap = 8 if boxes and sentence else 0
    return Results(boxes, sentence, (0.0, tall + gap), tall + gap + high)


def results(scene: Scene, fitted: Fit, frame: int, canvas: Canvas, theme: Theme) -> None:
    """Each number beside its history, its floor in words; and the sentence."""
    surface = palette.SURFACE[theme]
    laid = plan(scene, canvas.size[0] / canvas.scale)
    for i, (reading, (x, y, wide)) in enumerate(zip(scene.readings, laid.boxes)):
        box = canvas.at(x, y, wide, READING)
        box.fill((0, 0, wide, READING), surface["panel"])
        box.write(reading.label, (12, 19), surface["text"])
        shown = three(reading.value)
        box.write(shown, (12, 50), surface["text"], 21, weight=BOLD)
        at = 12 + measure(shown, 21, BOLD) + 4
        box.write(reading.unit, (at, 50), colours.role("neutral", theme))
        start = max(12 + 59, at + measure(reading.unit)) + 12
        _spark(
            fitted.history[i], reading.floor, fitted.readings[i], frame,
            box.at(start, 27, wide - 12 - start, 34), theme,
        )  # fmt: skip
        box.write(axes.bound(reading), (12, 75), colours.role("neutral", theme))
    for k, line in enumerate(laid.sentence):
        at_line = (laid.at[0], laid.at[1] + SENTENCE * k + 16)
        canvas.write(line, at_line, surface["text"], LETTERS)


def _spark(
    history: Sequence[float],
    floor: Limits | None,
    held: Limits,
    frame: int,
    canvas: Canvas,
    theme: Theme,
) -> None:
    """What a number was over the run, where it is now, and dashed where a perfect model's lies."""
    wide, tall = (size / canvas.scale for size in canvas.size)
    low, high = held
    if wide < 20 or not isfinite(low):
        return
    ratio = low > 0 and high / low > 30

    def y(value: float) -> float:
        share = log(value / low) / log(high / low) if ratio else (value - low) / ((high - low) or 1)
        return float(tall - 5 - min(max(share, 0), 1) * (tall - 10))

    def x(index: int) -> float:
        return 4 + index / max(1, len(history) - 1) * (wide - 8)

    truth = colours.role("truth", theme)
    if floor and all(isfinite(value) for value in floor):
        bottom, top = (y(value) for value in floor)
        band = canvas.stroke()
        band.polygon(np.array([[0, top], [wide, top], [wide, bottom], [0, bottom]]))
        band.ink(truth, 0.12)
        for edge in {top, bottom}:
            canvas.polyline(np.array([[0, edge], [wide, edge]]), truth, 1.25, (4, 3))
    line = [(x(k), y(value) if isfinite(value) else np.nan) for k, value in enumerate(history)]
    canvas.polyline(np.array(line), colours.role("neutral", theme), 1.5)
    if isfinite(history[frame]):
        dot = canvas.stroke()
        dot.dots(np.array([[x(frame), y(history[frame])]]), 4)
        dot.ink(palette.SURFACE[theme]["text"])
