"""Models without training: the uniform distribution, and five rules written by hand.

The rules know English letters and nothing of the corpus. Each multiplies the probabilities of some
tokens; what is left is scaled to add up to one.
"""

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.shared.ngram import rows_of
from explorer.data.text import Corpus

# Letters of English text in order of frequency, as on the keys of a Linotype machine.
FREQUENT = "etaoinshrdlucmfwygpbvkxqjz"
VOWELS = "aeiouy"
LIKELY = 3.0  # how much likelier a vowel is after a consonant, and the other way round
ROWS = 4_096  # that are evaluated at once
LONG = (4, 7)  # from which length on a word may end, and from which it should


class Uniform:
    """Every token is as likely as any other."""

    def __init__(self, corpus: Corpus) -> None:
        self.size = corpus.size

    def initial_state(self, n: int) -> Tensor:
        return torch.zeros(n)

    def step(self, tokens: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        return torch.full((len(tokens), self.size), -float(np.log(self.size))), state


class Rules:
    """Five rules as probabilities of the next token.

    Letters are as frequent as in English; vowels and consonants take turns; u follows q; no letter
    comes three times; a word ends not before its fourth letter, and likely after its seventh.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.size = corpus, corpus.size
        vocabulary = corpus.vocabulary
        first = [s[0] if s[0] in FREQUENT else "" for s in vocabulary]
        rank = np.array([FREQUENT.index(c) if c else len(FREQUENT) for c in first])
        base = 1.0 / (rank + 3.0)
        stops = [i for i, s in enumerate(vocabulary) if s in (" ", "\n", "\n "[corpus.lines :])]
        base[[i for i, s in enumerate(vocabulary) if not s[0].isalpha()]] = 0.002
        base[stops[:1] if corpus.lines else stops[-1:]] = 0.5
        self.base = torch.from_numpy(base)
        self.vowel = torch.tensor([c in VOWELS and c != "" for c in first])
        self.letter = torch.tensor([s[0].isalpha() for s in vocabulary])

    def probabilities(self, last: Tensor, before: Tensor, length: Tensor) -> Tensor:
        """p (n, size) after the last two tokens (n,), so many letters into the word."""
        p = self.base.repeat(len(last), 1)
        inside = self.letter[last][:, None]
        turn = self.letter & (self.vowel != self.vowel[last][:, None])
        p = torch.where(inside & turn, LIKELY * p, p)
        for number, token in enumerate(self.corpus.vocabulary):
            if token[-1] == "q":
                u = torch.tensor([s[0] == "u" for s in self.corpus.vocabulary])
                p = torch.where((last == number)[:, None] & ~u, 1e-3 * p, p)
        twice = (last == before) & self.letter[last]
        p[twice, last[twice]] *= 1e-3
        early, late = length < LONG[0], length >= LONG[1]
        stop = ~self.letter
        p = torch.where(early[:, None] & stop, 0.1 * p, p)
        p = torch.where(late[:, None] & stop, 5 * p, p)
        return p / p.sum(1, keepdim=True)

    def initial_state(self, n: int) -> tuple[Tensor, Tensor]:
        return torch.zeros(n, dtype=torch.int64), torch.zeros(n, dtype=torch.int64)

    def step(
        self, tokens: Tensor, state: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        last, length = state
        length = torch.where(self.letter[tokens], length + 1, 0)
        return self.probabilities(tokens, last, length).log().float(), (tokens, length)


def bits(rules: Rules, corpus: Corpus) -> float:
    """Bits per character of the rules on the held-out text."""
    rows = torch.from_numpy(rows_of(corpus.held_out, 3, corpus.lines))
    lengths, run = [], 0
    for letter in rules.letter[rows[:, 1]].int().tolist():
        run = run + 1 if letter else 0
        lengths.append(run)
    parts = zip(rows.split(ROWS), torch.tensor(lengths).split(ROWS))
    found = [
        rules.probabilities(row[:, 1], row[:, 0], length).gather(1, row[:, 2:])
        for row, length in parts
    ]
    return float(-torch.cat(found).log2().sum() / corpus.characters)
