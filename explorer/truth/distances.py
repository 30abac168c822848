r"""How far two sets of samples are from each other. Every figure has a floor: see `floors`.

Sliced Wasserstein-1    mean over directions u of int_0^1 |F^-1(t) - G^-1(t)| dt,
                        F and G the distribution functions of u.x and u.y
Energy distance         sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|)
Frechet distance        |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2)), of the two normal
                        distributions with the same means and covariances

Rabin et al. (2011), Wasserstein barycenter and its application to texture mixing
Szekely and Rizzo (2013), Energy statistics, https://doi.org/10.1016/j.jspi.2013.03.018
Heusel et al. (2017), two time-scale update rule, https://arxiv.org/abs/1706.08500
"""

from dataclasses import dataclass
from math import pi
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from explorer.data.plane import Distribution

Samples: TypeAlias = np.ndarray | Tensor
HIGH_QUALITY = 3.0  # standard deviations: 1 - exp(-4.5) = 98.9 % of a normal mode lies within
COVERED = 0.2  # a mode counts as covered from this share of the high-quality samples expected on it


@dataclass(frozen=True)
class Coverage:
    """How many of the modes are covered, and the share of high-quality samples."""

    modes: int
    of: int
    high_quality: float


def sliced_wasserstein(x: Samples, y: Samples, directions: int = 256, seed: int = 0) -> float:
    """Mean Wasserstein-1 distance of the projections of x (n, d) and y (m, d) on directions."""
    u = slices(_array(x).shape[1], directions, seed)
    return sorted_distance(projections(x, u), projections(y, u))


def slices(dim: int, directions: int, seed: int = 0) -> np.ndarray:
    """Unit vectors (directions, dim): evenly spread in the plane, random in more dimensions."""
    rng = np.random.default_rng(seed)
    if dim == 2:
        angle = pi * (np.arange(directions) + rng.random()) / directions
        return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    u = rng.standard_normal((directions, dim))
    return (u / np.linalg.norm(u, axis=1, keepdims=True)).astype(np.float32)


def projections(x: Samples, u: np.ndarray) -> np.ndarray:
    """The samples x (n, d) along each direction u (k, d), sorted, (k, n)."""
    return np.sort(u @ _array(x).T, axis=1)


def sorted_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Mean Wasserstein-1 distance of sorted rows a (k, n) and b (k, m)."""
    n, m = a.shape[1], b.shape[1]
    if n == m:
        return float(np.abs(a - b).mean())
    # Both quantile functions are steps: constant between the multiples of 1/n and of 1/m.
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)  # in units of 1/(n m)
    width = np.diff(ends, prepend=0)
    gap = np.abs(a[:, (ends - 1) // m] - b[:, (ends - 1) // n])
    return float((gap @ width).mean() / (n * m))


def energy_distance(x: Samples, y: Samples) -> float:
    """The energy distance of two sets of samples (n, d) and (m, d); 0 only if they are equal."""
    a, b = (torch.tensor(_array(s)) for s in (x, y))
    square = 2 * _mean_distance(a, b) - _mean_distance(a, a) - _mean_distance(b, b)
    return max(0.0, square) ** 0.5


def _mean_distance(a: Tensor, b: Tensor) -> float:
    """The mean of |a_i - b_j| over all pairs, in pieces that bound the memory."""
    total = sum(torch.cdist(part, b).double().sum().item() for part in a.split(1024))
    return total / (len(a) * len(b))


def frechet_distance(x: Samples, y: Samples) -> float:
    """The (squared) Frechet distance between the normal distributions fitted to x and y.

    ValueError when one of them has fewer than two rows: one point has no covariance.
    """
    moments = []
    for name, samples in (("x", x), ("y", y)):
        s = _array(samples).astype(np.float64)
        if len(s) < 2:
            raise ValueError(f"{name} must have at least 2 rows. Got {len(s)} instead.")
        moments.append((s.mean(axis=0), np.atleast_2d(np.cov(s, rowvar=False))))
    return frechet_of_moments(*moments[0], *moments[1])


def frechet_of_moments(
    mean_1: np.ndarray, covariance_1: np.ndarray, mean_2: np.ndarray, covariance_2: np.ndarray
) -> float:
    """The (squared) Frechet distance of two normal distributions in d dimensions."""
    values, vectors = np.linalg.eigh(covariance_1)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    # S_1 S_2 has the eigenvalues of the symmetric matrix root S_2 root.
    common = np.sqrt(np.linalg.eigvalsh(root @ covariance_2 @ root).clip(min=0)).sum()
    gap = mean_1 - mean_2
    square = gap @ gap + np.trace(covariance_1) + np.trace(covariance_2) - 2 * common
    return max(0.0, float(square))


def mode_coverage(x: Samples, dist: Distribution) -> Coverage:
    """Which modes of `dist` the samples x (n, 2) cover, and how many lie on one.

    A sample is of high quality within three standard deviations of a mode (of the checkerboard:
    inside a square). A mode is covered if a fifth of the high-quality samples that are expected
    there lie on it; a single stray point is not enough. ValueError if the distribution has no
    separate modes.
    """
    if dist.modes is None:
        raise ValueError("mode_coverage needs a distribution with separate modes.")
    mode, distance = dist.nearest_mode(torch.tensor(_array(x)))
    good = distance <= HIGH_QUALITY
    counts = torch.bincount(mode[good], minlength=len(dist.modes))
    expected = len(mode) * dist.mode_weights
    covered = (counts >= COVERED * expected) & (counts > 0)
    return Coverage(int(covered.sum()), len(dist.modes), good.double().mean().item())


def _array(x: Samples) -> np.ndarray:
    """Samples as a float32 array (n, d), whatever they came as."""
    array = x.detach().numpy() if isinstance(x, Tensor) else x
    return np.ascontiguousarray(array, np.float32)
