"""Sets of sentences, six corruptions of one, and every metric of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np

from explorer.concepts.metrics.config import TEXT
from explorer.concepts.metrics.corpus import Sentence, corpus, synonyms
from explorer.concepts.metrics.language_model import language_model, vectors
from explorer.concepts.metrics.measure import SETS, TEXT_METRICS, NoiseFloors, noise_floors, stored
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
MISSING, LOOPED = 0.6, 0.75  # shares of the words, at severity 1
CYCLE, LEFT = 3, 10  # words that are repeated; different sentences


@dataclass(frozen=True, eq=False)
class TextSamples:
    """Sentences; with the originals when each comes from one."""

    lines: tuple[Sentence, ...]
    original: tuple[Sentence, ...] | None = None

    def rows(self) -> list[str]:
        """Each sentence as one text."""
        return [" ".join(words) for words in self.lines]


class TextEvaluation:
    """`perfect` holds held-out sentences: what a perfect model would write."""

    def __init__(self, n: int, seed: int) -> None:
        rng, known = np.random.default_rng(seed), corpus()
        self.n = n
        self.perfect = tuple(known.test[i] for i in rng.permutation(len(known.test))[:n])
        self.training = tuple(known.train[i] for i in rng.permutation(len(known.train))[:n])
        self.copied = rng.permutation(n)
        self.draws = tuple(rng.random((2, len(words))) for words in self.perfect)
        self.floors = text_floors(n)

    def corrupted(self, corruption: str, severity: float) -> TextSamples:
        """The perfect set, corrupted; severity 0 leaves it as it is, 1 is the most."""
        samples: TextSamples = getattr(self, f"_{corruption}")(severity)
        return samples

    def measure(self, samples: TextSamples) -> np.ndarray:
        """The values (metrics,); NaN for paired metrics when there are no originals."""
        lines, original = samples.lines, samples.original
        paired = [np.nan] * 5 if original is None else _paired(lines, original)
        return np.array([*_unpaired(lines), *paired])

    def _each(self, changed: list[list[str]]) -> TextSamples:
        return TextSamples(tuple(map(tuple, changed)), self.perfect)

    def _shuffle(self, severity: float) -> TextSamples:
        """A share of the words change places among themselves."""
        changed = []
        for words, (who, order) in zip(self.perfect, self.draws):
            moved = np.flatnonzero(who < severity)
            line = list(words)
            for at, source in zip(moved, moved[order[moved].argsort()]):
                line[at] = words[source]
            changed.append(line)
        return self._each(changed)

    def _synonyms(self, severity: float) -> TextSamples:
        """A share of the words that have a synonym are replaced by it."""
        return self._each([
            [synonyms().get(word, word) if draw < severity else word
             for word, draw in zip(words, who)]
            for words, (who, _) in zip(self.perfect, self.draws)
        ])  # fmt: skip

    def _missing_words(self, severity: float) -> TextSamples:
        """Words are left out; the first one never is."""
        return self._each([
            [word for at, (word, draw) in enumerate(zip(words, who))
             if draw >= MISSING * severity or at == 0]
            for words, (who, _) in zip(self.perfect, self.draws)
        ])  # fmt: skip

    def _loop(self, severity: float) -> TextSamples:
        """From some word on, the last three are repeated again and again."""
        changed = []
        for words in self.perfect:
            start = max(CYCLE, round(len(words) * (1 - LOOPED * severity)))
            line = list(words[:start])
            while len(line) < len(words):
                line.append(line[-CYCLE])
            changed.append(line)
        return self._each(changed)

    def _collapse(self, severity: float) -> TextSamples:
        """Copies of fewer and fewer sentences: in the end, of ten."""
        count = round(self.n * (LEFT / self.n) ** severity)
        return TextSamples(tuple(self.perfect[i % count] for i in range(self.n)))

    def _memorise(self, severity: float) -> TextSamples:
        """A share of exact copies of training sentences."""
        chosen = set(self.copied[: round(self.n * severity)].tolist())
        return TextSamples(tuple(
            self.training[i] if i in chosen else words for i, words in enumerate(self.perfect)
        ))  # fmt: skip


def _unpaired(lines: Sequence[Sentence]) -> tuple[float, ...]:
    """All metrics without pairs, in the order of TEXT_METRICS."""
    found = np.concatenate([language_model().log_probabilities(words) for words in lines])
    total = float(found.sum())
    return (
        bits(found, len(found)),
        2 ** (-total / log(2) / sum(map(len, lines))),
        distinct(lines, 1),
        distinct(lines, 2),
        self_bleu(lines),
        copied(lines, training_grams(), RUN),
    )


def _paired(lines: Sequence[Sentence], original: Sequence[Sentence]) -> tuple[float, ...]:
    """The paired metrics, in the order of TEXT_METRICS."""
    a, b = lines[:PAIRS], original[:PAIRS]
    return (
        bleu(a, [[words] for words in b]),
        rouge(a, b, 1),
        rouge(a, b, 2),
        rouge_l(a, b),
        embedding_match(a, b, vectors()),
    )


@lru_cache(maxsize=1)
def training_grams() -> frozenset[tuple[str, ...]]:
    """Every run of five words of the training text."""
    return frozenset(gram for words in corpus().train for gram in grams(words, RUN))


@lru_cache(maxsize=16)
def text_floors(n: int) -> NoiseFloors:
    """The noise floors for n sentences. A few seconds, once, where they are not stored."""
    values = stored(TEXT, n)
    return noise_floors(TEXT_METRICS, perfect_values(n) if values is None else values)


def perfect_values(n: int) -> np.ndarray:
    """Every metric (SETS, metrics) of real sets of n sentences, pairs of unrelated ones."""
    known, rng, values = corpus().test, np.random.default_rng(12345), []
    for _ in range(SETS):
        order = rng.permutation(len(known))
        one, other = ([known[i] for i in part] for part in (order[:n], order[-n:]))
        values.append(np.array([*_unpaired(one), *_paired(one, other)]))
    return np.stack(values)
