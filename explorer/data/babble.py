r"""A language with three rules, as a machine with states: everything about it is known exactly.

A word opens with a syllable (b, d, g or k and a vowel), goes on with syllables of l, m, n and r,
and closes by repeating its opening syllable: "bo la mi ra bo" is written "bolamirabo". Between
words stands a space. Whoever wants to guess the last syllable must remember the first, however
long ago it was. As the letters written so far tell the state, the entropy rate is that of the
next letter, averaged over the states in the long run:

$$h = -\sum_s \pi(s) \sum_x p(x \mid s) \log_2 p(x \mid s)$$

Shannon (1948), A Mathematical Theory of Communication, section 7
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
import torch
from torch import Generator

OPENING, MIDDLE, VOWELS = "bdgk", "lmnr", "aiou"
WEIGHTS = (0.4, 0.3, 0.2, 0.1)  # of the four in each group
CLOSE = 0.25  # chance to close after each syllable


@dataclass(frozen=True)
class Machine:
    """States and what each writes: `moves[s]` holds (letter, chance, next state)."""

    moves: tuple[tuple[tuple[str, float, int], ...], ...]

    def stationary(self) -> np.ndarray:
        """The share of time in each state in the long run, (states,)."""
        n = len(self.moves)
        flow = np.zeros((n, n))
        for state, row in enumerate(self.moves):
            for _, chance, then in row:
                flow[state, then] += chance
        system = np.vstack([flow.T - np.eye(n), np.ones(n)])
        return np.linalg.lstsq(system, np.r_[np.zeros(n), 1.0], rcond=None)[0]

    def follow(self, text: str) -> list[float]:
        """The chance of each letter of a text that starts with a new word."""
        state, chances = 0, []
        for letter in text:
            chance, state = next((c, to) for x, c, to in self.moves[state] if x == letter)
            chances.append(chance)
        return chances


@lru_cache(maxsize=1)
def machine() -> Machine:
    """The language; state 0 is before a new word."""
    names: list[tuple[str, ...]] = [("word",)]
    names += [("opened", f) for f in OPENING]
    for stage in ("ready", "middle", "close", "closed"):
        names += [(stage, f, v) for f in OPENING for v in VOWELS]
    at = {name: number for number, name in enumerate(names)}

    def moves(name: tuple[str, ...]) -> list[tuple[str, float, int]]:
        match name:
            case ("word",):
                return [(f, w, at["opened", f]) for f, w in zip(OPENING, WEIGHTS)]
            case ("opened", f):
                return [(v, w, at["ready", f, v]) for v, w in zip(VOWELS, WEIGHTS)]
            case ("ready", f, v):  # after a syllable
                on = [(m, (1 - CLOSE) * w, at["middle", f, v]) for m, w in zip(MIDDLE, WEIGHTS)]
                return [*on, (f, CLOSE, at["close", f, v])]
            case ("middle", f, v):
                return [(x, w, at["ready", f, v]) for x, w in zip(VOWELS, WEIGHTS)]
            case ("close", f, v):
                return [(v, 1.0, at["closed", f, v])]
            case ("closed", *_):
                return [(" ", 1.0, 0)]
        return []

    return Machine(tuple(tuple(moves(name)) for name in names))


def entropy_rate() -> float:
    """Bits per letter that nobody can do without."""
    share = machine().stationary()
    bits = [-sum(c * np.log2(c) for _, c, _ in row) for row in machine().moves]
    return float(share @ np.array(bits))


def write(n: int, rng: Generator) -> str:
    """The first n letters of a text in the language."""
    draws, text, state = torch.rand(n, generator=rng).tolist(), [], 0
    for draw in draws:
        row = machine().moves[state]
        taken = next((move for move, end in zip(row, _ends(state)) if draw < end), row[-1])
        text.append(taken[0])
        state = taken[2]
    return "".join(text)


@lru_cache(maxsize=256)
def _ends(state: int) -> tuple[float, ...]:
    """The chances of a state, added up."""
    return tuple(accumulate(chance for _, chance, _ in machine().moves[state]))
