r"""Linear images, whose best possible autoencoder is known exactly: probabilistic PCA.

An image of 8 x 8 pixels is a linear function of four numbers, plus noise:

    x = mu + U diag(s) z + sigma * eps,    z ~ N(0, I_4),  eps ~ N(0, I_64),   U^T U = I

so x ~ N(mu, C) with eigenvalues lambda_i = s_i^2 + sigma^2 along the columns of U, and sigma^2 in
every other direction. Of all linear autoencoders with k latent dimensions and pixel noise sigma,
trained with weight beta on the KL, the optimum has

    W = U_k (Lambda_k - beta sigma^2)^{1/2}
    q(z_i | x) = N(w_i^T (x - mu) / lambda_i,  beta sigma^2 / lambda_i)

and a dimension with lambda_i <= beta sigma^2 collapses onto the prior: w_i = 0, q(z_i | x) =
N(0, 1). At beta = 1 and k >= 4 the ELBO of the optimum equals log p(x): the exact posterior is a
Gaussian with diagonal covariance, which the encoder can represent.

Tipping and Bishop (1999), Probabilistic PCA, https://doi.org/10.1111/1467-9868.00196
Lucas et al. (2019), Don't Blame the ELBO, https://arxiv.org/abs/1911.02469
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import cos, log, pi

import torch
from torch import Generator, Tensor, nn

from explorer.concepts.shared.vae import VAE, Posterior
from explorer.data.images import ImageSet
from explorer.nets import generator, linear
from explorer.truth.linear import LinearGaussian

NAME = "linear"
SIDE = 8
SCALES = (1.0, 0.7, 0.45, 0.28)  # s_i: standard deviation along each pattern
NOISE = 0.15  # sigma
GREY = 0.5  # the mean of every pixel: subtracted before encoding, which makes learning quicker
QUADRANTS = ("light left, top", "dark left, top", "light right, top", "dark right, top")


class LinearVAE(VAE):
    """A VAE without hidden layers, with Gaussian pixels of standard deviation `noise`."""

    def __init__(self, dim: int, latent_dim: int, noise: float, rng: Generator) -> None:
        nn.Module.__init__(self)
        self.dim, self.latent_dim, self.noise = dim, latent_dim, noise
        self.encoder: nn.Linear = linear(dim, latent_dim, rng)
        self.decoder: nn.Linear = linear(latent_dim, dim, rng)
        self.log_variance = nn.Parameter(torch.zeros(latent_dim))  # the same for every image

    def encode(self, x: Tensor) -> Posterior:
        mean = self.encoder(x - GREY)
        return Posterior(mean, self.log_variance.expand_as(mean))

    def decode(self, z: Tensor) -> Tensor:
        return GREY + self.decoder(z)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        error = (x - self.decode(z)).square().sum(1) / self.noise**2
        return -0.5 * (error + self.dim * log(2 * pi * self.noise**2))


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best linear autoencoder with k latent dimensions for one beta."""

    directions: Tensor  # (64, k) columns of unit length, by decreasing variance
    eigenvalues: Tensor  # (k,) variance of the images along them
    decoder: Tensor  # (64, k) W
    beta: float
    mean: Tensor  # (64,) mu

    @property
    def active(self) -> int:
        """How many latent dimensions carry information."""
        return int((self.eigenvalues > 1.0001 * self.beta * NOISE**2).sum())

    def encode(self, x: Tensor) -> Posterior:
        """Its posterior of images (n, 64); exact for pixel noise of variance beta sigma^2."""
        mean = (x - self.mean) @ (self.decoder / self.eigenvalues)
        return Posterior(mean, self._variance().log().expand_as(mean))

    def log_density(self, x: Tensor) -> Tensor:
        """log N(x; mu, W W^T + sigma^2 I), (n,): the density of its decoder at images (n, 64)."""
        return LinearGaussian(self.decoder, self.mean, NOISE).log_density(x)

    def kl(self) -> Tensor:
        """Expected KL of each latent dimension (k,), in nats."""
        return -0.5 * self._variance().log()  # the averages of mean^2 and variance add up to 1

    def _variance(self) -> Tensor:
        """Posterior variance of each latent dimension (k,); clamped, as it is 0 at beta = 0."""
        return (self.beta * NOISE**2 / self.eigenvalues).clamp(min=1e-6, max=1.0)

    def vae(self) -> LinearVAE:
        """A VAE with these parameters."""
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
def optimum(latent_dim: int, beta: float = 1.0) -> Optimum:
    """The best linear autoencoder with `latent_dim` dimensions, for the exact distribution."""
    patterns = _patterns()[:, :latent_dim]
    eigenvalues = torch.full((latent_dim,), NOISE**2)
    eigenvalues[: len(SCALES)] += torch.tensor(SCALES[:latent_dim]).square()
    gain = (eigenvalues - beta * NOISE**2).clamp(min=0).sqrt()
    return Optimum(patterns, eigenvalues, patterns * gain, beta, _mean())


def log_density(x: Tensor) -> Tensor:
    """The exact log p(x), (n,), of images (n, 64), in nats."""
    return optimum(len(SCALES)).log_density(x)


def sample(n: int, rng: Generator) -> tuple[Tensor, Tensor]:
    """n new images (n, 64), and the quadrant of (z_1, z_2) of each (n,) int64."""
    z = torch.randn(n, len(SCALES), generator=rng)
    noise = torch.randn(n, SIDE * SIDE, generator=rng)
    signal = (z * torch.tensor(SCALES)) @ _patterns()[:, : len(SCALES)].T
    return _mean() + signal + NOISE * noise, (z[:, 0] > 0).long() + 2 * (z[:, 1] > 0).long()


@lru_cache(maxsize=1)
def images() -> ImageSet:
    """1,000 for training and 1,000 for the test; `train` draws new ones in every batch instead."""
    x, labels = sample(2000, generator(0))
    shape = (SIDE, SIDE)
    return ImageSet(NAME, shape, QUADRANTS, x[:1000], x[1000:], labels[:1000], labels[1000:])


def align(codes: Tensor, onto: Tensor) -> Tensor:
    """The rotation or reflection R (k, k) that brings codes (n, k) closest to `onto`: codes @ R.

    The prior is isotropic, so the optimum is unique only up to such an R (orthogonal Procrustes).
    """
    u, _, v = torch.linalg.svd(codes.T @ onto)
    return u @ v


def _mean() -> Tensor:
    return torch.full((SIDE * SIDE,), GREY)


@lru_cache(maxsize=1)
def _patterns() -> Tensor:
    """The cosine basis in orthonormal columns (64, 64), the four patterns of the images first."""
    waves = []  # of the one-dimensional cosine transform
    for k in range(SIDE):
        wave = torch.tensor([cos(pi * k * (i + 0.5) / SIDE) for i in range(SIDE)])
        waves.append(wave / wave.norm())
    first = [(0, 1), (1, 0), (1, 1), (0, 2)]
    pairs = first + [pair for pair in product(range(SIDE), range(SIDE)) if pair not in first]
    columns = [torch.outer(waves[down], waves[across]).reshape(-1) for down, across in pairs]
    return torch.stack(columns, dim=1)
