r"""The variational autoencoder (VAE): encoder, decoder, and the evidence lower bound (ELBO).

The encoder maps an image x to an approximate posterior q(z | x) = N(mu, diag(sigma^2)) over latent
codes z, the decoder maps a code z to p(x | z), and the prior over codes is p(z) = N(0, I). Training
maximises a lower bound on the log-likelihood, in nats per image:

    log p(x)  >=  ELBO(x)  =  E_q[log p(x | z)]  -  KL(q(z | x) || p(z))

The expectation is estimated with one draw z = mu + sigma * eps, eps ~ N(0, I), through which
gradients reach mu and sigma (the reparameterisation trick).

Kingma and Welling (2014), Auto-Encoding Variational Bayes, https://arxiv.org/abs/1312.6114
Rezende, Mohamed and Wierstra (2014), https://arxiv.org/abs/1401.4082
Higgins et al. (2017), beta-VAE, https://openreview.net/forum?id=Sy2fzU9gl
"""

from typing import NamedTuple

from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from explorer.nets import mlp


class Posterior(NamedTuple):
    """q(z | x) for n images: independent Gaussians, one for each of k latent dimensions."""

    mean: Tensor  # (n, k)
    log_variance: Tensor  # (n, k)


class Terms(NamedTuple):
    """The two terms of the ELBO, in nats: ELBO = log_likelihood - kl.sum(1)."""

    log_likelihood: Tensor  # (n,) of the image, given one draw of its latent code
    kl: Tensor  # (n, k) of each latent dimension


def reparameterise(posterior: Posterior, noise: Tensor) -> Tensor:
    """Latent codes (n, k) drawn from q: standard normal `noise` (n, k), scaled and shifted."""
    mean, log_variance = posterior
    return mean + (0.5 * log_variance).exp() * noise


def kl_to_prior(posterior: Posterior) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) of every latent dimension, (n, k), in closed form."""
    mean, log_variance = posterior
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


class VAE(nn.Module):
    """Encoder and decoder of two hidden layers each, for images as rows (n, dim) in 0..1.

    The likelihood of a pixel is Bernoulli (a probability of ink), also where it is grey: `decode`
    returns these probabilities. Weights are drawn from `rng`.
    """

    def __init__(self, dim: int, latent_dim: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.dim, self.latent_dim = dim, latent_dim
        self.encoder: nn.Module = mlp([dim, hidden, hidden, 2 * latent_dim], rng)
        self.decoder: nn.Module = mlp([latent_dim, hidden, hidden, dim], rng)

    def encode(self, x: Tensor) -> Posterior:
        """The posterior of images (n, dim)."""
        return Posterior(*self.encoder(x).chunk(2, dim=1))

    def decode(self, z: Tensor) -> Tensor:
        """The mean image (n, dim) of latent codes (n, k)."""
        return self.decoder(z).sigmoid()

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x | z), (n,): minus the cross-entropy, summed over the pixels."""
        return -binary_cross_entropy_with_logits(self.decoder(z), x, reduction="none").sum(1)

    def terms(self, x: Tensor, noise: Tensor) -> Terms:
        """Both terms of the ELBO for images (n, dim), with standard normal `noise` (n, k)."""
        posterior = self.encode(x)
        z = reparameterise(posterior, noise)
        return Terms(self.log_likelihood(x, z), kl_to_prior(posterior))

    def elbo(self, x: Tensor, noise: Tensor, beta: float = 1.0) -> Tensor:
        """The ELBO (n,) of images (n, dim); with `beta` the KL is weighted (beta-VAE)."""
        log_likelihood, kl = self.terms(x, noise)
        return log_likelihood - beta * kl.sum(1)
