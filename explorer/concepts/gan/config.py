"""What a visitor can change about the game."""

from dataclasses import dataclass
from typing import Literal

from explorer.concepts.gan.losses import LOSSES
from explorer.config import between, one_of, whole
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

    dataset: str = "ring"
    loss: str = "nonsaturating"
    regulariser: Literal["r1", "r2", "r1r2", "spectral", "none"] = "r1"
    gamma: float = 0.2  # weight of the penalty
    d_updates: int = 1
    learning_rate: float = 6e-3  # of the forger
    d_rate: float = 1.5  # the judge's learning rate, as a multiple of the forger's
    fade: bool = True  # both rates fall to zero along a cosine
    beta1: float = 0.5  # how long Adam remembers the direction
    beta2: float = 0.9  # and the size of the gradients
    batch: int = 256
    z: int = 0  # numbers of noise; 0: two in the plane, 16 for images
    hidden: int = 64  # neurons in each of the forger's two hidden layers
    d_hidden: int = 64  # and the judge's
    fourier: int = 0  # random waves that the judge sees beside the point
    zoom: float = 1.0  # of the judge's input
    lazy: int = 1  # updates of the judge from one penalty to the next
    keep: float = 0.999  # of the averaged weights in every round; 0: no averaging
    steps: int = 5000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.dataset not in IMAGE_SETS:
            plane.check(self.dataset)
        one_of(self, "loss", LOSSES)
        one_of(self, "regulariser", REGULARISERS)
        one_of(self, "fade", (True, False))
        between(self, "gamma", 0, 1000)
        between(self, "learning_rate", 1e-6, 10)
        between(self, "d_rate", 0.01, 100)
        between(self, "beta1", 0, 0.999)
        between(self, "beta2", 0, 0.9999)
        between(self, "zoom", 0.1, 10)
        between(self, "keep", 0, 0.9999)
        whole(self, "d_updates", 1, 20)
        whole(self, "batch", 2, 2048)
        whole(self, "z", 0, 64)
        whole(self, "hidden", 1, 512)
        whole(self, "d_hidden", 1, 512)
        whole(self, "fourier", 0, 64)
        whole(self, "lazy", 1, 64)
        whole(self, "steps", 1, 200_000)
        whole(self, "seed", 0, 2**31 - 1)

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
