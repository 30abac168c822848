"""Telling apart or making up: discriminative against generative models, and the exact answer."""

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.concepts.decision_boundaries.scene import VIEWS, scene
from explorer.concepts.decision_boundaries.train import FRAMES, Model, train

__all__ = [
    "DISCRIMINATIVE",
    "FRAMES",
    "GENERATIVE",
    "VIEWS",
    "Config",
    "Model",
    "Snapshot",
    "scene",
    "train",
]
