"""Learning curves in the plane: both models of a run, fitted afresh to more and more labels."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.discriminative import Nets
from explorer.concepts.decision_boundaries.problem import Problem, labelled, problem, wrong
from explorer.concepts.decision_boundaries.repeats import Repeats
from explorer.concepts.decision_boundaries.train import learner, maker
from explorer.config import whole
from explorer.nets import generator
from explorer.optim import Adam
from explorer.scene import frozen
from explorer.truth.plane import posterior

NET_STEPS = 250
GRADIENT_STEPS = 250  # of logistic regression
EM_STEPS = 40
MARKED = 1500  # of the test points


@dataclass(frozen=True)
class Curves:
    """The experiment for the models and the data of a run, repeated `steps` times."""

    run: Config = field(
        default_factory=Config
    )  # its labels are the largest number; its steps do not matter
    steps: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        whole(self, "steps", 2, 400)
        whole(self, "seed", 0, 2**31 - 1)


def experiment(run: Config, repetitions: int) -> Curves:
    """The experiment for a run; runs that differ in nothing that matters here share one."""
    same = Config()
    own = replace(run, steps=same.steps, seed=same.seed, unlabelled=same.unlabelled)
    return Curves(own, repetitions, run.seed)


def sizes(config: Curves, classes: int) -> list[int]:
    """Numbers of labels: doubling from two per class to all of them."""
    found = [2 * classes * 2**k for k in range(12)]
    return [n for n in found if n < config.run.labels] + [config.run.labels]


def curves(config: Curves) -> Generator[Repeats, None, np.ndarray]:
    """Repeat the experiment; returns all errors (2, repetitions, sizes)."""
    run = config.run
    truth = problem(run.dataset, run.classes, run.overlap)
    counts = sizes(config, truth.classes)
    rng = generator(config.seed)
    rows: list[list[list[float]]] = []
    names = (DISCRIMINATIVE[run.discriminative], GENERATIVE[run.generative])
    for step in range(config.steps + 1):
        errors = np.array(rows).reshape(step, 2, len(counts)).transpose(1, 0, 2)
        yield Repeats(step, frozen(np.array(counts)), frozen(errors), truth.error.value, names)
        if step < config.steps:
            x, y = labelled(truth.source, counts[-1], rng)
            seed = config.seed + step
            if run.discriminative == "net":
                apart = nets(run, truth, x, y, counts, seed)
            else:
                apart = [tell(run, truth, x[:n], y[:n], seed) for n in counts]
            rows.append([apart, [make(run, truth, x[:n], y[:n], seed) for n in counts]])
    return errors


def tell(run: Config, truth: Problem, x: Tensor, y: Tensor, seed: int) -> float:
    """The test error of the discriminative model after these labels."""
    model = learner(run, truth.classes, generator(seed))
    once = run.discriminative in ("svm", "neighbours")
    for _ in range(1 if once else GRADIENT_STEPS):
        model.update(x, y)
    return _error(model.logits(truth.test[:MARKED]), truth)


def make(run: Config, truth: Problem, x: Tensor, y: Tensor, seed: int) -> float:
    """The test error of the generative model after these labels."""
    model = maker(run, truth.classes, generator(seed))
    for _ in range(EM_STEPS if run.generative == "mixture" else 1):
        model.update(x, y)
    return _error(posterior(model.model(), truth.test[:MARKED]), truth)


@torch.enable_grad()
def nets(
    run: Config, truth: Problem, x: Tensor, y: Tensor, counts: list[int], seed: int
) -> list[float]:
    """The test errors of nets trained side by side, each on its own number of labels."""
    many = Nets(len(counts), run.hidden, truth.classes, generator(seed))
    optimizer = Adam(many.parameters(), run.rate, decay=run.decay)
    share = torch.zeros(len(counts), len(x))  # what each label counts for each net
    for row, n in zip(share, counts):
        row[:n] = 1 / n
    every, label = x.expand(len(counts), -1, -1), y.expand(len(counts), -1)[..., None]
    for _ in range(NET_STEPS):
        own = log_softmax(many(every), 2).gather(2, label)[..., 0]
        optimizer.descend(-(share * own).sum())
    if not torch.isfinite(optimizer.flat.value).all():
        raise FloatingPointError(
            "The neural nets diverged: their steps were so long that their weights grew "
            "beyond all bounds. Choose a smaller learning rate."
        )
    with torch.no_grad():
        said = many(truth.test[:MARKED].expand(len(counts), -1, -1))
    return [_error(each, truth) for each in said]


def _error(share: Tensor, truth: Problem) -> float:
    return wrong(share, truth.test_posterior[:MARKED]).mean().item()
