"""What a run is compared with: the best known, the exact, a model without a code, and PCA.

Principal component analysis is the best linear way to squeeze images into z numbers and back, by
squared error. Pearson (1901), https://doi.org/10.1080/14786440109462720
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.best import best_known
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import generator
from explorer.scene import frozen

PIXELS = 200_704  # of the test images that judge every frame: 256 of 28 x 28, all of 8 x 8
SHOWN = 9  # test images that are drawn
CHOICES = 10  # test images to choose from, for walks and arithmetic
ACTIVE = 0.01  # variance of a unit's mean over images, above which it counts as used
MAPPED = 512  # codes on the map, at most


@dataclass(frozen=True, eq=False)
class Jury:
    """The test images that judge every frame, the same ones in every run on a data set."""

    images: Tensor  # (m, d)
    labels: np.ndarray  # (m,) int64
    shown: Tensor  # (SHOWN, d), the first of the jury
    inputs: np.ndarray  # (SHOWN, h, w[, 3]) uint8
    of: int  # size of the whole test set
    empty: float  # test ELBO without any code: every pixel at its average


@dataclass(frozen=True, eq=False)
class Reference:
    """What is known about a data set and a size of the code before training."""

    best: float  # test ELBO, nats
    exact: bool  # whether no model of this kind can do better
    pca_error: float  # mean squared error per pixel of the test images
    pca_rebuilt: np.ndarray  # (SHOWN, h, w[, 3]) uint8
    optimum: linear.Optimum | None  # of the linear data set


def dataset(name: str) -> ImageSet:
    """The images called `name`."""
    return linear.images() if name == linear.NAME else images.load(name)


@lru_cache(maxsize=8)
def jury(name: str) -> Jury:
    """A part of the test set that stands for all of it.

    Of 500 random parts the one whose averages are closest to those of the whole: of how hard the
    images are to guess without a code, of their ink, and of what PCA loses of them.
    """
    data = dataset(name)
    test, guess = data.test, without_code(data)
    lost = [(squeezed(name, test, k) - test).square().sum(1) for k in (2, 8, 32)]
    traits = torch.stack([guess, test.sum(1), *lost], dim=1)
    traits = (traits - traits.mean(0)) / traits.std(0)
    size = min(len(test), PIXELS // test.shape[1])
    rng = generator(0)
    parts = [torch.randperm(len(test), generator=rng)[:size] for _ in range(500)]
    chosen = min(parts, key=lambda part: traits[part].mean(0).norm().item())
    # One image of each class comes first (or more, of few classes): these are the ones drawn.
    labels = data.test_labels[chosen]
    repeats = torch.stack([(labels[:i] == labels[i]).sum() for i in range(size)])
    chosen = chosen[(repeats * len(data.classes) + labels).argsort()]
    shown = test[chosen[:SHOWN]].clone()
    return Jury(
        test[chosen].clone(),
        frozen(data.test_labels[chosen].numpy()),
        shown,
        frozen(data.pixels(shown)),
        len(test),
        guess.mean().item(),
    )


def without_code(data: ImageSet) -> Tensor:
    """log p(x) of each test image (n,) for the best model that knows only the average image."""
    mean = data.train.mean(0).expand_as(data.test)
    if data.name == linear.NAME:
        spread = linear.NOISE
        gauss = torch.distributions.Normal(linear.optimum(1).mean, spread)
        return gauss.log_prob(data.test).sum(1)
    return -binary_cross_entropy(mean, data.test, reduction="none").sum(1)


@lru_cache(maxsize=64)
def reference(name: str, latent: int) -> Reference:
    """What `latent` units can do on the data set called `name`."""
    data = dataset(name)
    error = (squeezed(name, data.test, latent) - data.test).square().mean().item()
    optimum = linear.optimum(latent) if name == linear.NAME else None
    best = optimum.log_density(data.test).mean().item() if optimum else best_known(name, latent)
    pictures = frozen(data.pixels(squeezed(name, jury(name).shown, latent)))
    return Reference(best, optimum is not None, error, pictures, optimum)


def squeezed(name: str, x: Tensor, latent: int) -> Tensor:
    """Images (n, d) of the data set called `name`, squeezed into `latent` numbers and back."""
    mean, directions = principal(name)
    basis = directions[:, :latent]
    return mean + (x - mean) @ basis @ basis.T


@lru_cache(maxsize=8)
def principal(name: str) -> tuple[Tensor, Tensor]:
    """Mean (d,) and the 32 directions (d, 32) along which training images vary most."""
    x = dataset(name).train
    mean = x.mean(0)
    off = x - mean
    _, vectors = torch.linalg.eigh(off.T @ off)
    return mean, vectors[:, -32:].flip(1).contiguous()
