"""Two small generators of handwritten digits, for detectors to tell from real ones."""

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, softplus

from explorer.concepts.ethics.forensics import SIDE
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.vae import VAE
from explorer.data import images
from explorer.nets import generator, mlp
from explorer.optim import Adam, Average, cosine

LATENT, HIDDEN, BATCH = 16, 128, 64
NOISE = 32  # latent dimensions of the GAN


def digits(seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """MNIST at half its size, in random order: what generators, detectors and tests are given.

    Three parts without a common image, (5000, SIDE^2), (2000, ...), (2000, ...), rounded to 256
    levels of grey as files are.
    """
    chosen = images.load("mnist")
    order = torch.randperm(len(chosen.train), generator=generator(seed))[:9000]
    small = avg_pool2d(chosen.train[order].view(-1, 1, 28, 28), 2).reshape(-1, SIDE**2)
    first, second, third = rounded(small).split([5000, 2000, 2000])
    return first, second, third


def rounded(x: Tensor) -> Tensor:
    """Images in 256 levels of grey."""
    return (x.clamp(0, 1) * 255).round() / 255


class Autoencoder:
    """A VAE that learns step by step."""

    def __init__(self, data: Tensor, steps: int, seed: int) -> None:
        self.data, self.steps, self.rng = data, steps, generator(seed)
        self.vae = VAE(SIDE**2, LATENT, HIDDEN, self.rng)
        self.adam = Adam(self.vae.parameters(), 3e-3)

    def update(self, step: int) -> None:
        """One training step."""
        x = self.data[torch.randint(len(self.data), (BATCH,), generator=self.rng)]
        loss = -self.vae.elbo(x, torch.randn(BATCH, LATENT, generator=self.rng)).mean()
        finite(loss.item(), step)
        self.adam.descend(loss, cosine(step, self.steps, 3e-3))

    @torch.no_grad()
    def sample(self, n: int, seed: int) -> Tensor:
        """n images (n, SIDE^2)."""
        return rounded(self.vae.decode(torch.randn(n, LATENT, generator=generator(seed))))


class Adversarial:
    """A GAN with the non-saturating loss and a zero-centred gradient penalty (R1)."""

    def __init__(self, data: Tensor, seed: int) -> None:
        self.data, self.rng = data, generator(seed)
        self.generator: nn.Module = mlp([NOISE, 192, 192, SIDE**2], self.rng)
        self.discriminator = mlp([SIDE**2, 192, 128, 1], self.rng, lambda: nn.LeakyReLU(0.2))
        self.g = Adam(self.generator.parameters(), 1e-3, (0.5, 0.9))
        self.d = Adam(self.discriminator.parameters(), 1e-3, (0.5, 0.9))
        self.average = Average(self.g, 0.995)
        self.averaged: nn.Module = mlp([NOISE, 192, 192, SIDE**2], generator(0))

    def update(self, step: int) -> None:
        """One update of the discriminator, one of the generator; R1 every fourth time."""
        real = self.data[torch.randint(len(self.data), (BATCH,), generator=self.rng)].clone()
        z = torch.randn(2, BATCH, NOISE, generator=self.rng)
        penalised = step % 4 == 0
        real.requires_grad_(penalised)
        logits = self.discriminator(real)
        fake = self.generator(z[0]).sigmoid().detach()
        loss = softplus(-logits).mean() + softplus(self.discriminator(fake)).mean()
        if penalised:
            (gradient,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
            loss = loss + 4 * 0.05 * gradient.square().sum(1).mean()
        finite(loss.item(), step)
        self.d.descend(loss)
        self.g.descend(softplus(-self.discriminator(self.generator(z[1]).sigmoid())).mean())
        self.average.update()

    @torch.no_grad()
    def sample(self, n: int, seed: int) -> Tensor:
        """n images (n, SIDE^2)."""
        self.average.copy_to(self.averaged)
        z = torch.randn(n, NOISE, generator=generator(seed))
        return rounded(self.averaged(z).sigmoid())
