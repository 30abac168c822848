"""How good a model is, in bits per character of held-out text, and what it copied.

The nearest training example of a sample is the one with the smallest edit distance (Levenshtein
1966).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.text.learner import grid, nats
from explorer.concepts.text.model import CONTEXT, Network
from explorer.data.text import Corpus

SUBSET = 4_096  # held-out tokens of running text on which networks are evaluated during a run
COPY = 20  # characters in a row that make a sample of running text a copy


@lru_cache(maxsize=4)
def held_out_lines(corpus: Corpus) -> tuple[Tensor, Tensor]:
    """The held-out lines, as `grid` lays them out; never to be written."""
    return grid(corpus, corpus.held_out)


@torch.no_grad()
def evaluate(net: Network, corpus: Corpus, most: int | None = None) -> float:
    """Bits per character on the held-out text (of running text, its first `most` tokens).

    Running text is read in windows that overlap by half, and only their second half counts: every
    token but the first few is predicted from at least 32 tokens.
    """
    text = corpus.held_out
    if corpus.lines:
        inputs, targets = held_out_lines(corpus)
        return nats(net(inputs), targets).item() / log(2) / corpus.length(text)
    half = CONTEXT // 2
    padded = torch.cat([text.new_zeros(half + 1), text])
    count = min(most or len(text), len(text)) // half * half
    rows = padded[: count + half + 1].unfold(0, CONTEXT + 1, half) if count else padded[None]
    count = count or len(text)
    total = torch.zeros(())
    for group in rows.split(256):
        total = total + nats(net(group[:, :-1])[:, half:], group[:, half + 1 :])
    return total.item() / log(2) / corpus.length(text[:count])


@dataclass(frozen=True)
class Origin:
    """The training text that a sample resembles most."""

    sample: str
    nearest: str  # a line of the training text, or the passage with the longest copied run
    edits: int  # letters to change, add or remove to get there; -1 for running text
    run: str  # the longest piece that occurs in the training text word for word
    copied: bool


@lru_cache(maxsize=8)
def training_text(corpus: Corpus) -> tuple[str, frozenset[str], np.ndarray, np.ndarray]:
    """The training text, its lines, these as a table of letters (lines, longest), their lengths."""
    text = corpus.decode(corpus.train.tolist())
    lines = [line for line in text.split("\n") if line] if corpus.lines else []
    lengths = np.array([len(line) for line in lines] or [0])
    table = np.zeros((len(lengths), int(lengths.max())), np.int64)
    for row, line in zip(table, lines):
        row[: len(line)] = [ord(letter) for letter in line]
    return text, frozenset(lines), table, lengths


def origin(sample: str, corpus: Corpus) -> Origin:
    """The nearest training text of one sample, and the longest run that it copies."""
    text, lines, table, lengths = training_text(corpus)
    run = longest_run(sample, text)
    if corpus.lines:
        edits = distances(sample, table, lengths)
        at = int(edits.argmin())
        nearest = "".join(map(chr, table[at, : lengths[at]]))
        return Origin(sample, nearest, int(edits[at]), run, sample in lines)
    at = text.find(run)
    before = max(0, at - sample.find(run))
    nearest = text[before : before + len(sample)]
    return Origin(sample, nearest, -1, run, len(run) >= COPY)


def share_copied(samples: list[str], corpus: Corpus) -> float:
    """The share of samples that occur in the training text (of running text: a run of 20)."""
    text, lines, _, _ = training_text(corpus)
    if corpus.lines:
        return sum(sample in lines for sample in samples) / max(1, len(samples))
    return sum(
        any(sample[i : i + COPY] in text for i in range(len(sample) - COPY + 1))
        for sample in samples
    ) / max(1, len(samples))


def longest_run(sample: str, text: str) -> str:
    """The longest piece of a sample that occurs in a text; the first of several.

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
    """Edit distance of a word to all lines of a table at once, (lines,)."""
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
