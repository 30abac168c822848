"""Seven models and corruptions, ranked by one metric after the other.

Among them are a perfect model, which draws held-out real images, and one that has memorised the
training images. The Gaussians are a small generative model that is fitted here: for each class one
normal distribution in the directions in which real images vary most.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.metrics.classifier import IMAGE_SETS
from explorer.concepts.metrics.config import AVAILABLE, SAMPLES_STEP
from explorer.concepts.metrics.measure import IMAGE_METRICS, NoiseFloors
from explorer.concepts.metrics.measure_images import ImageEvaluation, ImageSamples
from explorer.concepts.metrics.scene import colour
from explorer.data import images
from explorer.nets import generator
from explorer.scene import Field, Images, Mark, Panel, Reading, Scene, Text, frozen

METRICS = tuple(metric for metric in IMAGE_METRICS if not metric.paired)
DIRECTIONS = 30  # in which the Gaussians vary
MEMORISED = "memorisation"
SHOWN, NAMES, CELL, HEAD, FINE = 2, 5.8, 1.6, 1.5, 8  # sizes in rows; cells of a row


@dataclass(frozen=True)
class ComparisonConfig:
    """Which images, how many of each model, and which seed."""

    dataset: str = c.data("mnist", IMAGE_SETS)
    samples: int = c.integer(400, 50, 1000, SAMPLES_STEP)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class ComparisonSnapshot:
    """The table as the metric number `step` sorts it."""

    step: int
    models: tuple[str, ...]
    floors: NoiseFloors
    values: np.ndarray  # (models, metrics)
    pixels: np.ndarray  # (models, shown, h, w) uint8

    def order(self) -> np.ndarray:
        """The models, best first, by the metric of this step."""
        column = self.values[:, self.step]
        return np.argsort(column if METRICS[self.step].better == "low" else -column, kind="stable")


def compare(config: ComparisonConfig) -> Generator[ComparisonSnapshot, None, None]:
    """Every metric in turn sorts the table."""
    n = min(config.samples, AVAILABLE[config.dataset])
    evaluation = ImageEvaluation(config.dataset, n, config.seed)
    samples = {
        "perfect model": ImageSamples(evaluation.perfect),
        MEMORISED: evaluation.corrupted("memorise", 1.0),
        "slight blur": ImageSamples(evaluation.corrupted("blur", 0.25).x),
        "slight noise": ImageSamples(evaluation.corrupted("noise", 0.2).x),
        "five classes": evaluation.corrupted("missing_classes", 1.0),
        "mode collapse": evaluation.corrupted("collapse", 1.0),
        "Gaussians": ImageSamples(gaussians(evaluation, config.seed)),
    }
    values = np.stack([evaluation.measure(each)[: len(METRICS)] for each in samples.values()])
    data = images.load(config.dataset)
    pixels = np.stack([data.pixels(each.x[:SHOWN]) for each in samples.values()])
    fixed = frozen(values), frozen(pixels)
    for step in range(len(METRICS)):
        yield ComparisonSnapshot(step, tuple(samples), evaluation.floors, *fixed)


def gaussians(evaluation: ImageEvaluation, seed: int) -> Tensor:
    """Samples (n, d) of one normal distribution for each class, fitted to the training images."""
    rng, known = generator(seed + 1), evaluation.split
    x, labels = known.train, known.train_labels
    mean = x.mean(0)
    _, vectors = torch.linalg.eigh((x - mean).T @ (x - mean))
    axes = vectors[:, -min(DIRECTIONS, x.shape[1]) :]
    latent_codes = (x - mean) @ axes
    drawn = []
    for label in torch.randint(int(labels.max()) + 1, (evaluation.n,), generator=rng).tolist():
        own = latent_codes[labels == label]
        # A random mix of centred vectors is normal with exactly their covariance.
        weights = torch.randn(len(own), generator=rng) / max(1, len(own) - 1) ** 0.5
        drawn.append(own.mean(0) + weights @ (own - own.mean(0)))
    return (torch.stack(drawn) @ axes.T + mean).clamp(0, 1)


def comparison_scene(s: ComparisonSnapshot) -> Scene:
    """The table sorted by the metric of this step, beside two images of each model."""
    order = s.order()
    return Scene(
        [_table(s, order)],
        step=s.step + 1,
        unit="metric",
        readings=[_reading(s, key) for key in ("frechet", "novelty")],
        sentence=_sentence(s, order),
        title="Comparison of corruptions",
    )


def _table(s: ComparisonSnapshot, order: np.ndarray) -> Panel:
    rows, columns = len(order), len(METRICS)
    width = NAMES + CELL * columns
    paired = np.full((rows, len(IMAGE_METRICS) - columns), np.nan)
    z = s.floors.z_scores(np.concatenate([s.values, paired], axis=1))[:, :columns]
    heights = colour(z)[order]
    cells = np.zeros((round((rows + HEAD) * FINE), round(width * FINE)), np.float32)
    drawn: list[Mark] = []
    for row, model in enumerate(order):
        top = rows - row
        name, middle = s.models[model], (SHOWN + NAMES) / 2
        drawn.append(Text(name, "neutral", (middle, top - 0.58), name))
        for at in range(columns):
            left = round((NAMES + CELL * at) * FINE)
            right = round((NAMES + CELL * (at + 1)) * FINE)
            cells[(top - 1) * FINE : top * FINE - 1, left : right - 1] = heights[row, at]
            place = NAMES + CELL * (at + 0.5), top - 0.58
            drawn.append(Text(f"{name}, {at}", "neutral", place, brief(s.values[model, at])))
    for at, metric in enumerate(METRICS):
        here, name = at == s.step, metric.label.split()[0]
        place = NAMES + CELL * (at + 0.5), rows + (0.9 if at % 2 else 0.25)
        role, words = ("rival", f"> {name} <") if here else ("neutral", name)
        drawn.append(Text(metric.key, role, place, words))  # type: ignore[arg-type]
    meaning = "better than perfect | worse than perfect"
    field = Field("z-score", frozen(cells), -1.0, 1.0, ("real", "rival"), meaning=meaning)
    places = [(0.5 + k, rows - row - 0.56) for row in range(rows) for k in range(SHOWN)]
    samples = frozen(s.pixels[order].reshape(-1, *s.pixels.shape[2:]))
    at_left = frozen(np.array(places, np.float32))
    return Panel(
        "Ranking, best first",
        [field, Images("samples", "model", samples, at=at_left, height=0.75), *drawn],
        xlim=(0, width),
        ylim=(0, rows + HEAD),
        caption="Pale: within the noise floor. Blue: better than a perfect model. Violet: worse.",
    )


def brief(value: float) -> str:
    """A value in two digits, or three from ten on.

    >>> brief(0.088), brief(121.4), brief(-14.66)
    ('0.088', '121', '-14.7')
    """
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.3g}"


def _reading(s: ComparisonSnapshot, key: str) -> Reading:
    at = s.floors.at(key)
    metric, value = METRICS[at], float(s.values[s.models.index(MEMORISED), at])
    return Reading(
        f"{metric.label} of {MEMORISED}", value, s.floors.floors[at].interval,
        better=metric.better, help=metric.help,
    )  # fmt: skip


def _sentence(s: ComparisonSnapshot, order: np.ndarray) -> str:
    metric, memorised = METRICS[s.step], s.models.index(MEMORISED)
    rank = int(np.flatnonzero(order == memorised)[0]) + 1
    if metric.key == "novelty":
        return (
            f"Novelty ranks memorisation {rank} of {len(order)}: its value is "
            f"{s.values[memorised, s.step]:.2g}, that of new images 1. It measures newness only: "
            "noise is new as well."
        )
    return (
        f"By {metric.label}, {s.models[order[0]]} ranks first"
        f"{'' if rank == 1 else f' and memorisation {rank} of {len(order)}'}."
    )
