"""The model families that are compared: one entry each. What keeps a concept's promise can be one.

`train(settings(...))` is a run of the family's own page where it has one: the same config, the
same model, the same figures.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from torch import Tensor

from explorer.concepts import diffusion, flows, gan, latent_space
from explorer.concepts.arena import autoregressive, faces, kernel, likelihood, mixture, vae
from explorer.concepts.arena.learner import POINTS, TILES, Config, Samples
from explorer.data.levels import LEVELS

# What a family offers as a latent space, best first.
SMALL, SAME, ONE_WAY = "low-dimensional, with encoder", "of the data's dimension", "without encoder"
LEAST = 4  # hidden units, components, points
Settings = Callable[[str, int, int, int], Any]  # data set, size (0: usual), steps, seed


@dataclass(frozen=True)
class Family:
    """A kind of generative model, and how it is trained and measured here."""

    label: str
    short: str  # where there is little room
    train: Callable[[Any], Generator[Any, None, Any]]
    settings: Settings
    size: int  # usual, on the plane: hidden units of a layer, components, stored points
    count: Callable[[int], int]  # parameters of such a model, on the plane
    samples: Callable[[Any], np.ndarray] = lambda snapshot: shown(snapshot.samples)
    log_density: Callable[[Any, Tensor], Tensor] | None = lambda model, x: model.log_density(x)
    image_bits: Callable[[Any, Tensor], float] | None = None  # per pixel, of images in 0..1
    own: str = ""  # the prefix of its weights, if the model has others beside them
    page: str = ""  # the page that explains it
    classic: bool = False  # older than deep learning
    latent_space: str = ""
    bound: bool = False  # the likelihood is a bound from below


def own(plane: int, digits: int, faces: int) -> Settings:
    """Settings of a small family: its usual size on each kind of data."""

    def settings(dataset: str, size: int, steps: int, seed: int) -> Config:
        usual = {"digits": digits, "faces": faces}.get(dataset, plane)
        return Config(dataset, size or usual, steps, seed)

    return settings


def gan_settings(dataset: str, size: int, steps: int, seed: int) -> Any:
    if dataset == "faces":
        return Config(dataset, 64, steps, seed)
    config = gan.Config(dataset=dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def train_gan(config: Any) -> Generator[Any, None, Any]:
    """The GAN's own run; of faces, which its page does not have, the same training."""
    return (yield from (faces.train_gan if isinstance(config, Config) else gan.train)(config))


def diffusion_settings(dataset: str, size: int, steps: int, seed: int) -> Any:
    return denoiser_settings(dataset, size, steps, seed, {})


def flow_matching_settings(dataset: str, size: int, steps: int, seed: int) -> Any:
    path = {"prediction": "velocity", "schedule": "straight"}
    return denoiser_settings(dataset, size, steps, seed, path)


def denoiser_settings(dataset: str, size: int, steps: int, seed: int, path: dict[str, str]) -> Any:
    if dataset == "faces":
        return faces.DenoiserConfig(dataset, 192, steps, seed, **path)
    changes = {"hidden": size} if size else {}
    return diffusion.Config.usual(dataset, steps=steps, seed=seed, **path, **changes)


def train_denoiser(config: Any) -> Generator[Any, None, Any]:
    """The diffusion page's own run; of faces, which it does not have, the same network."""
    own = isinstance(config, Config)
    return (yield from (faces.train_denoiser if own else diffusion.train)(config))


def flow_settings(dataset: str, size: int, steps: int, seed: int) -> flows.Config:
    config = flows.Config.usual(dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def vae_settings(dataset: str, size: int, steps: int, seed: int) -> Any:
    if dataset in LEVELS:
        return latent_space.Config(dataset, latent_dim=8, steps=steps, seed=seed)
    return Config(dataset, size or 64, steps, seed)


def averaged(snapshot: Any) -> np.ndarray:
    """The samples of a GAN with averaged weights, where its page has those beside others."""
    return shown(snapshot.samples if isinstance(snapshot, Samples) else snapshot.averaged)


def shown(samples: np.ndarray) -> np.ndarray:
    """As many samples of each family as of all others."""
    return samples[: TILES if samples.ndim > 2 else POINTS]


def ode_log_density(model: Any, x: Tensor) -> Tensor:
    return likelihood.log_density(model.denoiser, x)


def layers(*sizes: int) -> int:
    """Parameters of fully connected layers of these sizes."""
    return sum((a + 1) * b for a, b in pairwise(sizes))


FAMILIES: dict[str, Family] = {
    "gan": Family(
        "GAN", "GAN", train_gan, gan_settings, 64, lambda h: layers(2, h, h, 2),
        samples=averaged, log_density=None, own="averaged.",
        page="gan", latent_space=ONE_WAY),
    "vae": Family(
        "VAE", "VAE", vae.train, vae_settings, 64,
        lambda h: layers(2, h, h, 4) + layers(2, h, h, 2) + 1,
        page="latent_space", latent_space=SMALL, bound=True,
        image_bits=likelihood.decoder_bits),
    "flow": Family(
        "normalizing flow", "NF", flows.train, flow_settings, 64,
        lambda h: 3 * (layers(9, h, h, 47) + 8), page="flows", latent_space=SAME,
        image_bits=likelihood.dequantised_bits),
    "diffusion": Family(
        "diffusion", "DM", train_denoiser, diffusion_settings, 96,
        lambda h: layers(74, h, h, h, 2) + 68, log_density=ode_log_density,
        page="diffusion", latent_space=SAME),
    "flow_matching": Family(
        "flow matching", "FM", train_denoiser, flow_matching_settings, 96,
        lambda h: layers(74, h, h, h, 2) + 68, log_density=ode_log_density,
        page="diffusion", latent_space=SAME),
    "autoregressive": Family(
        "autoregressive", "AR", autoregressive.train, own(64, 96, 32), 64,
        lambda h: layers(25, h, h, 128) + 128, image_bits=likelihood.level_bits),
    "mixture": Family(
        "mixture", "GM", mixture.train, own(32, 10, 8), 32, lambda k: 6 * k, classic=True,
        image_bits=likelihood.dequantised_bits),
    "kernel": Family(
        "kernel density", "KDE", kernel.train, own(4000, 1500, 6000), 4000, lambda n: 2 * n + 1,
        classic=True, image_bits=likelihood.dequantised_bits),
}  # fmt: skip
LABELS: dict[str, str] = {key: family.label for key, family in FAMILIES.items()}


def sized(family: Family, parameters: int) -> int:
    """The largest size whose model on the plane has no more parameters; at least LEAST."""
    low, high = LEAST, 20_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if family.count(middle) <= parameters else (low, middle - 1)
    return low


def can_learn(key: str, dataset: str) -> bool:
    """Whether a family learns from this data set."""
    try:
        FAMILIES[key].settings(dataset, 0, 1, 0)
    except ValueError:
        return False
    return True
