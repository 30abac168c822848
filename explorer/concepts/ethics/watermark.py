r"""Two watermarks for text. A key and the last tokens give every token a pseudo-random number u.

Green list   u >= 1 - gamma puts a token on the green list; delta is added to its logit:
             q = p exp(delta [green]) / Z. The detector counts green tokens.
Gumbel       the token with the largest u^(1/p) is taken: over keys, token i with probability p_i,
             so the distribution does not change at all. Where a context occurred before, a token
             is drawn from p instead: otherwise texts would run in cycles. The detector adds
             -log(1 - u).

The detector needs the key and the tokens, no model. Each pair of context and token (Gumbel: each
context) counts once only: then the numbers of a text without the watermark are independent.

Kirchenbauer et al. (2023), A Watermark for Large Language Models, https://arxiv.org/abs/2301.10226
Aaronson (2023), Watermarking of Large Language Models,
https://simons.berkeley.edu/talks/scott-aaronson-ut-austin-openai-2023-08-17
Fernandez et al. (2023), Three Bricks to Consolidate Watermarks, https://arxiv.org/abs/2308.00113
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike

from explorer.concepts.ethics.model import START, Language

EULER = 0.57721566490153286
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Watermark:
    """The scheme and its key: all that a detector has to know."""

    scheme: str
    key: int
    context: int = 1
    gamma: float = 0.5
    delta: float = 2.0

    @property
    def usual(self) -> tuple[float, float]:
        """Mean and variance of a token's score in a text without the watermark."""
        return (self.gamma, self.gamma * (1 - self.gamma)) if self.scheme == "green" else (1.0, 1.0)

    def scores(self, u: np.ndarray) -> np.ndarray:
        """What tokens with these numbers add to the statistic, of the same shape."""
        return (u >= 1 - self.gamma).astype(float) if self.scheme == "green" else -np.log1p(-u)

    def z(self, totals: ArrayLike, counts: ArrayLike) -> np.ndarray:
        """Totals of scores as standard deviations from their mean without the watermark."""
        (mean, variance), total, counted = self.usual, np.asarray(totals), np.asarray(counts)
        return (total - mean * counted) / np.sqrt(variance * np.maximum(counted, 1))


def scrambled(x: np.ndarray) -> np.ndarray:
    """64 bits in which every bit depends on all bits of x (the finaliser of SplitMix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def contexts(hashes: np.ndarray, length: int) -> np.ndarray:
    """The `length` tokens before each token of hashed texts (n, m), hashed: (n, m - length)."""
    n, m = hashes.shape
    found = np.zeros((n, m - length), np.uint64)
    for at in range(length):
        found = scrambled(found * GOLDEN + hashes[:, at : m - length + at])
    return found


def uniform(key: np.ndarray | int, context: np.ndarray, token: np.ndarray) -> np.ndarray:
    """Pseudo-random numbers in 0..1 of arrays of keys (or one key), contexts and tokens."""
    keys = np.atleast_1d(np.asarray(key, np.uint64))
    bits = scrambled(scrambled(context ^ scrambled(keys * GOLDEN + np.uint64(1))) ^ token)
    return ((bits >> np.uint64(11)).astype(float) + 0.5) / 2**53


def keys_of(mark: Watermark, n: int) -> np.ndarray:
    """A key for each of n texts (n, 1): the first has that of the watermark.

    With one key for all, texts would share the numbers of frequent contexts and be right or wrong
    together; what is exact over keys would not show in them.
    """
    return (mark.key + 1000 * np.arange(n)[:, None]).astype(np.uint64)


def first_of(hashes: np.ndarray) -> np.ndarray:
    """Which of the hashes (n, m) are the first of their kind in their row, (n, m) bool."""
    first = np.zeros(hashes.shape, bool)
    for row, found in zip(hashes, first):
        found[np.unique(row, return_index=True)[1]] = True
    return first


def detect(
    hashes: np.ndarray, mark: Watermark, key: np.ndarray | int | None = None, once: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and which of them count, (n, m - context) each, of hashed texts (n, m).

    `once` False counts repetitions again, as naive detectors do; `key` may be one for all texts or
    one for each, (n, 1).
    """
    context, token = contexts(hashes, mark.context), hashes[:, mark.context :]
    u = uniform(mark.key if key is None else key, context, token)
    pairs = context if mark.scheme == "gumbel" else scrambled(context) ^ token
    return mark.scores(u), first_of(pairs) if once else np.ones(u.shape, bool)


@dataclass(frozen=True, eq=False)
class Written:
    """n texts after a token more. Columns after `length` are still empty."""

    length: int
    numbers: np.ndarray  # (n, START + steps) int64
    u: np.ndarray  # (n, steps) the number of each token
    counted: np.ndarray  # (n, steps) bool
    gain: np.ndarray  # (n, steps) exact mean of what it adds to the statistic, beyond the usual
    cost: np.ndarray  # (n, steps) KL divergence of the distribution from the model's, in bits


def write(
    language: Language,
    n: int,
    steps: int,
    mark: Watermark,
    rng: np.random.Generator,
    marked: bool = True,
) -> Iterator[Written]:
    """Texts of a model, token by token: with the watermark or, `marked` False, without.

    Each has a key of its own. The same record over and over, which grows; the first before any
    token.
    """
    rows, keys = np.arange(n), keys_of(mark, n)
    numbers = np.concatenate([language.starts(n, rng), np.zeros((n, steps), np.int64)], axis=1)
    u, gain, cost = (np.zeros((n, steps)) for _ in range(3))
    counted, seen = np.zeros((n, steps), bool), np.zeros((n, steps), np.uint64)
    yield Written(0, numbers, u, counted, gain, cost)
    for t in range(steps):
        here = START + t
        p = language.probabilities(numbers[:, :here])
        last = language.hashes[numbers[:, here - mark.context : here]]
        seen[:, t] = contexts(np.c_[last, last[:, :1]], mark.context)[:, 0]
        numbers_u = uniform(keys, seen[:, [t]], language.hashes)
        fresh = _fresh(seen, numbers, t, p.shape, mark)
        q = marked_distribution(p, numbers_u, mark) if marked and mark.scheme == "green" else p
        token = drawn(q, rng)
        if mark.scheme == "gumbel" and marked:
            best = (np.log(numbers_u) / p).argmax(1)
            token = np.where(fresh[:, 0], best, token)
        numbers[:, here] = token
        u[:, t], counted[:, t] = numbers_u[rows, token], fresh[rows, token]
        if marked:
            gain[:, t] = (expected(q, numbers_u, mark) * fresh).sum(1)
            cost[:, t] = (q * np.log2(q / p)).sum(1)
        yield Written(t + 1, numbers, u, counted, gain, cost)


def _fresh(
    seen: np.ndarray, numbers: np.ndarray, t: int, shape: tuple[int, ...], mark: Watermark
) -> np.ndarray:
    """Which tokens would count after the contexts seen[:, t]: those that did not yet, (n, size)."""
    fresh = np.ones(shape, bool)
    row, before = (seen[:, :t] == seen[:, [t]]).nonzero()
    fresh[row, numbers[row, START + before] if mark.scheme == "green" else slice(None)] = False
    return fresh


def drawn(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A token (n,) from each distribution (n, size)."""
    below = p.cumsum(1)
    return (rng.random((len(p), 1)) * below[:, -1:] > below).sum(1)


def marked_distribution(p: np.ndarray, u: np.ndarray, mark: Watermark) -> np.ndarray:
    """The distributions (n, size) with delta added to the logits of green tokens."""
    q = p * np.where(u >= 1 - mark.gamma, np.exp(mark.delta), 1.0)
    return q / q.sum(1, keepdims=True)


def expected(q: np.ndarray, u: np.ndarray, mark: Watermark) -> np.ndarray:
    r"""What each token (n, size) adds to the mean of the score, less what it adds unmarked.

    Green list: q (green - gamma). Gumbel: the largest u^(1/p) is uniform whichever token has it,
    so u = V^p for uniform V and E[-log(1 - u)] = psi(1 + 1/p) + Euler's constant.
    """
    if mark.scheme == "green":
        return q * ((u >= 1 - mark.gamma) - mark.gamma)
    harmonic = torch.digamma(1 + torch.from_numpy(1 / q)).numpy() + EULER
    return q * (harmonic - 1)
