"""How well melodies are predicted, in bits a note, and how much of a sample is copied.

Averages are over all tokens of the melodies held out, the end of each included. Two models are
compared melody by melody, so that the standard error of their difference is known.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log2

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explorer.concepts.music.model import LSTM, ORDERS, fitted
from explorer.concepts.shared.ngram import NGram, rows_of
from explorer.data import chorales
from explorer.data.chorales import Melodies

IGNORED = -100
RUNS = range(1, 25)  # lengths of copied runs that are looked for


@dataclass(frozen=True, eq=False)
class Baseline:
    """What is known before the LSTM is trained."""

    uniform: float  # bits a note
    orders: np.ndarray  # (orders,) bits a note of n-grams of orders 1 to 6
    cost: np.ndarray  # (held-out melodies,) bits of each under the best of them
    runs: tuple[float, float]  # copied runs of real melodies held out: the middle half

    @property
    def best(self) -> float:
        return float(self.orders.min())

    @property
    def order(self) -> int:
        """Of the best n-gram."""
        return ORDERS[int(self.orders.argmin())]


def padded(rows: tuple[tuple[int, ...], ...], longest: int | None = None) -> tuple[Tensor, Tensor]:
    """Melodies as rows: what is read (n, length), and what follows, IGNORED after the end.

    A melody that is longer than `longest` tokens is cut, without an end.
    """
    width = min(longest or 10**9, max(map(len, rows)) + 1)
    inputs = torch.zeros(len(rows), width, dtype=torch.int64)
    targets = torch.full((len(rows), width), IGNORED)
    for read, follows, row in zip(inputs, targets, rows):
        whole = torch.tensor([*row, 0][:width])
        read[1 : len(whole)] = whole[:-1]
        follows[: len(whole)] = whole
    return inputs, targets


@lru_cache(maxsize=2)
def held_out(kind: str) -> tuple[Tensor, Tensor]:
    """The melodies held out, as `padded` lays them out; never to be written into."""
    return padded(chorales.melodies(kind).held_out)


@torch.no_grad()
def cost(net: LSTM, kind: str) -> np.ndarray:
    """Bits (melodies,) that each held-out melody costs."""
    inputs, targets = held_out(kind)
    nats = functional.cross_entropy(
        net(inputs).transpose(1, 2), targets, ignore_index=IGNORED, reduction="none"
    )
    return nats.sum(1).numpy().astype(float) / np.log(2)


def gram_cost(gram: NGram, melodies: Melodies) -> np.ndarray:
    """Bits (melodies,) that each held-out melody costs under an n-gram."""
    p = gram.of(rows_of(chorales.stream(melodies.held_out), gram.order, True))
    ends = np.cumsum([len(row) + 1 for row in melodies.held_out])
    return np.add.reduceat(-np.log2(p), np.r_[0, ends[:-1]])


def lengths(kind: str) -> np.ndarray:
    """Tokens (melodies,) of each held-out melody."""
    return np.array([len(row) + 1 for row in chorales.melodies(kind).held_out], float)


def per_note(bits: np.ndarray, kind: str) -> float:
    """Bits a note of melodies (melodies,) of which each costs so many."""
    return float(bits.sum() / lengths(kind).sum())


def gain(own: np.ndarray, other: np.ndarray, kind: str) -> tuple[float, float]:
    """By how many bits a note `own` costs (melodies,) are lower than `other`, and the standard
    error of that over melodies (of a ratio: Cochran 1977, Sampling Techniques, equation 2.46)."""
    length, difference = lengths(kind), other - own
    mean = float(difference.sum() / length.sum())
    rest = difference - mean * length
    n = len(length)
    return mean, float(np.sqrt(n / (n - 1) * (rest**2).sum()) / length.sum())


@lru_cache(maxsize=2)
def baseline(kind: str) -> Baseline:
    """The n-grams of all orders; shared by everybody."""
    melodies = chorales.melodies(kind)
    costs = [gram_cost(fitted(kind, order), melodies) for order in ORDERS]
    orders = np.array([per_note(each, kind) for each in costs])
    best = costs[int(orders.argmin())]
    for array in (orders, best):
        array.setflags(write=False)
    runs = [copied_run(row, kind) for row in melodies.held_out]
    low, high = np.quantile(runs, [0.25, 0.75])
    return Baseline(log2(melodies.size), orders, best, (float(low), float(high)))


@lru_cache(maxsize=2)
def known_runs(kind: str) -> dict[int, frozenset[tuple[int, ...]]]:
    """Every run of tokens of the training melodies, by its length."""
    rows = chorales.melodies(kind).train
    return {
        n: frozenset(row[i : i + n] for row in rows for i in range(len(row) - n + 1)) for n in RUNS
    }


def copied_run(row: tuple[int, ...], kind: str) -> int:
    """How many notes in a row, at most, occur in a training melody; of these, at most 24."""
    known, longest, start = known_runs(kind), 0, 0
    while start + longest < len(row) and longest < RUNS[-1]:
        if row[start : start + longest + 1] in known[longest + 1]:
            longest += 1
        else:
            start += 1
    return longest


def melody(row: Tensor | np.ndarray) -> tuple[int, ...]:
    """A sampled row up to its end.

    >>> melody(np.array([5, 3, 0, 0]))
    (5, 3)
    """
    tokens = [int(token) for token in row]
    return tuple(tokens[: tokens.index(0)] if 0 in tokens else tokens)
