"""The variational autoencoder of the linear images; that of all others is `shared/vae.py`."""

from math import log, pi

import torch
from torch import Generator, Tensor, nn

from explorer.concepts.shared.vae import VAE, Posterior
from explorer.nets import linear

GREY = 0.5  # the linear model sees pixels as departures from it, which makes learning quicker


class LinearVAE(VAE):
    """The same without hidden layers and with Gaussian pixels of standard deviation `noise`.

    Its best possible state is known exactly (`linear.py`).
    Lucas et al. (2019), Don't Blame the ELBO, https://arxiv.org/abs/1911.02469
    """

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
