"""What a visitor can change about the race."""

from dataclasses import dataclass

from explorer import config as check
from explorer.concepts.arena import pace
from explorer.concepts.arena.families import FAMILIES, sized, takes
from explorer.data import plane
from explorer.data.levels import LEVELS

UNIT = 0.01  # CPU seconds of one step of the race, for every family
FEWEST = 20  # points that one can learn from
EXAM = 40  # hundredths of a second that the exam of a model takes, about
DATA: tuple[str, ...] = (*plane.DATASETS, *LEVELS)


@dataclass(frozen=True)
class Config:
    """One race: a step is a hundredth of a calibrated CPU second for every model."""

    dataset: str = "ring"
    families: tuple[str, ...] = tuple(FAMILIES)
    steps: int = 500
    parameters: int = 0  # numbers that a model may have, on the plane; 0: its usual size
    examples: int = 0  # points that all learn from, on the plane; 0: fresh ones without end
    seeds: int = 1  # models of every family
    seed: int = 0

    def __post_init__(self) -> None:
        if self.dataset not in LEVELS:
            plane.check(self.dataset)
        known = isinstance(self.families, tuple) and set(self.families) <= set(FAMILIES)
        if not known or not self.families:
            choices = ", ".join(FAMILIES)
            raise ValueError(f"families must be among {choices}. Got {self.families!r} instead.")
        check.whole(self, "steps", 1, 3000)
        check.whole(self, "parameters", 0, 50_000)
        check.whole(self, "examples", 0, 10_000)
        if 0 < self.examples < FEWEST:
            raise ValueError(
                f"examples must be 0 or at least {FEWEST}. Got {self.examples!r} instead."
            )
        check.whole(self, "seeds", 1, 5)
        check.whole(self, "seed", 0, 2**31 - 10)

    @property
    def of_images(self) -> bool:
        return self.dataset in LEVELS

    @property
    def racing(self) -> tuple[str, ...]:
        """The families that can learn from these data, in the order of the table."""
        return tuple(key for key in FAMILIES if key in self.families and takes(key, self.dataset))

    def size(self, key: str) -> int:
        """The size that a family gets; 0 is its usual one."""
        return 0 if not self.parameters or self.of_images else sized(FAMILIES[key], self.parameters)

    def updates(self, key: str) -> int:
        """The updates that a family gets for its budget."""
        return pace.steps(key, self.dataset, UNIT * self.steps, self.size(key))

    @property
    def few(self) -> bool:
        """Whether all learn from a fixed number of points."""
        return bool(self.examples) and not self.of_images

    def learnt(self, seed: int) -> str:
        """The name of the data that models number `seed` learn from: the same for all families."""
        name = self.dataset
        return plane.few(name, self.examples, self.seed + seed) if self.few else name

    @property
    def learning(self) -> float:
        """The share of a model's way that is its budget; the rest is the exam."""
        return self.steps / (self.steps + EXAM)

    def run(self, key: str, seed: int) -> object:
        """The config of one model: what its own page would run."""
        size, steps = self.size(key), self.updates(key)
        return FAMILIES[key].settings(self.learnt(seed), size, steps, self.seed + seed)
