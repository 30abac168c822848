r"""How good a flow of points is, beside the exact density of the data.

The gap is the Kullback-Leibler divergence from the data to the model, in nats per point:

    gap = E_{x ~ p*} [log p*(x) - log p(x)] = KL(p* || p) >= 0

estimated over held-out points. Training raises the mean of log p, nothing else.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.concepts.flows.coupling import Flow
from explorer.data.plane import Distribution
from explorer.truth.plane import integral

OUTSIDE = 0.002  # share of real points that counts as outside the data's support
MASS_CELLS = 200  # along a side of the quadrature of the total mass


@dataclass(frozen=True)
class Scores:
    """A perfect flow has gap 0, mass 1 and OUTSIDE of its samples outside the support."""

    gap: float  # nats: mean of exact minus learnt log-density over held-out points
    outside: float  # share of samples where hardly any real point lies
    samples: int  # how many were counted
    mass: float | None = None  # integral of the learnt density; at the end


def support_level(dist: Distribution, real: Tensor) -> float:
    """The log-density below which OUTSIDE of the real points lie."""
    return dist.log_density(real).quantile(OUTSIDE).item() - 1e-4


def outside_high(n: int) -> float:
    """The share below which that of n real points stays, 99 times in 100 (normal tail)."""
    return OUTSIDE + 2.6 * (OUTSIDE * (1 - OUTSIDE) / n) ** 0.5


def gap(exact: Tensor, learnt: Tensor) -> float:
    """Mean of exact minus learnt log-densities (n,), in nats."""
    return (exact.double() - learnt.double()).mean().item()


@torch.no_grad()
def total_mass(flow: Flow) -> float:
    """The integral of the learnt density over the plane, by quadrature."""
    return integral(lambda x: flow.log_density(x).exp(), n=MASS_CELLS).value
