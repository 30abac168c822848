"""Races that were run before: three models of each family, for advice without waiting.

Made by `python -m benchmarks.arena record`; plain numbers in `assets/arena/record.npz`, for each
data set (families, models, figures), NaN where a family did not take part.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.concepts.arena.config import Config
from explorer.concepts.arena.exam import Marks
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Snapshot

FILE = Path(__file__).parents[3] / "assets" / "arena" / "record.npz"
STEPS, OTHERS, SEEDS = {"ring": 500}, 100, 3  # hundredths of a second each, models
FEW = 200  # points, where data are few
FIGURES = tuple(field.name for field in fields(Marks))
Table = dict[str, tuple[Marks, ...]]  # by family


def few(dataset: str) -> str:
    """The name under which the races with FEW points of a data set are kept."""
    return f"{dataset}-{FEW}"


def steps(name: str) -> int:
    """The budget of the recorded races of that name."""
    return STEPS.get(name, OTHERS)


def races(name: str) -> list[Config]:
    """The races that make the record of a data set, or of `few` of its points."""
    dataset, _, count = name.partition("-")
    examples = int(count or 0)
    return [
        Config(dataset, steps=steps(name), examples=examples, seed=seed) for seed in range(SEEDS)
    ]


def table(snapshots: Sequence[Snapshot]) -> Table:
    """The marks of finished races, by family."""
    found: Table = {}
    for snapshot in snapshots:
        for entry in snapshot.entries:
            found[entry.key] = (*found.get(entry.key, ()), *entry.marks)
    return {key: marks for key, marks in found.items() if marks}


@lru_cache(maxsize=1)
def everything() -> dict[str, Table]:
    """All recorded tables, by data set; none if nothing was recorded."""
    if not FILE.exists():
        return {}
    with np.load(FILE, allow_pickle=False) as file:
        known = [str(name) for name in file["families"]]
        arrays = {name: file[name] for name in file.files if name not in ("families", "figures")}
        figures = [str(name) for name in file["figures"]]
    return {name: _marks(known, figures, values) for name, values in arrays.items()}


def _marks(known: Sequence[str], figures: Sequence[str], values: np.ndarray) -> Table:
    found: Table = {}
    for key, rows in zip(known, values):
        kept = [row for row in rows if np.isfinite(row[0])]
        if kept and key in FAMILIES:
            found[key] = tuple(Marks(**dict(zip(figures, row.tolist()))) for row in kept)
    return found


def add(dataset: str, snapshots: Sequence[Snapshot]) -> None:
    """Write the marks of finished races of a data set into the record."""
    tables = everything() | {dataset: table(snapshots)}
    known = list(FAMILIES)
    arrays: dict[str, Any] = {}
    for name, found in tables.items():
        values = np.full((len(known), SEEDS, len(FIGURES)), np.nan)
        for row, key in enumerate(known):
            for column, marks in enumerate(found.get(key, ())[:SEEDS]):
                values[row, column] = [asdict(marks)[figure] for figure in FIGURES]
        arrays[name] = values
    FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FILE, families=np.array(known), figures=np.array(FIGURES), **arrays)
    everything.cache_clear()
