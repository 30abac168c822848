"""Diffusion models: learn to remove noise, then generate by removing it step by step.

The forward process adds noise, x = x0 + sigma eps. A network is trained to estimate x0 from x; its
estimate minus x, over sigma^2, is the score of the noised data. The reverse process starts from
pure noise and follows the score to lower and lower noise levels (sampling).

Sohl-Dickstein et al. (2015), Deep Unsupervised Learning using Nonequilibrium Thermodynamics,
https://arxiv.org/abs/1503.03585
Ho, Jain and Abbeel (2020), Denoising Diffusion Probabilistic Models,
https://arxiv.org/abs/2006.11239
"""

from explorer.concepts.diffusion import claims
from explorer.concepts.diffusion.config import IMAGES, Config
from explorer.concepts.diffusion.edit import EditConfig, drawing_of, edit, edit_scene, example
from explorer.concepts.diffusion.forward import ForwardConfig, forward, forward_scene
from explorer.concepts.diffusion.network import Denoiser, ImageNet
from explorer.concepts.diffusion.reverse import ReverseConfig, reverse
from explorer.concepts.diffusion.reverse_scene import reverse_scene
from explorer.concepts.diffusion.samplers import (
    Denoise,
    ddim,
    final,
    guided,
    heun,
    pure_noise,
    reverse_process,
)
from explorer.concepts.diffusion.scene import VIEWS, scene, views
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.train import Snapshot, train
from explorer.concepts.diffusion.train_images import EMA_DECAY, LOG_NORMAL
from explorer.experiment import Experiment

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, views, label="Training", short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "forward": Experiment(forward, ForwardConfig, forward_scene, label="Forward process",
        given=lambda config: {
            "dataset": config.dataset, "schedule": config.schedule, "seed": config.seed,
        },
    ),
    "reverse": Experiment(
        reverse, ReverseConfig, reverse_scene, label="Reverse process", after="train",
        short={"steps": 4}, measures=claims.REVERSE,
    ),
    "edit": Experiment(
        edit, EditConfig, edit_scene, label="Editing an image", after="train", short={"steps": 3},
        on={"dataset": "digits"}, given=claims.drawn, measures=claims.EDITING,
    ),
}  # fmt: skip

__all__ = [
    "EMA_DECAY",
    "EXPERIMENTS",
    "IMAGES",
    "LOG_NORMAL",
    "SCHEDULES",
    "VIEWS",
    "Config",
    "Denoise",
    "Denoiser",
    "EditConfig",
    "ForwardConfig",
    "ImageNet",
    "ReverseConfig",
    "Snapshot",
    "ddim",
    "drawing_of",
    "edit",
    "edit_scene",
    "example",
    "final",
    "forward",
    "forward_scene",
    "guided",
    "heun",
    "pure_noise",
    "reverse",
    "reverse_process",
    "reverse_scene",
    "scene",
    "train",
]
