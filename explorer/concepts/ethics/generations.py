r"""Models that are refitted to samples of the model before, and what exactly becomes of them.

Each generation draws n samples and is fitted by maximum likelihood to one of

replace      the n samples alone
mix          the same, but a share a of the n are fresh real data
accumulate   all samples of all generations so far, the real ones first

A normal distribution: with mean m_t and variance v_t, for data of variance 1,

    replace      E[v_t] = (1 - 1/n)^t, while the typical value, the exponential of the mean
                 logarithm, is smaller: exp(t (psi((n-1)/2) - ln(n/2)))
    mix          E[v'] = (1 - 1/n) (a + (1-a) E[v]) + a (1-a) E[m^2],
                 E[m'^2] = a/n + (1-a)^2 E[m^2] + (1-a) E[v]/n
    accumulate   E[v_t] = prod over i = 1..t of (1 - 1/(n i^2)), at least
                 sin(pi/sqrt n) / (pi/sqrt n)

Word frequencies p: 1 - sum p^2, the probability that two words differ, follows the same laws.

Shumailov et al. (2024), AI models collapse when trained on recursively generated data,
https://doi.org/10.1038/s41586-024-07566-y
Gerstgrasser et al. (2024), Is model collapse inevitable?, https://arxiv.org/abs/2404.01413
"""

from collections import Counter

import numpy as np
import torch

from explorer.concepts.ethics.model import split
from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data import text

CHAINS = 10_000  # normal distributions refitted side by side
TEXTS = 40  # the same of word frequencies
WORDS = 10_000  # of Moby-Dick
ORDER = 4  # of the n-gram of names
LONGEST = 14  # letters of a name


class Gaussians:
    """CHAINS normal distributions, each refitted to samples of itself."""

    def __init__(self, n: int, share: float, rng: np.random.Generator) -> None:
        self.n, self.rng, self.real = n, rng, round(share * n)
        self.mean, self.variance = np.zeros(CHAINS), np.ones(CHAINS)
        self.count, self.total, self.squares = 0, np.zeros(CHAINS), np.zeros(CHAINS)

    def refit(self, strategy: str) -> None:
        """The next generation; the first one is fitted to real data."""
        own = self.n - self.real if strategy == "mix" else self.n
        noise = self.rng.standard_normal((CHAINS, self.n))
        noise[:, :own] *= np.sqrt(self.variance)[:, None]
        noise[:, :own] += self.mean[:, None]
        if strategy != "accumulate":
            self.count, self.total, self.squares = 0, np.zeros(CHAINS), np.zeros(CHAINS)
        self.count += self.n
        self.total = self.total + noise.sum(1)
        self.squares = self.squares + (noise**2).sum(1)
        self.mean = self.total / self.count
        self.variance = self.squares / self.count - self.mean**2

    def exact(self, strategy: str, generations: int) -> np.ndarray:
        """E[v_t] for t = 0..generations, (generations + 1,)."""
        if strategy == "mix":
            return _mixed(self.n, self.real / self.n, generations)
        t = np.arange(1, generations + 1)
        factors = 1 - 1 / (self.n * (t.astype(float) ** 2 if strategy == "accumulate" else 1.0))
        return np.r_[1.0, np.cumprod(np.broadcast_to(factors, t.shape))]

    def typical(self, generations: int) -> np.ndarray:
        """exp(E[log v_t]) if samples replace the data, (generations + 1,)."""
        half = torch.tensor((self.n - 1) / 2, dtype=torch.float64)
        rate = float(torch.digamma(half)) - np.log(self.n / 2)
        return np.exp(rate * np.arange(generations + 1))


def _mixed(n: int, share: float, generations: int) -> np.ndarray:
    variance, square, found = 1.0, 0.0, [1.0]
    for _ in range(generations):
        variance, square = (
            (1 - 1 / n) * (share + (1 - share) * variance) + share * (1 - share) * square,
            share / n + (1 - share) ** 2 * square + (1 - share) * variance / n,
        )
        found.append(variance)
    return np.array(found)


def counted(p: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """How often each kind is drawn in n draws from each distribution (m, kinds): (m, kinds)."""
    found = np.empty(p.shape)
    for row, shares in zip(found, p):
        below = shares.cumsum()
        drawn = np.searchsorted(below, rng.random(n) * below[-1], side="right")
        row[:] = np.bincount(drawn, minlength=len(shares))
    return found


class Frequencies:
    """Word frequencies of a piece of Moby-Dick, TEXTS times refitted to a sample of themselves."""

    def __init__(self, n: int, share: float, rng: np.random.Generator) -> None:
        words = split(text.moby_dick()[100_000:200_000], "words")[:WORDS]
        counts = np.sort(np.array(list(Counter(words).values())))[::-1]
        self.start = counts / counts.sum()
        self.n, self.rng, self.real = n, rng, round(share * n)
        self.p = np.tile(self.start, (TEXTS, 1))  # (TEXTS, kinds)
        self.count = n  # the real text is the first data

    def refit(self, strategy: str) -> None:
        """The next generation."""
        own = self.n - self.real if strategy == "mix" else self.n
        drawn = counted(self.p, own, self.rng)
        if strategy == "mix":
            drawn = drawn + counted(np.tile(self.start, (TEXTS, 1)), self.real, self.rng)
        if strategy == "accumulate":
            self.p = (self.count * self.p + drawn) / (self.count + self.n)
            self.count += self.n
        else:
            self.p = drawn / self.n

    @property
    def diversity(self) -> float:
        """The probability that two words differ, mean of all texts."""
        return float(1 - (self.p**2).sum(1).mean())

    def exact(self, strategy: str, generations: int) -> np.ndarray:
        """The mean of `diversity` for t = 0..generations."""
        same = float((self.start**2).sum())
        found, a = [same], self.real / self.n if strategy == "mix" else 0.0
        for t in range(1, generations + 1):
            now = found[-1]
            if strategy == "accumulate":
                found.append(now + (1 - now) / (self.n * (t + 1) ** 2))
                continue
            square = a * (2 - a) * same + (1 - a) ** 2 * now  # of the expected frequencies
            found.append(square + (1 - a * same - (1 - a) * now) / self.n)
        return 1 - np.array(found)


class Names:
    """An n-gram of first names, refitted to names that it generated."""

    def __init__(self, n: int, share: float, rng: np.random.Generator) -> None:
        corpus = text.load("names")
        everything = [part.tolist() for part in corpus.parts(corpus.train)]
        chosen = rng.permutation(len(everything))[:n]
        self.corpus, self.n, self.rng, self.kept = corpus, n, rng, round(share * n)
        self.real = [everything[at] for at in chosen]
        self.pool, self.names = self.real, self.real
        self.held_out = rows_of(corpus.held_out, ORDER, True)
        self.ngram = self._fitted()

    def _fitted(self) -> NGram:
        stream = torch.tensor([number for name in self.pool for number in name])
        return fit(rows_of(stream, ORDER, True), ORDER, self.corpus.size, True)

    def refit(self, strategy: str) -> None:
        """The next generation."""
        self.names = self.generated()
        if strategy == "accumulate":
            self.pool = self.pool + self.names
        elif strategy == "mix":
            self.pool = self.real[: self.kept] + self.names[: self.n - self.kept]
        else:
            self.pool = self.names
        self.ngram = self._fitted()

    def generated(self) -> list[list[int]]:
        """n names, each with its line break."""
        size = self.corpus.size
        rows = np.zeros((self.n, ORDER - 1 + LONGEST + 1), np.int64)
        going = np.ones(self.n, bool)
        for at in range(ORDER - 1, rows.shape[1] - 1):
            below = self.ngram.probabilities(rows[:, at - ORDER + 1 : at]).cumsum(1)
            token = (self.rng.random((self.n, 1)) * below[:, -1:] > below).sum(1)
            rows[:, at] = np.minimum(token, size - 1) * going
            going &= rows[:, at] > 0
        letters = [row[row > 0].tolist() for row in rows]
        return [[*name, 0] for name in letters if name] or [[0]]

    @property
    def bits(self) -> float:
        """Bits per character on held-out names."""
        p = self.ngram.of(self.held_out)
        return float(-np.log2(p).mean())

    @property
    def distinct(self) -> float:
        """Share of the newest names that are no repetition of another one."""
        return len({tuple(name) for name in self.names}) / len(self.names)
