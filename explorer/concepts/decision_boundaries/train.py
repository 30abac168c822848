"""Training: labels arrive, both models learn from them, and everything that is shown is recorded.

Labels arrive one by one, ever faster: their number doubles at a steady pace. A second generative
model also learns from unlabelled points (semi-supervised).
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.discriminative import Discriminative
from explorer.concepts.decision_boundaries.measure import (
    CELLS,
    COMPARED,
    FAINT,
    INLIERS,
    SHOWN,
    TEST,
    WIDE,
    WIDE_CELLS,
    Problem,
    as_bytes,
    as_grid,
    boundary,
    contours,
    expected_error,
    labelled,
    level_line,
    mass_outside,
    partial_error,
    problem,
)
from explorer.concepts.decision_boundaries.model import Model, new_discriminative, new_generative
from explorer.config import frame_steps
from explorer.data.mixture import Mixture
from explorer.nets import freeze, generator
from explorer.truth.plane import posterior_from_one

FRAMES = 100
EM_EVERY = 5  # steps from one EM iteration to the next: slow enough to be watched
ARRIVED = 0.85  # share of the run after which all labels are there
MOST_CENTRES = 48  # a kernel density estimate has one on every point: too many to show
RANKED = 1024  # samples whose density gives the threshold of the region of inliers


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All models after `step` steps: 0 discriminative, 1 generative, 2 semi-supervised generative.

    Probabilities on grids are uint8, 255 being 1.
    """

    step: int
    labels: int  # that have arrived
    arriving: float  # the same before it is rounded
    config: Config
    problem: Problem  # the exact answer
    x: np.ndarray  # (config.labels, 2) labelled points in the order of arrival
    y: np.ndarray  # (config.labels,)
    unlabelled: np.ndarray  # (at most SHOWN, 2)
    predicted: np.ndarray  # (3, CELLS, CELLS) the class that each model predicts
    confidence: np.ndarray  # (3, CELLS, CELLS) its posterior probability
    boundaries: tuple[np.ndarray, ...]  # 3 decision boundaries (k, 2): lines, broken by NaN
    difference: np.ndarray  # (2, CELLS, CELLS) half the summed |p(y | x) - exact p(y | x)|
    mass_below: np.ndarray  # (CELLS, CELLS) share of the generative p(x) where it is lower
    contours: np.ndarray  # (k, 2) of the generative p(x | y)
    centres: np.ndarray  # (components, 2) of its Gaussians, empty for a kernel density estimate
    samples: np.ndarray  # (SHOWN, 2) of the generative model
    sample_classes: np.ndarray  # (SHOWN,)
    partial: np.ndarray  # (2, 2, COORDINATES, classes) models x axes: p(y | one coordinate)
    wide_confidence: np.ndarray  # (WIDE_CELLS, WIDE_CELLS) discriminative model, wide plane
    wide_predicted: np.ndarray  # (WIDE_CELLS, WIDE_CELLS)
    wide_boundary: np.ndarray  # (k, 2)
    wide_density: np.ndarray  # (WIDE_CELLS, WIDE_CELLS) the generative model's log p(x)
    region: np.ndarray  # (k, 2) contour around INLIERS of the generative model's samples
    detected: float  # share of the cells outside the data that lie outside the region
    false_positives: float  # share of the test points that do
    outside_confidence: float  # mean posterior probability of the class predicted there by model 0
    errors: np.ndarray  # (3,) test errors
    standard_errors: np.ndarray  # (3,) of them
    training_errors: np.ndarray  # (3,) share of the labelled points that are misclassified
    partial_errors: np.ndarray  # (2,) errors with one coordinate missing
    differences: np.ndarray  # (2,) means of `difference` over the data
    distance: float  # sliced Wasserstein distance of the samples from the data


class Recorder:
    """Takes the snapshots of one run."""

    def __init__(self, config: Config, truth: Problem, x: Tensor, y: Tensor, extra: Tensor) -> None:
        self.config, self.truth, self.y = config, truth, y
        self.constant = (freeze(x), freeze(y.to(torch.uint8)), freeze(extra[:SHOWN]))
        n = len(truth.coordinate)
        filled = torch.zeros(2 * n, 2)  # the missing coordinate is replaced by its mean, 0
        filled[:n, 0], filled[n:, 1] = truth.coordinate, truth.coordinate
        self.inputs = torch.cat([x, truth.test, truth.grid, truth.wide, filled])
        self.parts = (len(x), TEST, CELLS**2, WIDE_CELLS**2, 2 * n)
        weight = truth.source.log_density(truth.grid).exp()
        self.weight = weight / weight.sum()  # (CELLS^2,) share of the data in each cell

    @torch.no_grad()
    def record(
        self, step: int, arriving: float, a: Discriminative, generative: Sequence[Mixture]
    ) -> Snapshot:
        """Evaluate all models on everything that is shown; `arriving` labels are there."""
        truth, (b, c) = self.truth, generative
        (*_, filled), labels = self.parts, round(arriving)
        logits = a.logits(self.inputs).float().log_softmax(1)
        a_train, a_test, a_grid, a_wide, a_filled = logits.split(self.parts)
        samples, classes = b.sample_labelled(COMPARED, generator(self.config.seed + 3))
        # One call for all inputs: calls are expensive.
        joint_b = joint(b, torch.cat([self.inputs[:-filled], samples[:RANKED]]))
        parts = (*self.parts[:-1], RANKED)
        b_train, b_test, b_grid, *_ = joint_b.split(parts)
        _, d_test, d_grid, d_wide, d_samples = joint_b.logsumexp(1).split(parts)
        c_train, c_test, c_grid = joint(c, self.inputs[: sum(self.parts[:3])]).split(self.parts[:3])
        grids = torch.stack([each.softmax(1) for each in (a_grid, b_grid, c_grid)])
        top = grids.max(2)
        difference = 0.5 * (grids[:2] - truth.posterior).abs().sum(2)
        observed = [posterior_from_one(b, truth.coordinate, axis) for axis in (0, 1)]
        partial = torch.stack([a_filled.exp().view(2, filled // 2, -1), torch.stack(observed)])
        errors = torch.stack(
            [expected_error(each, truth.test_posterior) for each in (a_test, b_test, c_test)]
        )
        seen = slice(max(labels, 2 * truth.classes))  # before the first: those that come first
        training = torch.stack([each[seen].argmax(1) for each in (a_train, b_train, c_train)])
        threshold = d_samples.sort().values[round((1 - INLIERS) * RANKED)].item()
        confidence = a_wide.amax(1).exp()
        x, y, unlabelled = self.constant
        return Snapshot(
            step=step,
            labels=labels,
            arriving=arriving,
            config=self.config,
            problem=truth,
            x=x,
            y=y,
            unlabelled=unlabelled,
            predicted=as_grid(top.indices.to(torch.uint8)),
            confidence=as_grid(as_bytes(top.values)),
            boundaries=tuple(boundary(each) for each in (a_grid, b_grid, c_grid)),
            difference=as_grid(as_bytes(difference)),
            mass_below=as_grid(as_bytes(mass_outside(d_grid[:, None])[0])),
            contours=contours(b_grid),
            centres=freeze(b.means.float() if len(b.means) <= MOST_CENTRES else torch.empty(0, 2)),
            samples=freeze(samples[:SHOWN]),
            sample_classes=freeze(classes[:SHOWN].to(torch.uint8)),
            partial=freeze(partial.half()),
            wide_confidence=as_grid(as_bytes(confidence)),
            wide_predicted=as_grid(a_wide.argmax(1).to(torch.uint8)),
            wide_boundary=boundary(a_wide, WIDE),
            wide_density=as_grid(d_wide.clamp(min=FAINT).half()),
            region=level_line(d_wide, threshold, WIDE),
            detected=(d_wide < threshold)[truth.outside].float().mean().item(),
            false_positives=(d_test < threshold).float().mean().item(),
            outside_confidence=confidence[truth.outside].mean().item(),
            errors=freeze(errors.mean(1)),
            standard_errors=freeze(errors.std(1) / TEST**0.5),
            training_errors=freeze((training != self.y[seen]).float().mean(1)),
            partial_errors=freeze(torch.tensor([partial_error(each, truth) for each in partial])),
            differences=freeze(difference @ self.weight),
            distance=truth.reference.distance(samples),
        )


def joint(model: Mixture, x: Tensor) -> Tensor:
    """log p(x, y), (n, classes)."""
    return model.class_log_density(x) + model.class_log_prior


def arriving(config: Config, classes: int, step: int) -> float:
    """How many labels there are at a step: two per class at first, doubling at a steady pace."""
    first = min(2 * classes, config.labels)
    part = min(1.0, step / (ARRIVED * config.steps))
    return first * (config.labels / first) ** part


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Let labels arrive and train both models; the first snapshot comes before the first label."""
    truth = problem(config.dataset, config.classes, config.overlap)
    rng = generator(config.seed)
    x, y = labelled(truth.source, config.labels, rng)
    extra = truth.source.sample(config.unlabelled, rng)
    a = new_discriminative(config, truth.classes, generator(config.seed + 1))
    b = new_generative(config, truth.classes, generator(config.seed + 2))
    c = new_generative(config, truth.classes, generator(config.seed + 2), extra)
    recorder = Recorder(config, truth, x, y, extra)
    frames = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        here = arriving(config, truth.classes, step)
        n = round(here)
        if step in frames:
            yield recorder.record(step, here if step else 0.0, a, (b.model(), c.model()))
        if step < config.steps:
            a.update(x[:n], y[:n])
            if step % EM_EVERY == 0:
                b.update(x[:n], y[:n])
                c.update(x[:n], y[:n])
    return Model(a, b.model(), c.model(), config.labels)
