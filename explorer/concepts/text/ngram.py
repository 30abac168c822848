"""n-grams of a corpus: fitted once for everybody, and evaluated on the held-out text."""

from functools import lru_cache

import numpy as np
from torch import Tensor

from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data.text import Corpus

ORDERS = range(1, 8)


def orders(size: int) -> range:
    """The orders in which all grams of so many tokens have a number of 63 bits: 1 to 7, or fewer.

    >>> orders(500), orders(1000)
    (range(1, 8), range(1, 7))
    """
    return range(1, 1 + max(order for order in ORDERS if size**order < 2**63))


def of_corpus(corpus: Corpus, order: int, smoothing: str, k: float = 0.1) -> NGram:
    """The model of a corpus' training text."""
    rows = rows_of(corpus.train, order, corpus.lines)
    return fit(rows, order, corpus.size, corpus.lines, smoothing, k)


fitted = lru_cache(maxsize=64)(of_corpus)  # shared by everybody


def bits(model: NGram, corpus: Corpus, numbers: Tensor | None = None) -> float:
    """Bits per character on the held-out text (or another)."""
    text = corpus.held_out if numbers is None else numbers
    p = model.of(rows_of(text, model.order, corpus.lines))
    return float(-np.log2(p).sum() / corpus.length(text))


@lru_cache(maxsize=32)
def all_orders(corpus: Corpus, smoothing: str, k: float = 0.1) -> tuple[float, ...]:
    """Bits per character of the orders that there are, from 1, on the held-out text."""
    return tuple(bits(fitted(corpus, order, smoothing, k), corpus) for order in orders(corpus.size))
