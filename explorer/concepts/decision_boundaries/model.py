"""The models of a run: which classifier a config asks for, and what training returns."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.discriminative import (
    Discriminative,
    Logistic,
    NearestNeighbours,
    Network,
    SupportVectorMachine,
)
from explorer.concepts.decision_boundaries.generative import GaussianClassifier, KernelClassifier
from explorer.data.mixture import Mixture
from explorer.nets import freeze, generator
from explorer.truth.plane import posterior


@dataclass(frozen=True, eq=False)
class Model:
    """The three trained models of a run."""

    discriminative: Discriminative
    generative: Mixture
    semi_supervised: Mixture  # the generative model that also learnt from unlabelled points
    labels: int

    @torch.no_grad()
    def sample(self, n: int, seed: int) -> np.ndarray:
        """n samples (n, 2) of the generative model; a discriminative one cannot be sampled."""
        return freeze(self.generative.sample(n, generator(seed)))

    @torch.no_grad()
    def log_density(self, x: np.ndarray) -> np.ndarray:
        """The generative model's log p(x), (n,), at points (n, 2)."""
        return freeze(self.generative.log_density(torch.as_tensor(x).float()))

    @torch.no_grad()
    def posterior(self, x: np.ndarray, which: str = "generative") -> np.ndarray:
        """p(y | x), (n, classes), of the "generative" or the "discriminative" model."""
        points = torch.as_tensor(x).float()
        if which == "discriminative":
            return freeze(torch.softmax(self.discriminative.logits(points), 1))
        return freeze(posterior(self.generative, points))

    def weights(self) -> dict[str, np.ndarray]:
        """The Gaussians of the generative model."""
        own = self.generative
        parts = {
            "weights": own.weights,
            "means": own.means,
            "covariances": own.covariances,
            "classes": own.groups,
        }
        return {name: freeze(value) for name, value in parts.items()}


def new_discriminative(config: Config, classes: int, rng: Generator) -> Discriminative:
    """The discriminative model of a config, untrained."""
    kind = config.discriminative
    if kind == "network":
        units, decay = config.hidden_units, config.weight_decay
        return Network(classes, units, config.learning_rate, decay, rng)
    if kind == "svm":
        return SupportVectorMachine(classes, config.svm_c, config.kernel_width)
    if kind == "knn":
        return NearestNeighbours(classes, config.neighbours)
    return Logistic(classes, quadratic=kind == "quadratic")


def new_generative(
    config: Config, classes: int, rng: Generator, unlabelled: Tensor | None = None
) -> GaussianClassifier | KernelClassifier:
    """The generative model of a config, untrained.

    A kernel density estimate has no parameters that unlabelled points could improve: with them, a
    mixture takes its place.
    """
    kind = config.generative
    if kind == "kde" and unlabelled is None:
        return KernelClassifier(classes, config.bandwidth)
    kind = "mixture" if kind == "kde" else kind
    prior = config.pseudo_observations
    return GaussianClassifier(kind, classes, config.components, prior, rng, unlabelled)
