r"""Likelihoods that a model does not give by itself: of denoisers, and of images in bits.

A denoiser's is computed along the probability flow ODE. Along dx/ds = (x - D(x, s)) / s points flow
from data to noise, and density changes by the divergence of the flow (the instantaneous change of
variables):

    log p_a(x_a) = log p_b(x_b) + int_a^b div((x - D) / s) ds

In the plane the divergence is exact: two derivatives. It is integrated from the noise level LOWEST,
so it is the density of points blurred by that much, up to HIGHEST, where only noise is left.

Chen et al. (2018), Neural ordinary differential equations, https://arxiv.org/abs/1806.07366
Song et al. (2021), equation 39, https://arxiv.org/abs/2011.13456
"""

from math import log, pi
from typing import Any

import torch
from torch import Tensor

from explorer.concepts.diffusion import Denoise
from explorer.concepts.shared.vae import VAE, kl_to_prior, reparameterise
from explorer.data.levels import GreyLevels, levels
from explorer.nets import generator

LOWEST, HIGHEST, STEPS, POWER = 0.01, 6.0, 14, 7.0


def log_density(denoise: Denoise, x: Tensor, steps: int = STEPS) -> Tensor:
    """log p(x), (n,), of points (n, 2), for data of unit size.

    By the method of Runge and Kutta in u = s^(1/POWER), whose steps are small where detail is.
    """
    low, high = LOWEST ** (1 / POWER), HIGHEST ** (1 / POWER)
    step = (high - low) / steps
    gained = torch.zeros(len(x))

    def derivative(at: Tensor, u: float) -> tuple[Tensor, Tensor]:
        velocity, divergence = flow(denoise, at, u**POWER)
        scale = POWER * u ** (POWER - 1)  # ds / du
        return scale * velocity, scale * divergence

    for i in range(steps):
        u = low + i * step
        k1, d1 = derivative(x, u)
        k2, d2 = derivative(x + step / 2 * k1, u + step / 2)
        k3, d3 = derivative(x + step / 2 * k2, u + step / 2)
        k4, d4 = derivative(x + step * k3, u + step)
        x = x + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        gained = gained + step / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
    square = 1 + HIGHEST**2  # data of unit size, under that much noise
    return gained - 0.5 * x.square().sum(1) / square - log(2 * pi * square)


def flow(denoise: Denoise, x: Tensor, s: float) -> tuple[Tensor, Tensor]:
    """The velocity (x - D) / s (n, 2), and its divergence (n,)."""
    with torch.enable_grad():
        at = x.detach().requires_grad_()
        velocity = (at - denoise(at, s)) / s
        divergence = torch.zeros(len(x))
        for axis in range(x.shape[1]):
            (grad,) = torch.autograd.grad(velocity[:, axis].sum(), at, retain_graph=axis == 0)
            divergence = divergence + grad[:, axis]
    return velocity.detach(), divergence


DRAWS = 16


def level_bits(model: Any, x: Tensor) -> float:
    """Bits per pixel of images (n, d) in 0..1, for a model of levels: exact."""
    return levels(model.config.dataset).bits(_mean(model.log_density(x)), dequantised=False)


def dequantised_bits(model: Any, x: Tensor) -> float:
    """An upper bound, for a density of dequantised images."""
    own = levels(model.config.dataset)
    return own.bits(_mean(model.log_density(own.dequantised(x, generator(0)))), dequantised=True)


@torch.no_grad()
def decoder_bits(model: Any, x: Tensor) -> float:
    """An upper bound, for a VAE whose pixels are probabilities of ink.

    A pixel with logit a has level k, of grey v_k, with probability proportional to exp(a v_k):
    the Bernoulli likelihood that it was trained with, made to sum to one over the levels.
    """
    own, vae, rng = levels(model.config.dataset), model.vae, generator(0)
    posterior = vae.encode(x)
    bounds = [
        _log_likelihood(
            own, vae, x, reparameterise(posterior, torch.randn(posterior.mean.shape, generator=rng))
        )
        for _ in range(DRAWS)
    ]
    nats = torch.stack(bounds).mean(0) - kl_to_prior(posterior).sum(1)
    return own.bits(_mean(nats), dequantised=False)


def _log_likelihood(own: GreyLevels, vae: VAE, x: Tensor, z: Tensor) -> Tensor:
    """log P(levels of x | z), (n,), of images (n, d) and latent codes (n, k)."""
    grey = own.pixels(torch.arange(own.count)).float()
    logits = vae.decoder(z)
    chosen = logits * grey[own.of(x)]
    return (chosen - (logits[:, :, None] * grey).logsumexp(2)).sum(1)


def _mean(log_p: Tensor) -> float:
    return log_p.double().mean().item()
