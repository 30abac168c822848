"""Comparison of model families: the same data, the same training time, the same evaluation.

`families` lists them, an entry each; `budget` turns seconds into updates; `train` trains all of
them in turns and `measure` evaluates them alike. Families without a page of their own:
`autoregressive` (`binned`, `pixels`), `mixture`, `kernel`, `vae` for the plane and `faces`;
`learner` is what they share. `likelihood` computes likelihoods that a model does not give by
itself. `record` keeps earlier comparisons, `recommendation` chooses a family by them.

Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models,
https://arxiv.org/abs/1511.01844
Lucic et al. (2018), Are GANs Created Equal?, https://arxiv.org/abs/1711.10337
"""

from explorer.concepts.arena import claims
from explorer.concepts.arena.config import DATA, Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.preview import PreviewConfig, preview, preview_scene
from explorer.concepts.arena.scene import IMAGE_VIEWS, VIEWS, scene
from explorer.concepts.arena.train import Model, Snapshot, train
from explorer.experiment import Experiment

EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        lambda config: IMAGE_VIEWS if config.of_images else VIEWS,
        label="Comparison",
        short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "preview": Experiment(preview, PreviewConfig, preview_scene, label="Before the comparison"),
}

__all__ = [
    "DATA",
    "EXPERIMENTS",
    "FAMILIES",
    "IMAGE_VIEWS",
    "VIEWS",
    "Config",
    "Model",
    "PreviewConfig",
    "Snapshot",
    "preview",
    "preview_scene",
    "scene",
    "train",
]
