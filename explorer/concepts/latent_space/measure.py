"""What a run is compared with: the best known ELBO, the exact one, the data mean alone, and PCA.

Principal component analysis (PCA) is the linear autoencoder with the smallest squared error.
Pearson (1901), https://doi.org/10.1080/14786440109462720
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy

from explorer.concepts.latent_space import linear
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import generator
from explorer.scene import frozen

PIXELS = 200_704  # of the evaluation subset: 256 images of 28 x 28, all test images of 8 x 8
SHOWN = 9  # test images that are drawn
CHOICES = 10  # test images to choose from
ACTIVE = 0.01  # variance over images of a dimension's posterior mean, above which it is active
MAPPED = 512  # codes on the map, at most
# Which random part of the test set the evaluation subset is: of 500 parts the one whose averages
# (log-likelihood under the data mean, ink, error of PCA) are closest to those of the whole set.
# Stored, since two parts that are nearly as close would be told apart by rounding errors.
SUBSETS = {"mnist": 13, "digits": 184, "fashion": 166, "letters": 70, "faces": 145, linear.NAME: 4}
# The best test ELBO seen in any run, by data set and latent dimension, in nats per image. Remade
# by `python -m benchmarks.latent_space best`: networks twice as wide as the page's, 8,000 steps,
# and the best evaluation on the test set itself, so slightly too good.
BEST_ELBO: dict[str, dict[int, float]] = {
    "mnist": {1: -158.5, 2: -140.1, 4: -123.3, 8: -108.2, 16: -103.2, 32: -102.8},
    "digits": {1: -24.3, 2: -23.5, 4: -23.5, 8: -23.6, 16: -23.6, 32: -23.6},
    "fashion": {1: -278.9, 2: -256.4, 4: -245.1, 8: -240.9, 16: -241.5, 32: -244.5},
    "letters": {1: -58.3, 2: -52.4, 4: -47.8, 8: -47.0, 16: -47.1, 32: -47.2},
    "faces": {1: -324.2, 2: -310.8, 4: -291.5, 8: -284.3, 16: -282.3, 32: -284.3},
}


def best_known(dataset: str, latent_dim: int) -> float:
    """The best ELBO seen with at most `latent_dim` dimensions: unused ones do no harm."""
    return max(elbo for size, elbo in BEST_ELBO[dataset].items() if size <= latent_dim)


@dataclass(frozen=True, eq=False)
class EvaluationSubset:
    """The test images on which every frame is evaluated: the same in every run on a data set."""

    images: Tensor  # (m, d)
    labels: np.ndarray  # (m,) int64
    pixels: np.ndarray  # (SHOWN, h, w[, 3]) uint8, the first of them
    test_size: int  # of the whole test set
    data_mean_elbo: float  # of a model without a latent code: every pixel at its training mean


@dataclass(frozen=True, eq=False)
class Reference:
    """What is known about a data set and a latent dimension before training."""

    elbo: float  # the best on the test set, nats
    exact: bool  # whether no model of this kind can do better
    pca_error: float  # mean squared error per pixel of the test images
    pca_reconstructions: np.ndarray  # (SHOWN, h, w[, 3]) uint8


def dataset(name: str) -> ImageSet:
    """The images called `name`."""
    return linear.images() if name == linear.NAME else images.load(name)


@lru_cache(maxsize=8)
def evaluation_subset(name: str) -> EvaluationSubset:
    """A part of the test set that is like the whole; all of it when the images are small.

    One image of each class comes first (or more, of few classes): these are the ones drawn.
    """
    data = dataset(name)
    size = min(len(data.test), PIXELS // data.test.shape[1])
    rng = generator(0)
    for _ in range(SUBSETS[name] + 1):
        part = torch.randperm(len(data.test), generator=rng)[:size]
    labels = data.test_labels[part]
    repeats = torch.stack([(labels[:i] == labels[i]).sum() for i in range(size)])
    part = part[(repeats * len(data.classes) + labels).argsort()]
    return EvaluationSubset(
        data.test[part].clone(),
        frozen(data.test_labels[part].numpy()),
        frozen(data.pixels(data.test[part[:SHOWN]])),
        len(data.test),
        _data_mean_elbo(data),
    )


def _data_mean_elbo(data: ImageSet) -> float:
    """log p(x) of an average test image for the best model that knows only the mean image."""
    mean = data.train.mean(0).expand_as(data.test)
    if data.name == linear.NAME:
        return Normal(linear.GREY, linear.NOISE).log_prob(data.test).sum(1).mean().item()
    return -binary_cross_entropy(mean, data.test, reduction="none").sum(1).mean().item()


@lru_cache(maxsize=64)
def reference(name: str, latent_dim: int) -> Reference:
    """What `latent_dim` dimensions can do on the data set called `name`."""
    data, exact = dataset(name), name == linear.NAME
    error = (pca_reconstruction(name, data.test, latent_dim) - data.test).square().mean().item()
    if exact:
        elbo = linear.optimum(latent_dim).log_density(data.test).mean().item()
    else:
        elbo = best_known(name, latent_dim)
    shown = evaluation_subset(name).images[:SHOWN]
    pixels = frozen(data.pixels(pca_reconstruction(name, shown, latent_dim)))
    return Reference(elbo, exact, error, pixels)


def pca_reconstruction(name: str, x: Tensor, latent_dim: int) -> Tensor:
    """Images (n, d) projected onto the first principal components of their data set."""
    mean, components = principal_components(name)
    basis = components[:, :latent_dim]
    return mean + (x - mean) @ basis @ basis.T


@lru_cache(maxsize=8)
def principal_components(name: str) -> tuple[Tensor, Tensor]:
    """Mean (d,) and the first 32 principal components (d, 32) of the training images."""
    x = dataset(name).train
    mean = x.mean(0)
    centred = x - mean
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    return mean, vectors[:, -32:].flip(1).contiguous()
