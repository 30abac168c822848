r"""The variational autoencoder of the plane: two latent dimensions, Gaussian output noise.

    p(x) = int N(x; decode(z), s^2 I) N(z; 0, I) dz,      s learnt

Of images, the VAE of the page on latent space is taken as it is. The likelihood is estimated from
below by importance sampling: latent codes are drawn from the encoder and weighted.

Kingma and Welling (2014), https://arxiv.org/abs/1312.6114
Burda, Grosse and Salakhutdinov (2016), importance weighted autoencoders,
https://arxiv.org/abs/1509.00519
"""

from collections.abc import Generator
from math import log, pi
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from explorer.concepts import latent_space
from explorer.concepts.arena.learner import Config, Samples, Source, run
from explorer.concepts.shared.vae import VAE, Posterior, reparameterise
from explorer.nets import generator, mlp, weights
from explorer.optim import Adam, Average, cosine

BATCH, LEARNING_RATE, DRAWS = 256, 5e-3, 128
LATENT_DIM = 2


class PlaneVAE(VAE):
    """Two hidden layers in encoder and decoder; points are Gaussian around the decoded ones."""

    def __init__(self, hidden: int, rng: torch.Generator) -> None:
        nn.Module.__init__(self)
        self.dim, self.latent_dim = 2, LATENT_DIM
        self.encoder = mlp([2, hidden, hidden, 2 * LATENT_DIM], rng)
        self.decoder = mlp([LATENT_DIM, hidden, hidden, 2], rng)
        self.log_noise = nn.Parameter(torch.tensor([-1.0]))

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        gap = (x - self.decoder(z)).square().sum(1) * (-2 * self.log_noise).exp()
        return -0.5 * gap - 2 * self.log_noise - log(2 * pi)


class PlaneModel:
    """The autoencoder in training and its averaged weights, which are the model."""

    def __init__(self, config: Config) -> None:
        self.config, self.source, self.rng = config, Source(config), generator(config.seed)
        self.net, self.shown = (PlaneVAE(config.size, generator(config.seed)) for _ in range(2))
        self.adam = Adam(self.net.parameters(), LEARNING_RATE)
        self.average = Average(self.adam)

    def update(self, step: int) -> None:
        """Raise the bound on a batch."""
        x = self.source.batch(BATCH, self.rng)
        noise = torch.randn(BATCH, LATENT_DIM, generator=self.rng)
        self.adam.rate = cosine(step, self.config.steps, LEARNING_RATE)
        self.adam.descend(-self.net.elbo(x, noise).mean())
        self.average.update()

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n points (n, 2): a decoded latent code, and noise of the learnt size."""
        self.average.copy_to(self.shown)
        rng = generator(seed)
        decoded = self.shown.decode(torch.randn(n, LATENT_DIM, generator=rng))
        noise = torch.randn(n, 2, generator=rng)
        return self.source.samples(decoded + self.shown.log_noise.exp() * noise)

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """A bound from below on log p(x), (n,), by DRAWS latent codes of each of points (n, 2)."""
        self.average.copy_to(self.shown)
        posterior, rng = self.shown.encode(x), generator(0)
        terms = []
        for _ in range(DRAWS):
            noise = torch.randn(len(x), LATENT_DIM, generator=rng)
            terms.append(self.shown.log_likelihood(x, z := reparameterise(posterior, noise)))
            terms[-1] += log_normal(z) - log_posterior(posterior, noise)
        return torch.stack(terms).logsumexp(0) - log(DRAWS)

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights."""
        self.average.copy_to(self.shown)
        return weights(self.shown)


def log_normal(z: Tensor) -> Tensor:
    """log N(z; 0, I), (n,), of latent codes (n, k)."""
    return -0.5 * (z.square().sum(1) + z.shape[1] * log(2 * pi))


def log_posterior(posterior: Posterior, noise: Tensor) -> Tensor:
    """log q(z | x), (n,), of the latent codes that standard normal `noise` (n, k) becomes."""
    return log_normal(noise) - 0.5 * posterior.log_variance.sum(1)


def train(config: Any) -> Generator[Any, None, Any]:
    """An autoencoder of points, or of images: the page's own, with its config."""
    if isinstance(config, Config):
        return (yield from _points(config))
    return (yield from latent_space.train(config))


def _points(config: Config) -> Generator[Samples, None, PlaneModel]:
    return (yield from run(PlaneModel(config), config))
