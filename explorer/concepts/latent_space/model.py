r"""The variational autoencoder: an image becomes a small cloud of codes, a code becomes an image.

The encoder turns an image x into q(z | x) = N(mu, diag(sigma^2)), the decoder a code z into
p(x | z), and the codes are meant to be spread as p(z) = N(0, I). Training raises a bound on the
likelihood, in nats per image:

    log p(x)  >=  ELBO(x)  =  E_q[log p(x | z)]  -  KL(q(z | x) || p(z))

The expectation is taken with one draw z = mu + sigma * eps, eps ~ N(0, I), through which gradients
reach mu and sigma ("reparameterisation").

Kingma and Welling (2014), Auto-Encoding Variational Bayes, https://arxiv.org/abs/1312.6114
Rezende, Mohamed and Wierstra (2014), https://arxiv.org/abs/1401.4082
Higgins et al. (2017), beta-VAE, https://openreview.net/forum?id=Sy2fzU9gl
"""

from math import log, pi
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from explorer.nets import linear, mlp

GREY = 0.5  # the linear model sees pixels as departures from it, which makes learning quicker


class Posterior(NamedTuple):
    """q(z | x) for n images: independent Gaussians, one for each of z units."""

    mean: Tensor  # (n, z)
    log_variance: Tensor  # (n, z)


class Terms(NamedTuple):
    """The two halves of the bound, in nats: ELBO = log_likelihood - kl.sum(1)."""

    log_likelihood: Tensor  # (n,) of the image, given one draw of its code
    kl: Tensor  # (n, z) unit by unit


def reparameterise(posterior: Posterior, noise: Tensor) -> Tensor:
    """Codes (n, z) drawn from q: standard normal `noise` (n, z), stretched and moved."""
    mean, log_variance = posterior
    return mean + (0.5 * log_variance).exp() * noise


def kl_to_prior(posterior: Posterior) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) of every unit, (n, z), in closed form."""
    mean, log_variance = posterior
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


class VAE(nn.Module):
    """Encoder and decoder of two hidden layers each, for images as rows (n, dim) in 0..1.

    Every pixel is scored as a probability of ink (Bernoulli), also where it is grey: `decode`
    returns these probabilities. Weights come from `rng`.
    """

    def __init__(self, dim: int, latent: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.dim, self.latent = dim, latent
        self.encoder: nn.Module = mlp([dim, hidden, hidden, 2 * latent], rng)
        self.decoder: nn.Module = mlp([latent, hidden, hidden, dim], rng)

    def encode(self, x: Tensor) -> Posterior:
        """The posterior of images (n, dim)."""
        return Posterior(*self.encoder(x).chunk(2, dim=1))

    def decode(self, z: Tensor) -> Tensor:
        """The expected image (n, dim) of codes (n, z)."""
        return self.decoder(z).sigmoid()

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x | z), (n,): minus the cross-entropy, summed over the pixels."""
        return -binary_cross_entropy_with_logits(self.decoder(z), x, reduction="none").sum(1)

    def terms(self, x: Tensor, noise: Tensor) -> Terms:
        """Both halves of the bound for images (n, dim), with standard normal `noise` (n, z)."""
        posterior = self.encode(x)
        z = reparameterise(posterior, noise)
        return Terms(self.log_likelihood(x, z), kl_to_prior(posterior))

    def elbo(self, x: Tensor, noise: Tensor, beta: float = 1.0) -> Tensor:
        """The bound (n,) for images (n, dim); with `beta`, the KL counts that many times."""
        log_likelihood, kl = self.terms(x, noise)
        return log_likelihood - beta * kl.sum(1)


class LinearVAE(VAE):
    """The same without hidden layers and with Gaussian pixels of standard deviation `noise`.

    Its best possible state is known exactly (`linear.py`).
    Lucas et al. (2019), Don't Blame the ELBO, https://arxiv.org/abs/1911.02469
    """

    def __init__(self, dim: int, latent: int, noise: float, rng: Generator) -> None:
        nn.Module.__init__(self)
        self.dim, self.latent, self.noise = dim, latent, noise
        self.encoder: nn.Linear = linear(dim, latent, rng)
        self.decoder: nn.Linear = linear(latent, dim, rng)
        self.log_variance = nn.Parameter(torch.zeros(latent))  # the same for every image

    def encode(self, x: Tensor) -> Posterior:
        mean = self.encoder(x - GREY)
        return Posterior(mean, self.log_variance.expand_as(mean))

    def decode(self, z: Tensor) -> Tensor:
        return GREY + self.decoder(z)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        error = (x - self.decode(z)).square().sum(1) / self.noise**2
        return -0.5 * (error + self.dim * log(2 * pi * self.noise**2))
