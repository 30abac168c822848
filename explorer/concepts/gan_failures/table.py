"""The table of success rates that ships: `python -m benchmarks.gan_failures` remakes it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path

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
def cells() -> dict[tuple[str, str], Cell]:
    """All cells that were measured, by failure and cure."""
    said = json.loads(FILE.read_text(encoding="utf-8"))
    fields = ("failure", "cure", "seeds", "cured", "failing")
    found = [Cell(**{field: each[field] for field in fields}) for each in said]
    return {(each.failure, each.cure): each for each in found}


def best(failure: str) -> Cell:
    """The cure that worked for most seeds; of several, the first in the order of the page."""
    return max((c for c in cells().values() if c.failure == failure), key=lambda c: c.cured)
