r"""A density from samples alone: a round Gaussian of one bandwidth h around each.

    q(x) = 1/n sum_i N(x; x_i, h^2 I)

That is a `Mixture`, so it has a score, can be sampled and noised like real data. The bandwidth is
the one under which the samples best predict each other (leave one out). The estimate blurs: what
is thinner than h looks as thick as h.

Silverman (1986), Density Estimation for Statistics and Data Analysis, section 3.4.4
"""

from math import pi

import torch
from torch import Tensor

from explorer.data.mixture import Mixture, spherical

BANDWIDTHS = (0.02, 0.03, 0.04, 0.055, 0.075, 0.1, 0.14, 0.19, 0.26, 0.36, 0.5, 0.7)
VOTERS = 500  # samples that vote on the bandwidth


@torch.no_grad()
def kernel_density(samples: Tensor, bandwidth: float | None = None) -> Mixture:
    """The density estimated from samples (n, 2); None chooses the bandwidth, in about 3 ms."""
    return spherical(samples, choose_bandwidth(samples) if bandwidth is None else bandwidth)


@torch.no_grad()
def choose_bandwidth(samples: Tensor) -> float:
    """The bandwidth of greatest leave-one-out likelihood for samples (n, 2).

    At most 500 samples vote; the best bandwidth of n points in the plane shrinks as n^(-1/6), so
    theirs is scaled to all of them. ValueError for fewer than 3 samples.
    """
    voters = samples[:VOTERS].float()
    m = len(voters)
    if m < 3:
        raise ValueError(f"samples must be at least 3. Got {m} instead.")
    square = torch.cdist(voters, voters).square_()
    square.fill_diagonal_(torch.inf)
    scores = []
    for h in BANDWIDTHS:
        # The clamp keeps the exponentials normal numbers, and one lone point from deciding.
        kernels = torch.exp((square / (-2 * h * h)).clamp(min=-40)).sum(dim=1)
        scores.append((kernels / ((m - 1) * 2 * pi * h * h)).log().mean().item())
    best = BANDWIDTHS[scores.index(max(scores))]
    return best * (m / len(samples)) ** (1 / 6)
