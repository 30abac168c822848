"""Text as panels: lines in colours, and signs for tokens that could not be seen."""

from collections.abc import Sequence
from textwrap import shorten

import numpy as np

from explorer.scene import Mark, Panel, Role, Text

Line = tuple[str, Role]
SIGNS = str.maketrans({" ": "·", "\n": "¶"})
WIDE, LINES = 1.7, 26  # width of a panel of text beside its height, at most; times its lines
ROOMY = 2.6  # so wide that on a telephone it has a line for itself


def sign(text: str) -> str:
    """A text as it is drawn: spaces and line breaks get a sign."""
    return text.translate(SIGNS)


def one_line(text: str) -> str:
    """A text in one line."""
    return text.replace("\n", " / ").strip() or " "


def fitted(text: str, room: int) -> str:
    """A text in one line of so many characters."""
    return shorten(text, room, placeholder="…") if len(text) > room else text


def text_panel(
    title: str, rows: Sequence[Line], caption: str = "", room: int = 0, wide: float = WIDE
) -> Panel:
    """Lines of text under one another, each in the colour of a role; `room` lines at least.

    The panel is `wide` times as wide as high, or less if it has many lines.
    """
    count = max(len(rows), room)
    width = min(wide, LINES / count) * count
    return Panel(
        title, written(rows), "plane", (0.0, width), (0.4 - count, 0.6), caption=caption, span=ROOMY
    )


def written(rows: Sequence[Line], x: float = 0.0) -> list[Mark]:
    """Lines of text under one another, the first one at height 0."""
    return [
        Text(f"line {number + 1}", role, (x, -float(number)), text or " ")
        for number, (text, role) in enumerate(rows)
    ]


def level(y: float, end: float, start: float = 0.0) -> np.ndarray:
    """A horizontal line, as points of a curve."""
    return np.array([[start, y], [end, y]], np.float32)
