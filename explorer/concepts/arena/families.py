"""Who takes part: one line each. What keeps a concept's promise can stand in the table.

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
from explorer.concepts.arena import autoregressive, kernel, likelihood, mixture, vae
from explorer.concepts.arena.learner import Config
from explorer.concepts.arena.levels import LEVELS

LEAST = 4  # neurons, components, points
Settings = Callable[[str, int, int, int], Any]  # data set, size (0: usual), steps, seed


@dataclass(frozen=True)
class Family:
    """A way to learn to make data."""

    label: str
    train: Callable[[Any], Generator[Any, None, Any]]
    settings: Settings
    size: int  # usual, on the plane: neurons of a layer, components, stored points
    count: Callable[[int], int]  # numbers that such a model has, on the plane
    made: Callable[[Any], np.ndarray] = lambda snapshot: snapshot.samples
    log_density: Callable[[Any, Tensor], Tensor] | None = lambda model, x: model.log_density(x)
    image_bits: Callable[[Any, Tensor], float] | None = None  # per pixel, of images in 0..1
    own: str = ""  # its weights begin so in the model's, if others stand beside
    page: str = ""  # where it is explained
    classic: bool = False  # older than deep learning
    code: str = ""  # what it offers as a latent space
    bound: bool = False  # the likelihood is a bound from below


def own(plane: int, digits: int, faces: int) -> Settings:
    """Settings of a small family: its usual size on each kind of data."""

    def settings(dataset: str, size: int, steps: int, seed: int) -> Config:
        usual = {"digits": digits, "faces": faces}.get(dataset, plane)
        return Config(dataset, size or usual, steps, seed)

    return settings


def adversarial(dataset: str, size: int, steps: int, seed: int) -> gan.Config:
    config = gan.Config(dataset=dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def denoising(dataset: str, size: int, steps: int, seed: int) -> diffusion.Config:
    changes = {"hidden": size} if size else {}
    return diffusion.usual(dataset, steps=steps, seed=seed, **changes)


def straight(dataset: str, size: int, steps: int, seed: int) -> diffusion.Config:
    changes = {"hidden": size} if size else {}
    path = {"objective": "flow", "schedule": "straight"}
    return diffusion.usual(dataset, steps=steps, seed=seed, **path, **changes)


def bending(dataset: str, size: int, steps: int, seed: int) -> flows.Config:
    config = flows.usual(dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def autoencoding(dataset: str, size: int, steps: int, seed: int) -> Any:
    if dataset in LEVELS:
        return latent_space.Config(dataset, latent=8, steps=steps, seed=seed)
    return Config(dataset, size or 64, steps, seed)


def walked(model: Any, x: Tensor) -> Tensor:
    return likelihood.log_density(model.denoiser, x)


def layers(*sizes: int) -> int:
    """Numbers in fully connected layers of these sizes."""
    return sum((a + 1) * b for a, b in pairwise(sizes))


FAMILIES: dict[str, Family] = {
    "gan": Family(
        "GAN", gan.train, adversarial, 64, lambda h: layers(2, h, h, 2),
        made=lambda snapshot: snapshot.averaged[:200], log_density=None, own="averaged.", page="gan",
        code="noise in, no way back"),
    "vae": Family(
        "VAE", vae.train, autoencoding, 64, lambda h: layers(2, h, h, 4) + layers(2, h, h, 2) + 1,
        page="latent_space", code="a small code, both ways", bound=True,
        image_bits=likelihood.decoder_bits),
    "flow": Family(
        "flow", flows.train, bending, 64, lambda h: 3 * (layers(9, h, h, 47) + 8),
        page="flows", code="noise of the same size, both ways"),
    "diffusion": Family(
        "diffusion", diffusion.train, denoising, 96, lambda h: layers(74, h, h, h, 2) + 68,
        log_density=walked, page="diffusion", code="noise of the same size, both ways"),
    "flow_matching": Family(
        "flow matching", diffusion.train, straight, 96, lambda h: layers(74, h, h, h, 2) + 68,
        log_density=walked, page="diffusion", code="noise of the same size, both ways"),
    "autoregressive": Family(
        "autoregressive", autoregressive.train, own(64, 96, 32), 64,
        lambda h: layers(25, h, h, 128) + 128, image_bits=likelihood.level_bits),
    "mixture": Family(
        "mixture", mixture.train, own(32, 10, 8), 32, lambda k: 6 * k, classic=True,
        image_bits=likelihood.spread_bits),
    "kernel": Family(
        "kernel density", kernel.train, own(4000, 1500, 6000), 4000, lambda n: 2 * n + 1,
        classic=True, image_bits=likelihood.spread_bits),
}  # fmt: skip


def sized(family: Family, parameters: int) -> int:
    """The largest size whose model on the plane has no more numbers than that; at least LEAST."""
    low, high = LEAST, 20_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if family.count(middle) <= parameters else (low, middle - 1)
    return low


def takes(key: str, dataset: str) -> bool:
    """Whether a family learns from this data set."""
    try:
        FAMILIES[key].settings(dataset, 0, 1, 0)
    except ValueError:
        return False
    return True
