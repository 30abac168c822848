r"""n-grams: how often did each token follow these last few?

An n-gram of order n conditions on the n - 1 tokens before. What was never seen there backs off to
shorter and shorter contexts $h \to h'$, in the end to the uniform distribution:

$$p_n(w \mid h) = \frac{\max(c(hw) - D, 0)}{c(h)} + \lambda(h)\, p_{n-1}(w \mid h')$$

Add-k          adds k to every count of order n and does not back off
Witten-Bell    D = 0, and lambda grows with the number of different tokens seen after h
Kneser-Ney     modified: D is one of three discounts, for counts of 1, 2, and more. A shorter
               context counts in how many different contexts a token was seen, not how often

Shannon (1951), Prediction and Entropy of Printed English
Chen and Goodman (1998), An Empirical Study of Smoothing Techniques,
https://dash.harvard.edu/handle/1/25104739
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

SMOOTHINGS: dict[str, str] = {
    "kneser": "Kneser-Ney",
    "witten": "Witten-Bell",
    "add": "add-k",
}


@dataclass(frozen=True, eq=False)
class Level:
    """The counts of one order as shares: p(w | h) = share(hw) + left(h) p(w | shorter h)."""

    order: int
    grams: np.ndarray  # codes of what was seen, sorted
    share: np.ndarray
    contexts: np.ndarray  # codes of what it was seen after, sorted
    left: np.ndarray

    def mix(self, grams: np.ndarray, contexts: np.ndarray, below: np.ndarray) -> np.ndarray:
        """The probabilities of grams, given those of the order below; all of one shape."""
        return _values_of(self.grams, self.share, grams, 0.0) + below * _values_of(
            self.contexts, self.left, contexts, 1.0
        )


class NGram:
    """A model of a given order. It reads rows: tokens before, then the token to predict."""

    def __init__(self, levels: tuple[Level, ...], order: int, size: int, lines: bool) -> None:
        self.levels, self.order, self.size, self.lines = levels, order, size, lines
        self.powers = size ** np.arange(order, dtype=np.int64)[::-1]

    def probabilities(self, contexts: np.ndarray) -> np.ndarray:
        """p of each token after contexts (m, order - 1 or more), the latest last: (m, size)."""
        m = len(contexts)
        last = contexts[:, contexts.shape[1] - self.order + 1 :]
        rows = np.empty((m, self.size, self.order), np.int64)
        rows[:, :, :-1] = last[:, None]
        rows[:, :, -1] = np.arange(self.size)
        return self.of(rows.reshape(-1, self.order)).reshape(m, self.size)

    def of(self, rows: np.ndarray) -> np.ndarray:
        """p of the last token of each row (m, order or more) after those before it: (m,)."""
        p = np.full(len(rows), 1.0 / self.size)
        for level in self.levels:
            k = level.order
            grams = rows[:, rows.shape[1] - k :] @ self.powers[self.order - k :]
            p = level.mix(grams, grams // self.size, p)
        return p

    def initial_state(self, n: int) -> Tensor:
        """The tokens before the first one: line breaks."""
        return torch.zeros(n, max(1, self.order - 1), dtype=torch.int64)

    def step(self, tokens: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Log probabilities (n, size) of what follows tokens (n,), and the last tokens then."""
        state = torch.cat([state[:, 1:], tokens[:, None]], dim=1)
        if self.lines:
            state = state * (tokens != 0)[:, None]
        return torch.from_numpy(np.log(self.probabilities(state.numpy()))).float(), state


def rows_of(numbers: Tensor, order: int, lines: bool) -> np.ndarray:
    """Each token of a stream with the order - 1 before it, (n, order).

    Before the start stand line breaks; with `lines`, they hide whatever is on an earlier line.
    """
    stream = numbers.numpy()
    n = len(stream)
    padded = np.concatenate([np.zeros(order - 1, np.int64), stream])
    rows = np.lib.stride_tricks.sliding_window_view(padded, order).copy()
    if lines:
        at = np.arange(n)
        starts = np.maximum.accumulate(np.where(np.r_[True, stream[:-1] == 0], at, 0))
        rows[:, :-1] *= (at[:, None] + np.arange(1 - order, 0)) >= starts[:, None]
    return rows


def fit(
    rows: np.ndarray,
    order: int,
    size: int,
    lines: bool = False,
    smoothing: str = "kneser",
    k: float = 0.1,
) -> NGram:
    """Count rows (n, order or more) and make a model of them. ValueError for too many tokens."""
    if size**order >= 2**63:
        raise ValueError(f"size must be below {2 ** (63 / order):.0f} for this order. Got {size}.")
    levels = []
    for j in range(order if smoothing == "add" else 1, order + 1):
        grams, counts = _grams(rows, j, size)
        if smoothing == "kneser" and j < order:
            grams, counts = _continuations(rows, grams, counts, j, size, lines)
        levels.append(_level(j, grams, counts, size, smoothing, k))
    return NGram(tuple(levels), order, size, lines)


def _grams(rows: np.ndarray, j: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the different j-grams, sorted, and how often each was seen."""
    powers = size ** np.arange(j, dtype=np.int64)[::-1]
    return np.unique(rows[:, rows.shape[1] - j :] @ powers, return_counts=True)


def _continuations(
    rows: np.ndarray, grams: np.ndarray, counts: np.ndarray, j: int, size: int, lines: bool
) -> tuple[np.ndarray, np.ndarray]:
    """In how many contexts each j-gram was seen: after how many different tokens.

    A gram that starts a line is seen in one context only and keeps its count.
    """
    longer, _ = _grams(rows, j + 1, size)
    kinds, contexts = np.unique(longer % size**j, return_counts=True)
    assert np.array_equal(kinds, grams)
    starts = (grams < size ** (j - 1)) if lines and j > 1 else np.zeros(len(grams), bool)
    return grams, np.where(starts, counts, contexts)


def _level(
    j: int, grams: np.ndarray, counts: np.ndarray, size: int, smoothing: str, k: float
) -> Level:
    contexts, start = np.unique(grams // size, return_index=True)
    of = np.repeat(np.arange(len(contexts)), np.diff(np.r_[start, len(grams)]))
    total: np.ndarray = np.bincount(of, counts)
    if smoothing == "add":
        full = total + k * size
        return Level(j, grams, counts / full[of], contexts, k * size / full)
    if smoothing == "witten":
        full = total + np.bincount(of)
        return Level(j, grams, counts / full[of], contexts, np.bincount(of) / full)
    cut = discounts(counts)[np.minimum(counts, 3)]
    return Level(j, grams, (counts - cut) / total[of], contexts, np.bincount(of, cut) / total)


def discounts(counts: np.ndarray) -> np.ndarray:
    """What is taken off counts of 0, 1, 2, 3 and more (Chen and Goodman, equation 26).

    Where there are too few different counts to tell, half of each.
    """
    n = np.bincount(np.minimum(counts, 5), minlength=6)[1:5].astype(float)
    if (n > 0).all():
        y = n[0] / (n[0] + 2 * n[1])
        found = np.array([0.0, *((i + 1) - (i + 2) * y * n[i + 1] / n[i] for i in range(3))])
        if (found[1:] > 0).all() and (found <= np.arange(4)).all():
            return found
    return np.array([0.0, 0.5, 1.0, 1.5])


def _values_of(
    codes: np.ndarray, values: np.ndarray, wanted: np.ndarray, missing: float
) -> np.ndarray:
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[at] == wanted, values[at], missing)
