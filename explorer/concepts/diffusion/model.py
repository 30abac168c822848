"""Trained denoisers, of points and of images: what the reverse process and the arena are given."""

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.network import Denoiser
from explorer.concepts.diffusion.samplers import (
    Denoise,
    final,
    guided,
    pure_noise,
    reverse_process,
)
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.spaces import Latents, Space
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import freeze, generator, weights


class PlaneModel:
    """A trained denoiser of points."""

    def __init__(self, config: Config, denoiser: Denoiser) -> None:
        self.config, self.denoiser = config, denoiser

    @torch.no_grad()
    def denoise(self, x: Tensor, sigma: Tensor | float) -> Tensor:
        """The denoised estimate E[x0 | x] for x = x0 + sigma eps, (n, 2)."""
        return self.denoiser(x, sigma)

    def sample(self, n: int, seed: int = 0, steps: int = 25) -> np.ndarray:
        """n generated points (n, 2), by Heun's method."""
        rng, schedule = generator(seed), SCHEDULES["karras"]
        x = pure_noise((n, 2), schedule, rng)
        return freeze(final(reverse_process(self.denoise, x, schedule, steps)))

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights, a checkpoint."""
        return weights(self.denoiser)


class ImageModel:
    """A trained denoiser of images, or of their latent codes."""

    def __init__(self, config: Config, denoiser: Denoiser, space: Space) -> None:
        self.config, self.denoiser, self.space = config, denoiser, space

    @property
    def images(self) -> ImageSet:
        return images.load(self.config.dataset)

    @property
    def in_latent_space(self) -> bool:
        """Whether latent codes are noised, not pixels."""
        return isinstance(self.space, Latents)

    @torch.no_grad()
    def denoise(self, x: Tensor, sigma: Tensor | float, label: Tensor | None = None) -> Tensor:
        """The denoised estimate E[x0 | x, label] of x (n, dim) in the space of the model."""
        return self.denoiser(x, sigma, label)

    def guided(self, label: Tensor | None, scale: float = 1.0) -> Denoise:
        """The denoiser for classes (n,), or for any image."""
        if label is None:
            return self.denoise
        return guided(lambda x, sigma: self.denoise(x, sigma, label), self.denoise, scale)

    @torch.no_grad()
    def encode(self, x: Tensor) -> Tensor:
        """Images (n, d) in 0..1 as points (n, dim) of the space that is noised."""
        return self.space.encode(x)

    @torch.no_grad()
    def decode(self, x: Tensor) -> Tensor:
        """Points (n, dim) as images (n, d) in 0..1."""
        return self.space.decode(x)

    def sample(
        self, n: int, seed: int = 0, guidance: float = 1.0, label: Tensor | None = None
    ) -> np.ndarray:
        """n generated images (n, d) in 0..1; without labels, the classes in turn."""
        rng, schedule = generator(seed), SCHEDULES["karras"]
        label = classes_in_turn(n) if label is None else label
        x = pure_noise((n, self.space.dim), schedule, rng)
        x = final(reverse_process(self.guided(label, guidance), x, schedule, 18))
        return freeze(self.decode(x))

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights, and those of the autoencoder if there is one."""
        own = weights(self.denoiser)
        if isinstance(self.space, Latents):
            own |= {f"vae.{name}": value for name, value in weights(self.space.vae).items()}
        return own


def classes_in_turn(n: int) -> Tensor:
    """0 to 9 in turn, (n,)."""
    return torch.arange(n) % 10
