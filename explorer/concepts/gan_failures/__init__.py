"""Why GANs are hard to train: failures, their remedies, and how often each remedy works.

`config` the failures and remedies; `model` the GANs of several seeds, `network`, `minibatch` and
`remedies` what the remedies change; `measure` and `rotation` what can be measured, `diagnosis`
what it means; `train` the run, `nine_seeds` several at once, `scene` what is seen;
`success_rates` the table; `bilinear` the simplest adversarial game.

Salimans et al. (2016), https://arxiv.org/abs/1606.03498
Mescheder et al. (2018), https://arxiv.org/abs/1801.04406
"""

from explorer.concepts.gan_failures import claims
from explorer.concepts.gan_failures.bilinear import Bilinear, bilinear_scene, orbits
from explorer.concepts.gan_failures.config import (
    FAILURE_NAMES,
    FAILURES,
    REMEDIES,
    REMEDY_NAMES,
    Config,
    possible,
)
from explorer.concepts.gan_failures.nine_seeds import NineSeeds, nine_seeds, nine_seeds_scene
from explorer.concepts.gan_failures.scene import VIEWS, scene
from explorer.concepts.gan_failures.train import Model, Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS",
    "FAILURES",
    "FAILURE_NAMES",
    "REMEDIES",
    "REMEDY_NAMES",
    "VIEWS",
    "Config",
    "Model",
    "Snapshot",
    "possible",
    "scene",
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
    "nine_seeds": Experiment(
        nine_seeds,
        NineSeeds,
        nine_seeds_scene,
        label="Nine seeds",
        short={"train": Config(steps=12)},
        given=lambda config: {"train": config},
        measures=claims.SEEDS,
    ),
    "bilinear": Experiment(
        orbits,
        Bilinear,
        bilinear_scene,
        label="The bilinear game",
        measures=claims.BILINEAR,
    ),
}
