"""Generative and discriminative models: two ways to learn from labels, beside the exact answer.

A discriminative model learns p(y | x): which class, given a point. A generative model learns
p(x, y) = p(y) p(x | y), and gets p(y | x) from it by Bayes' theorem.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
Bishop (2006), Pattern Recognition and Machine Learning, chapters 1.5 and 4
"""

from explorer.concepts.decision_boundaries import (
    claims,
    filter_learning_curves,
    learning_curves,
    spam_filter,
)
from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.scene import VIEWS, scene
from explorer.concepts.decision_boundaries.train import Snapshot, train
from explorer.experiment import Experiment

__all__ = ["EXPERIMENTS", "VIEWS", "Config", "Snapshot", "scene", "train"]

EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        VIEWS,
        label="Training",
        short={"steps": 12, "labels": 40, "unlabelled": 60},
        measures=claims.TRAINING,
    ),
    "learning_curves": Experiment(
        learning_curves.learning_curves,
        learning_curves.LearningCurvesConfig,
        learning_curves.learning_curves_scene,
        label="Learning curves",
        short={"run": Config(labels=16), "steps": 2},
        given=lambda config: vars(learning_curves.learning_curves_config(config)),
        measures=claims.LEARNING_CURVES,
    ),
    "spam_filter": Experiment(
        spam_filter.spam_filter,
        spam_filter.SpamFilterConfig,
        spam_filter.spam_filter_scene,
        label="Spam filter",
        given=lambda config: {"seed": config.seed},
        measures=claims.SPAM,
    ),
    "filter_learning_curves": Experiment(
        filter_learning_curves.filter_learning_curves,
        filter_learning_curves.FilterLearningCurvesConfig,
        filter_learning_curves.filter_learning_curves_scene,
        label="Learning curves of the spam filter",
        short={"steps": 2},
    ),
}
