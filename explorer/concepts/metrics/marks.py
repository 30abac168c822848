r"""The metrics by name, what each would say of a perfect model, and how loud its alarm is.

A perfect model makes fresh real samples. Its values, over sets that share nothing, give every
metric its floor: their mean and the interval that holds 99 % of them. The alarm is how far a value
lies outside, in units of the way from the mean to that edge of the interval:

    a = +-(value - mean) / |edge - mean|,   positive when worse

|a| <= 1 can't be told from perfect, -1 is better than perfect and a reason to ask why. Metrics of
pairs compare each sample with the one it was made from: a copy is at their bound exactly, so their
unit is how much they fluctuate between sets of unrelated pairs.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.scene import frozen
from explorer.truth.floors import Floor, interval_of


@dataclass(frozen=True)
class Metric:
    """A figure: `paired` ones compare each sample with the one that it was made from."""

    key: str
    label: str
    better: Literal["low", "high"]
    help: str
    paired: bool = False
    perfect: float = 0.0  # of pairs: the value of a copy
    least: float = -np.inf  # no value can be below or above
    most: float = np.inf


PICTURES: tuple[Metric, ...] = (
    Metric("frechet", "Fréchet distance", "low",
           "Of the normal distributions fitted to the features: mean and covariance, no more."),
    Metric("kernel", "kernel distance", "low",
           "Squared MMD, unbiased: about zero for a perfect model at any number of samples."),
    Metric("inception", "inception score", "high",
           "Is each picture surely of one class, and are all classes there? It never sees a real "
           "picture."),
    Metric("precision", "precision", "high", "Share of made pictures near a real one.", most=1),
    Metric("recall", "recall", "high", "Share of real pictures near a made one.", most=1),
    Metric("density", "density", "high",
           "How many real pictures a made one is near to; a stray real one can not fool it."),
    Metric("coverage", "coverage", "high", "Share of real pictures with a made one close by.",
           most=1),
    Metric("novelty", "novelty", "high",
           "Distance in pixels from the nearest training picture; 1 is as new as real ones."),
    Metric("error", "pixel error", "low",
           "Mean squared difference from the picture that it was made from.", True),
    Metric("perceptual", "feature gap", "low",
           "The same in the layers of the classifier, in the spirit of LPIPS; no person was asked.",
           True),
)  # fmt: skip
WORDS: tuple[Metric, ...] = (
    Metric("bits", "bits a letter", "low",
           "What a letter costs a judge that learnt from other chapters of the book."),
    Metric("perplexity", "perplexity", "low",
           "The same for whole words: as undecided as between so many of them."),
    Metric("distinct1", "distinct words", "high", "Different words over all words of the set."),
    Metric("distinct2", "distinct pairs", "high", "Different pairs of words over all pairs."),
    Metric("self_bleu", "self-BLEU", "low",
           "BLEU of each sentence against all others: high when they are alike."),
    Metric("copied", "copied", "low",
           "Share of runs of five words that stand in the training text.", least=0),
    Metric("bleu", "BLEU", "high", "Runs of one to four words shared with the original.", True,
           100.0),
    Metric("rouge1", "ROUGE-1", "high", "Words shared with the original.", True, 1.0),
    Metric("rouge2", "ROUGE-2", "high", "Pairs of words shared with the original.", True, 1.0),
    Metric("rouge_l", "ROUGE-L", "high", "The longest run of words in order, gaps allowed.", True,
           1.0),
    Metric("soft", "soft match", "high",
           "As BERTScore, with one fixed vector a word instead of BERT.", True, 1.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scale:
    """The floors of some metrics, each with the units of its alarm."""

    metrics: tuple[Metric, ...]
    floors: tuple[Floor, ...]  # of a metric of pairs: the value of a copy, thrice
    units: np.ndarray  # (2, metrics): from the mean down to the edge, and up

    def alarm(self, values: np.ndarray) -> np.ndarray:
        """How loud each metric calls, for values (..., metrics); 1 is the edge of the floor."""
        sign = np.array([1.0 if metric.better == "low" else -1.0 for metric in self.metrics])
        gap = values - np.array([floor.mean for floor in self.floors])
        return sign * gap / np.where(gap < 0, *self.units)


def scale(metrics: tuple[Metric, ...], values: np.ndarray) -> Scale:
    """The scale from values (sets, metrics) of perfect sets; of pairs, of unrelated pairs."""
    floors, units = [], []
    for metric, column in zip(metrics, values.T):
        found = interval_of(column)
        units.append([max(found.mean - found.low, 1e-9), max(found.high - found.mean, 1e-9)])
        inside = Floor(found.mean, max(found.low, metric.least), min(found.high, metric.most))
        copy = Floor(metric.perfect, metric.perfect, metric.perfect)
        floors.append(copy if metric.paired else inside)
    return Scale(metrics, tuple(floors), frozen(np.array(units).T))
