"""The lowest rungs: knowing nothing, and five rules that a person wrote down.

The rules know English letters and nothing of the corpus. Each multiplies the chances of some
symbols; what is left is scaled to add up to one.
"""

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.text.ngram import rows_of
from explorer.data.text import Corpus

# Letters of English text in order of frequency, as every setter of type knew them.
FREQUENT = "etaoinshrdlucmfwygpbvkxqjz"
VOWELS = "aeiouy"
LIKELY = 3.0  # how much likelier a vowel is after a consonant, and the other way round
LONG = (4, 7)  # from which length on a word may end, and from which it should
RULES: tuple[tuple[str, str], ...] = (
    ("e, t, a, o, i, n", "letters are as frequent as in English, from e down to z"),
    ("take turns", "a vowel after a consonant, a consonant after a vowel: three times as likely"),
    ("q, then u", "after q comes u"),
    ("no triples", "never the same letter three times"),
    ("words end", "not before the fourth letter, gladly after the seventh"),
)


class Uniform:
    """Every symbol is as likely as any other."""

    def __init__(self, corpus: Corpus) -> None:
        self.size = corpus.size

    def begin(self, n: int) -> Tensor:
        return torch.zeros(n)

    def read(self, symbols: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        return torch.full((len(symbols), self.size), -float(np.log(self.size))), memory


class Hand:
    """The five rules as chances of the next symbol."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.size = corpus, corpus.size
        self.ends = [i for i, s in enumerate(corpus.symbols) if not s[-1].isalpha()]
        first = [s[0] if s[0] in FREQUENT else "" for s in corpus.symbols]
        rank = np.array([FREQUENT.index(c) if c else len(FREQUENT) for c in first])
        base = 1.0 / (rank + 3.0)
        stops = [i for i, s in enumerate(corpus.symbols) if s in (" ", "\n", "\n "[corpus.lines :])]
        base[[i for i, s in enumerate(corpus.symbols) if not s[0].isalpha()]] = 0.002
        base[stops[:1] if corpus.lines else stops[-1:]] = 0.5
        self.base = torch.from_numpy(base)
        self.vowel = torch.tensor([c in VOWELS and c != "" for c in first])
        self.letter = torch.tensor([s[0].isalpha() for s in corpus.symbols])

    def chances(self, last: Tensor, before: Tensor, length: Tensor) -> Tensor:
        """p (n, size) after the last two symbols (n,), so many letters into the word."""
        p = self.base.repeat(len(last), 1)
        inside = self.letter[last][:, None]
        turn = self.letter & (self.vowel != self.vowel[last][:, None])
        p = torch.where(inside & turn, LIKELY * p, p)
        for number, symbol in enumerate(self.corpus.symbols):
            if symbol[-1] == "q":
                u = torch.tensor([s[0] == "u" for s in self.corpus.symbols])
                p = torch.where((last == number)[:, None] & ~u, 1e-3 * p, p)
        twice = (last == before) & self.letter[last]
        p[twice, last[twice]] *= 1e-3
        early, late = length < LONG[0], length >= LONG[1]
        stop = ~self.letter
        p = torch.where(early[:, None] & stop, 0.1 * p, p)
        p = torch.where(late[:, None] & stop, 5 * p, p)
        return p / p.sum(1, keepdim=True)

    def begin(self, n: int) -> tuple[Tensor, Tensor]:
        return torch.zeros(n, dtype=torch.int64), torch.zeros(n, dtype=torch.int64)

    def read(
        self, symbols: Tensor, memory: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        last, length = memory
        length = torch.where(self.letter[symbols], length + 1, 0)
        return self.chances(symbols, last, length).log().float(), (symbols, length)


def bits(hand: Hand, corpus: Corpus) -> float:
    """Bits per character of the rules on the held-out text."""
    rows = torch.from_numpy(rows_of(corpus.held_out, 3, corpus.lines))
    letters = hand.letter[rows[:, 1]].int().tolist()
    lengths, run = [], 0
    for letter in letters:
        run = run + 1 if letter else 0
        lengths.append(run)
    p = hand.chances(rows[:, 1], rows[:, 0], torch.tensor(lengths))
    found = p.gather(1, rows[:, 2:])[:, 0]
    return float(-found.log2().sum() / corpus.letters)
