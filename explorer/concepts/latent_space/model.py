"""The model that a run returns: images to latent codes and back."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import nets
from explorer.concepts.latent_space.config import Config
from explorer.concepts.latent_space.measure import MAPPED, dataset, evaluation_subset
from explorer.concepts.latent_space.projection import LIMITS, Projection
from explorer.concepts.shared.vae import VAE, Terms
from explorer.nets import freeze, generator
from explorer.scene import plane_grid

DRAWS = 4  # codes drawn for every test image, for the final ELBO


@dataclass(frozen=True, eq=False)
class TrainedVAE:
    """A trained autoencoder; arrays in, arrays out."""

    config: Config
    vae: VAE
    projection: Projection  # of the latent map

    @torch.no_grad()
    def sample(self, n: int, seed: int) -> np.ndarray:
        """n images (n, d): codes drawn from the prior, decoded."""
        z = torch.randn(n, self.config.latent_dim, generator=generator(seed))
        return freeze(self.vae.decode(z))

    @torch.no_grad()
    def encode(self, x: np.ndarray | Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation, each (n, k), of the posteriors of images (n, d)."""
        mean, log_variance = self.vae.encode(_tensor(x))
        return freeze(mean), freeze((0.5 * log_variance).exp())

    @torch.no_grad()
    def decode(self, z: np.ndarray | Tensor) -> np.ndarray:
        """The mean image (n, d) of codes (n, k)."""
        return freeze(self.vae.decode(_tensor(z)))

    @torch.no_grad()
    def terms(self, x: Tensor, seed: int = 0, draws: int = DRAWS) -> Terms:
        """Both terms of the ELBO of images (n, d), averaged over a few draws of the code."""
        rng = generator(seed)
        shape = (len(x), self.config.latent_dim)
        each = [self.vae.terms(x, torch.randn(shape, generator=rng)) for _ in range(draws)]
        return Terms(torch.stack([t.log_likelihood for t in each]).mean(0), each[0].kl)

    def elbo(self, draws: int = DRAWS) -> float:
        """Of the whole test set, nats per image."""
        log_likelihood, kl = self.terms(dataset(self.config.dataset).test, draws=draws)
        return (log_likelihood.mean() - kl.sum(1).mean()).item()

    def weights(self) -> dict[str, np.ndarray]:
        """All parameters by name: a checkpoint."""
        return nets.weights(self.vae)

    @torch.no_grad()
    def decoded_grid(self, cells: int = 40) -> np.ndarray:
        """The map decoded cell by cell: (cells, cells, h, w[, 3]) uint8, bottom row first."""
        data = dataset(self.config.dataset)
        xy = torch.from_numpy(plane_grid(LIMITS, LIMITS, cells))
        pixels = data.pixels(self.vae.decode(self.projection.lift(xy)))
        return pixels.reshape(cells, cells, *data.shape)

    @torch.no_grad()
    def mapped(self) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
        """Test images on the map (n, 2), their classes (n,), and the names of the classes."""
        subset = evaluation_subset(self.config.dataset)
        mean = self.vae.encode(subset.images[:MAPPED]).mean
        names = dataset(self.config.dataset).classes
        return freeze(self.projection.project(mean)), subset.labels[:MAPPED], names


def _tensor(x: np.ndarray | Tensor) -> Tensor:
    """As a tensor of its own, since arrays of snapshots are read-only."""
    return x if isinstance(x, Tensor) else torch.tensor(x)
