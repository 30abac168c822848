"""One line of the table of measurements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True)
class Row:
    """A figure over several seeds, its bar, and what a perfect model would reach.

    `worst` is judged against the bar: the largest value when less is better, else the smallest.
    """

    figure: str
    values: Sequence[float]
    bar: float
    better: Literal["low", "high"] = "low"
    floor: str = "-"
    note: str = ""

    @property
    def worst(self) -> float:
        return max(self.values) if self.better == "low" else min(self.values)

    @property
    def passed(self) -> bool:
        return self.worst <= self.bar if self.better == "low" else self.worst >= self.bar

    def cells(self) -> list[str]:
        sign = "<=" if self.better == "low" else ">="
        return [
            self.figure,
            f"{median(self.values):.4g}",
            f"{self.worst:.4g}",
            f"{sign} {self.bar:g}",
            self.floor,
            str(len(self.values)),
            "yes" if self.passed else "MISSED",
            self.note,
        ]


Rows = Callable[[], Sequence[Row]]
HEADER = ["figure", "median", "worst", "bar", "a perfect model", "seeds", "met", "note"]


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEADER, ["---"] * len(HEADER), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
