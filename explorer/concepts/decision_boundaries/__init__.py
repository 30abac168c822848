"""Generative and discriminative models: two ways to learn from labels, beside the exact answer.

A discriminative model learns p(y | x): which class, given a point. A generative model learns
p(x, y) = p(y) p(x | y), and gets p(y | x) from it by Bayes' theorem.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
Bishop (2006), Pattern Recognition and Machine Learning, chapters 1.5 and 4
"""

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.filter_learning_curves import (
    FilterLearningCurvesConfig,
    filter_learning_curves,
)
from explorer.concepts.decision_boundaries.learning_curves import (
    LearningCurvesConfig,
    learning_curves,
    learning_curves_config,
    learning_curves_scene,
)
from explorer.concepts.decision_boundaries.model import Model
from explorer.concepts.decision_boundaries.scene import VIEWS, scene
from explorer.concepts.decision_boundaries.spam_filter import (
    SpamFilterConfig,
    spam_filter,
    spam_filter_scene,
)
from explorer.concepts.decision_boundaries.train import Snapshot, train

__all__ = [
    "DISCRIMINATIVE",
    "GENERATIVE",
    "VIEWS",
    "Config",
    "FilterLearningCurvesConfig",
    "LearningCurvesConfig",
    "Model",
    "Snapshot",
    "SpamFilterConfig",
    "filter_learning_curves",
    "learning_curves",
    "learning_curves_config",
    "learning_curves_scene",
    "scene",
    "spam_filter",
    "spam_filter_scene",
    "train",
]
