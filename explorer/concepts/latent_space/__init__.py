"""Latent space: a variational autoencoder on small images, trained live."""

from explorer.concepts.latent_space.arithmetic import Arithmetic, add, changes
from explorer.concepts.latent_space.arithmetic_scene import arithmetic_scene
from explorer.concepts.latent_space.config import DATASETS, Config
from explorer.concepts.latent_space.plane import LIMITS
from explorer.concepts.latent_space.reparameterise import Slow, slow
from explorer.concepts.latent_space.reparameterise_scene import slow_scene
from explorer.concepts.latent_space.scenes import VIEWS, scene
from explorer.concepts.latent_space.snapshot import Snapshot
from explorer.concepts.latent_space.train import train
from explorer.concepts.latent_space.trained import Trained
from explorer.concepts.latent_space.walk import Walk, film
from explorer.concepts.latent_space.walk_scene import walk_scene

__all__ = [
    "DATASETS",
    "LIMITS",
    "VIEWS",
    "Arithmetic",
    "Config",
    "Slow",
    "Snapshot",
    "Trained",
    "Walk",
    "add",
    "arithmetic_scene",
    "changes",
    "film",
    "scene",
    "slow",
    "slow_scene",
    "train",
    "walk_scene",
]
