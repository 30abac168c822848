"""Text as panels: lines in colours, and signs for tokens that could not be seen."""

from collections.abc import Sequence
from textwrap import wrap
from unicodedata import east_asian_width

from explorer.scene import Mark, Panel, Role, Text

Line = tuple[str, Role]
SIGNS = str.maketrans({" ": "·", "\n": "¶"})
FILL = "\x00"  # stands for the first half of a wide letter
WIDE, LINES = 1.7, 26  # width of a panel of text beside its height, at most; times its lines
ROOMY = 2.6  # so wide that on a telephone it has a line for itself


def sign(text: str) -> str:
    """A text as it is drawn: spaces and line breaks get a sign."""
    return text.translate(SIGNS)


def one_line(text: str) -> str:
    """A text in one line."""
    return text.replace("\n", " / ").strip() or " "


def width_of(text: str) -> int:
    """The room that a text takes, in letters: Chinese, Japanese and Korean ones take that of two.

    >>> width_of("aé日本")
    6
    """
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def wrapped(text: str, room: int) -> list[str]:
    """A text in lines of at most so much room, broken between words where there are some.

    >>> wrapped("one two 日本日本", 6)
    ['one', 'two 日', '本日本']
    """
    filled = "".join(FILL + c if east_asian_width(c) in "WF" else c for c in text)
    return [line.replace(FILL, "") for line in wrap(filled, room)]


def fitted(text: str, room: int) -> str:
    """The beginning of a text in one line of so much room.

    >>> fitted("the white whale", 10), fitted("日本日本", 6)
    ('the white…', '日本…')
    """
    lines = wrapped(text, room - 1) if width_of(text) > room else []
    return lines[0] + "…" if lines else text[:room]


def end_of(text: str, room: int) -> str:
    """The end of a text in one line of so much room.

    >>> end_of("the white whale", 8), end_of("whale", 8)
    ('…e whale', 'whale')
    """
    if width_of(text) <= room:
        return text
    while width_of(text) >= room:
        text = text[1:]
    return "…" + text


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
