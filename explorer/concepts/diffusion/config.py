"""What a visitor can change about a training run, and the settings that work for each data set."""

from dataclasses import dataclass, replace
from typing import Any

from explorer import config as check
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.targets import TARGETS
from explorer.data import plane

IMAGES = ("digits", "mnist")


@dataclass(frozen=True)
class Config:
    """A training run: data, what is asked of the network, at which noise strengths, how long."""

    dataset: str = "grid"  # of the plane, "drawn:...", or one of IMAGES
    objective: str = "edm"  # a key of TARGETS
    schedule: str = "karras"  # a key of SCHEDULES: the strengths that are practised
    features: int = 32  # waves of x that the network in the plane sees; 0 for none
    hidden: int = 96
    learning_rate: float = 5e-3
    batch: int = 288
    steps: int = 3000
    seed: int = 0

    def __post_init__(self) -> None:
        check_dataset(self.dataset)
        check.one_of(self, "objective", TARGETS)
        check.one_of(self, "schedule", SCHEDULES)
        check.whole(self, "features", 0, 128)
        check.whole(self, "hidden", 4, 512)
        check.between(self, "learning_rate", 1e-5, 1)
        check.whole(self, "batch", 8, 1024)
        check.whole(self, "steps", 1, 40_000)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGES


def check_dataset(name: object) -> None:
    """Raise ValueError unless there is a set of points or of images called `name`."""
    if name not in IMAGES:
        plane.check(str(name))


USUAL: dict[str, Config] = {
    "digits": Config("digits", features=0, hidden=96, batch=48),
    "mnist": Config("mnist", features=0, hidden=128, batch=128),
}


def usual(dataset: str, **changes: Any) -> Config:
    """The settings that work for a data set in the time that a visitor waits, with `changes`."""
    return replace(USUAL.get(dataset) or Config(dataset), **changes)
