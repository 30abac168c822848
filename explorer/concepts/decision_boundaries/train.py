r"""Telling apart or making up: two ways to learn from the same labels, side by side.

A discriminative model learns p(y | x): which class, given a point. A generative model learns
p(x, y) = p(y) p(x | y), and gets p(y | x) from it by Bayes' rule. Labels arrive one by one, ever
faster; both models keep learning, and a second generative one also learns from points without a
label.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
Bishop (2006), Pattern Recognition and Machine Learning, chapters 1.5 and 4
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.discriminative import (
    Discriminative,
    Logistic,
    Neighbours,
    Net,
    Vectors,
)
from explorer.concepts.decision_boundaries.gaussians import Fitted, Kernels
from explorer.concepts.decision_boundaries.look import Observer, Snapshot
from explorer.concepts.decision_boundaries.problem import labelled, problem
from explorer.config import frame_steps
from explorer.data.mixture import Mixture
from explorer.nets import freeze, generator
from explorer.truth.plane import posterior

FRAMES = 100
EM_EVERY = 5  # steps from one EM iteration to the next: slow enough to be watched
ARRIVED = 0.85  # of the run, then all labels are there


@dataclass(frozen=True, eq=False)
class Model:
    """What training returns: all three models, ready to be asked."""

    discriminative: Discriminative
    generative: Mixture
    with_unlabelled: Mixture
    labels: int

    @torch.no_grad()
    def sample(self, n: int, seed: int) -> np.ndarray:
        """n new points (n, 2). Only the generative model can do this."""
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


def learner(config: Config, classes: int, rng: torch.Generator) -> Discriminative:
    """The discriminative model of a config, untrained."""
    kind = config.discriminative
    if kind == "net":
        return Net(classes, config.hidden, config.rate, config.decay, rng)
    if kind == "svm":
        return Vectors(classes, config.penalty, config.reach)
    if kind == "neighbours":
        return Neighbours(classes, config.neighbours)
    return Logistic(classes, curved=kind == "curved")


def maker(
    config: Config, classes: int, rng: torch.Generator, unlabelled: Tensor | None = None
) -> Fitted | Kernels:
    """The generative model of a config, untrained.

    Kernels have nothing that unlabelled points could improve: with them, a mixture takes over.
    """
    kind = config.generative
    if kind == "kernel" and unlabelled is None:
        return Kernels(classes, config.width)
    kind = "mixture" if kind == "kernel" else kind
    return Fitted(kind, classes, config.components, config.prior, rng, unlabelled)


def arrived(config: Config, classes: int, step: int) -> int:
    """How many labels are there at a step: two per class at first, doubling at a steady pace."""
    first = min(2 * classes, config.labels)
    part = min(1.0, step / (ARRIVED * config.steps))
    return round(first * (config.labels / first) ** part)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Let labels arrive and both models learn; the first snapshot shows them before the first."""
    truth = problem(config.dataset, config.classes, config.overlap)
    rng = generator(config.seed)
    x, y = labelled(truth.source, config.labels, rng)
    extra = truth.source.sample(config.unlabelled, rng)
    a = learner(config, truth.classes, generator(config.seed + 1))
    b = maker(config, truth.classes, generator(config.seed + 2))
    c = maker(config, truth.classes, generator(config.seed + 2), extra)
    observer = Observer(config, truth, x, y, extra)
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        n = arrived(config, truth.classes, step)
        if step in shown:
            yield observer.look(step, n if step else 0, a, (b.model(), c.model()))
        if step < config.steps:
            a.update(x[:n], y[:n])
            if step % EM_EVERY == 0:
                b.update(x[:n], y[:n])
                c.update(x[:n], y[:n])
    return Model(a, b.model(), c.model(), config.labels)
