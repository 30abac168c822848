"""Learning curves: the mean test errors of a discriminative and a generative model over the number
of labels, repeated with fresh labels until the difference is larger than chance.

Ng and Jordan (2001), On Discriminative vs. Generative Classifiers
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.discriminative import Networks
from explorer.concepts.decision_boundaries.measure import (
    Problem,
    expected_error,
    labelled,
    problem,
)
from explorer.concepts.decision_boundaries.model import new_discriminative, new_generative
from explorer.config import whole
from explorer.nets import generator
from explorer.optim import Adam
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen
from explorer.truth.plane import posterior

NETWORK_STEPS = 250
GRADIENT_STEPS = 250  # of logistic regression
EM_STEPS = 40
TESTED = 1500  # of the test points
# 97.5 % quantiles of Student's t for 1 .. 30 degrees of freedom, then nearly the normal's.
STUDENT = (
    12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
ROLES: tuple[Role, Role] = ("rival", "model")


@dataclass(frozen=True)
class LearningCurvesConfig:
    """Both models of a run, trained from scratch `steps` times; its steps do not matter here."""

    run: Config = field(default_factory=Config)  # its number of labels is the largest
    steps: int = 20  # repetitions
    seed: int = 0

    def __post_init__(self) -> None:
        whole(self, "steps", 2, 400)
        whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class LearningCurves:
    """Mean test errors of a discriminative (0) and a generative model (1) so far."""

    step: int  # repetitions
    sizes: np.ndarray  # (k,) numbers of labels
    mean: np.ndarray  # (2, k) of the errors; 0.5 before the first repetition
    half: np.ndarray  # (2, k) half the 95 % intervals of the means
    gap: np.ndarray  # (k,) mean difference within a repetition, discriminative - generative
    gap_half: np.ndarray  # (k,) half its 95 % interval
    best: float  # Bayes error
    names: tuple[str, str]
    limits: tuple[float, float] | None  # errors after infinitely many labels, where known


def summary(
    rows: list[list[list[float]]],
    sizes: Sequence[int],
    best: float,
    names: tuple[str, str],
    limits: tuple[float, float] | None = None,
) -> tuple[LearningCurves, np.ndarray]:
    """The snapshot of so many repetitions (2, k) each, and all errors (2, repetitions, k)."""
    errors = np.array(rows).reshape(len(rows), 2, len(sizes)).transpose(1, 0, 2)
    known = errors if rows else np.full((2, 1, len(sizes)), 0.5)
    gap = known[0] - known[1]
    snapshot = LearningCurves(
        len(rows),
        frozen(np.array(sizes)),
        frozen(known.mean(axis=1)),
        frozen(np.stack([half_width(each) for each in known])),
        frozen(gap.mean(axis=0)),
        frozen(half_width(gap)),
        best,
        names,
        limits,
    )
    return snapshot, errors


def half_width(values: np.ndarray) -> np.ndarray:
    """Half the 95 % interval (k,) of the mean of values (n, k); 0 while n is 1."""
    n = len(values)
    if n < 2:
        return np.zeros(values.shape[1])
    t = STUDENT[n - 2] if n - 2 < len(STUDENT) else 1.96 + 2.4 / (n - 1)
    return t * values.std(axis=0, ddof=1) / n**0.5


def learning_curves_config(run: Config, repetitions: int = 20) -> LearningCurvesConfig:
    """The experiment for a run; runs that differ in nothing that matters here share one."""
    same = Config()
    own = replace(run, steps=same.steps, seed=same.seed, unlabelled=same.unlabelled)
    return LearningCurvesConfig(own, repetitions, run.seed)


def sizes(config: LearningCurvesConfig, classes: int) -> list[int]:
    """Numbers of labels: doubling from two per class to all of them."""
    found = [2 * classes * 2**k for k in range(12)]
    return [n for n in found if n < config.run.labels] + [config.run.labels]


def learning_curves(
    config: LearningCurvesConfig,
) -> Generator[LearningCurves, None, np.ndarray]:
    """Repeat the experiment; returns all errors (2, repetitions, sizes)."""
    run = config.run
    truth = problem(run.dataset, run.classes, run.overlap)
    counts = sizes(config, truth.classes)
    rng = generator(config.seed)
    rows: list[list[list[float]]] = []
    names = (DISCRIMINATIVE[run.discriminative], GENERATIVE[run.generative])
    for step in range(config.steps + 1):
        snapshot, errors = summary(rows, counts, truth.error.value, names)
        yield snapshot
        if step < config.steps:
            x, y = labelled(truth.source, counts[-1], rng)
            seed = config.seed + step
            if run.discriminative == "network":
                first = network_errors(run, truth, x, y, counts, seed)
            else:
                first = [discriminative_error(run, truth, x[:n], y[:n], seed) for n in counts]
            second = [generative_error(run, truth, x[:n], y[:n], seed) for n in counts]
            rows.append([first, second])
    return errors


def discriminative_error(run: Config, truth: Problem, x: Tensor, y: Tensor, seed: int) -> float:
    """The test error of the discriminative model trained on these labels."""
    model = new_discriminative(run, truth.classes, generator(seed))
    once = run.discriminative in ("svm", "knn")
    for _ in range(1 if once else GRADIENT_STEPS):
        model.update(x, y)
    return _test_error(model.logits(truth.test[:TESTED]), truth)


def generative_error(run: Config, truth: Problem, x: Tensor, y: Tensor, seed: int) -> float:
    """The test error of the generative model trained on these labels."""
    model = new_generative(run, truth.classes, generator(seed))
    for _ in range(EM_STEPS if run.generative == "mixture" else 1):
        model.update(x, y)
    return _test_error(posterior(model.model(), truth.test[:TESTED]), truth)


@torch.enable_grad()
def network_errors(
    run: Config, truth: Problem, x: Tensor, y: Tensor, counts: list[int], seed: int
) -> list[float]:
    """The test errors of networks trained side by side, each on its own number of labels."""
    networks = Networks(len(counts), run.hidden_units, truth.classes, generator(seed))
    optimizer = Adam(networks.parameters(), run.learning_rate, decay=run.weight_decay)
    weight = torch.zeros(len(counts), len(x))  # of each label for each network
    for row, n in zip(weight, counts):
        row[:n] = 1 / n
    inputs, labels = x.expand(len(counts), -1, -1), y.expand(len(counts), -1)[..., None]
    for _ in range(NETWORK_STEPS):
        log_p = log_softmax(networks(inputs), 2).gather(2, labels)[..., 0]
        optimizer.descend(-(weight * log_p).sum())
    if not torch.isfinite(optimizer.flat.value).all():
        raise FloatingPointError(
            "The neural networks diverged: their weights grew beyond all bounds. Choose a smaller "
            "learning rate."
        )
    with torch.no_grad():
        logits = networks(truth.test[:TESTED].expand(len(counts), -1, -1))
    return [_test_error(each, truth) for each in logits]


def _test_error(p: Tensor, truth: Problem) -> float:
    return expected_error(p, truth.test_posterior[:TESTED]).mean().item()


def learning_curves_scene(
    snapshot: LearningCurves, reach: tuple[float, float] = (-1.0, 1.0)
) -> Scene:
    """Mean errors over the number of labels; their relative difference, in the range `reach`."""
    s = snapshot
    ends = (float(s.sizes[0]), float(s.sizes[-1]))
    curves: list[Mark] = [_level("Bayes error", "truth", ends, s.best)]
    for i, (name, role) in enumerate(zip(s.names, ROLES)):
        if s.limits:
            label = f"{name}, infinitely many labels"
            curves.append(_level(label, role, ends, s.limits[i], dashed=True))
        if s.step:
            curves.append(_mean(name, role, s.sizes, s.mean[i], s.half[i]))
    difference: list[Mark] = [_level("no difference", "neutral", ends, 0.0)]
    if s.step:
        unit = s.mean[1].clip(min=1e-3)
        difference.append(_mean("difference", "real", s.sizes, s.gap / unit, s.gap_half / unit))
    panels = [
        Panel(
            "Mean test error", curves, "chart", ends, (max(0.01, 0.8 * s.best), 0.6), "labels",
            "share misclassified", log_x=True, log_y=True, caption="shaded: 95 % interval",
        ),
        Panel(
            "Difference of the errors", difference, "chart", ends, reach, "labels",
            f"({s.names[0]} - {s.names[1]}) / {s.names[1]}", log_x=True,
            caption="above zero the generative model errs less, below zero the discriminative one",
        ),
    ]  # fmt: skip
    few = min(2, len(s.sizes) - 1)
    readings = [
        Reading(
            f"{name}, {s.sizes[few]:,} labels", float(s.mean[i, few]), (s.best, s.best),
            "Bayes error", help=f"Mean test error over {s.step} repetitions; half the 95 % "
            f"interval is {float(s.half[i, few]):.4f}.",
        )
        for i, name in enumerate(s.names)
    ]  # fmt: skip
    return Scene(
        panels, s.step, (), (), readings, _sentence(s), unit="repetition", title="Learning curves"
    )


def _level(
    name: str, role: Role, ends: tuple[float, float], value: float, dashed: bool = False
) -> Curve:
    xy = np.array([[x, value] for x in ends], np.float32)
    return Curve(name, role, xy, dashed, width=1.2, label="" if dashed or not value else None)


def _mean(name: str, role: Role, sizes: np.ndarray, mean: np.ndarray, half: np.ndarray) -> Curve:
    xy = np.stack([sizes, mean], axis=1).astype(np.float32)
    band = np.stack([mean - half, mean + half], axis=1).astype(np.float32)
    return Curve(name, role, xy, band=band, label="")


def _sentence(s: LearningCurves) -> str:
    """Which model errs less with how many labels, as far as it is decided already."""
    if s.step < 3:
        return "Each repetition draws fresh labels; the intervals shrink as repetitions come in."
    generative, discriminative = s.gap > s.gap_half, s.gap < -s.gap_half
    both = generative.any() and discriminative.any()
    if both and s.sizes[generative].max() < s.sizes[discriminative].min():
        return (
            f"The generative model errs less with {_range(s.sizes, generative)} labels, the "
            f"discriminative model with {_range(s.sizes, discriminative)}: assumptions help "
            "while data are few, and hurt once there are many."
        )
    found = [
        f"the {name} model errs less with {_range(s.sizes, where)} labels"
        for name, where in (("generative", generative), ("discriminative", discriminative))
        if where.any()
    ]
    first = "; ".join(found) or "nowhere does one of them surely err less"
    return (
        f"{first[0].upper()}{first[1:]}. Where the interval of the difference contains zero, "
        "neither is ahead so far."
    )


def _range(sizes: np.ndarray, chosen: np.ndarray) -> str:
    """
    >>> sizes = np.array([8, 16, 32, 2048])
    >>> _range(sizes, sizes < 64), _range(sizes, sizes > 64), _range(sizes, sizes != 16)
    ('8 to 32', '2,048', '8, 32, 2,048')
    """
    at, names = np.flatnonzero(chosen), [f"{size:,}" for size in sizes[chosen]]
    if len(at) > 1 and at[-1] - at[0] == len(at) - 1:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)
