"""Latent space: a variational autoencoder (VAE) of small images, trained live.

The encoder maps an image x to a Gaussian posterior q(z | x) over latent codes, the decoder maps a
code back to an image, and both are trained to maximise the evidence lower bound

    log p(x)  >=  E_q[log p(x | z)] - KL(q(z | x) || p(z)),      p(z) = N(0, I)

Kingma and Welling (2014), Auto-Encoding Variational Bayes, https://arxiv.org/abs/1312.6114
"""

from explorer.concepts.latent_space import claims
from explorer.concepts.latent_space.arithmetic import ArithmeticConfig, add
from explorer.concepts.latent_space.arithmetic_scene import arithmetic_scene
from explorer.concepts.latent_space.config import DATASETS, Config
from explorer.concepts.latent_space.interpolation import InterpolationConfig, interpolate
from explorer.concepts.latent_space.interpolation_scene import interpolation_scene
from explorer.concepts.latent_space.model import TrainedVAE
from explorer.concepts.latent_space.projection import LIMITS
from explorer.concepts.latent_space.reparameterisation import (
    ReparameterisationConfig,
    step_by_step,
)
from explorer.concepts.latent_space.reparameterisation_scene import reparameterisation_scene
from explorer.concepts.latent_space.scene import VIEWS, scene
from explorer.concepts.latent_space.train import Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "DATASETS",
    "EXPERIMENTS",
    "LIMITS",
    "VIEWS",
    "ArithmeticConfig",
    "Config",
    "InterpolationConfig",
    "ReparameterisationConfig",
    "Snapshot",
    "TrainedVAE",
    "add",
    "arithmetic_scene",
    "interpolate",
    "interpolation_scene",
    "reparameterisation_scene",
    "scene",
    "step_by_step",
    "train",
]

EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        VIEWS,
        label="Training",
        short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "interpolation": Experiment(
        interpolate,
        InterpolationConfig,
        interpolation_scene,
        label="Interpolation",
        after="train",
        short={"frames": 6},
        measures=claims.INTERPOLATION,
    ),
    "arithmetic": Experiment(
        add,
        ArithmeticConfig,
        arithmetic_scene,
        label="Latent arithmetic",
        after="train",
        measures=claims.ARITHMETIC,
    ),
    "reparameterisation": Experiment(
        step_by_step,
        ReparameterisationConfig,
        reparameterisation_scene,
        label="Reparameterisation trick",
        after="train",
        given=lambda config: {"seed": config.seed},
        measures=claims.REPARAMETERISATION,
    ),
}
