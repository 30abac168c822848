"""Where images are noised: among their own pixels, or among the latent codes of an autoencoder.

Diffusing latent codes instead of pixels makes the network's task many times smaller; the
autoencoder has to be trained first.
Rombach et al. (2022), Latent diffusion, https://arxiv.org/abs/2112.10752
"""

from typing import Protocol

import torch
from torch import Tensor

from explorer.concepts.shared.vae import VAE
from explorer.data.images import ImageSet
from explorer.nets import generator
from explorer.optim import Adam, cosine

LATENT_DIM, BETA = 16, 0.2
VAE_STEPS = 0.5  # share of the training steps that the autoencoder gets
VAE_HIDDEN, VAE_BATCH, VAE_LEARNING_RATE = 192, 64, 4e-3


class Space(Protocol):
    """Images (n, d) in 0..1 to points (n, dim) of about unit variance, and back."""

    dim: int

    def encode(self, images: Tensor) -> Tensor: ...

    def decode(self, x: Tensor) -> Tensor: ...


class Pixels:
    """The pixels themselves, standardised."""

    def __init__(self, chosen: ImageSet) -> None:
        self.dim = chosen.train.shape[1]
        self.mean, self.std = chosen.train.mean(), chosen.train.std()

    def encode(self, images: Tensor) -> Tensor:
        return (images - self.mean) / self.std

    def decode(self, x: Tensor) -> Tensor:
        return (x * self.std + self.mean).clamp(0, 1)


class Latents:
    """The latent codes of an autoencoder, each dimension standardised."""

    def __init__(self, vae: VAE, chosen: ImageSet) -> None:
        self.vae, self.dim = vae, vae.latent_dim
        with torch.no_grad():
            z = vae.encode(chosen.train).mean
        self.mean, self.std = z.mean(0), z.std(0).clamp(min=1e-3)

    def encode(self, images: Tensor) -> Tensor:
        return (self.vae.encode(images).mean - self.mean) / self.std

    def decode(self, x: Tensor) -> Tensor:
        return self.vae.decode(x * self.std + self.mean)


class AutoencoderTraining:
    """The training of an autoencoder, update by update."""

    def __init__(self, chosen: ImageSet, steps: int, seed: int) -> None:
        self.chosen, self.steps, self.rng = chosen, steps, generator(seed)
        self.vae = VAE(chosen.train.shape[1], LATENT_DIM, VAE_HIDDEN, self.rng)
        self.optimizer = Adam(self.vae.parameters(), VAE_LEARNING_RATE, decay=0.01)

    def update(self, step: int) -> None:
        """Update number `step` of all `steps`."""
        warmup = min(100, self.steps // 10)
        self.optimizer.rate = cosine(step, self.steps, VAE_LEARNING_RATE, warmup)
        rows = torch.randint(len(self.chosen.train), (VAE_BATCH,), generator=self.rng)
        noise = torch.randn(VAE_BATCH, LATENT_DIM, generator=self.rng)
        self.optimizer.descend(-self.vae.elbo(self.chosen.train[rows], noise, BETA).mean())
