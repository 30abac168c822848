r"""Images whose best possible autoencoder is known exactly: probabilistic PCA.

An image of 8 x 8 pixels is made from four numbers and grey noise:

    x = mu + U diag(s) z + sigma * eps,    z ~ N(0, I_4),  eps ~ N(0, I_64),   U^T U = I

so x ~ N(mu, C) with eigenvalues lambda_i = s_i^2 + sigma^2 along the columns of U, and sigma^2 in
every other direction. Of all linear autoencoders with k units and pixels of noise sigma, trained
with weight beta on the KL, the best has

    W = U_k (Lambda_k - beta sigma^2)^{1/2}
    q(z_i | x) = N(w_i^T (x - mu) / lambda_i,  beta sigma^2 / lambda_i)

and a unit with lambda_i <= beta sigma^2 is switched off: w_i = 0, q(z_i | x) = N(0, 1).
At beta = 1 and k >= 4 its ELBO equals log p(x): the posterior is Gaussian and independent, which
is just what the encoder can say.

Tipping and Bishop (1999), Probabilistic PCA, https://doi.org/10.1111/1467-9868.00196
Lucas et al. (2019), Don't Blame the ELBO, https://arxiv.org/abs/1911.02469
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import cos, pi

import torch
from torch import Generator, Tensor

from explorer.concepts.latent_space.model import GREY, LinearVAE
from explorer.concepts.shared.vae import Posterior
from explorer.data.images import ImageSet
from explorer.nets import generator
from explorer.truth.linear import LinearGaussian

NAME = "linear"
SIDE = 8
SPREADS = (1.0, 0.7, 0.45, 0.28)  # s_i: how far images vary along each pattern
NOISE = 0.15  # sigma
QUADRANTS = ("light left, top", "dark left, top", "light right, top", "dark right, top")


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best linear autoencoder of one size for one beta."""

    directions: Tensor  # (64, k) columns of unit length, those that are used first
    eigenvalues: Tensor  # (k,) variance of the images along them
    decoder: Tensor  # (64, k) W
    beta: float
    mean: Tensor  # (64,) mu

    @property
    def active(self) -> int:
        """How many units it uses."""
        return int((self.eigenvalues > 1.0001 * self.beta * NOISE**2).sum())

    def encode(self, x: Tensor) -> Posterior:
        """Its posterior of images (n, 64); exact for log p(x | z) of the noise beta sigma^2."""
        mean = (x - self.mean) @ (self.decoder / self.eigenvalues)
        return Posterior(mean, self._variance().log().expand_as(mean))

    def log_density(self, x: Tensor) -> Tensor:
        """log N(x; mu, W W^T + sigma^2 I), (n,): what its decoder gives to images (n, 64)."""
        return LinearGaussian(self.decoder, self.mean, NOISE).log_density(x)

    def kl(self) -> Tensor:
        """KL of each unit (k,), averaged over all images there could be, in nats."""
        return -0.5 * self._variance().log()  # the averages of mean^2 and variance add up to 1

    def _variance(self) -> Tensor:
        """Of the posterior of each unit (k,); at beta = 0 it would be 0, whose log is endless."""
        return (self.beta * NOISE**2 / self.eigenvalues).clamp(min=1e-6, max=1.0)

    def vae(self) -> LinearVAE:
        """An autoencoder that has reached it."""
        k = self.decoder.shape[1]
        best = LinearVAE(SIDE * SIDE, k, NOISE, generator(0))
        weight = self.decoder / self.eigenvalues
        with torch.no_grad():
            best.encoder.weight.copy_(weight.T)
            best.encoder.bias.copy_((GREY - self.mean) @ weight)
            best.decoder.weight.copy_(self.decoder)
            best.decoder.bias.copy_(self.mean - GREY)
            best.log_variance.copy_(self.encode(self.mean[None]).log_variance[0])
        return best


@lru_cache(maxsize=64)
def optimum(latent: int, beta: float = 1.0) -> Optimum:
    """The best linear autoencoder with `latent` units, for the distribution itself."""
    patterns = _patterns()[:, :latent]
    eigenvalues = torch.full((latent,), NOISE**2)
    eigenvalues[: len(SPREADS)] += torch.tensor(SPREADS[:latent]).square()
    gain = (eigenvalues - beta * NOISE**2).clamp(min=0).sqrt()
    return Optimum(patterns, eigenvalues, patterns * gain, beta, _mean())


def log_density(x: Tensor) -> Tensor:
    """The exact log p(x), (n,), of images (n, 64), in nats."""
    return optimum(len(SPREADS)).log_density(x)


def sample(n: int, rng: Generator) -> tuple[Tensor, Tensor]:
    """n fresh images (n, 64), and the quadrant of (z_1, z_2) that each came from (n,) int64."""
    z = torch.randn(n, len(SPREADS), generator=rng)
    noise = torch.randn(n, SIDE * SIDE, generator=rng)
    signal = (z * torch.tensor(SPREADS)) @ _patterns()[:, : len(SPREADS)].T
    return _mean() + signal + NOISE * noise, (z[:, 0] > 0).long() + 2 * (z[:, 1] > 0).long()


@lru_cache(maxsize=1)
def images() -> ImageSet:
    """1,000 of them to test; the 1,000 to train only stand for all: training draws fresh ones."""
    x, labels = sample(2000, generator(0))
    shape = (SIDE, SIDE)
    return ImageSet(NAME, shape, QUADRANTS, x[:1000], x[1000:], labels[:1000], labels[1000:])


def turn(codes: Tensor, onto: Tensor) -> Tensor:
    """The rotation or reflection R (z, z) that brings codes (n, z) closest to `onto`: codes @ R.

    The prior is round, so the autoencoder is free to turn or mirror all its codes.
    """
    u, _, v = torch.linalg.svd(codes.T @ onto)
    return u @ v


def _mean() -> Tensor:
    return torch.full((SIDE * SIDE,), GREY)


@lru_cache(maxsize=1)
def _patterns() -> Tensor:
    """Orthonormal columns (64, 64): slow waves across, down, both, twice across, then the rest."""
    waves = []
    for k in range(SIDE):
        wave = torch.tensor([cos(pi * k * (i + 0.5) / SIDE) for i in range(SIDE)])
        waves.append(wave / wave.norm())
    first = [(0, 1), (1, 0), (1, 1), (0, 2)]
    pairs = first + [pair for pair in product(range(SIDE), range(SIDE)) if pair not in first]
    columns = [torch.outer(waves[down], waves[across]).reshape(-1) for down, across in pairs]
    return torch.stack(columns, dim=1)
