"""Latent space: a variational autoencoder on small images, trained live."""

from explorer.concepts.latent_space.config import DATASETS, Config
from explorer.concepts.latent_space.scenes import VIEWS, scene
from explorer.concepts.latent_space.snapshot import Snapshot
from explorer.concepts.latent_space.train import train
from explorer.concepts.latent_space.trained import Trained

__all__ = ["DATASETS", "VIEWS", "Config", "Snapshot", "Trained", "scene", "train"]
