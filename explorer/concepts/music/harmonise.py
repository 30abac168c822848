"""Harmonising one melody, beat by beat: a soprano of a chorale held out, or the visitor's own."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from explorer import config as c
from explorer.concepts.music import harmony
from explorer.concepts.music.harmony import harmonised, parallels
from explorer.concepts.music.roll import heard, roll
from explorer.concepts.music.voices import PITCHES, Choir, of_bach, parts, per_100
from explorer.nets import generator
from explorer.scene import Bars, Mark, Panel, Points, Reading, Scene, frozen

LONGEST, SHORTEST = 64, 2  # beats that are harmonised
LOWEST, HIGHEST = 60, 84  # pitches of an own melody
TUNE = "72-74-76-77-79-79-81-81-79-77-76-74-76-72"  # that the keyboard starts with


@dataclass(frozen=True)
class HarmoniseConfig:
    """The melody, and how chords are drawn. A step is a beat."""

    melody: str = ""  # MIDI pitches, a beat each, with - between them; empty: the chorale's
    chorale: int = c.integer(5, 0, 43)  # of those held out
    temperature: float = c.number(0.7, 0.1, 2.0, 0.1)
    avoid: bool = c.flag(False)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "melody")
        own_melody(self.melody)

    @property
    def soprano(self) -> np.ndarray:
        """(beats,) the pitches to harmonise."""
        own = own_melody(self.melody)
        return np.array(own) if own else harmony.beats(True)[self.chorale][0, :LONGEST]


@dataclass(frozen=True, eq=False)
class Harmony:
    """The first `step` beats of a harmonised melody."""

    step: int
    config: HarmoniseConfig
    chords: np.ndarray  # (4, step)
    length: int  # beats of the whole melody
    faults: np.ndarray  # (m, 2) beat and pitch of the bass wherever voices move in parallel
    bach: np.ndarray | None  # (4, beats) his own harmony, of a chorale
    rate: float  # parallels in 100 beats of all sopranos held out, with these settings


@dataclass(frozen=True, eq=False)
class Harmonised:
    """Chords (4, beats)."""

    chords: np.ndarray


def own_melody(text: str) -> tuple[int, ...]:
    """The pitches of a visitor's melody; none of an empty text. ValueError if it is no melody."""
    parts = text.split("-") if text else []
    if any(not part.isdigit() or not LOWEST <= int(part) <= HIGHEST for part in parts) or (
        parts and not SHORTEST <= len(parts) <= LONGEST
    ):
        raise ValueError(
            f"melody must be {SHORTEST} to {LONGEST} pitches from {LOWEST} to {HIGHEST}, with - "
            f"between them. Got {text[:40]!r} instead."
        )
    return tuple(map(int, parts))


def accompany(config: HarmoniseConfig, choir: Choir) -> Generator[Harmony, None, Harmonised]:
    """Draw all chords, and show them beat by beat."""
    settings = config.temperature, config.avoid
    soprano = config.soprano
    (chords,) = harmonised(choir.networks, [soprano], generator(config.seed), *settings)
    every = [each[0] for each in harmony.beats(True)]
    rate = per_100(harmonised(choir.networks, every, generator(config.seed + 1), *settings))
    bach = None if config.melody else frozen(harmony.beats(True)[config.chorale][:, :LONGEST])
    beats = 1 + np.flatnonzero(parallels(chords[None])[0])
    for step in range(1, len(soprano) + 1):
        marked = np.array([(beat, chords[3, beat]) for beat in beats if beat < step], float)
        yield Harmony(
            step,
            config,
            frozen(chords[:, :step]),
            len(soprano),
            frozen(marked.reshape(-1, 2)),
            bach,
            rate,
        )
    return Harmonised(frozen(chords))


def accompany_scene(s: Harmony) -> Scene:
    """The voices so far, Bach's own where there are some, and the parallels counted."""
    known, usual = of_bach()
    beats = float(max(16, s.length))
    own = parts(s.chords, True)
    voices = roll(
        "Your melody, harmonised" if s.bach is None else "Harmonised by the networks", own, beats,
        pitches=PITCHES, span=2.0,
        caption="Rings: here two voices move in parallel fifths or octaves.",
    )  # fmt: skip
    spots = (s.faults + np.array([0.5, 0.0])).astype(np.float32)
    rings: list[Mark] = [Points("parallels", "truth", spots, size=7, shape="ring", opacity=1.0)]
    voices = replace(voices, marks=[*voices.marks, *rings])
    panels, sounds = [voices], [heard("networks", "model", *(each.notes for each in own), panel=0)]
    here = per_100([s.chords]) if s.step > 1 else 0.0
    if s.bach is not None:
        real = parts(s.bach, False)
        panels.append(
            roll("Harmonised by Bach", real, beats, pitches=PITCHES, span=3.0,
                 caption="The same soprano, from a chorale that was held out.")
        )  # fmt: skip
        sounds.append(heard("Bach", "real", *(each.notes for each in real), panel=1))
    counted = np.array([here, s.rate, known], np.float32)
    panels.append(
        Panel("Parallel fifths and octaves",
              [Bars("in 100 beats", "model", counted, ["here", "all 44", "Bach"])],
              "chart", (-0.5, 2.5), (0.0, 30.0), "", "in 100 beats", span=1.2,
              caption="All 44: the sopranos held out, with these settings.")
    )  # fmt: skip
    return Scene(
        panels, step=s.step, rows=(1, len(panels) - 1), unit="beat", sounds=sounds,
        sentence=_sentence(s, known),
        readings=[
            Reading("parallels here", here, usual, "chorales of Bach, middle 90 %", "in 100 beats",
                    "low", "Pairs of voices that move in parallel fifths or octaves."),
            Reading("parallels in all 44", s.rate, (known, known), "Bach", "in 100 beats", "low",
                    "All sopranos held out, harmonised with these settings."),
        ],
    )  # fmt: skip


def _sentence(s: Harmony, known: float) -> str:
    """How many parallels there are, and what avoids them."""
    count = int(parallels(s.chords[None]).sum()) if s.step > 1 else 0
    text = f"{count} parallel fifths or octaves in {s.step} beats"
    if s.config.avoid:
        return (
            f"{text}: chords with parallels are rejected and drawn anew. In all 44 chorales "
            f"{s.rate:.1f} in 100 beats remain; Bach himself has {known:.1f}."
        )
    return (
        f"{text}. In all 44 chorales the networks write {s.rate:.1f} in 100 beats, Bach "
        f"{known:.1f}: a likely voice is not yet one that fits the others."
    )
