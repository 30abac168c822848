"""A lesson in a link: what a teacher wrote, which controls rest, and the pages in order.

`?lesson=CODE&at=2` is all of it; nothing is kept on the server. A code is compressed JSON in the
letters of a link. It may have been written by anybody, so it is read with limits and checked, and
what it says is only ever shown as plain text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from explorer.data.writing import read
from explorer.ui.controls.packed import pack, unpack
from explorer.ui.home.contents import CONTENTS

LONGEST = 6000  # characters of a code in a link
BYTES = 20_000  # of a code when it is unpacked
STOPS = 12
TITLE, NOTE, QUESTION, CHOICE = 120, 600, 300, 100  # characters
CHOICES = 6
CONTROLS = 60
SETTINGS = 1500  # characters of the settings of one stop
OWN = (
    "lesson",
    "at",
    "room",
    "host",
    "present",
    "own",
)  # parameters of the class, not of an experiment
NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
FORMAT = 1


@dataclass(frozen=True)
class Stop:
    """One page of a lesson, with its settings, the teacher's words and the controls that rest."""

    page: str
    settings: str = ""  # as in a link: "dataset=ring&seed=3"
    note: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # controls by their parameter
    locked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.page not in {entry.name for entry in CONTENTS}:
            raise ValueError(f"page must be one of the contents. Got {self.page!r} instead.")
        for field, most in (("settings", SETTINGS), ("note", NOTE), ("question", QUESTION)):
            _short(field, getattr(self, field), most)
        parse_qsl(self.settings, max_num_fields=CONTROLS)  # raises when there are more
        for choice in self.choices:
            _short("choices", choice, CHOICE)
        if len(self.choices) > CHOICES:
            raise ValueError(f"choices must be at most {CHOICES}. Got {len(self.choices)} instead.")
        for field in ("hidden", "locked"):
            names = getattr(self, field)
            if len(names) > CONTROLS or not all(map(NAME.fullmatch, names)):
                raise ValueError(f"{field} must be names of controls. Got {names!r:.60} instead.")

    @property
    def query(self) -> dict[str, str]:
        """The settings by parameter, without those of the class."""
        written = parse_qsl(self.settings, keep_blank_values=True, max_num_fields=CONTROLS)
        return {key: value for key, value in written if key not in OWN}


@dataclass(frozen=True)
class Lesson:
    """A title and the stops in their order, at least one."""

    title: str
    stops: tuple[Stop, ...]

    def __post_init__(self) -> None:
        _short("title", self.title, TITLE)
        if not 1 <= len(self.stops) <= STOPS:
            raise ValueError(f"stops must be 1 to {STOPS}. Got {len(self.stops)} instead.")

    def encode(self) -> str:
        """The lesson as letters that may stand in a link."""
        written = json.dumps([FORMAT, self.title, *map(astuple, self.stops)], ensure_ascii=False)
        code = pack(written)
        if len(code) > LONGEST:
            raise ValueError(f"A lesson must fit in {LONGEST} letters. Got {len(code)} instead.")
        return code

    def link(
        self, address: str, at: int = 1, more: Mapping[str, str] | None = None, host: str = ""
    ) -> str:
        """The link to stop number `at`, under the address of the app; of the room's `host` only
        with its key, which no server is sent.
        """
        page = self.stops[at - 1].page.removeprefix("home")
        key = f"#host={host}" if host else ""
        return f"{address.rstrip('/')}/{page}?{urlencode(self.query(at, more))}{key}"

    def place(self, at: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The parameters that name stop number `at`."""
        return {"lesson": self.encode(), "at": str(at), **(more or {})}

    def query(self, at: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The parameters of stop number `at`: its settings, the lesson, and what else is said."""
        return {**self.stops[at - 1].query, **self.place(at, more)}


@lru_cache(maxsize=64)
def decode(code: str) -> Lesson:
    """The lesson behind a code; ValueError if it is none."""
    try:
        if len(code) > LONGEST:
            raise ValueError("too long")
        version, title, *stops = json.loads(unpack(code, BYTES))
        if version != FORMAT:
            raise ValueError("another format")
        return Lesson(_text(title), tuple(_stop(*stop) for stop in stops))
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("The lesson in this link cannot be read; it may be cut off.") from error


def place(written: str, stops: int) -> int:
    """Which stop a link asks for, from 1; the first when it asks for none that there is."""
    return (
        int(written)
        if written.isdecimal() and len(written) < 4 and 1 <= int(written) <= stops
        else 1
    )


def plain(text: str) -> str:
    """Text without control characters, and without marks that turn its direction round."""
    return read(text).text.strip()


def _stop(
    page: Any,
    settings: Any,
    note: Any,
    question: Any,
    choices: Iterable[Any],
    hidden: Iterable[Any],
    locked: Iterable[Any],
) -> Stop:
    return Stop(
        _text(page),
        _text(settings),
        _text(note),
        _text(question),
        tuple(map(_text, choices)),
        tuple(map(_text, hidden)),
        tuple(map(_text, locked)),
    )


def _text(written: Any) -> str:
    if not isinstance(written, str):
        raise ValueError(f"text must be text. Got {written!r:.40} instead.")
    return plain(written)


def _short(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"{field} must have at most {most} characters. Got {len(text)} instead.")
