r"""Four voices, beat by beat: a network for the bass, one for the tenor, one for the alto.

The soprano is given. In every beat the bass is drawn first, then the tenor, then the alto, each
from a distribution that sees the soprano around the beat, the chord before, and the voices drawn
already:

$$p(B, T, A \mid S) = \prod_t p(B_t \mid h_t)\, p(T_t \mid B_t, h_t)\, p(A_t \mid T_t, B_t, h_t)$$

Two voices that move in parallel fifths or octaves merge into one for the ear: composers of the
time avoided that. The networks are not told so.

Hild, Feulner and Menzel (1992), HARMONET: A Neural Net for Harmonizing Chorales in the Style of
J. S. Bach
"""

from functools import lru_cache

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.concepts.shared.ngram import NGram, fit
from explorer.concepts.shared.transformer import Dropout
from explorer.data import chorales
from explorer.data.chorales import BEAT, VOICES
from explorer.nets import linear

LOWEST = 30  # MIDI pitch of number 1; number 0 is no note
SIZE = 64  # numbers: pitches up to 92
END = 8  # beats before the end from which on the distance to it is seen
WIDTH = 16  # of an embedding
ORDER = ("bass", "tenor", "alto")  # in which the voices are drawn
# What each voice sees, by column of `table`, and what it predicts.
SOPRANO, BEFORE, NOW, PLACE, LEFT = range(5), (5, 6, 7), (8, 9, 10), 11, 12
COLUMNS: dict[str, tuple[tuple[int, ...], int]] = {
    "bass": ((*SOPRANO, *BEFORE, PLACE, LEFT), 8),
    "tenor": ((1, 2, 3, *BEFORE, 8, PLACE, LEFT), 9),
    "alto": ((1, 2, 3, *BEFORE, 8, 9, PLACE, LEFT), 10),
}
# Contexts of the n-grams beside them, the most important last.
GRAMS = {"bass": (3, 7, 2, 8), "tenor": (6, 2, 8, 9), "alto": (5, 8, 9, 2, 10)}
TRIES = 24  # chords that are drawn where parallels are to be avoided


@lru_cache(maxsize=2)
def beats(held_out: bool) -> tuple[np.ndarray, ...]:
    """Chorales as chords: (4, beats) pitches, the soprano first, without beats with a rest."""
    learnt, held = chorales.split()
    found = []
    for number in held if held_out else learnt:
        grid = chorales.chorales()[number].pitch[:, ::BEAT]
        chords = grid[:, (grid >= 0).all(axis=0)]
        chords.setflags(write=False)
        found.append(chords)
    return tuple(found)


def numbers(pitch: np.ndarray) -> np.ndarray:
    """Pitches as numbers from 1 on; what is no pitch (-1) as 0."""
    return np.where(pitch < 0, 0, np.clip(pitch - LOWEST + 1, 1, SIZE - 1))


def table(chords: np.ndarray) -> np.ndarray:
    """(beats, 13) what is seen in each beat of chords (4, beats): the soprano from two beats
    before to two after, the chord before (alto, tenor, bass), the chord now (bass, tenor, alto),
    the place in the bar, the beats that are left."""
    count = chords.shape[1]
    s, a, t, b = np.pad(numbers(chords), ((0, 0), (2, 2)))
    at = np.arange(count) + 2
    columns = [*(s[at + shift] for shift in range(-2, 3)), a[at - 1], t[at - 1], b[at - 1]]
    columns += [b[at], t[at], a[at], np.arange(count) % 4, np.minimum(END, count - 1 - at + 2)]
    return np.stack(columns, axis=1)


@lru_cache(maxsize=2)
def rows(held_out: bool) -> np.ndarray:
    """(beats, 13) the tables of all chorales of a side."""
    return np.concatenate([table(each) for each in beats(held_out)])


class VoiceNet(nn.Module):
    """The distribution of a voice: an embedding of each column, one hidden layer."""

    def __init__(self, columns: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.embedding = nn.Parameter(torch.randn(columns, SIZE, WIDTH, generator=rng) / 3)
        self.hidden = linear(columns * WIDTH, hidden, rng)
        self.output = linear(hidden, SIZE, rng)

    def forward(self, seen: Tensor, dropout: Dropout | None = None) -> Tensor:
        """Logits (n, SIZE) of what is seen (n, columns)."""
        x = self.embedding[torch.arange(seen.shape[1]), seen].flatten(1)
        h = functional.silu(self.hidden(x if dropout is None else dropout(x)))
        return self.output(h if dropout is None else dropout(h))


@lru_cache(maxsize=1)
def gram_bits() -> dict[str, float]:
    """Bits a note of Kneser-Ney n-grams for every voice, on the chorales held out."""
    found = {}
    for voice, columns in GRAMS.items():
        gram: NGram = fit(rows(False)[:, columns], len(columns), SIZE)
        found[voice] = float(-np.log2(gram.of(rows(True)[:, columns])).mean())
    return found


def parallels(chords: np.ndarray) -> np.ndarray:
    """(n, beats - 1) pairs of voices of chords (n, 4, beats) that move in parallel fifths or
    octaves: both move, in the same direction, and the interval stays a fifth or an octave."""
    found = np.zeros((len(chords), chords.shape[2] - 1), int)
    for upper in range(len(VOICES)):
        for lower in range(upper + 1, len(VOICES)):
            one, two = chords[:, upper], chords[:, lower]
            interval = (one - two) % 12
            moves = np.sign(np.diff(one)) * np.sign(np.diff(two)) > 0
            same = interval[:, 1:] == interval[:, :-1]
            found += moves & same & np.isin(interval[:, 1:], (0, 7))
    return found


@torch.no_grad()
def harmonised(
    nets: dict[str, VoiceNet],
    sopranos: list[np.ndarray],
    rng: Generator,
    temperature: float = 1.0,
    avoid: bool = False,
) -> list[np.ndarray]:
    """Chords (4, beats) below each soprano (beats,).

    With `avoid`, a chord is drawn up to TRIES times until none of its voices moves in parallel
    fifths or octaves; else the first of those with the fewest is taken.
    """
    longest = max(map(len, sopranos))
    count = len(sopranos)
    chords = np.full((count, 4, longest + 4), -1)  # two empty beats at either end
    for row, soprano in zip(chords, sopranos):
        row[0, 2 : 2 + len(soprano)] = soprano
    left = np.array([len(each) for each in sopranos])
    for beat in range(longest):
        best, worst = np.zeros((count, 3), int), np.full(count, 10**6)
        for _ in range(TRIES if avoid else 1):
            drawn = _chord(nets, chords, beat, left, rng, temperature)
            found = np.zeros(count, int)
            if avoid and beat:
                now = np.stack([chords[:, 0, beat + 2], *drawn.T], axis=1)
                pair = np.stack([chords[:, :, beat + 1], now], axis=2)
                found = parallels(pair)[:, 0]
            better = found < worst
            best[better], worst[better] = drawn[better], found[better]
            if not worst.any():
                break
        chords[:, 1:, beat + 2] = best
    return [row[:, 2 : 2 + len(soprano)] for row, soprano in zip(chords, sopranos)]


def _chord(
    nets: dict[str, VoiceNet],
    chords: np.ndarray,
    beat: int,
    left: np.ndarray,
    rng: Generator,
    temperature: float,
) -> np.ndarray:
    """(n, 3) alto, tenor and bass of one beat, drawn voice by voice."""
    at = beat + 2
    seen = np.zeros((len(chords), 13), int)
    seen[:, :5] = numbers(chords[:, 0, at - 2 : at + 3])
    seen[:, 5:8] = numbers(chords[:, 1:, at - 1])
    seen[:, PLACE], seen[:, LEFT] = beat % 4, np.clip(left - 1 - beat, 0, END)
    for voice in ORDER:
        columns, own = COLUMNS[voice]
        logits = nets[voice](torch.from_numpy(seen[:, columns])) / temperature
        logits[:, 0] = -torch.inf  # some note
        seen[:, own] = torch.multinomial(logits.softmax(1), 1, generator=rng)[:, 0].numpy()
    return seen[:, [10, 9, 8]] + LOWEST - 1


def notes(chords: np.ndarray) -> list[np.ndarray]:
    """Notes (n, 3) of every voice of chords (4, beats): the soprano sings every beat, the others
    hold a note as long as its pitch stays."""
    found = []
    for row, pitch in enumerate(chords):
        starts = np.flatnonzero(np.r_[True, (pitch[1:] != pitch[:-1]) | (row == 0)])
        ends = np.r_[starts[1:], len(pitch)]
        found.append(np.stack([BEAT * starts, BEAT * (ends - starts), pitch[starts]], axis=1))
    return found
