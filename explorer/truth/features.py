r"""Metrics of sets of images, on the features f(x) that any network gives them: rows (n, d).

Inception score       exp E KL(p(y|x) || p(y)), p(y|x) of a classifier; p(y) its mean
Frechet distance      `distances.frechet_distance` of the features
Kernel distance       MMD^2 = E k(x, x') + E k(y, y') - 2 E k(x, y), k(a, b) = (a.b / d + 1)^3;
                      the sums leave out i = j, so that its mean is 0 for equal distributions
Precision, recall     share of generated (real) rows within the radius of a real (generated) one;
                      the radius of a row is the distance of its k-th neighbour in its own set
Density, coverage     within the radius of how many real rows a generated one lies, over k, on
                      average; share of real rows with a generated one within their radius
Novelty               distance of a generated row from its nearest training row, relative to that
                      of held-out real rows: 1 is as new as real, 0 is a copy

Salimans et al. (2016), Improved techniques for training GANs, https://arxiv.org/abs/1606.03498
Binkowski et al. (2018), Demystifying MMD GANs, https://arxiv.org/abs/1801.01401
Kynkaanniemi et al. (2019), Improved precision and recall, https://arxiv.org/abs/1904.06991
Naeem et al. (2020), Reliable fidelity and diversity metrics, https://arxiv.org/abs/2002.09797
Chong and Forsyth (2020), Effectively unbiased FID, https://arxiv.org/abs/1911.07023
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import torch
from torch import Tensor

NEIGHBOURS = 5


@dataclass(frozen=True)
class Shares:
    """Fidelity (`precision`, `density`) and variety (`recall`, `coverage`) of generated rows."""

    precision: float
    recall: float
    density: float  # may exceed 1
    coverage: float


def inception_score(probabilities: Tensor) -> float:
    """The inception score of p(class | image), (n, classes): from 1 to the number of classes."""
    p = probabilities.double()
    mean = p.mean(0, keepdim=True)
    kl = torch.where(p > 0, p * (p.clamp(min=1e-300).log() - mean.clamp(min=1e-300).log()), 0.0)
    return exp(kl.sum(1).mean().item())


def kernel_distance(x: Tensor, y: Tensor) -> float:
    """The unbiased squared kernel distance of rows (n, d) and (m, d); it may fall below 0."""
    a, b = x.double(), y.double()
    return _within(a) + _within(b) - 2 * _kernel(a, b).mean().item()


def _kernel(a: Tensor, b: Tensor) -> Tensor:
    return (a @ b.T / a.shape[1] + 1) ** 3


def _within(a: Tensor) -> float:
    """The mean of k(a_i, a_j) over i != j."""
    n = len(a)
    if n < 2:
        raise ValueError(f"kernel_distance needs at least 2 rows in each set. Got {n} instead.")
    k = _kernel(a, a)
    return ((k.sum() - k.diagonal().sum()) / (n * (n - 1))).item()


def shares(real: Tensor, generated: Tensor, k: int = NEIGHBOURS) -> Shares:
    """Precision, recall, density and coverage of `generated` (m, d) against `real` (n, d)."""
    apart = distances(real, generated)
    within, around = radius(real, k)[:, None], radius(generated, k)[None, :]
    hits = apart <= within
    return Shares(
        precision=hits.any(0).double().mean().item(),
        recall=(apart <= around).any(1).double().mean().item(),
        density=(hits.sum(0).double().mean() / k).item(),
        coverage=(apart.amin(1) <= within[:, 0]).double().mean().item(),
    )


def radius(x: Tensor, k: int) -> Tensor:
    """The distance (n,) of each row of x (n, d) from its k-th neighbour among the others."""
    if len(x) <= k:
        raise ValueError(f"The number of rows must be above k = {k}. Got {len(x)} instead.")
    apart = distances(x, x)
    apart.fill_diagonal_(0)
    return apart.kthvalue(k + 1, dim=1).values


def nearest(x: Tensor, among: Tensor) -> Tensor:
    """The distance (n,) of each row of x (n, d) from the nearest row of `among` (m, d)."""
    return distances(x, among).amin(1)


def novelty(generated: Tensor, train: Tensor, test: Tensor) -> float:
    """Mean distance of `generated` from the nearest of `train`, over that of held-out `test`."""
    return (nearest(generated, train).mean() / nearest(test, train).mean()).item()


def distances(x: Tensor, y: Tensor) -> Tensor:
    """Distances (n, m); equal rows are at exactly 0, which the fast formula would miss."""
    square = x.square().sum(1)[:, None] + y.square().sum(1)[None, :] - 2 * x @ y.T
    size = x.square().sum(1)[:, None] + y.square().sum(1)[None, :]
    return torch.where(square < 1e-6 * size, 0.0, square).clamp_(min=0).sqrt_()


def perceptual_distance(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    """How far pairs of images are apart in the layers (n, channels, h, w) of a network, (n,).

    Every place is scaled to length one over its channels, as in LPIPS (Zhang et al. 2018,
    https://arxiv.org/abs/1801.03924). LPIPS then weighs the channels by the judgements of people;
    here all weigh the same.
    """
    return torch.stack(
        [(_unit(x) - _unit(y)).square().sum(1).mean((1, 2)) for x, y in zip(a, b)]
    ).sum(0)


def _unit(x: Tensor) -> Tensor:
    return x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)


def extrapolated(sizes: np.ndarray, values: np.ndarray) -> float:
    """The value at infinitely many samples, if it is a straight line in 1/n (Chong, Forsyth)."""
    _, intercept = np.polyfit(1 / np.asarray(sizes, float), values, 1)
    return float(intercept)
