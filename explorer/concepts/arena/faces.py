"""Faces for the families whose pages stop at digits: the same GAN, the same denoiser.

An image has 768 pixel values instead of 64. The GAN is trained as on its page. The denoiser is the
page's network without classes.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts import gan
from explorer.concepts.arena.learner import Config, Samples, run
from explorer.concepts.diffusion import (
    EMA_DECAY,
    LOG_NORMAL,
    SCHEDULES,
    Denoiser,
    ImageNet,
    final,
    pure_noise,
    reverse_process,
)
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, Average, cosine

BATCH, LEARNING_RATE, SAMPLING_STEPS, AXES = 128, 5e-3, 18, 96


class FacesConfig(gan.Config):
    """The config of the GAN's page, for a set of images that the page does not have."""

    def __post_init__(self) -> None:
        """What it is built from has been checked by `learner.Config`."""

    @property
    def of_images(self) -> bool:
        return True


class FacesGAN:
    """A GAN of faces; its averaged generator is the model."""

    def __init__(self, config: Config) -> None:
        self.config = config
        own = FacesConfig(
            dataset=config.dataset, hidden=config.size, d_hidden=config.size, latent_dim=32,
            steps=config.steps, seed=config.seed, batch=128, learning_rate=2e-3,
        )  # fmt: skip
        self.gan = gan.GAN(own)

    def update(self, step: int) -> None:
        """One training step."""
        self.gan.train_step()

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n images (n, d) in 0..1."""
        z = torch.randn(n, self.gan.config.latent_size, generator=generator(seed))
        return freeze((self.gan.averaged()(z) / 2 + 0.5).clamp(0, 1))

    def log_density(self, x: Tensor) -> Tensor:
        raise ValueError("A GAN has no likelihood.")

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged generator's."""
        own = weights(self.gan.averaged())
        return {f"averaged.{name}": value for name, value in own.items()}


@dataclass(frozen=True)
class DenoiserConfig(Config):
    """A denoiser of faces: what the network predicts, at which noise levels."""

    prediction: str = "edm"
    schedule: str = "karras"


class PrincipalAxes:
    """The directions in which images vary most, scaled to unit size: a linear latent space."""

    def __init__(self, chosen: ImageSet, dim: int) -> None:
        self.dim, self.mean = dim, chosen.train.mean(0)
        self.basis = torch.linalg.svd(chosen.train[:2000] - self.mean, full_matrices=False).Vh[:dim]
        self.std = ((chosen.train - self.mean) @ self.basis.T).std()

    def encode(self, x: Tensor) -> Tensor:
        """Images (n, d) in 0..1 as points (n, dim)."""
        return (x - self.mean) @ self.basis.T / self.std

    def decode(self, x: Tensor) -> Tensor:
        """Points (n, dim) as images (n, d) in 0..1."""
        return ((self.std * x) @ self.basis + self.mean).clamp(0, 1)


class FacesDenoiser:
    """A denoiser along AXES axes, without classes; the average of its weights is the model."""

    def __init__(self, config: DenoiserConfig) -> None:
        self.config, self.rng = config, generator(config.seed)
        self.space = PrincipalAxes(images.load(config.dataset), AXES)
        self.data = self.space.encode(images.load(config.dataset).train)
        self.denoiser, self.shown = (
            Denoiser(
                ImageNet(self.space.dim, config.size, 0, generator(config.seed)), config.prediction
            )
            for _ in range(2)
        )
        self.adam = Adam(self.denoiser.parameters(), LEARNING_RATE)
        self.average = Average(self.adam, EMA_DECAY)

    def update(self, step: int) -> None:
        """Lower the error of the prediction for a batch of noised images."""
        self.adam.rate = cosine(step, self.config.steps, LEARNING_RATE)
        rows = torch.randint(len(self.data), (BATCH,), generator=self.rng)
        sigma = SCHEDULES[self.config.schedule].draw(BATCH, self.rng, LOG_NORMAL)
        eps = torch.randn(BATCH, self.space.dim, generator=self.rng)
        self.adam.descend(self.denoiser.loss(self.data[rows], sigma, eps))
        self.average.update()

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n images (n, d) in 0..1, by Heun's method."""
        self.average.copy_to(self.shown)
        rng, karras = generator(seed), SCHEDULES["karras"]
        x = pure_noise((n, self.space.dim), karras, rng)
        steps = reverse_process(self.shown, x, karras, SAMPLING_STEPS)
        return freeze(self.space.decode(final(steps)))

    def log_density(self, x: Tensor) -> Tensor:
        raise ValueError("Of images, the likelihood of a denoiser is not computed here.")

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights."""
        self.average.copy_to(self.shown)
        return weights(self.shown)


def train_gan(config: Config) -> Generator[Samples, None, FacesGAN]:
    """Train a GAN on faces."""
    return (yield from run(FacesGAN(config), config))


def train_denoiser(config: DenoiserConfig) -> Generator[Samples, None, FacesDenoiser]:
    """Learn to remove noise from faces."""
    return (yield from run(FacesDenoiser(config), config))
