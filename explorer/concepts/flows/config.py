"""What a visitor can change about a training run, and the settings that work."""

from dataclasses import dataclass, replace
from typing import Any

from explorer import config as check
from explorer.data import plane

IMAGES = ("digits",)
COUPLINGS: dict[str, str] = {
    "spline": "splines",
    "affine": "stretch and shift (RealNVP)",
    "zuko": "zuko's NSF",
}


@dataclass(frozen=True)
class Config:
    """A training run: data, the kind of layer and how many, how long."""

    dataset: str = "moons"  # of the plane, "drawn:...", or one of IMAGES
    coupling: str = "spline"  # a key of COUPLINGS
    layers: int = 3
    bins: int = 16  # of a spline
    hidden: int = 64  # neurons in each of a layer's two hidden layers
    waves: int = 4  # sines and cosines of the kept number that a layer sees; not in zuko's
    learning_rate: float = 5e-3
    batch: int = 256
    steps: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.dataset not in IMAGES:
            plane.check(self.dataset)
        check.one_of(self, "coupling", COUPLINGS)
        check.whole(self, "layers", 1, 16)
        check.whole(self, "bins", 2, 32)
        check.whole(self, "hidden", 4, 256)
        check.whole(self, "waves", 0, 16)
        check.between(self, "learning_rate", 1e-5, 1)
        check.whole(self, "batch", 8, 1024)
        check.whole(self, "steps", 1, 40_000)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGES


USUAL: dict[str, dict[str, Any]] = {
    "spline": {},
    "affine": {"layers": 8, "waves": 0, "steps": 1050, "learning_rate": 3e-3},
    "zuko": {"waves": 0},
}


OF_IMAGES: dict[str, Any] = {"layers": 4, "bins": 8, "waves": 0, "batch": 64, "steps": 500}


def usual(dataset: str = "moons", coupling: str = "spline", **changes: Any) -> Config:
    """The settings that work for a kind of layer in the time that a visitor waits."""
    size = OF_IMAGES if dataset in IMAGES else USUAL.get(coupling, {})
    return replace(Config(dataset, coupling, **size), **changes)
