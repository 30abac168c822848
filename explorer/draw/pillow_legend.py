"""Under the panels: what the colours mean, and the numbers that judge beside their floors."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from explorer.draw import axes, colours, palette
from explorer.draw.axes import Fit, three
from explorer.draw.canvas import Canvas
from explorer.draw.lettering import BOLD, measure
from explorer.draw.palette import Theme
from explorer.scene import Arrows, Curve, Field, Mark, Mesh, Points, Reading

LINE = 22  # height of a line of the legend
READING = 78  # height of a box with a number


@dataclass(frozen=True)
class Entry:
    """A swatch and a name in the legend."""

    x: float
    swatch: float  # its width
    name: str
    mark: Mark


def lines(marks: Sequence[Mark], width: float) -> list[list[Entry]]:
    """The names of marks (of `axes.Fit`) in lines of this width."""
    found: list[list[Entry]] = []
    x = width
    for mark in marks:
        meaning = mark.meaning if isinstance(mark, Field) else ""
        name = f"{mark.name} ({meaning})" if meaning else mark.name
        swatch = 36 if isinstance(mark, Field) else 24
        wide = swatch + measure(name) + 18
        if x + wide > width or not found:
            found.append([])
            x = 0
        found[-1].append(Entry(x, swatch, name, mark))
        x += wide
    return found


def draw(line: Sequence[Entry], canvas: Canvas, theme: Theme) -> None:
    """One line of the legend."""
    for entry in line:
        mark = entry.mark
        if isinstance(mark, Field):
            canvas.paste(colours.field_swatch(mark, theme), (entry.x, 4, 30, 10), smooth=False)
        else:
            stroke = canvas.at(entry.x, 0, entry.swatch, LINE).stroke()
            centre = np.array([[9.0, 9.0]])
            if isinstance(mark, Curve | Mesh | Arrows):
                dashed = mark.role == "truth" or (isinstance(mark, Curve) and mark.dashed)
                stroke.line(np.array([[0.0, 9.0], [18.0, 9.0]]), 2.5, (5, 3) if dashed else ())
            elif isinstance(mark, Points) and mark.shape == "ring":
                stroke.rings(centre, 4, 2)
            elif isinstance(mark, Points) and mark.shape == "cross":
                stroke.line(np.array([[5.0, 5.0], [13.0, 13.0]]), 2)
                stroke.line(np.array([[5.0, 13.0], [13.0, 5.0]]), 2)
            elif isinstance(mark, Points) and mark.shape == "dot":
                stroke.dots(centre, 5)
            else:
                stroke.squares(centre, 5)
            stroke.ink(colours.role(mark.role, theme))
        text = palette.SURFACE[theme]["text"]
        canvas.write(entry.name, (entry.x + entry.swatch, 13), text)


def readings(found: Sequence[Reading], fitted: Fit, canvas: Canvas, theme: Theme) -> None:
    """Each number in a box, on a scale that holds all its values, beside its floor."""
    surface = palette.SURFACE[theme]
    wide = (canvas.size[0] / canvas.scale - 10 * (len(found) - 1)) / len(found)
    for i, reading in enumerate(found):
        box = canvas.at(i * (wide + 10), 0, wide, READING)
        box.fill((0, 0, wide, READING), surface["panel"])
        box.write(reading.label, (12, 18), surface["text"])
        shown = f"{three(reading.value)} {reading.unit}".strip()
        box.write(shown, (12, 40), surface["text"], 20, weight=BOLD)
        _scale(reading, fitted.readings[i], box.at(12, 45, wide - 24, 16), theme)
        box.write(axes.bound(reading), (12, 72), colours.role("neutral", theme))


def _scale(reading: Reading, held: tuple[float, float], canvas: Canvas, theme: Theme) -> None:
    length = canvas.size[0] / canvas.scale
    canvas.fill((0, 5, length, 6), palette.SURFACE[theme]["line"])
    low, high = held
    span = (high - low) or 1.0
    if reading.floor and all(isfinite(value) for value in reading.floor):
        a, b = ((value - low) / span * length for value in reading.floor)
        dash = (3, 2) if b - a > 3 else ()  # a bound known exactly is one line
        canvas.rectangle((a, 3, max(1.0, b - a), 10), colours.role("truth", theme), 1.5, dash)
    if isfinite(reading.value):
        round_it = canvas.at(-8, 0, length + 16, 16).stroke()
        round_it.dots(np.array([[(reading.value - low) / span * length + 8, 8.0]]), 6)
        round_it.ink(colours.role("model", theme))
