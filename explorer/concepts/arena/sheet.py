"""The marks of a race as rows of a table: a figure and its interval, beside what is perfect."""

from typing import Any

import numpy as np

from explorer.concepts.arena import learner
from explorer.concepts.arena.config import Config
from explorer.concepts.arena.exam import Marks, exam
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Snapshot

# Field of the marks: column, format, what it means.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "distance": (
        "distance",
        "%.4f",
        "Sliced Wasserstein distance of the samples from fresh data. Lower is better.",
    ),
    "precision": ("precision", "%.3f", "Share of samples that lie among real data."),
    "recall": ("recall", "%.3f", "Share of real data that lie among the samples."),
    "coverage": ("coverage", "%.3f", "Share of real data with a sample close by."),
    "bits": (
        "bits/dim",
        "%.3f",
        "What writing down fresh data costs. Lower is better; empty: there is no likelihood. Of "
        "points it may be below 0: a density can exceed 1. Of the VAE, and of densities over "
        "images, a bound from above.",
    ),
    "newness": (
        "newness",
        "%.2f",
        "Distance of samples from what was learnt, where there was an end of it; fresh data have "
        "1, copies 0.",
    ),
    "numbers": ("numbers", "%d", "Parameters: all that has to be kept to make samples."),
    "steps": ("updates", "%d", "What the budget buys, by the measured rate of the family."),
    "seconds": (
        "measured s",
        "%.2f",
        "CPU seconds of the training as it happened here. It differs from time to time.",
    ),
    "sampling": (
        "ms per 1,000",
        "%.3g",
        "CPU milliseconds for 1,000 samples, as it happened here.",
    ),
}
SPREAD = ("distance", "precision", "recall", "coverage", "bits", "newness")
FORMATS: dict[str, str] = {column: said for column, said, _ in COLUMNS.values()}
HELP: dict[str, str] = {column: said for column, _, said in COLUMNS.values()} | {
    "its page": "The same run on the family's own page: the same config, the same samples.",
}
LINKS: dict[str, str] = {"its page": "open"}


def rows(config: Config, snapshot: Snapshot | None) -> list[dict[str, Any]]:
    """A row for real data, then one for every family: empty until it is through."""
    marks = {entry.key: entry.marks for entry in snapshot.entries} if snapshot else {}
    return [
        _perfect(config, any(marks.values())),
        *(_row(config, key, marks.get(key, ())) for key in config.racing),
    ]


def columns(config: Config) -> dict[str, tuple[str, str, str]]:
    """The columns of a race: how new samples are only where data have an end."""
    ended = config.few or config.of_images
    return {name: said for name, said in COLUMNS.items() if ended or name != "newness"}


def _row(config: Config, key: str, marks: tuple[Marks, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {"family": FAMILIES[key].label}
    for name, (column, _, _) in columns(config).items():
        values = [float(getattr(each, name)) for each in marks] or [np.nan]
        row[column] = _known(float(np.mean(values)))
        if config.seeds > 1 and name in SPREAD:
            row[f"{column} from to"] = interval(min(values), max(values))
    return row | {"its page": link(config, key)}


def _perfect(config: Config, known: bool) -> dict[str, Any]:
    """What fresh real data get: the middle of their interval, and the interval.

    The race finds them on its way; until they are `known` nobody waits for them here.
    """
    floors: dict[str, tuple[float, float]] = {"newness": (1.0, 1.0)}
    if known:
        judge = exam(config.dataset)
        floors |= judge.floors | {"bits": (judge.true_bits, judge.true_bits)}
    row: dict[str, Any] = {"family": "real data"}
    for name, (column, _, _) in columns(config).items():
        low, high = floors.get(name, (np.nan, np.nan))
        row[column] = _known((low + high) / 2)
        if config.seeds > 1 and name in SPREAD:
            row[f"{column} from to"] = interval(low, high)
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

    The pages know no data with an end.
    """
    page, run = FAMILIES[key].page, config.run(key, 0)
    if not page or config.few or isinstance(run, learner.Config):
        return None
    names = ("dataset", "steps", "seed", "prediction", "schedule", "latent_dim", "hidden",
             "coupling", "layers")  # fmt: skip
    fields = {name: getattr(run, name, None) for name in names}
    return f"{page}?" + "&".join(f"{n}={v}" for n, v in fields.items() if v is not None)
