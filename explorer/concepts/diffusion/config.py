"""What can be chosen about a training run, and the settings that suit each data set."""

from dataclasses import dataclass
from typing import Any

from explorer import config as c
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.data import plane

IMAGES = ("digits", "mnist")
DATASETS = (*plane.DATASETS, *IMAGES)
PREDICTIONS = {key: form.label for key, form in PARAMETERISATIONS.items()}
SCHEDULE_LABELS = {key: schedule.label for key, schedule in SCHEDULES.items()}
USUAL: dict[str, dict[str, int]] = {
    "digits": {"fourier_features": 0, "batch": 48},
    "mnist": {"fourier_features": 0, "hidden": 128, "batch": 128},
}


@dataclass(frozen=True)
class Config:
    """A training run: data, what the network predicts, at which noise levels, how long."""

    dataset: str = c.data("grid", DATASETS, plane.check)
    prediction: str = c.choice("edm", PREDICTIONS)
    schedule: str = c.choice("karras", SCHEDULE_LABELS)
    fourier_features: int = c.integer(32, 0, 64, 8)
    hidden: int = c.integer(96, 4, 512, 4)
    learning_rate: float = c.number(5e-3, 1e-5, 1.0, log=True)
    batch: int = c.integer(288, 8, 512, 8)
    steps: int = c.steps(3000, 40_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGES

    @classmethod
    def usual(cls, dataset: str = "grid", **chosen: Any) -> "Config":
        """The settings that suit a data set, with those that were chosen."""
        return cls(dataset, **{**USUAL.get(dataset, {}), **chosen})
