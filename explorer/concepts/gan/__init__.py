"""Generative adversarial networks: a forger and a judge make each other better.

The generator G (the forger) turns noise z into points. The discriminator D (the judge) tells real
points from made-up ones. G never sees the data: it only learns in which direction D would find
its points more real.

`losses` what they play for; `network` their nets, with gradients by hand; `game` one update of
each; `density` the best judge there could be; `measure` how good G is; `training` the run;
`scenes`, `pictures`, `words` what is seen; `slow` one update at a time.

Goodfellow et al. (2014), Generative Adversarial Nets, https://arxiv.org/abs/1406.2661
"""

from explorer.concepts.gan import pictures, scenes
from explorer.concepts.gan.config import IMAGE_SETS, REGULARISERS, Config
from explorer.concepts.gan.game import Game
from explorer.concepts.gan.look import ImageSnapshot, PlaneSnapshot, Snapshot
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.slow import Move, Slow, slow_scene, updates
from explorer.concepts.gan.training import Model, train
from explorer.experiment import Experiment
from explorer.scene import Scene

VIEWS = scenes.VIEWS
IMAGE_VIEWS = pictures.VIEWS

__all__ = [
    "EXPERIMENTS",
    "IMAGE_SETS",
    "IMAGE_VIEWS",
    "LOSSES",
    "REGULARISERS",
    "VIEWS",
    "Config",
    "Game",
    "Model",
    "Move",
    "Slow",
    "Snapshot",
    "scene",
    "slow_scene",
    "train",
    "updates",
]


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS (of images: IMAGE_VIEWS)."""
    if isinstance(snapshot, ImageSnapshot):
        return pictures.image_scene(snapshot, view)
    assert isinstance(snapshot, PlaneSnapshot)
    return scenes.plane_scene(snapshot, view)


EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        lambda config: IMAGE_VIEWS if config.of_images else VIEWS,
        label="Training",
        short={"steps": 12},
    ),
    "slow": Experiment(
        updates,
        Slow,
        slow_scene,
        label="One update at a time",
        after="train",
        short={"game": Config(steps=12)},
    ),
}
