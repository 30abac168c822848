r"""How dense the generator's samples are, and the optimal discriminator: the exact references.

For density p of the data and q of the generator the optimal discriminator is p(x) / (p(x) + q(x)).
p is known exactly. q is the density of G(z) for z ~ N(0, I). In the plane z is laid out on a fine
lattice whose knots carry their exact share of the normal distribution; G carries each knot
somewhere, and its share lands there. That is quadrature instead of sampling: its error falls with
the square of the spacing, and there is no noise. With another latent dimension, 4,096 random z.

A picture has limited resolution, so both densities are blurred by the same BLUR, p exactly and q by
a kernel. A perfect generator then gets exactly one half everywhere, and by the data processing
inequality the loss of the optimal discriminator of blurred points is never below that of sharp
ones.

Measured against closed forms: tests/concepts/gan/test_measure.py
"""

from functools import lru_cache
from math import sqrt

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.shared.adversarial.losses import Loss
from explorer.concepts.shared.adversarial.panels import CELLS, LIMITS, cells
from explorer.data import plane
from explorer.nets import generator

BLUR = 0.1  # standard deviation
KNOTS, REACH = 64, 3.6  # of the lattice of z, a disc; outside lies 0.15 % of the noise
FINE, EDGE = 96, 3.3  # bins of the histogram that is blurred, and how far it goes
TRACE = 1e-3  # density (per unit of area) below which nobody could know


@lru_cache(maxsize=1)
def area() -> float:
    return ((LIMITS[1] - LIMITS[0]) / CELLS) ** 2


@lru_cache(maxsize=32)
def noise_lattice(size: int) -> tuple[Tensor, np.ndarray]:
    """Points of noise (n, size), and the share of the distribution that each stands for (n,)."""
    if size != 2:
        z = torch.randn(KNOTS**2, size, generator=generator(11))
        return z, np.full(len(z), 1 / len(z))
    axis = np.linspace(-REACH, REACH, KNOTS)
    knots = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    knots = knots[(knots**2).sum(1) < REACH**2]
    share = np.exp(-(knots**2).sum(1) / 2)
    return torch.from_numpy(knots.astype(np.float32)), share / share.sum()


@lru_cache(maxsize=1)
def _kernel() -> np.ndarray:
    """Carries shares in fine bins to a blurred density at cells: density = K H K^T."""
    bin_width = 2 * EDGE / FINE
    bins = -EDGE + (np.arange(FINE) + 0.5) * bin_width
    width = (LIMITS[1] - LIMITS[0]) / CELLS
    centres = LIMITS[0] + (np.arange(CELLS) + 0.5) * width
    # Sharing a point between neighbouring bins has already blurred it by width^2 / 6.
    rest = sqrt(BLUR**2 - bin_width**2 / 6)
    gap = (centres[:, None] - bins) / rest
    return np.exp(-(gap**2) / 2) / (rest * sqrt(2 * np.pi))


def generated_density(samples: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The blurred density (CELLS, CELLS) of samples (n, 2) that weigh `share` (n,)."""
    at = (samples.astype(np.float64) + EDGE) * (FINE / (2 * EDGE)) - 0.5
    at = at.clip(0, FINE - 1.001)  # what left the picture stays at its edge
    low = at.astype(np.int64)
    (right, up), (left, down) = (at - low).T, (1 - at + low).T
    corner = low[:, 1] * FINE + low[:, 0]
    where = np.concatenate([corner, corner + 1, corner + FINE, corner + FINE + 1])
    weight = np.concatenate([left * down, right * down, left * up, right * up])
    histogram = np.bincount(where, weight * np.tile(share, 4), FINE * FINE)
    return _kernel() @ histogram.reshape(FINE, FINE) @ _kernel().T


@lru_cache(maxsize=32)
def data_density(dataset: str) -> np.ndarray:
    """The blurred density (CELLS, CELLS) of the data: exact."""
    blurred = plane.get(dataset).noised(1.0, BLUR)
    return blurred.log_density(cells()).double().exp().numpy().reshape(CELLS, CELLS)


def log_ratio(p: np.ndarray, q: np.ndarray) -> Tensor:
    """log p/q, 0 where there is neither."""
    return torch.from_numpy(np.log((p + TRACE) / (q + TRACE)))


def optimal_loss(loss: Loss, p: np.ndarray, q: np.ndarray, bins: int = 96) -> float:
    """The loss of the optimal discriminator; NaN where it is not known.

    The optimal D depends on log p/q only, so its distribution under p and under q says everything:
    the mean over independent pairs becomes a sum over pairs of bins.
    """
    if loss.optimal is None:
        return float("nan")
    ratio = log_ratio(p, q).numpy().ravel()
    low, high = ratio.min(), ratio.max() + 1e-9
    group = ((ratio - low) * (bins / (high - low))).astype(np.int64).clip(0, bins - 1)
    share, output = [], []
    for density in (p.ravel(), q.ravel()):
        total = np.bincount(group, density, bins) / density.sum()
        mean = np.bincount(group, density * ratio, bins) / density.sum() / (total + 1e-30)
        share.append(torch.from_numpy(total))
        output.append(loss.optimal(torch.from_numpy(mean)))
    losses = loss.discriminator(real=output[0][:, None], fake=output[1][None, :])
    return float(share[0] @ losses @ share[1])
