r"""Exact tests for a watermark. Without one, the numbers of the counted tokens are independent:

Green list   of T tokens Binomial(T, gamma) are green
Gumbel       the sum of -log(1 - u) is Gamma(T, 1): above s with probability
             sum over k < T of exp(-s) s^k / k!

A p-value is the probability that a text without the watermark reaches at least this statistic.
"""

from functools import lru_cache
from math import lgamma

import numpy as np

from explorer.concepts.ethics.watermark import Watermark

LEVEL = 1e-3  # false positives that a detector may give: one text in a thousand
_factorials = np.array([lgamma(k + 1) for k in range(2001)])


def p_values(total: np.ndarray, counted: np.ndarray, mark: Watermark) -> np.ndarray:
    """p-values (n,) of totals of scores (n,) over `counted` tokens (n,), at most 2,000."""
    counted = np.asarray(counted, int)
    if mark.scheme == "green":
        green = np.rint(total).astype(int)
        return np.array([float(binomial(t, mark.gamma)[g]) for g, t in zip(green, counted)])
    return np.array([gamma_tail(float(s), t) for s, t in zip(total, counted.tolist())])


@lru_cache(maxsize=4096)
def binomial(n: int, p: float) -> np.ndarray:
    """P(Binomial(n, p) >= k) for k = 0..n, (n + 1,)."""
    k = np.arange(n + 1)
    logs = _factorials[n] - _factorials[k] - _factorials[n - k]
    mass = np.exp(logs + k * np.log(p) + (n - k) * np.log1p(-p))
    return np.minimum(mass[::-1].cumsum()[::-1], 1.0)


def gamma_tail(s: float, n: int) -> float:
    """P(Gamma(n, 1) > s); 1 for n = 0."""
    if n == 0 or s <= 0:
        return 1.0
    k = np.arange(n)
    return float(min(1.0, np.exp(k * np.log(s) - s - _factorials[k]).sum()))


@lru_cache(maxsize=4096)
def critical_z(n: int, mark: Watermark, level: float = LEVEL) -> float:
    """The z from which on n tokens are detected at this level; infinite if they never are."""
    if mark.scheme == "green":
        enough = np.flatnonzero(binomial(n, mark.gamma) <= level)
        return float(mark.z(enough[0], n)) if len(enough) else float("inf")
    if n == 0:
        return float("inf")
    low, high = 0.0, 20.0 + 4.0 * n
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if gamma_tail(middle, n) > level else (low, middle)
    return float(mark.z(high, n))


def tail_of_z(z: np.ndarray, n: int, mark: Watermark) -> np.ndarray:
    """The exact share of texts without the watermark whose n tokens have at least these z."""
    mean, variance = mark.usual
    total = mean * n + z * np.sqrt(variance * max(n, 1))
    if mark.scheme == "gumbel":
        return np.array([gamma_tail(float(each), n) for each in total])
    at = np.ceil(total - 1e-9).astype(int)
    tail = np.append(binomial(n, mark.gamma), 0.0)
    return np.where(at <= 0, 1.0, tail[np.clip(at, 0, n + 1)])
