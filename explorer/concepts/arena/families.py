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
from explorer.concepts.arena import autoregressive, faces, kernel, likelihood, mixture, vae
from explorer.concepts.arena.learner import POINTS, TILES, Config, Made
from explorer.data.levels import LEVELS

# What a family offers as a latent space, best first.
SMALL, SAME, ONE_WAY = "a small code, both ways", "a code as large as the data", "noise, one way"
LEAST = 4  # neurons, components, points
Settings = Callable[[str, int, int, int], Any]  # data set, size (0: usual), steps, seed


@dataclass(frozen=True)
class Family:
    """A way to learn to make data."""

    label: str
    short: str  # where there is little room
    train: Callable[[Any], Generator[Any, None, Any]]
    settings: Settings
    size: int  # usual, on the plane: neurons of a layer, components, stored points
    count: Callable[[int], int]  # numbers that such a model has, on the plane
    made: Callable[[Any], np.ndarray] = lambda snapshot: usual(snapshot)
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


def adversarial(dataset: str, size: int, steps: int, seed: int) -> Any:
    if dataset == "faces":
        return Config(dataset, 64, steps, seed)
    config = gan.Config(dataset=dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def playing(config: Any) -> Generator[Any, None, Any]:
    """The GAN's own run; of faces, which its page does not have, the same game."""
    return (yield from (faces.play if isinstance(config, Config) else gan.train)(config))


def denoising(dataset: str, size: int, steps: int, seed: int) -> Any:
    return denoiser(dataset, size, steps, seed, {})


def straight(dataset: str, size: int, steps: int, seed: int) -> Any:
    path = {"prediction": "velocity", "schedule": "straight"}
    return denoiser(dataset, size, steps, seed, path)


def denoiser(dataset: str, size: int, steps: int, seed: int, path: dict[str, str]) -> Any:
    if dataset == "faces":
        return faces.Denoising(dataset, 192, steps, seed, **path)
    changes = {"hidden": size} if size else {}
    return diffusion.Config.usual(dataset, steps=steps, seed=seed, **path, **changes)


def walking(config: Any) -> Generator[Any, None, Any]:
    """The diffusion page's own run; of faces, which it does not have, the same network."""
    own = isinstance(config, Config)
    return (yield from (faces.denoise if own else diffusion.train)(config))


def bending(dataset: str, size: int, steps: int, seed: int) -> flows.Config:
    config = flows.Config.usual(dataset, steps=steps, seed=seed)
    return replace(config, hidden=size) if size else config


def autoencoding(dataset: str, size: int, steps: int, seed: int) -> Any:
    if dataset in LEVELS:
        return latent_space.Config(dataset, latent_dim=8, steps=steps, seed=seed)
    return Config(dataset, size or 64, steps, seed)


def usual(snapshot: Any) -> np.ndarray:
    """What a family's page shows as made, as much of it as of all others."""
    return shown(snapshot.samples)


def averaged(snapshot: Any) -> np.ndarray:
    """The same of the GAN, whose page shows two generators."""
    return shown(snapshot.samples if isinstance(snapshot, Made) else snapshot.averaged)


def shown(made: np.ndarray) -> np.ndarray:
    return made[: TILES if made.ndim > 2 else POINTS]


def walked(model: Any, x: Tensor) -> Tensor:
    return likelihood.log_density(model.denoiser, x)


def layers(*sizes: int) -> int:
    """Numbers in fully connected layers of these sizes."""
    return sum((a + 1) * b for a, b in pairwise(sizes))


FAMILIES: dict[str, Family] = {
    "gan": Family(
        "GAN", "GAN", playing, adversarial, 64, lambda h: layers(2, h, h, 2),
        made=averaged, log_density=None, own="averaged.",
        page="gan", code=ONE_WAY),
    "vae": Family(
        "VAE", "VAE", vae.train, autoencoding, 64,
        lambda h: layers(2, h, h, 4) + layers(2, h, h, 2) + 1, page="latent_space", code=SMALL,
        bound=True, image_bits=likelihood.decoder_bits),
    "flow": Family(
        "flow", "NF", flows.train, bending, 64, lambda h: 3 * (layers(9, h, h, 47) + 8),
        page="flows", code=SAME, image_bits=likelihood.spread_bits),
    "diffusion": Family(
        "diffusion", "DM", walking, denoising, 96, lambda h: layers(74, h, h, h, 2) + 68,
        log_density=walked, page="diffusion", code=SAME),
    "flow_matching": Family(
        "flow matching", "FM", walking, straight, 96, lambda h: layers(74, h, h, h, 2) + 68,
        log_density=walked, page="diffusion", code=SAME),
    "autoregressive": Family(
        "autoregressive", "AR", autoregressive.train, own(64, 96, 32), 64,
        lambda h: layers(25, h, h, 128) + 128, image_bits=likelihood.level_bits),
    "mixture": Family(
        "mixture", "GM", mixture.train, own(32, 10, 8), 32, lambda k: 6 * k, classic=True,
        image_bits=likelihood.spread_bits),
    "kernel": Family(
        "kernel density", "KDE", kernel.train, own(4000, 1500, 6000), 4000, lambda n: 2 * n + 1,
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
