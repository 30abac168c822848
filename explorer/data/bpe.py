"""Byte-pair encoding: merge the pair of neighbours that is most frequent, again and again.

Gage (1994), A New Algorithm for Data Compression
Sennrich, Haddow and Birch (2016), Subword Units, https://arxiv.org/abs/1508.07909
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

Pair: TypeAlias = tuple[int, int]


def learn(
    numbers: Sequence[int], size: int, merges: int, stop: int = -1
) -> tuple[list[Pair], list[int]]:
    """The first `merges` pairs and the text in the new tokens, numbered from `size` on.

    Ties go to the smaller numbers; token `stop` is never merged; a pair seen once is not merged.
    """
    text, found = np.asarray(numbers, np.int64), []
    for new in range(size, size + merges):
        code = text[:-1] * (size + merges) + text[1:]
        code = code[(text[:-1] != stop) & (text[1:] != stop)]
        counts = np.bincount(code, minlength=1)
        if counts.max() < 2:
            break
        left, right = divmod(int(counts.argmax()), size + merges)
        found.append((left, right))
        text = _replace(text, left, right, new)
    return found, text.tolist()


def merge(numbers: Sequence[int], pairs: Sequence[Pair], size: int) -> list[int]:
    """A text in the tokens of known merges, done in the order in which they were learnt."""
    text = np.asarray(numbers, np.int64)
    for new, (left, right) in enumerate(pairs, start=size):
        text = _replace(text, left, right, new)
    return text.tolist()


def _replace(text: np.ndarray, left: int, right: int, new: int) -> np.ndarray:
    """The text with every pair (left, right) as one token, from left to right."""
    at = np.flatnonzero((text[:-1] == left) & (text[1:] == right))
    if left == right and len(at):  # of three in a row only the first two become one
        run = np.cumsum(np.r_[True, np.diff(at) != 1]) - 1
        first = at[np.r_[True, np.diff(at) != 1]][run]
        at = at[(at - first) % 2 == 0]
    if not len(at):
        return text
    text = text.copy()
    text[at] = new
    return np.delete(text, at + 1)
