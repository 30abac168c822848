"""The scores of a comparison as rows of a table: metrics with intervals, beside a perfect model."""

from typing import Any
from urllib.parse import urlencode

import numpy as np

from explorer import config as fields
from explorer.concepts.arena import learner
from explorer.concepts.arena.config import Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.measure import Scores, evaluation_of
from explorer.concepts.arena.train import Snapshot

# Field of `Scores`: column, format, what it means.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "distance": (
        "distance",
        "%.4f",
        "Sliced Wasserstein distance of the samples from fresh data. Lower is better.",
    ),
    "precision": ("precision", "%.3f", "Share of samples in the neighbourhood of fresh data."),
    "recall": ("recall", "%.3f", "Share of fresh data in the neighbourhood of a sample."),
    "coverage": ("coverage", "%.3f", "Share of fresh data with a sample in their neighbourhood."),
    "bits": (
        "bits/dim",
        "%.3f",
        "Negative log-likelihood of fresh data, in bits per dimension. Lower is better; empty: "
        "there is none, or none is computed. Of points it may be below 0, because a density can "
        "exceed 1. Of the VAE, and of densities of images, an upper bound.",
    ),
    "novelty": (
        "novelty",
        "%.2f",
        "Distance of samples from the training data, where those are limited; fresh data have 1, "
        "copies 0.",
    ),
    "parameters": ("parameters", "%d", "All numbers that the model has to store."),
    "steps": (
        "updates",
        "%d",
        "Updates in the training time, by the measured speed of the family.",
    ),
    "seconds": (
        "measured s",
        "%.2f",
        "CPU seconds of this training, as measured. They differ from time to time.",
    ),
    "sampling": (
        "ms per 1,000",
        "%.3g",
        "CPU milliseconds for 1,000 samples, as measured here.",
    ),
}
SPREAD = ("distance", "precision", "recall", "coverage", "bits", "novelty")
FORMATS: dict[str, str] = {column: form for column, form, _ in COLUMNS.values()}
HELP: dict[str, str] = {column: text for column, _, text in COLUMNS.values()} | {
    "its page": "The same run on the family's own page, with the same config and samples.",
}
LINKS: dict[str, str] = {"its page": "open"}


def rows(config: Config, snapshot: Snapshot | None) -> list[dict[str, Any]]:
    """A row for fresh data, then one for every family: empty until it is evaluated."""
    scores = {state.key: state.scores for state in snapshot.states} if snapshot else {}
    return [
        _perfect(config, any(scores.values())),
        *(_row(config, key, scores.get(key, ())) for key in config.included),
    ]


def columns(config: Config) -> dict[str, tuple[str, str, str]]:
    """The columns of a comparison: novelty only where data are limited."""
    limited = config.few or config.of_images
    return {name: column for name, column in COLUMNS.items() if limited or name != "novelty"}


def _row(config: Config, key: str, scores: tuple[Scores, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {"family": FAMILIES[key].label}
    for name, (column, _, _) in columns(config).items():
        values = [float(getattr(each, name)) for each in scores] or [np.nan]
        row[column] = _known(float(np.mean(values)))
        if config.seeds > 1 and name in SPREAD:
            row[f"{column} range"] = interval(min(values), max(values))
    return row | {"its page": link(config, key)}


def _perfect(config: Config, known: bool) -> dict[str, Any]:
    """What fresh data score: the middle of their interval, and the interval.

    The run computes them on its way; until they are `known` nobody waits for them here.
    """
    floors: dict[str, tuple[float, float]] = {"novelty": (1.0, 1.0)}
    if known:
        evaluation = evaluation_of(config.dataset)
        floors |= evaluation.floors | {"bits": (evaluation.true_bits, evaluation.true_bits)}
    row: dict[str, Any] = {"family": "fresh data"}
    for name, (column, _, _) in columns(config).items():
        low, high = floors.get(name, (np.nan, np.nan))
        row[column] = _known((low + high) / 2)
        if config.seeds > 1 and name in SPREAD:
            row[f"{column} range"] = interval(low, high)
    return row | {"its page": None}


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def interval(low: float, high: float) -> str:
    """
    >>> interval(0.0123, 0.0456), interval(float("nan"), 1.0)
    ('0.012 to 0.046', '')
    """
    return f"{low:.3f} to {high:.3f}" if np.isfinite(low) and np.isfinite(high) else ""


def link(config: Config, key: str) -> str | None:
    """Where the family's own page shows the first run; None where there is no such page.

    The pages know no limited data.
    """
    page, run = FAMILIES[key].page, config.run(key, 0)
    if not page or config.few or isinstance(run, learner.Config):
        return None
    chosen = {name: getattr(run, name) for name in fields.rules(type(run))}
    written = {name: str(value).lower() if isinstance(value, bool) else str(value)
               for name, value in chosen.items()}  # fmt: skip
    return f"{page}?{urlencode(written)}"
