"""The table of success rates that ships: `python -m benchmarks.gan_failures` remakes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from explorer.concepts.gan_failures.config import (
    FAILURE_NAMES,
    FAILURES,
    NONE,
    REMEDIES,
    REMEDY_NAMES,
    possible,
)
from explorer.truth.intervals import wilson

DATASET = "ring"  # on which every cell was measured
FILE = Path(__file__).parents[3] / "assets" / "gan_failures" / "rates.json"


@dataclass(frozen=True)
class Cell:
    """What so many seeds of a failing setup with a remedy did."""

    failure: str
    remedy: str
    seeds: int
    succeeded: int  # covered all modes to the end
    failing: int  # still had the failure

    @property
    def share(self) -> float:
        return self.succeeded / self.seeds

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.succeeded, self.seeds)


@lru_cache(maxsize=1)
def written() -> list[dict[str, Any]]:
    """The file as it is; [] before anything was measured."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []


def settings(failure: str, remedy: str) -> str:
    """The settings that a cell was measured with, as Python writes them."""
    return next(e["setup"] for e in written() if (e["failure"], e["remedy"]) == (failure, remedy))


@lru_cache(maxsize=1)
def cells() -> dict[tuple[str, str], Cell]:
    """All cells that were measured, by failure and remedy."""
    fields = ("failure", "remedy", "seeds", "succeeded", "failing")
    found = [Cell(**{field: each[field] for field in fields}) for each in written()]
    return {(each.failure, each.remedy): each for each in found}


def shares() -> dict[tuple[str, str], tuple[str, float]]:
    """By the names of remedy and failure: what a cell of the heat map says, and its share.

    Cells of remedies that cannot be applied are missing.
    """
    found = {}
    for failure, remedy in product(FAILURES, REMEDIES):
        cell = cells().get((failure, remedy))
        name = REMEDY_NAMES[remedy], FAILURE_NAMES[failure]
        if cell:
            low, high = cell.interval
            found[name] = f"{cell.succeeded}/{cell.seeds}  ({low:.0%} to {high:.0%})", cell.share
        elif possible(failure, remedy):
            found[name] = "train it", 0.0
    return found


def chosen(remedy: str, failure: str) -> dict[str, Any]:
    """The values of the link that train the cell of these names: as nine seeds."""
    by_name = {name: key for key, name in (*REMEDY_NAMES.items(), *FAILURE_NAMES.items())}
    steps = FAILURES[by_name[failure]].gan.steps
    return {
        "dataset": DATASET, "failure": by_name[failure], "remedy": by_name[remedy],
        "steps": steps, "stage": "nine_seeds",
    }  # fmt: skip


def best_remedies() -> str:
    """The best remedy of every failure, in words (Markdown)."""
    found = [f"{FAILURE_NAMES[f]}: {REMEDY_NAMES[c.remedy]}, {c.succeeded}/{c.seeds}"
             for f in FAILURES if (c := best(f)) and c.succeeded]  # fmt: skip
    return "**The best remedy of each failure.** " + "; ".join(found) + "."


def failed_remedies() -> str:
    """The remedies that hardly ever worked: for no failure, and not for collapse (Markdown)."""
    tried = [each for each in REMEDIES if each != NONE and any(r == each for _, r in cells())]
    never = [each for each in tried if all(rare(c) for c in cells().values() if c.remedy == each)]
    here = {c.remedy for c in cells().values() if c.failure == "collapse" and rare(c)}
    rest = [each for each in tried if each in here and each not in never]
    return (
        "**What does not work here.** In at most two seeds of twenty, whatever the failure: "
        f"{listed(never)}. Nor against this mode collapse, which Fourier features engineer: "
        f"{listed(rest)}. Each was published because it helped elsewhere."
    )


def rare(cell: Cell) -> bool:
    """Whether a remedy worked in at most two seeds of twenty."""
    return 10 * cell.succeeded <= cell.seeds


def listed(remedies: Sequence[str]) -> str:
    return ", ".join(REMEDY_NAMES[each] for each in remedies) or "none"


def best(failure: str) -> Cell | None:
    """The remedy that worked for most seeds; of several, the first in the order of the page."""
    found = [cell for cell in cells().values() if cell.failure == failure]
    return max(found, key=lambda cell: cell.succeeded, default=None)
