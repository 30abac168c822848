"""What can be chosen about a training run, and the settings that suit each kind of layer."""

from dataclasses import dataclass
from typing import Any

from explorer import config as c
from explorer.data import plane

IMAGES = ("digits",)
COUPLINGS: dict[str, str] = {
    "spline": "spline",
    "affine": "affine (RealNVP)",
    "zuko": "zuko's NSF",
}
USUAL: dict[str, dict[str, Any]] = {
    "affine": {"layers": 8, "fourier_features": 0, "steps": 1050, "learning_rate": 3e-3},
    "zuko": {"fourier_features": 0},
}
OF_IMAGES: dict[str, Any] = {
    "layers": 4, "bins": 8, "fourier_features": 0, "batch": 64, "steps": 500,
}  # fmt: skip


@dataclass(frozen=True)
class Config:
    """A training run: data, the kind of coupling layer and how many, how long."""

    dataset: str = c.data("moons", (*plane.DATASETS, *IMAGES), plane.check)
    coupling: str = c.choice("spline", COUPLINGS)
    layers: int = c.integer(3, 1, 12)
    bins: int = c.integer(16, 2, 32)  # of a spline
    fourier_features: int = c.integer(4, 0, 8)  # of the fixed number; not in zuko's layers
    hidden: int = c.integer(64, 4, 256, 4)
    learning_rate: float = c.number(5e-3, 1e-4, 1.0, log=True)
    batch: int = c.integer(256, 8, 512, 8)
    steps: int = c.steps(1000, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGES

    @classmethod
    def usual(cls, dataset: str = "moons", coupling: str = "spline", **chosen: Any) -> "Config":
        """The settings that suit data and kind of layer, with those that were chosen."""
        suited = OF_IMAGES if dataset in IMAGES else USUAL.get(coupling, {})
        return cls(dataset, coupling, **{**suited, **chosen})
