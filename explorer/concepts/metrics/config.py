"""What a visitor can change: which images are corrupted, how, how severely, and how many."""

from dataclasses import dataclass

from explorer import config as c
from explorer.concepts.metrics.classifier import IMAGE_SETS

CORRUPTIONS: dict[str, str] = {
    "blur": "blur",
    "noise": "noise",
    "shift": "shift",
    "missing_classes": "missing classes",
    "collapse": "mode collapse",
    "memorise": "memorisation",
}
TEXT = "moby"
AVAILABLE = {"mnist": 1000, "digits": 250, "fashion": 800, TEXT: 600}  # samples held out
SAMPLES_STEP = 50


@dataclass(frozen=True)
class Config:
    """Held-out images, corrupted more and more while every metric measures them."""

    dataset: str = c.data("mnist", IMAGE_SETS)
    corruption: str = c.choice("blur", CORRUPTIONS)
    severity: float = c.number(1.0, 0.0, 1.0, 0.05)  # at the last step
    samples: int = c.integer(400, 50, 1000, SAMPLES_STEP)
    steps: int = c.steps(20, 200)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def count(self) -> int:
        """How many images are measured: no more than the held-out set has."""
        return min(self.samples, AVAILABLE[self.dataset])
