r"""A Markov source that writes a language with three rules: everything about it is known exactly.

A word opens with a syllable (b, d, g or k and a vowel), goes on with syllables of l, m, n and r,
and closes by repeating its opening syllable: "bo la mi ra bo" is written "bolamirabo". Between
words stands a space. To predict the last syllable one must remember the first, however long
ago it was. As the letters written so far determine the state, the entropy rate is that of the next
letter, averaged over the states in the long run:

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
CLOSE = 0.25  # probability of closing after each syllable


@dataclass(frozen=True)
class MarkovSource:
    """States and what each writes: `transitions[s]` holds (letter, probability, next state)."""

    transitions: tuple[tuple[tuple[str, float, int], ...], ...]

    def stationary(self) -> np.ndarray:
        """The share of time in each state in the long run, (states,)."""
        n = len(self.transitions)
        flow = np.zeros((n, n))
        for state, row in enumerate(self.transitions):
            for _, probability, then in row:
                flow[state, then] += probability
        system = np.vstack([flow.T - np.eye(n), np.ones(n)])
        return np.linalg.lstsq(system, np.r_[np.zeros(n), 1.0], rcond=None)[0]

    def follow(self, text: str) -> list[float]:
        """The probability of each letter of a text that starts with a new word."""
        state, probabilities = 0, []
        for letter in text:
            p, state = next((p, to) for x, p, to in self.transitions[state] if x == letter)
            probabilities.append(p)
        return probabilities


@lru_cache(maxsize=1)
def source() -> MarkovSource:
    """The language; state 0 is before a new word."""
    names: list[tuple[str, ...]] = [("word",)]
    names += [("opened", f) for f in OPENING]
    for stage in ("ready", "middle", "close", "closed"):
        names += [(stage, f, v) for f in OPENING for v in VOWELS]
    at = {name: number for number, name in enumerate(names)}

    def transitions(name: tuple[str, ...]) -> list[tuple[str, float, int]]:
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

    return MarkovSource(tuple(tuple(transitions(name)) for name in names))


def entropy_rate() -> float:
    """Bits per letter: the lowest loss that any model can reach."""
    share = source().stationary()
    bits = [-sum(c * np.log2(c) for _, c, _ in row) for row in source().transitions]
    return float(share @ np.array(bits))


def write(n: int, rng: Generator) -> str:
    """The first n letters of a text in the language."""
    draws, text, state = torch.rand(n, generator=rng).tolist(), [], 0
    for draw in draws:
        row = source().transitions[state]
        taken = next((each for each, end in zip(row, _ends(state)) if draw < end), row[-1])
        text.append(taken[0])
        state = taken[2]
    return "".join(text)


@lru_cache(maxsize=256)
def _ends(state: int) -> tuple[float, ...]:
    """The probabilities of a state, added up."""
    return tuple(accumulate(probability for _, probability, _ in source().transitions[state]))
