r"""The best that any model could do in the plane, from exact densities (`explorer.data.plane`).

Optimal discriminator   D*(x) = p(x) / (p(x) + q(x))            Goodfellow et al. (2014), prop. 1
Jensen-Shannon          JS = 1/2 KL(p || (p+q)/2) + 1/2 KL(q || (p+q)/2); the game's value is
                        2 JS - 2 log 2, where D = D*
Bayes                   p(y | x) = p(x | y) p(y) / p(x); its error is E[1 - max_y p(y | x)], below
                        which no classifier can come
Entropy                 H = -E[log p(x)]: no density scores more than -H nats on fresh data
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import log

import torch
from torch import Tensor

from explorer.data.plane import Distribution
from explorer.truth.kernel import kernel_density
from explorer.truth.linear import LinearGaussian, ppca

__all__ = [
    "Bayes",
    "Estimate",
    "LinearGaussian",
    "bayes",
    "bayes_error",
    "entropy",
    "integral",
    "jensen_shannon",
    "kernel_density",
    "optimal_discriminator",
    "posterior",
    "posterior_from_one",
    "ppca",
]

LogDensity = Callable[[Tensor], Tensor]
EXTENT = (-5.0, 5.0)  # what is integrated over: 1e-6 of the mass of any named set lies outside
ROWS = 16_384  # points evaluated at once: bounds the memory


@dataclass(frozen=True)
class Estimate:
    """A number and a bound on its numerical error."""

    value: float
    error: float


def integral(
    f: Callable[[Tensor], Tensor], limits: tuple[float, float] = EXTENT, n: int = 480
) -> Estimate:
    """The integral over a square of f, which maps points (m, 2) to (m,).

    The midpoint rule on n x n cells; the error is bounded by the change from the n/2 x n/2 rule
    on the same square, which for the densities here is several times larger.
    """
    fine, coarse = (_midpoint(f, limits, cells) for cells in (n, n // 2))
    return Estimate(fine, abs(fine - coarse))


@torch.no_grad()
def _midpoint(f: Callable[[Tensor], Tensor], limits: tuple[float, float], n: int) -> float:
    size = (limits[1] - limits[0]) / n
    axis = limits[0] + size * (torch.arange(n) + 0.5)
    points = torch.cartesian_prod(axis, axis)
    return sum(f(part).double().sum().item() for part in points.split(ROWS)) * size**2


def optimal_discriminator(p: Distribution, q_log_density: LogDensity, x: Tensor) -> Tensor:
    """D*(x) in 0..1, (n,): how surely x is real when q is what the generator makes.

    1/2 where neither has any density: nobody ever asks there, and every answer is as good.
    """
    p_x, q_x = p.log_density(x), q_log_density(x)
    unseen = torch.isneginf(p_x) & torch.isneginf(q_x)
    return torch.where(unseen, 0.5, torch.sigmoid(p_x - q_x))


def jensen_shannon(p: Distribution, q_log_density: LogDensity, n: int = 320) -> Estimate:
    """The Jensen-Shannon divergence in nats: 0 if p = q, log 2 if they never meet."""

    def f(x: Tensor) -> Tensor:
        p_x, q_x = p.log_density(x).double(), q_log_density(x).double()
        middle = torch.logaddexp(p_x, q_x) - log(2)
        parts = [torch.where(a.isneginf(), 0.0, a.exp() * (a - middle)) for a in (p_x, q_x)]
        return 0.5 * (parts[0] + parts[1])

    return integral(f, n=n)


def posterior(dist: Distribution, x: Tensor) -> Tensor:
    """p(class | x), (n, classes); the prior where no class has any density."""
    return _normalised(dist.class_log_density(x), dist.class_log_prior)


def posterior_from_one(dist: Distribution, value: Tensor, axis: int) -> Tensor:
    """p(class | x[axis] = value), (n, classes), when the other coordinate is missing."""
    return _normalised(dist.class_log_marginal(value, axis), dist.class_log_prior)


def _normalised(log_density: Tensor, log_prior: Tensor) -> Tensor:
    joint = log_density + log_prior
    nowhere = torch.isneginf(joint).all(dim=1, keepdim=True)
    return torch.softmax(torch.where(nowhere, log_prior, joint), dim=1)


@lru_cache(maxsize=64)
def bayes_error(dist: Distribution) -> Estimate:
    """The share that even the best classifier gets wrong. About 0.2 s, once per distribution."""

    def f(x: Tensor) -> Tensor:
        joint = (dist.class_log_density(x) + dist.class_log_prior).exp()
        return joint.sum(1) - joint.amax(1)

    return integral(f)


@dataclass(frozen=True, eq=False)
class Bayes:
    """The Bayes classifier at some points, and its error over all points."""

    posterior: Tensor  # (n, classes)
    label: Tensor  # (n,) int64
    error: Estimate


def bayes(dist: Distribution, x: Tensor) -> Bayes:
    """What the best possible classifier says at x (n, 2), and how often it is wrong."""
    share = posterior(dist, x)
    return Bayes(share, share.argmax(1), bayes_error(dist))


@lru_cache(maxsize=64)
def entropy(dist: Distribution) -> Estimate:
    """The differential entropy in nats. About 0.2 s, once per distribution."""

    def f(x: Tensor) -> Tensor:
        log_p = dist.log_density(x)
        return torch.where(log_p.isneginf(), 0.0, -log_p.exp() * log_p)

    return integral(f)
