r"""The language model that scores sentences: n-grams of letters; and a vector for frequent words.

Interpolated Kneser-Ney smoothing, from the longest context h to none:

    p(c | h) = max(n(hc) - D, 0) / n(h) + D N(h) / n(h) p(c | h without its first letter)

n counts (of shorter contexts: how many different letters stood before), N(h) how many different
letters follow. The vectors are the leading eigenvectors of the positive pointwise mutual
information of words and their neighbours, which count the less the farther they stand.

Kneser and Ney (1995); Chen and Goodman (1999), https://doi.org/10.1006/csla.1999.0128
Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from explorer.concepts.metrics.corpus import Sentence, corpus

ORDER, DISCOUNT = 6, 0.8
ALPHABET = " 'abcdefghijklmnopqrstuvwxyz\n"
START = "\n"
KEPT = 200_000  # probabilities that are remembered, about 20 MB
WORDS, SIZE, AROUND = 2000, 24, 10  # that have a vector; its length; neighbours to each side
FILE = Path(__file__).parents[3] / "assets" / "metrics" / "words.npz"


class LetterModel:
    """The n-gram model of the letters of some sentences."""

    def __init__(self, lines: Sequence[Sentence]) -> None:
        self.counts: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in range(ORDER)]
        longest = self.counts[-1]
        for words in lines:
            line = START * (ORDER - 1) + " ".join(words) + START
            for end in range(ORDER - 1, len(line)):
                longest[line[end - ORDER + 1 : end]][line[end]] += 1
        for long, short in zip(self.counts[:0:-1], self.counts[-2::-1]):
            for context, after in long.items():
                short[context[1:]].update(after.keys())  # each letter before it counts once
        self.totals = [{h: after.total() for h, after in level.items()} for level in self.counts]
        self.known: dict[str, float] = {}  # of contexts with a letter: texts repeat themselves

    def probability(self, context: str, letter: str) -> float:
        """p(letter | context of ORDER - 1 letters)."""
        p = self.known.get(context + letter)
        if p is None:
            p = self._probability(context, letter)
            if len(self.known) < KEPT:
                self.known[context + letter] = p
        return p

    def _probability(self, context: str, letter: str) -> float:
        p = 1 / len(ALPHABET)
        for length in range(ORDER):
            h = context[len(context) - length :]
            after = self.counts[length].get(h)
            if after is None:
                break
            total = self.totals[length][h]
            p = (max(after.get(letter, 0) - DISCOUNT, 0) + DISCOUNT * len(after) * p) / total
        return p

    def log_probabilities(self, words: Sentence) -> np.ndarray:
        """The natural log-probability of every letter, and of the end, (letters + 1,)."""
        line = START * (ORDER - 1) + " ".join(words) + START
        ends = range(ORDER - 1, len(line))
        p = [self.probability(line[end - ORDER + 1 : end], line[end]) for end in ends]
        return np.log(p)


@lru_cache(maxsize=1)
def language_model() -> LetterModel:
    """The model of the letters of Moby-Dick. Under a second, once."""
    return LetterModel(corpus().language_model)


@lru_cache(maxsize=1)
def vectors() -> dict[str, np.ndarray]:
    """A unit vector for each of the most frequent words of the language model's chapters."""
    with np.load(FILE, allow_pickle=False) as archive:
        return dict(zip(archive["words"].tolist(), archive["vectors"].astype(np.float32)))


def learn_vectors(lines: Sequence[Sentence]) -> tuple[list[str], np.ndarray]:
    """The most frequent words, and their unit vectors (words, SIZE). A few seconds."""
    words = [word for word, _ in Counter(w for line in lines for w in line).most_common(WORDS)]
    index = {word: i for i, word in enumerate(words)}
    together = np.zeros((len(words), len(words)))
    for line in lines:
        known = [index.get(word, -1) for word in line]
        for at, i in enumerate(known):
            for distance, j in enumerate(known[max(0, at - AROUND) : at][::-1], 1):
                if i >= 0 and j >= 0:
                    together[[i, j], [j, i]] += 1 / distance
    rows = together.sum(1, keepdims=True).clip(min=1e-9)
    columns = together.sum(0, keepdims=True).clip(min=1e-9) ** 0.75
    ratio = together * columns.sum() / (rows * columns)
    information = np.log(ratio, where=ratio > 0, out=np.zeros_like(ratio)).clip(min=0)
    values, basis = np.linalg.eigh((information + information.T) / 2)
    top = basis[:, -SIZE:] * np.sqrt(values[-SIZE:].clip(min=0))
    return words, top / np.linalg.norm(top, axis=1, keepdims=True).clip(min=1e-9)
