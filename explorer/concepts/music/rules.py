"""Rules of melody, each a number for every note that is written: a reward is their weighted sum.

A melody is pitches $x_1, x_2, \\dots$ and an end. A rule sees the note before and the next one, so
the reward of a melody is a sum over its notes, and its best possible value can be computed.
"""

from functools import lru_cache

import numpy as np

from explorer.data import chorales

WHITE = (0, 2, 4, 5, 7, 9, 11)  # the pitch classes of C major
LEAP = 4  # semitones: a larger interval is a leap
RANGE = (60, 79)  # pitches that are easily sung
TONIC = 0  # the pitch class on which a melody should end
RULES: dict[str, str] = {
    "accidental": "accidentals",
    "leap": "leaps",
    "repetition": "repetitions",
    "outside": "out of range",
    "tonic": "ends on C",
    "length": "notes",
}


def pitches() -> np.ndarray:
    """(size,) the MIDI pitch of every token of the melodies without durations; token 0 ends."""
    return chorales.melodies("pitches").pitch


@lru_cache(maxsize=1)
def features() -> np.ndarray:
    """(size, size, rules): what each rule counts when token c follows token b (0 is the start)."""
    pitch = pitches()
    size = len(pitch)
    before, after = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    interval = np.abs(pitch[after] - pitch[before])
    inside = (before > 0) & (after > 0)  # an interval within the melody
    note = after > 0
    found = {
        "accidental": note & ~np.isin(pitch[after] % 12, WHITE),
        "leap": inside & (interval > LEAP),
        "repetition": inside & (interval == 0),
        "outside": note & ((pitch[after] < RANGE[0]) | (pitch[after] > RANGE[1])),
        "tonic": (before > 0) & (after == 0) & (pitch[before] % 12 == TONIC),
        "length": note,
    }
    out = np.stack([found[name] for name in RULES], axis=-1).astype(float)
    out.setflags(write=False)
    return out


def reward_table(weights: tuple[float, ...]) -> np.ndarray:
    """(size, size) the reward of writing token c after token b, for weights in order of RULES."""
    return features() @ np.asarray(weights)


def counts(melodies: np.ndarray) -> np.ndarray:
    """(n, rules) what each rule counts in melodies (n, length) that are zeros after their end."""
    before = np.concatenate([np.zeros((len(melodies), 1), int), melodies[:, :-1]], axis=1)
    written = np.concatenate(
        [np.ones((len(melodies), 1), bool), np.cumprod(melodies[:, :-1] > 0, axis=1) > 0], axis=1
    )
    return (features()[before, melodies] * written[..., None]).sum(axis=1)
