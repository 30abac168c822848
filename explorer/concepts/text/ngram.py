"""n-grams of a corpus: fitted once for everybody, and evaluated on the held-out text."""

from functools import lru_cache

import numpy as np
from torch import Tensor

from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data.text import Corpus

ORDERS = range(1, 8)


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
    """Bits per character of orders 1 to 7 on the held-out text."""
    return tuple(bits(fitted(corpus, order, smoothing, k), corpus) for order in ORDERS)
