"""Sets of sentences, six ways to spoil one, and every metric of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np

from explorer.concepts.metrics.config import TEXT
from explorer.concepts.metrics.corpus import Sentence, corpus
from explorer.concepts.metrics.judge import letters, vectors
from explorer.concepts.metrics.marks import WORDS, Scale, scale
from explorer.concepts.metrics.shipped import SETS, shipped
from explorer.concepts.metrics.synonyms import SYNONYMS
from explorer.truth.words import (
    bits,
    bleu,
    copied,
    distinct,
    embedding_match,
    grams,
    rouge,
    rouge_l,
    self_bleu,
)

PAIRS = 150  # of sentences that are compared word by word
RUN = 5  # words in a row that count as copied
LOST, LOOPED, CYCLE, LEFT = 0.6, 0.75, 3, 10  # at full strength


@dataclass(frozen=True, eq=False)
class Written:
    """Sentences; with the originals when each was made from one."""

    lines: tuple[Sentence, ...]
    original: tuple[Sentence, ...] | None = None


class Sentences:
    """`seen` is what a model learns from, `perfect` what a perfect one writes."""

    metrics = WORDS

    def __init__(self, n: int, seed: int) -> None:
        rng, known = np.random.default_rng(seed), corpus()
        self.n = n
        self.perfect = tuple(known.fresh[i] for i in rng.permutation(len(known.fresh))[:n])
        self.copies = tuple(known.seen[i] for i in rng.permutation(len(known.seen))[:n])
        self.lottery = rng.permutation(n)
        self.draws = tuple(rng.random((2, len(words))) for words in self.perfect)
        self.scale = sentence_scale(n)

    def spoilt(self, damage: str, strength: float) -> Written:
        """The perfect set, spoilt; strength 0 leaves it alone, 1 goes to the end."""
        return getattr(self, f"_{damage}")(strength)

    def measure(self, made: Written) -> np.ndarray:
        """The values (metrics,); NaN for metrics of pairs when there are none."""
        if made.original is None:
            return np.array([*_marks(made.lines), *[np.nan] * 5])
        return np.array([*_marks(made.lines), *_pairs(made.lines, made.original)])

    def _each(self, change: list[list[str]]) -> Written:
        return Written(tuple(map(tuple, change)), self.perfect)

    def _shuffle(self, strength: float) -> Written:
        """A share of the words change places among themselves."""
        changed = []
        for words, (who, order) in zip(self.perfect, self.draws):
            moved = np.flatnonzero(who < strength)
            line = list(words)
            for at, source in zip(moved, moved[order[moved].argsort()]):
                line[at] = words[source]
            changed.append(line)
        return self._each(changed)

    def _synonyms(self, strength: float) -> Written:
        """Words that have a synonym are swapped, a share of them."""
        return self._each([
            [SYNONYMS.get(word, word) if draw < strength else word
             for word, draw in zip(words, who)]
            for words, (who, _) in zip(self.perfect, self.draws)
        ])  # fmt: skip

    def _drop_words(self, strength: float) -> Written:
        """Words are left out; the first one never is."""
        return self._each([
            [word for at, (word, draw) in enumerate(zip(words, who))
             if draw >= LOST * strength or at == 0]
            for words, (who, _) in zip(self.perfect, self.draws)
        ])  # fmt: skip

    def _loop(self, strength: float) -> Written:
        """From somewhere on, the last three words come again and again."""
        changed = []
        for words in self.perfect:
            start = max(CYCLE, round(len(words) * (1 - LOOPED * strength)))
            line = list(words[:start])
            while len(line) < len(words):
                line.append(line[-CYCLE])
            changed.append(line)
        return self._each(changed)

    def _alike(self, strength: float) -> Written:
        """Copies of fewer and fewer sentences: all of them, then ten."""
        count = round(self.n * (LEFT / self.n) ** strength)
        return Written(tuple(self.perfect[i % count] for i in range(self.n)))

    def _memorise(self, strength: float) -> Written:
        """A share of exact copies of what was learnt from."""
        chosen = set(self.lottery[: round(self.n * strength)].tolist())
        return Written(tuple(
            self.copies[i] if i in chosen else words for i, words in enumerate(self.perfect)
        ))  # fmt: skip


def _marks(lines: Sequence[Sentence]) -> tuple[float, ...]:
    """All metrics without pairs, in the order of WORDS."""
    found = np.concatenate([letters().log_probabilities(words) for words in lines])
    total = float(found.sum())
    return (
        bits(found, len(found)),
        2 ** (-total / log(2) / sum(map(len, lines))),
        distinct(lines, 1),
        distinct(lines, 2),
        self_bleu(lines),
        copied(lines, learnt(), RUN),
    )


def _pairs(lines: Sequence[Sentence], original: Sequence[Sentence]) -> tuple[float, ...]:
    """The metrics of pairs, in the order of WORDS."""
    a, b = lines[:PAIRS], original[:PAIRS]
    return (
        bleu(a, [[words] for words in b]),
        rouge(a, b, 1),
        rouge(a, b, 2),
        rouge_l(a, b),
        embedding_match(a, b, vectors()),
    )


@lru_cache(maxsize=1)
def learnt() -> frozenset[tuple[str, ...]]:
    """Every run of five words of the training text."""
    return frozenset(gram for words in corpus().seen for gram in grams(words, RUN))


@lru_cache(maxsize=16)
def sentence_scale(n: int) -> Scale:
    """The floors for n sentences. A few seconds, once, where they are not shipped."""
    values = shipped(TEXT, n)
    return scale(WORDS, sentence_values(n) if values is None else values)


def sentence_values(n: int) -> np.ndarray:
    """Every metric (SETS, metrics) of real sets of n sentences, pairs of unrelated ones."""
    known, rng, values = corpus().fresh, np.random.default_rng(12345), []
    for _ in range(SETS):
        order = rng.permutation(len(known))
        one, other = ([known[i] for i in part] for part in (order[:n], order[-n:]))
        values.append(np.array([*_marks(one), *_pairs(one, other)]))
    return np.stack(values)
