"""Chorales of J. S. Bach: four voices, and the melodies of their sopranos as tokens.

All are transposed to C major or A minor. Many chorales share a melody: the 364 chorales have 217.
They are split by melody, or the held-out part would hold what was learnt by rote. Source and
licence: assets/LICENSES.md.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

FILE = Path(__file__).parents[2] / "assets" / "data" / "bach_chorales.npz"
VOICES = ("soprano", "alto", "tenor", "bass")
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
CLASSES = {
    "C": 0, "C#": 1, "D-": 1, "D": 2, "E-": 3, "E": 4, "F": 5, "F#": 6, "G": 7, "A-": 8, "A": 9,
    "B-": 10, "B": 11,
}  # fmt: skip
BEAT = 4  # sixteenths in a beat, a crotchet
SPAN, SHARED = 7, 0.3  # melodies with so large a share of 7 intervals in a row in common are one
HELD_OUT = 0.12  # of the chorales
KINDS: dict[str, str] = {"notes": "pitch and duration", "pitches": "pitch only"}


@dataclass(frozen=True, eq=False)
class Chorale:
    """A chorale in C major or A minor, on a grid of sixteenths."""

    name: str  # its number in the catalogue of Bach's works
    mode: str  # "major" or "minor"
    pitch: np.ndarray  # (4, sixteenths) MIDI, -1 for a rest; the soprano first
    onset: np.ndarray  # (4, sixteenths) bool: a note begins

    def notes(self, voice: int = 0) -> np.ndarray:
        """Notes (n, 3) of a voice: start and duration in sixteenths, pitch."""
        pitch = self.pitch[voice]
        before = np.r_[-1, pitch[:-1]]
        starts = np.flatnonzero((pitch >= 0) & (self.onset[voice] | (pitch != before)))
        breaks = np.flatnonzero((pitch < 0) | self.onset[voice] | (pitch != before))
        ends = np.r_[breaks, len(pitch)][np.searchsorted(breaks, starts) + 1]
        return np.stack([starts, ends - starts, pitch[starts]], axis=1)


@dataclass(frozen=True, eq=False)
class Melodies:
    """Sopranos as sequences of tokens; token 0 ends a melody. Shared, never to be written into.

    Bits are averaged over all tokens, the end of each melody included.
    """

    kind: str  # of KINDS
    pitch: np.ndarray  # (size,) MIDI pitch of each token; of token 0 it means nothing
    duration: np.ndarray  # (size,) in sixteenths; a beat where the kind has no durations
    train: tuple[tuple[int, ...], ...]  # melodies without their end
    held_out: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """How many different tokens there are."""
        return len(self.pitch)

    def notes(self, tokens: np.ndarray | tuple[int, ...]) -> np.ndarray:
        """Notes (n, 3) of a melody up to its end: start and duration in sixteenths, pitch."""
        row = np.asarray(tokens, int)
        row = row[: int(np.argmin(row))] if (row == 0).any() else row
        length = self.duration[row]
        return np.stack([np.cumsum(length) - length, length, self.pitch[row]], axis=1)

    def label(self, token: int) -> str:
        """A token as it is written: the note with its octave, and its beats."""
        if token == 0:
            return "end"
        beats = {1: "¼", 2: "½", 3: "¾", 6: "1½"}.get(
            int(self.duration[token]), f"{self.duration[token] / BEAT:g}"
        )
        return named(int(self.pitch[token])) + (f" {beats}" if self.kind == "notes" else "")


def named(pitch: int) -> str:
    """The name of a MIDI pitch.

    >>> named(60), named(81), named(66)
    ('C4', 'A5', 'F#4')
    """
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


@lru_cache(maxsize=1)
def chorales() -> tuple[Chorale, ...]:
    """All chorales, transposed by at most a tritone."""
    with np.load(FILE, allow_pickle=False) as data:
        ends = np.cumsum(data["length"].astype(int))
        pitches = np.split(data["pitch"].astype(int), ends[:-1], axis=1)
        onsets = np.split(data["onset"], ends[:-1], axis=1)
        keys = list(zip(data["name"].tolist(), data["tonic"].tolist(), data["mode"].tolist()))
    found = []
    for (name, tonic, mode), pitch, onset in zip(keys, pitches, onsets):
        shift = ((0 if mode == "major" else 9) - CLASSES[tonic] + 5) % 12 - 5
        moved = np.where(pitch >= 0, pitch + shift, -1)
        moved.setflags(write=False)
        onset.setflags(write=False)
        found.append(Chorale(name, mode, moved, onset))
    return tuple(found)


@lru_cache(maxsize=1)
def groups() -> np.ndarray:
    """(chorales,) the number of the first chorale with the same melody."""
    spans = []
    for each in chorales():
        steps = np.diff(each.notes()[:, 2])
        spans.append({tuple(steps[i : i + SPAN]) for i in range(len(steps) - SPAN + 1)})
    group = np.arange(len(spans))
    for i, own in enumerate(spans):
        for j in range(i):
            least = min(len(own), len(spans[j]))
            if group[i] != group[j] and least and len(own & spans[j]) >= SHARED * least:
                group[group == max(group[i], group[j])] = min(group[i], group[j])
    group.setflags(write=False)
    return group


@lru_cache(maxsize=1)
def split() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Numbers of the chorales to learn from and of those held out; no melody is in both."""
    group, held = groups(), set[int]()
    for each in np.random.default_rng(0).permutation(np.unique(group)):
        if len(held) >= HELD_OUT * len(group):
            break
        held |= set(np.flatnonzero(group == each).tolist())
    every = range(len(group))
    return tuple(i for i in every if i not in held), tuple(i for i in every if i in held)


@lru_cache(maxsize=2)
def melodies(kind: str = "notes") -> Melodies:
    """The sopranos as tokens of a kind of KINDS; a token for all that occurs in any of them."""
    sopranos = [each.notes()[:, 1:] for each in chorales()]  # durations and pitches
    if kind == "pitches":
        sopranos = [np.stack([np.full(len(s), BEAT), s[:, 1]], axis=1) for s in sopranos]
    symbols = sorted({(pitch, length) for s in sopranos for length, pitch in s.tolist()})
    number = {symbol: token for token, symbol in enumerate(symbols, 1)}
    rows = [tuple(number[pitch, length] for length, pitch in s.tolist()) for s in sopranos]
    learnt, held = split()
    pitch, duration = (np.array([0, *(s[i] for s in symbols)]) for i in (0, 1))
    for array in (pitch, duration):
        array.setflags(write=False)
    return Melodies(
        kind, pitch, duration, tuple(rows[i] for i in learnt), tuple(rows[i] for i in held)
    )


def stream(rows: tuple[tuple[int, ...], ...]) -> Tensor:
    """Melodies one after the other, each with its end."""
    return torch.tensor([token for row in rows for token in (*row, 0)])
