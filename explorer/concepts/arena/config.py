"""What a visitor can change about the comparison."""

from dataclasses import dataclass

from explorer import config as c
from explorer.concepts.arena import budget
from explorer.concepts.arena.families import FAMILIES, LABELS, can_learn, sized
from explorer.data import plane
from explorer.data.levels import LEVELS

SECONDS_PER_STEP = 0.01  # CPU seconds of training of every model
EVALUATION = 40  # steps that the evaluation of a model takes, about
DATA: tuple[str, ...] = (*plane.DATASETS, *LEVELS)
UNLIMITED = 0


@dataclass(frozen=True)
class Config:
    """One comparison: a step is a hundredth of a calibrated CPU second for every model."""

    dataset: str = c.data("ring", DATA, plane.check)
    families: tuple[str, ...] = c.several(tuple(FAMILIES), LABELS)
    steps: int = c.integer(500, 1, 2500, log=True, unit="1/100 s")
    parameters: int = c.integer(0, 0, 50_000, 100)  # at most, in the plane; 0: the usual size
    examples: int = c.choice(
        UNLIMITED, {UNLIMITED: "unlimited", 1000: "1000", 200: "200", 50: "50"}
    )  # training points, in the plane
    seeds: int = c.integer(1, 1, 5)  # models of every family
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        if not self.families:
            choices = ", ".join(FAMILIES)
            raise ValueError(f"families must be some of {choices}. Got () instead.")
        c.whole(self, "seed", 0, c.LARGEST_SEED - 10)

    @property
    def of_images(self) -> bool:
        return self.dataset in LEVELS

    @property
    def included(self) -> tuple[str, ...]:
        """The families that can learn these data, in the order of the table."""
        chosen = (key for key in FAMILIES if key in self.families)
        return tuple(key for key in chosen if can_learn(key, self.dataset))

    def size(self, key: str) -> int:
        """The size that a family gets; 0 is its usual one."""
        return 0 if not self.parameters or self.of_images else sized(FAMILIES[key], self.parameters)

    def updates(self, key: str) -> int:
        """The updates that a family gets for its training time."""
        return budget.steps(key, self.dataset, SECONDS_PER_STEP * self.steps, self.size(key))

    @property
    def few(self) -> bool:
        """Whether all learn from a fixed number of points."""
        return bool(self.examples) and not self.of_images

    def training_data(self, seed: int) -> str:
        """The name of the data that models number `seed` learn from: the same for all families."""
        name = self.dataset
        return plane.few(name, self.examples, self.seed + seed) if self.few else name

    @property
    def training(self) -> float:
        """The share of a model's progress that is training; the rest is its evaluation."""
        return self.steps / (self.steps + EVALUATION)

    def run(self, key: str, seed: int) -> object:
        """The config of one model: what its own page would run."""
        size, steps = self.size(key), self.updates(key)
        return FAMILIES[key].settings(self.training_data(seed), size, steps, self.seed + seed)
