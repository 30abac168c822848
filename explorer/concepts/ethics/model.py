"""Small language models of Moby-Dick, over words or over letters, with the text they learn from.

Words: an n-gram of order 2 over the 2,000 most frequent words; rarer words are left out. Letters:
an n-gram of order 5 over a to z and the space. Both have modified Kneser-Ney smoothing. The seed
chooses the half of the book that is learnt from; the other half is real text to test a detector on.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from string import ascii_lowercase
from unicodedata import category

import numpy as np
import torch

from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data.text import moby_dick

VOCABULARY = 2000  # words
BLOCK = 2000  # words of the book that are learnt from or kept back together
START = 8  # tokens of real text that stand before a generated one
ORDER = 5  # of the model of letters


class Bigram:
    """An n-gram of order 2, kept so that whole distributions are read off fast."""

    def __init__(self, model: NGram) -> None:
        size, (single, pairs) = model.size, model.levels
        everything = np.arange(size)
        self.alone = single.mix(everything, np.zeros(size, np.int64), np.full(size, 1 / size))
        self.left = np.ones(size)  # of the probability, for the shorter context
        self.left[pairs.contexts] = pairs.left
        self.start = np.searchsorted(pairs.grams // size, np.arange(size + 1))
        self.next, self.share = pairs.grams % size, pairs.share

    def probabilities(self, contexts: np.ndarray) -> np.ndarray:
        """p of each token after contexts (n, 1 or more), the latest last: (n, size)."""
        last = contexts[:, -1]
        p = self.left[last][:, None] * self.alone
        for row, start, end in zip(p, self.start[last], self.start[last + 1]):
            row[self.next[start:end]] += self.share[start:end]
        return p


@dataclass(frozen=True, eq=False)
class Language:
    """A fitted model, its tokens, and real text."""

    tokens: tuple[str, ...]
    hashes: np.ndarray  # (size,) uint64, of each token, the same for every vocabulary
    ngram: Bigram | NGram
    learnt: np.ndarray  # (n,) int64: the training text
    real: np.ndarray  # (m,) uint64: hashes of text that was kept back
    between: str  # stands between two tokens

    def probabilities(self, numbers: np.ndarray) -> np.ndarray:
        """p of each token after texts (n, START or more): (n, size)."""
        return self.ngram.probabilities(numbers)

    def starts(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """n pieces of the training text, (n, START)."""
        first = rng.integers(0, len(self.learnt) - START, n)
        return self.learnt[first[:, None] + np.arange(START)]

    def text(self, numbers: np.ndarray) -> str:
        """Tokens (n,) as text."""
        return self.between.join(self.tokens[number] for number in numbers)


def split(text: str, kind: str) -> list[str]:
    """The tokens of any text, in lower case: its words, or its letters and spaces.

    >>> split("Call me Ishmael.", "words"), split("Où? A", "letters")
    (['call', 'me', 'ishmael'], ['o', 'ù', ' ', 'a'])
    """
    text = text.lower()
    others = {ord(sign): " " for sign in set(text) if category(sign)[0] not in "LM"}
    words = text.translate(others).split()
    return words if kind == "words" else list(" ".join(words))


def hashes_of(tokens: Sequence[str]) -> np.ndarray:
    """64 bits for each token (n,), the same on every machine and for every vocabulary."""
    known = {
        token: int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "little")
        for token in set(tokens)
    }
    return np.array([known[token] for token in tokens], np.uint64)


@lru_cache(maxsize=1)
def _book() -> tuple[str, ...]:
    return tuple(re.findall("[a-z]+", moby_dick().lower()))


@lru_cache(maxsize=3)
def language(kind: str, seed: int) -> Language:
    """The model of words or letters of one half of the book; about half a second, once."""
    blocks = [_book()[at : at + BLOCK] for at in range(0, len(_book()), BLOCK)]
    order = np.random.default_rng(seed).permutation(len(blocks))
    learnt, kept = (
        [word for at in sorted(part) for word in blocks[at]] for part in np.array_split(order, 2)
    )
    if kind == "words":
        tokens = tuple(sorted(word for word, _ in Counter(learnt).most_common(VOCABULARY)))
        between = " "
    else:
        tokens, between = (" ", *ascii_lowercase), ""
        learnt, kept = (list(" ".join(part)) for part in (learnt, kept))
    number = {token: at for at, token in enumerate(tokens)}
    numbers = np.array([number[token] for token in learnt if token in number])
    ngram: Bigram | NGram
    if kind == "words":
        ngram = Bigram(fit(rows_of(torch.from_numpy(numbers), 2, False), 2, len(tokens)))
    else:
        ngram = fit(rows_of(torch.from_numpy(numbers), ORDER, False), ORDER, len(tokens))
    return Language(tokens, hashes_of(tokens), ngram, numbers, hashes_of(kept), between)
