"""Is it new? The nearest training example of a text, and the longest run that it copies."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.data.text import Corpus

COPY = 20  # characters in a row that make a sample of running text a copy


@dataclass(frozen=True)
class Trace:
    """Where a sample comes from."""

    sample: str
    nearest: str  # a line of the training text, or the passage with the longest copied run
    edits: int  # letters to change, add or remove to get there; -1 for running text
    run: str  # the longest piece that stands in the training text word for word
    copied: bool


@lru_cache(maxsize=8)
def learnt(corpus: Corpus) -> tuple[str, frozenset[str], np.ndarray, np.ndarray]:
    """The training text, its lines, these as a table of letters (lines, longest), their lengths."""
    text = corpus.decode(corpus.train.tolist())
    lines = [line for line in text.split("\n") if line] if corpus.lines else []
    lengths = np.array([len(line) for line in lines] or [0])
    table = np.zeros((len(lengths), int(lengths.max())), np.int64)
    for row, line in zip(table, lines):
        row[: len(line)] = [ord(letter) for letter in line]
    return text, frozenset(lines), table, lengths


def trace(sample: str, corpus: Corpus) -> Trace:
    """The origin of one sample."""
    text, lines, table, lengths = learnt(corpus)
    run = longest_run(sample, text)
    if corpus.lines:
        edits = distances(sample, table, lengths)
        at = int(edits.argmin())
        nearest = "".join(map(chr, table[at, : lengths[at]]))
        return Trace(sample, nearest, int(edits[at]), run, sample in lines)
    at = text.find(run)
    before = max(0, at - sample.find(run))
    nearest = text[before : before + len(sample)]
    return Trace(sample, nearest, -1, run, len(run) >= COPY)


def share_copied(samples: list[str], corpus: Corpus) -> float:
    """The share of samples that stand in the training text (of running text: a run of 20)."""
    text, lines, _, _ = learnt(corpus)
    if corpus.lines:
        return sum(sample in lines for sample in samples) / max(1, len(samples))
    return sum(
        any(sample[i : i + COPY] in text for i in range(len(sample) - COPY + 1))
        for sample in samples
    ) / max(1, len(samples))


def longest_run(sample: str, text: str) -> str:
    """The longest piece of a sample that stands in a text; the first of several.

    >>> longest_run("xwhale", "the whales")
    'whale'
    """
    best, start = "", 0
    while start + len(best) < len(sample):
        if sample[start : start + len(best) + 1] in text:
            best = sample[start : start + len(best) + 1]
        else:
            start += 1
    return best


def distances(word: str, table: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Edit distance (Levenshtein 1966) of a word to all lines of a table at once, (lines,)."""
    n, width = table.shape
    last = np.tile(np.arange(width + 1), (n, 1))
    for i, letter in enumerate(word, start=1):
        now = np.empty_like(last)
        now[:, 0] = i
        change = last[:, :-1] + (table != ord(letter))
        for j in range(1, width + 1):
            now[:, j] = np.minimum(np.minimum(now[:, j - 1], last[:, j]) + 1, change[:, j - 1])
        last = now
    return last[np.arange(n), lengths]
