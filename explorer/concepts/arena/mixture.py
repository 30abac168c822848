r"""A mixture of Gaussians, by expectation maximisation on fresh batches.

    p(x) = sum_k w_k N(x; m_k, S_k)

Of each batch the responsibilities of the components are computed (E), the running sums of weights,
points and squares move a little towards those of the batch, and the parameters follow from the sums
(M). Images are described along their first principal axes; along all others they have one variance.

Cappe and Moulines (2009), online EM, https://arxiv.org/abs/0712.4273
Tipping and Bishop (1999), mixtures of probabilistic principal components
"""

from collections.abc import Generator
from math import log, pi

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.arena.learner import Config, Samples, Source, run
from explorer.nets import freeze, generator

BATCH, FIRST = 512, 2000  # rows of an update, and to start from
AXES = 48  # of images with more dimensions than that times four
LEAST = {"plane": 2e-4, "images": 2e-3}  # variance that no direction goes below
FORGET = 0.7  # an update t counts (t + 8)^-FORGET


class Mixture:
    """`config.size` components with full covariances over `axes` directions."""

    def __init__(self, config: Config) -> None:
        self.config, self.source, self.rng = config, Source(config), generator(config.seed)
        first = self.source.batch(FIRST, self.rng)
        dim = self.source.dim
        axes = dim if dim <= 4 * AXES else AXES
        self.centre = first.mean(0)
        self.basis, self.rest = torch.eye(dim)[:axes], 0.0
        if axes < dim:
            values = torch.linalg.svd(first - self.centre, full_matrices=False)
            self.basis = values.Vh[:axes]
            self.rest = (values.S[axes:].square().sum() / FIRST / (dim - axes)).item()
        self.least = LEAST["images" if config.of_images else "plane"]
        x = self.project(first)
        k = min(config.size, FIRST)
        self.means = spread_out(x, k, self.rng)
        near = torch.cdist(x, self.means).square().amin(1).mean() / axes
        self.mass = torch.full((k,), 1 / k)
        self.first_sum = self.mass[:, None] * self.means
        spread = torch.eye(axes) * (near + self.least)
        outer = self.means[:, :, None] * self.means[:, None]
        self.second_sum = self.mass[:, None, None] * (outer + spread)
        self.maximise()

    def project(self, x: Tensor) -> Tensor:
        """Rows (n, d) along the axes (n, axes)."""
        return (x - self.centre) @ self.basis.T

    def maximise(self) -> None:
        """Weights, means and covariances from the sums."""
        mass = self.mass.clamp(min=1e-6)
        self.log_weights = (mass / mass.sum()).log()
        self.means = self.first_sum / mass[:, None]
        outer = self.means[:, :, None] * self.means[:, None]
        covariance = self.second_sum / mass[:, None, None] - outer
        covariance = (covariance + covariance.mT) / 2
        floor = self.least * torch.eye(covariance.shape[1])
        self.factors, wrong = torch.linalg.cholesky_ex(covariance + floor)
        if wrong.any():  # rounding left a variance that is not positive: an isotropic one instead
            spread = covariance.diagonal(dim1=1, dim2=2).mean(1).clamp(min=self.least)
            isotropic = (spread.sqrt()[:, None, None] * torch.eye(floor.shape[0]))[wrong > 0]
            self.factors[wrong > 0] = isotropic

    def joint(self, x: Tensor) -> Tensor:
        """log w_k N(x; m_k, S_k), (n, k), for projected rows (n, axes)."""
        gap = (x[None] - self.means[:, None]).mT  # (k, axes, n)
        whitened = torch.linalg.solve_triangular(self.factors, gap, upper=False)
        volume = self.factors.diagonal(dim1=1, dim2=2).log().sum(1) + 0.5 * x.shape[1] * log(2 * pi)
        return (self.log_weights - volume) - 0.5 * whitened.square().sum(1).T

    def update(self, step: int) -> None:
        """One batch: E, then M."""
        x = self.project(self.source.batch(BATCH, self.rng))
        share = self.joint(x).softmax(1) / BATCH  # (n, k)
        pace = (step + 8) ** -FORGET
        self.mass.lerp_(share.sum(0), pace)
        self.first_sum.lerp_(share.T @ x, pace)
        self.second_sum.lerp_((share.T[:, :, None] * x).mT @ x, pace)
        self.maximise()

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n points (n, 2), or images (n, d) in 0..1."""
        rng = generator(seed)
        which = torch.multinomial(self.log_weights.exp(), n, replacement=True, generator=rng)
        noise = torch.randn(n, self.means.shape[1], generator=rng)
        x = self.means[which] + (self.factors[which] @ noise[:, :, None])[:, :, 0]
        rows = x @ self.basis + self.centre
        if self.rest:
            rest = self.rest**0.5 * torch.randn(rows.shape, generator=rng)
            rows = rows + rest - rest @ self.basis.T @ self.basis
        return self.source.samples(rows)

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), of rows (n, d): points, or dequantised images."""
        along = self.project(x)
        log_p = torch.cat([self.joint(part).logsumexp(1) for part in along.split(256)])
        if not self.rest:
            return log_p
        left = (x - self.centre).square().sum(1) - along.square().sum(1)
        count = x.shape[1] - along.shape[1]
        return log_p - 0.5 * (left / self.rest + count * log(2 * pi * self.rest))

    def weights(self) -> dict[str, np.ndarray]:
        """Weights, means and the lower triangles of the covariances' roots."""
        rows, columns = torch.tril_indices(*self.factors.shape[1:])
        found = {
            "weights": self.log_weights.exp(),
            "means": self.means,
            "factors": self.factors[:, rows, columns],
        }
        if self.rest:
            found |= {"axes": self.basis, "centre": self.centre}
        return {name: freeze(value) for name, value in found.items()}


def spread_out(x: Tensor, k: int, rng: torch.Generator) -> Tensor:
    """k rows of x (n, d), each drawn with the squared distance to those before as weight.

    Arthur and Vassilvitskii (2007), k-means++
    """
    chosen = [int(torch.randint(len(x), (1,), generator=rng))]
    far = (x - x[chosen[0]]).square().sum(1)
    for _ in range(k - 1):
        chosen.append(int(torch.multinomial(far + 1e-12, 1, generator=rng)))
        far = torch.minimum(far, (x - x[chosen[-1]]).square().sum(1))
    return x[chosen]


def train(config: Config) -> Generator[Samples, None, Mixture]:
    """Fit `config.size` Gaussians."""
    return (yield from run(Mixture(config), config))
