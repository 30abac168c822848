"""The table of success rates that ships: `python -m benchmarks.gan_failures` remakes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import sqrt
from pathlib import Path
from typing import Any

from explorer.concepts.gan_failures.config import (
    CURE_NAMES,
    CURES,
    FAILURE_NAMES,
    FAILURES,
    NONE,
    possible,
)

DATASET = "ring"  # on which every cell was measured
FILE = Path(__file__).parents[3] / "assets" / "gan_failures" / "rates.json"


@dataclass(frozen=True)
class Cell:
    """What so many seeds of a failing game with a cure did."""

    failure: str
    cure: str
    seeds: int
    cured: int  # covered all modes to the end
    failing: int  # still had the failure

    @property
    def rate(self) -> float:
        return self.cured / self.seeds

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.cured, self.seeds)


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share of which `hits` of `of` were seen.

    Solves |share - hits/of| = z sqrt(share (1 - share) / of); good for small numbers, too.
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    middle, share = z * z / of, hits / of
    half = z * sqrt(share * (1 - share) / of + middle / (4 * of)) / (1 + middle)
    centre = (share + middle / 2) / (1 + middle)
    return max(0.0, centre - half), min(1.0, centre + half)


@lru_cache(maxsize=1)
def written() -> list[dict[str, Any]]:
    """The file as it is; [] before anything was measured."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []


def settings(failure: str, cure: str) -> str:
    """The settings that a cell was measured with, as Python writes them."""
    return next(e["rules"] for e in written() if (e["failure"], e["cure"]) == (failure, cure))


@lru_cache(maxsize=1)
def cells() -> dict[tuple[str, str], Cell]:
    """All cells that were measured, by failure and cure."""
    fields = ("failure", "cure", "seeds", "cured", "failing")
    found = [Cell(**{field: each[field] for field in fields}) for each in written()]
    return {(each.failure, each.cure): each for each in found}


def shares() -> dict[tuple[str, str], tuple[str, float]]:
    """By the names of cure and failure: what a cell of the heat map says, and its share.

    Cells of cures that cannot be applied are missing.
    """
    found = {}
    for failure, cure in product(FAILURES, CURES):
        cell = cells().get((failure, cure))
        name = CURE_NAMES[cure], FAILURE_NAMES[failure]
        if cell:
            low, high = cell.interval
            found[name] = f"{cell.cured}/{cell.seeds}  ({low:.0%} to {high:.0%})", cell.rate
        elif possible(failure, cure):
            found[name] = "play it", 0.0
    return found


def played(cure: str, failure: str) -> dict[str, Any]:
    """The values of the link that play the cell of these names: as nine seeds."""
    by_name = {name: key for key, name in (*CURE_NAMES.items(), *FAILURE_NAMES.items())}
    steps = FAILURES[by_name[failure]].game.steps
    return {
        "dataset": DATASET, "failure": by_name[failure], "cure": by_name[cure], "steps": steps,
        "then": "wall",
    }  # fmt: skip


def works() -> str:
    """The best cure of every failure, in words (Markdown)."""
    said = [f"{FAILURE_NAMES[f]}: {CURE_NAMES[c.cure]}, {c.cured}/{c.seeds}"
            for f in FAILURES if (c := best(f)) and c.cured]  # fmt: skip
    return "**What works best.** For " + "; ".join(said) + "."


def fails() -> str:
    """The cures that hardly ever worked: for no failure, and not for collapse (Markdown)."""
    tried = [cure for cure in CURES if cure != NONE and any(c == cure for _, c in cells())]
    never = [cure for cure in tried if all(rare(c) for c in cells().values() if c.cure == cure)]
    here = {c.cure for c in cells().values() if c.failure == "collapse" and rare(c)}
    rest = [cure for cure in tried if cure in here and cure not in never]
    return (
        "**What does not, here.** In at most two seeds of twenty, whatever the failure: "
        f"{listed(never)}. Nor, against this collapse: {listed(rest)}. Each was published because "
        "it helped elsewhere, or together with others."
    )


def rare(cell: Cell) -> bool:
    """Whether a cure worked in at most two seeds of twenty."""
    return 10 * cell.cured <= cell.seeds


def listed(cures: Sequence[str]) -> str:
    return ", ".join(CURE_NAMES[cure] for cure in cures) or "none"


def best(failure: str) -> Cell | None:
    """The cure that worked for most seeds; of several, the first in the order of the page."""
    found = [cell for cell in cells().values() if cell.failure == failure]
    return max(found, key=lambda cell: cell.cured, default=None)
