"""The piano roll: time to the right, pitch upwards, a line for every note; and how it sounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.data.chorales import BEAT
from explorer.scene import Curve, Field, Mark, Panel, Role, Sound

LOW, HIGH = 54, 85  # pitches that a melody's roll shows
GAP = 0.12  # beats between a note and the next
CELLS = 2  # columns of the field in a beat
THICK = 6.0  # pixels of a note


@dataclass(frozen=True, eq=False)
class Part:
    """One voice or melody of a roll."""

    name: str
    role: Role
    notes: np.ndarray  # (n, 3) start and duration in sixteenths, pitch
    width: float = THICK


def roll(
    title: str,
    parts: Sequence[Part],
    beats: float,
    *,
    expected: np.ndarray | None = None,
    over: np.ndarray | None = None,
    caption: str = "",
    span: float = 2.0,
    pitches: tuple[int, int] = (LOW, HIGH),
) -> Panel:
    """Notes of some parts over so many beats.

    Behind them `expected` (notes + 1, 128): the probability of each pitch before each note, drawn
    `over` the length of these notes (n, 3), or those of the first part; the last over a beat.
    """
    marks: list[Mark] = []
    if expected is not None:
        marks.append(_field(parts[0].notes if over is None else over, expected, beats, pitches))
    marks += [
        Curve(each.name, each.role, lines(each.notes, beats), width=each.width, label="")
        for each in parts
    ]
    return Panel(
        title, marks, "chart", (0.0, beats), (pitches[0] - 0.5, pitches[1] + 0.5),
        "beats", "MIDI pitch", caption=caption, span=span,
    )  # fmt: skip


def lines(notes: np.ndarray, beats: float) -> np.ndarray:
    """A stretch (3 n, 2) for each note that begins within so many beats, with breaks between."""
    start, length, pitch = in_beats(notes).T
    first, last = start + GAP / 2, np.minimum(start + length - GAP / 2, beats)
    gap = np.full_like(start, np.nan)
    rows = np.stack([first, pitch, last, pitch, gap, gap], axis=1)
    inside = rows[start < beats] if len(rows) else np.full((1, 6), np.nan)
    inside = inside if len(inside) else np.full((1, 6), np.nan)
    return inside.reshape(-1, 2).astype(np.float32)


def in_beats(notes: np.ndarray) -> np.ndarray:
    """Notes (n, 3) whose start and duration are in sixteenths, in beats."""
    return notes / np.array([BEAT, BEAT, 1.0])


def heard(
    label: str, role: Role, *voices: np.ndarray, panel: int = -1, tempo: float = 96.0
) -> Sound:
    """Voices (n, 3) in sixteenths, together, as a sound."""
    notes = in_beats(np.concatenate(voices)) if voices else np.zeros((0, 3))
    return Sound(label, role, notes.astype(np.float32), panel, tempo)


def _field(
    notes: np.ndarray, expected: np.ndarray, beats: float, pitches: tuple[int, int]
) -> Field:
    """What was expected, in cells of half a beat: white where nothing, coloured where certain."""
    middles = BEAT * (np.arange(round(CELLS * beats)) + 0.5) / CELLS
    start = notes[:, 0] if len(notes) else np.zeros(0)
    end = float(notes[-1, 0] + notes[-1, 1]) if len(notes) else 0.0
    at = np.where(middles < end, np.searchsorted(start, middles, side="right") - 1, len(notes))
    values = expected[at][:, pitches[0] : pitches[1] + 1].T
    values = np.where(middles < end + BEAT, values, 0.0)
    return Field(
        "expected", values.astype(np.float32), 0.0, 0.6, ("neutral", "model"),
        meaning="not expected | expected",
    )  # fmt: skip
