r"""The one latent-variable model whose every answer is known: linear and Gaussian.

    z ~ N(0, I_q),   x = W z + m + noise,   noise ~ N(0, s^2 I_d)

    p(x)     = N(x; m, C),  C = W W^T + s^2 I
    p(z | x) = N(z; M^-1 W^T (x - m), s^2 M^-1),  M = W^T W + s^2 I

The best W for given data is known, too: with the eigenvalues l_1 >= ... >= l_d of the data's
covariance and their vectors U, W = U_q (L_q - s^2 I)^(1/2) R for any rotation R, and s^2 is the
mean of the d - q eigenvalues left over. A linear autoencoder with a Gaussian posterior can at best
reach this likelihood, whatever its training.

Tipping and Bishop (1999), Probabilistic principal component analysis,
https://doi.org/10.1111/1467-9868.00196
"""

from dataclasses import dataclass
from math import log, pi

import torch
from torch import Generator, Tensor


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """A linear-Gaussian model with `weights` W (d, q), `mean` m (d,) and `noise` s."""

    weights: Tensor
    mean: Tensor
    noise: float

    @property
    def covariance(self) -> Tensor:
        """C, the covariance of x, (d, d)."""
        d = len(self.weights)
        return self.weights @ self.weights.T + self.noise**2 * torch.eye(d, dtype=self.mean.dtype)

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for x (n, d)."""
        factor = torch.linalg.cholesky(self.covariance.double())
        gap = (x.double() - self.mean.double()).T
        white = torch.linalg.solve_triangular(factor, gap, upper=False)  # (d, n)
        half_log_det = factor.diagonal().log().sum()
        density = -0.5 * white.square().sum(0) - half_log_det - 0.5 * len(gap) * log(2 * pi)
        return density.to(x.dtype)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """p(z | x) for x (n, d): the means (n, q), and the covariance (q, q) that all x share."""
        inverse = torch.linalg.inv(self._m())
        return (x - self.mean) @ self.weights @ inverse, self.noise**2 * inverse

    def sample(self, n: int, rng: Generator) -> Tensor:
        """Draw n points, (n, d)."""
        d, q = self.weights.shape
        z, noise = (torch.randn(n, k, generator=rng, dtype=self.mean.dtype) for k in (q, d))
        return z @ self.weights.T + self.mean + self.noise * noise

    def elbo(self, x: Tensor, means: Tensor, covariance: Tensor) -> Tensor:
        """E_r[log p(x | z)] - KL(r || p(z)), (n,), for r = N(means (n, q), covariance (q, q)).

        Less than log p(x) by KL(r || p(z | x)), so equal to it for the exact posterior.
        """
        d, q = self.weights.shape
        left = (x - self.mean - means @ self.weights.T).square().sum(1)
        spill = torch.trace(self.weights @ covariance @ self.weights.T)
        fit = -0.5 * ((left + spill) / self.noise**2 + d * log(2 * pi * self.noise**2))
        kl = 0.5 * (torch.trace(covariance) + means.square().sum(1) - q - torch.logdet(covariance))
        return fit - kl

    def _m(self) -> Tensor:
        q = self.weights.shape[1]
        return self.weights.T @ self.weights + self.noise**2 * torch.eye(q, dtype=self.mean.dtype)


def ppca(x: Tensor, latents: int) -> LinearGaussian:
    """The linear-Gaussian model of greatest likelihood for data x (n, d), in float64.

    ValueError unless 0 < latents < d.
    """
    d = x.shape[1]
    if not 0 < latents < d:
        raise ValueError(f"latents must be between 1 and {d - 1}. Got {latents} instead.")
    data = x.double()
    mean = data.mean(0)
    gap = data - mean
    values, vectors = torch.linalg.eigh(gap.T @ gap / len(x))  # ascending
    values = values.clamp(min=1e-12)
    noise = values[: d - latents].mean()
    kept = (values[d - latents :] - noise).clamp(min=0).sqrt()
    return LinearGaussian(vectors[:, d - latents :] * kept, mean, noise.sqrt().item())
