"""What a visitor can change about the game."""

from dataclasses import dataclass
from typing import Literal

from explorer import config as c
from explorer.concepts.gan.losses import LOSSES
from explorer.data import plane

REGULARISERS: dict[str, str] = {
    "r1": "R1",
    "r2": "R2",
    "r1r2": "R1 and R2",
    "spectral": "spectral norm",
    "none": "none",
}
IMAGE_SETS = ("digits",)
IMAGE_NOISE = 16  # numbers of noise for an image


@dataclass(frozen=True)
class Config:
    """One game, with everything that can change its course: the same config, the same run.

    A step is one round: `d_updates` of the judge, then one of the forger. With the Wasserstein
    loss, its gradient penalty stands in for R1 and R2.
    """

    dataset: str = c.data("ring", (*plane.DATASETS, *IMAGE_SETS), plane.check)
    loss: str = c.choice("nonsaturating", {name: loss.label for name, loss in LOSSES.items()})
    regulariser: Literal["r1", "r2", "r1r2", "spectral", "none"] = c.choice("r1", REGULARISERS)
    gamma: float = c.number(0.2, 0.0, 20.0, 0.1)  # weight of the penalty
    d_updates: int = c.integer(1, 1, 5)
    learning_rate: float = c.number(6e-3, 1e-4, 10.0, log=True)  # of the generator
    d_rate: float = c.number(1.5, 0.1, 10.0, 0.1)  # the discriminator's, in multiples of it
    fade: bool = c.flag(True)  # both rates fall to zero along a cosine
    beta1: float = c.number(0.5, 0.0, 0.95, 0.05)
    beta2: float = 0.9
    batch: int = c.integer(256, 2, 1024, 2)
    z: int = c.integer(0, 0, 32)  # 0: two in the plane, 16 for images
    hidden: int = c.integer(64, 1, 256)  # units in each of the generator's two hidden layers
    d_hidden: int = c.integer(64, 1, 256)  # and the discriminator's
    fourier: int = c.integer(0, 0, 32)
    zoom: float = c.number(1.0, 0.5, 5.0, 0.5)  # of the discriminator's input
    lazy: int = c.integer(1, 1, 16)  # discriminator updates from one penalty to the next
    keep: float = c.choice(0.999, {0.0: "none", 0.99: "0.99", 0.999: "0.999", 0.9999: "0.9999"})
    steps: int = c.steps(5000, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.between(self, "beta2", 0, 0.9999)

    @property
    def penalty(self) -> Literal["none", "r1", "r2", "r1r2", "gp"]:
        """Which penalty on the judge's slope is paid."""
        if self.regulariser == "none" or self.regulariser == "spectral":
            return "none"
        return "gp" if self.loss == "wasserstein" else self.regulariser

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGE_SETS

    @property
    def noise_size(self) -> int:
        return self.z or (IMAGE_NOISE if self.of_images else 2)
