"""Telling apart or making up: discriminative against generative models, and the exact answer."""

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.curves import Curves, curves, experiment
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.concepts.decision_boundaries.mail import NAIVE
from explorer.concepts.decision_boundaries.mailbox import (
    Filters,
    Mail,
    filters,
    weigh,
    weigh_scene,
)
from explorer.concepts.decision_boundaries.repeats import scene as repeats_scene
from explorer.concepts.decision_boundaries.scene import VIEWS, scene
from explorer.concepts.decision_boundaries.train import FRAMES, Model, train

__all__ = [
    "DISCRIMINATIVE",
    "FRAMES",
    "GENERATIVE",
    "NAIVE",
    "VIEWS",
    "Config",
    "Curves",
    "Filters",
    "Mail",
    "Model",
    "Snapshot",
    "curves",
    "experiment",
    "filters",
    "repeats_scene",
    "scene",
    "train",
    "weigh",
    "weigh_scene",
]
