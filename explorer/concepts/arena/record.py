"""Recorded comparisons: three models of each family, for recommendations without waiting.

Made by `python -m benchmarks.arena record`; plain numbers in `assets/arena/record.npz`, for each
data set (families, models, metrics), NaN where a family did not take part.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.concepts.arena.config import Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.measure import Scores
from explorer.concepts.arena.train import Snapshot

FILE = Path(__file__).parents[3] / "assets" / "arena" / "record.npz"
STEPS, OTHERS, SEEDS = {"ring": 500}, 100, 3  # hundredths of a second each, models
FEW = 200  # points, where data are few
METRICS = tuple(field.name for field in fields(Scores))
Table = dict[str, tuple[Scores, ...]]  # by family


def few(dataset: str) -> str:
    """The name under which the comparisons with FEW points of a data set are recorded."""
    return f"{dataset}-{FEW}"


def steps(name: str) -> int:
    """The budget of the recorded comparisons of that name."""
    return STEPS.get(name, OTHERS)


def configs(name: str) -> list[Config]:
    """The comparisons behind the record of a data set, or of `few` of its points."""
    dataset, _, count = name.partition("-")
    examples = int(count or 0)
    return [
        Config(dataset, steps=steps(name), examples=examples, seed=seed) for seed in range(SEEDS)
    ]


def table(snapshots: Sequence[Snapshot]) -> Table:
    """The scores of finished comparisons, by family."""
    found: Table = {}
    for snapshot in snapshots:
        for state in snapshot.states:
            found[state.key] = (*found.get(state.key, ()), *state.scores)
    return {key: scores for key, scores in found.items() if scores}


@lru_cache(maxsize=1)
def everything() -> dict[str, Table]:
    """All recorded tables, by data set; none if nothing was recorded."""
    if not FILE.exists():
        return {}
    with np.load(FILE, allow_pickle=False) as file:
        known = [str(name) for name in file["families"]]
        arrays = {name: file[name] for name in file.files if name not in ("families", "metrics")}
        metrics = [str(name) for name in file["metrics"]]
    return {name: _scores_of(known, metrics, values) for name, values in arrays.items()}


def _scores_of(known: Sequence[str], metrics: Sequence[str], values: np.ndarray) -> Table:
    found: Table = {}
    for key, rows in zip(known, values):
        kept = [row for row in rows if np.isfinite(row[0])]
        if kept and key in FAMILIES:
            found[key] = tuple(Scores(**dict(zip(metrics, row.tolist()))) for row in kept)
    return found


def add(dataset: str, snapshots: Sequence[Snapshot]) -> None:
    """Write the scores of finished comparisons on a data set into the record."""
    tables = everything() | {dataset: table(snapshots)}
    known = list(FAMILIES)
    arrays: dict[str, Any] = {}
    for name, found in tables.items():
        values = np.full((len(known), SEEDS, len(METRICS)), np.nan)
        for row, key in enumerate(known):
            for column, scores in enumerate(found.get(key, ())[:SEEDS]):
                values[row, column] = [asdict(scores)[metric] for metric in METRICS]
        arrays[name] = values
    FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FILE, families=np.array(known), metrics=np.array(METRICS), **arrays)
    everything.cache_clear()
