"""Generative adversarial networks: a generator and a discriminator, trained against each other.

The generator G turns noise z into samples. The discriminator D is trained to tell training data
(real) from samples (fake). G never sees the data: it follows the gradient of D at its own samples.

Losses, networks and training step: `explorer.concepts.shared.adversarial`. Here: `measure` the
density of G and the optimal discriminator, `record` what a snapshot holds, `train` the run,
`scene` what is seen, `step_by_step` one update at a time.

Goodfellow et al. (2014), Generative Adversarial Nets, https://arxiv.org/abs/1406.2661
"""

from explorer.concepts.gan import claims
from explorer.concepts.gan.config import IMAGE_SETS, REGULARISERS, Config
from explorer.concepts.gan.record import Snapshot
from explorer.concepts.gan.scene import VIEWS, scene, views
from explorer.concepts.gan.step_by_step import Steps, step_by_step, step_scene
from explorer.concepts.gan.train import Model, train
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.seeds import NineSeeds, nine_seeds, seeds_scene
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS",
    "GAN",
    "IMAGE_SETS",
    "LOSSES",
    "REGULARISERS",
    "VIEWS",
    "Config",
    "Model",
    "Snapshot",
    "Steps",
    "scene",
    "step_by_step",
    "step_scene",
    "train",
]

EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        views,
        label="Training",
        short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "step_by_step": Experiment(
        step_by_step,
        Steps,
        step_scene,
        label="One update at a time",
        after="train",
        short={"train": Config(steps=12)},
        given=lambda config: {"train": config},
        measures=claims.UPDATES,
    ),
    "nine_seeds": Experiment(
        nine_seeds,
        NineSeeds,
        seeds_scene,
        label="Nine seeds",
        short={"train": Config(steps=12)},
        given=lambda config: {"train": config},
        measures=claims.SEEDS,
    ),
}
