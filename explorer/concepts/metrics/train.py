"""A set of held-out images is corrupted step by step, and every metric measures each step.

Nothing is trained here but called `train`, as the first process of every concept.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer.concepts.metrics.config import Config
from explorer.concepts.metrics.measure import CorruptedSet, Scores, scored
from explorer.concepts.metrics.measure_images import ImageEvaluation
from explorer.data import images
from explorer.nets import generator
from explorer.scene import frozen

SHOWN = 49  # images of each set that are shown
POINTS = 300  # of each set in the map of the features


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The set at one severity, and its scores."""

    step: int
    scores: Scores
    reference: np.ndarray  # (shown, h, w) uint8, training images
    pixels: np.ndarray  # (shown, h, w) uint8, corrupted ones
    reference_features: np.ndarray  # (n, 2), projected
    features: np.ndarray  # (n, 2), projected


def train(config: Config) -> Generator[Snapshot, None, CorruptedSet]:
    """Corrupt a set in even steps; a frame takes 0.05 to 0.5 s."""
    evaluation = ImageEvaluation(config.dataset, config.count, config.seed)
    project, pixels = Projection(evaluation), images.load(config.dataset).pixels
    shown = torch.randperm(config.count, generator=generator(config.seed))[:SHOWN]
    reference = frozen(pixels(evaluation.reference[:SHOWN])), project(evaluation.reference)
    for step, samples, scores in scored(evaluation, config):
        x = samples.x
        corrupted = frozen(pixels(x[shown[: len(x)]]))
        yield Snapshot(step, scores, reference[0], corrupted, reference[1], project(x))
    return CorruptedSet(
        config, lambda seed: ImageEvaluation(config.dataset, config.count, seed)
    )  # fmt: skip


class Projection:
    """Features projected on the two directions in which those of the reference vary most."""

    def __init__(self, evaluation: ImageEvaluation) -> None:
        self.classifier, features = evaluation.classifier, evaluation.reference_outputs.features
        self.mean = features.mean(0)
        centred = features - self.mean
        _, vectors = torch.linalg.eigh(centred.T @ centred)
        self.axes = vectors[:, [-1, -2]]
        self.scale = max((centred @ self.axes).std().item(), 1e-6)

    def __call__(self, x: torch.Tensor) -> np.ndarray:
        """The first images of x (n, d) as points (m, 2)."""
        features = self.classifier(x[:POINTS]).features
        return frozen(((features - self.mean) @ self.axes / self.scale).float().numpy())
