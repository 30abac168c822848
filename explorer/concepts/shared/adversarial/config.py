"""The settings of an adversarial training: data, loss, regulariser, optimisers, networks."""

from dataclasses import dataclass
from typing import Literal

from explorer import config as c
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.data import plane

REGULARISERS: dict[str, str] = {
    "r1": "R1",
    "r2": "R2",
    "r1r2": "R1 and R2",
    "spectral": "spectral norm",
    "none": "none",
}
IMAGE_SETS = ("digits",)
EMA_DECAYS = {0.0: "none", 0.99: "0.99", 0.999: "0.999", 0.9999: "0.9999"}
IMAGE_LATENT = 16  # latent dimension of images


@dataclass(frozen=True)
class Settings:
    """Everything that can change the course of a run: the same settings, the same run.

    A training step is `d_updates` of the discriminator, then one of the generator. With the
    Wasserstein loss, its gradient penalty stands in for R1 and R2.
    """

    dataset: str = c.data("ring", (*plane.DATASETS, *IMAGE_SETS), plane.check)
    loss: str = c.choice("nonsaturating", {name: loss.label for name, loss in LOSSES.items()})
    regulariser: Literal["r1", "r2", "r1r2", "spectral", "none"] = c.choice("r1", REGULARISERS)
    gamma: float = c.number(0.2, 0.0, 20.0, 0.1)  # weight of the penalty
    d_updates: int = c.integer(1, 1, 5)
    learning_rate: float = c.number(6e-3, 1e-4, 10.0, log=True)  # of the generator
    d_lr_ratio: float = c.number(1.5, 0.1, 10.0, 0.1)  # the discriminator's, in multiples of it
    lr_decay: bool = c.flag(True)  # both rates fall to zero along a cosine
    beta1: float = c.number(0.5, 0.0, 0.95, 0.05)
    beta2: float = 0.9
    batch: int = c.integer(256, 2, 1024, 2)
    latent_dim: int = c.integer(0, 0, 32)  # 0: two in the plane, 16 for images
    hidden: int = c.integer(64, 1, 256)  # units in each of the generator's two hidden layers
    d_hidden: int = c.integer(64, 1, 256)  # and the discriminator's
    fourier_features: int = c.integer(0, 0, 32)
    input_scale: float = c.number(1.0, 0.5, 5.0, 0.5)  # of the discriminator's input
    lazy_interval: int = c.integer(1, 1, 16)  # discriminator updates from one penalty to the next
    ema_decay: float = c.choice(0.999, EMA_DECAYS)
    steps: int = c.steps(5000, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.between(self, "beta2", 0, 0.9999)

    @property
    def penalty(self) -> Literal["none", "r1", "r2", "r1r2", "gp"]:
        """Which penalty on the gradient of D is paid."""
        if self.regulariser == "none" or self.regulariser == "spectral":
            return "none"
        return "gp" if self.loss == "wasserstein" else self.regulariser

    @property
    def of_images(self) -> bool:
        return self.dataset in IMAGE_SETS

    @property
    def latent_size(self) -> int:
        return self.latent_dim or (IMAGE_LATENT if self.of_images else 2)
