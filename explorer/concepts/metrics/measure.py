r"""The metrics by name, the noise floor of each, and how many floors a value lies from it.

A perfect model draws fresh real samples. Its values, over sets without a common sample, give every
metric its noise floor: their mean and the interval that holds 99 % of them. A value is given as a
z-score in units of the floor, the distance from the mean to that edge of the interval:

    z = +-(value - mean) / |edge - mean|,   positive when worse

|z| <= 1 cannot be told from a perfect model; z < -1 is better than perfect and a reason to ask why.
Paired metrics compare each sample with its original: identical pairs have exactly their bound, so
their unit is how much they fluctuate between sets of unrelated pairs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

import numpy as np

from explorer.concepts.metrics.classifier import FILES
from explorer.concepts.metrics.config import AVAILABLE, SAMPLES_STEP
from explorer.config import frame_steps
from explorer.scene import frozen
from explorer.truth.floors import Floor, interval_of

FRAMES = 24
SETS = 40  # perfect sets behind each noise floor
PERFECT_FILE = FILES / "perfect_sets.npz"


@dataclass(frozen=True)
class Metric:
    """A metric; `paired` ones compare each sample with its original."""

    key: str
    label: str
    better: Literal["low", "high"]
    help: str
    paired: bool = False
    perfect: float = 0.0  # of a paired metric: the value of identical pairs
    least: float = -np.inf  # no value can be below or above
    most: float = np.inf


IMAGE_METRICS: tuple[Metric, ...] = (
    Metric("frechet", "Fréchet distance", "low",
           "Distance of the normal distributions fitted to the features of both sets, by mean and "
           "covariance. With Inception features it is the FID."),
    Metric("kernel", "kernel distance", "low",
           "Squared maximum mean discrepancy (MMD) of the features, unbiased: for a perfect model "
           "zero on average, at any number of samples. With Inception features it is the KID."),
    Metric("inception", "inception score", "high",
           "High when each image is surely of one class and all classes are there. It uses no real "
           "image."),
    Metric("precision", "precision", "high",
           "Share of generated images whose features lie near those of a real one.", most=1),
    Metric("recall", "recall", "high",
           "Share of real images whose features lie near those of a generated one.", most=1),
    Metric("density", "density", "high",
           "In how many neighbourhoods of real images a generated one lies on average, divided by "
           "k = 5. Outliers mislead it less than precision."),
    Metric("coverage", "coverage", "high",
           "Share of real images with a generated one in their neighbourhood.", most=1),
    Metric("novelty", "novelty", "high",
           "Distance in pixels from the nearest training image, relative to that of held-out real "
           "images: 1 is as new as these, 0 is a copy."),
    Metric("mse", "pixel error (MSE)", "low",
           "Mean squared difference from the original, pixel by pixel.", True),
    Metric("perceptual", "perceptual distance", "low",
           "Squared difference from the original in the layers of the classifier. As LPIPS, "
           "without its weights, which were fitted to what people see.", True),
)  # fmt: skip
TEXT_METRICS: tuple[Metric, ...] = (
    Metric("bits", "bits per character", "low",
           "Cross-entropy under an n-gram language model that was trained on other chapters."),
    Metric("perplexity", "perplexity", "low",
           "The same per word: among so many equally likely words the language model would be as "
           "uncertain."),
    Metric("distinct1", "distinct-1", "high", "Different words over all words of the set."),
    Metric("distinct2", "distinct-2", "high", "Different pairs of words over all pairs."),
    Metric("self_bleu", "self-BLEU", "low",
           "BLEU of each sentence against all others: high when they are alike."),
    Metric("copied", "copied 5-grams", "low",
           "Share of runs of five words that occur in the training text.", least=0),
    Metric("bleu", "BLEU", "high",
           "Precision of runs of one to four words against the original, times a brevity penalty.",
           True, 100.0),
    Metric("rouge1", "ROUGE-1", "high", "F1 of the words shared with the original.", True, 1.0),
    Metric("rouge2", "ROUGE-2", "high", "F1 of the pairs of words shared with the original.", True,
           1.0),
    Metric("rouge_l", "ROUGE-L", "high",
           "F1 of the longest common subsequence with the original.", True, 1.0),
    Metric("embedding", "embedding match", "high",
           "Words matched by the cosine of their vectors. As BERTScore, with one fixed vector per "
           "word instead of BERT.", True, 1.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class NoiseFloors:
    """The noise floors of some metrics, each with the unit of its z-score."""

    metrics: tuple[Metric, ...]
    floors: tuple[Floor, ...]  # of a paired metric: the value of identical pairs, thrice
    units: np.ndarray  # (2, metrics): from the mean down to the edge, and up

    def z_scores(self, values: np.ndarray) -> np.ndarray:
        """Values (..., metrics) in units of the noise floor; 1 is its edge on the worse side."""
        sign = np.array([1.0 if metric.better == "low" else -1.0 for metric in self.metrics])
        gap = values - np.array([floor.mean for floor in self.floors])
        return sign * gap / np.where(gap < 0, *self.units)

    def at(self, key: str) -> int:
        """The place of a metric."""
        return [metric.key for metric in self.metrics].index(key)


def noise_floors(metrics: tuple[Metric, ...], values: np.ndarray) -> NoiseFloors:
    """From values (sets, metrics) of perfect sets; of paired metrics, of unrelated pairs."""
    floors, units = [], []
    for metric, column in zip(metrics, values.T):
        found = interval_of(column)
        units.append([max(found.mean - found.low, 1e-9), max(found.high - found.mean, 1e-9)])
        inside = Floor(found.mean, max(found.low, metric.least), min(found.high, metric.most))
        identical = Floor(metric.perfect, metric.perfect, metric.perfect)
        floors.append(identical if metric.paired else inside)
    return NoiseFloors(metrics, tuple(floors), frozen(np.array(units).T))


def stored_sizes(name: str) -> range:
    """The numbers of samples whose perfect sets are stored: all that the slider offers."""
    return range(SAMPLES_STEP, AVAILABLE[name] + 1, SAMPLES_STEP)


def stored(name: str, n: int) -> np.ndarray | None:
    """Every metric (SETS, metrics) of perfect sets of n samples; None if they are not stored.

    To measure them takes seconds: `python -m benchmarks.metrics_assets perfect_sets`.
    """
    sizes = stored_sizes(name)
    return _stored()[name][sizes.index(n)] if n in sizes else None


@lru_cache(maxsize=1)
def _stored() -> dict[str, np.ndarray]:
    with np.load(PERFECT_FILE, allow_pickle=False) as archive:
        return {name: archive[name].astype(np.float64) for name in archive.files}


class Evaluation(Protocol):
    """A set of held-out samples that can be corrupted, with its metrics."""

    @property
    def floors(self) -> NoiseFloors: ...

    def corrupted(self, corruption: str, severity: float) -> Any:
        """The set, corrupted; severity 0 leaves it as it is, 1 is the most."""

    def measure(self, samples: Any) -> np.ndarray:
        """The values (metrics,); NaN for paired metrics when there are no originals."""


@dataclass(frozen=True, eq=False)
class Scores:
    """What every metric gives at each severity so far: the map of their sensitivity shows all."""

    config: Any
    floors: NoiseFloors
    severities: np.ndarray  # (k,)
    values: np.ndarray  # (k, metrics); NaN where there are no pairs

    def z_scores(self) -> np.ndarray:
        """The z-scores (metrics,) at the last severity."""
        return self.floors.z_scores(self.values[-1])


def scored(evaluation: Evaluation, config: Any) -> Iterator[tuple[int, Any, Scores]]:
    """(step, corrupted samples, scores so far) at even steps of severity."""
    values: list[np.ndarray] = []
    steps = frame_steps(config.steps, FRAMES)
    severities = config.severity * np.array(steps) / config.steps
    for step in steps:
        severity = config.severity * step / config.steps
        samples = evaluation.corrupted(config.corruption, severity)
        values.append(evaluation.measure(samples))
        so_far = frozen(severities[: len(values)]), frozen(np.stack(values))
        yield step, samples, Scores(config, evaluation.floors, *so_far)


@dataclass(frozen=True, eq=False)
class CorruptedSet:
    """What a run returns: it draws corrupted samples at its full severity."""

    config: Any
    evaluation: Callable[[int], Evaluation]  # by seed

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n corrupted images (n, d), or sentences (n,)."""
        rows = self._rows(seed)
        return rows[np.random.default_rng(seed).permutation(len(rows))[:n]]

    def weights(self) -> dict[str, np.ndarray]:
        """The set of the run itself; nothing was learnt."""
        return {"samples": frozen(self._rows(self.config.seed))}

    def _rows(self, seed: int) -> np.ndarray:
        chosen = self.evaluation(seed).corrupted(self.config.corruption, self.config.severity)
        return np.array(chosen.rows())
