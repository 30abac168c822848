"""What a visitor can change about the training."""

from dataclasses import dataclass

from explorer import config as c
from explorer.concepts.latent_space import linear

DATASETS: dict[str, str] = {
    "mnist": "MNIST digits",
    "digits": "digits 8×8",
    "fashion": "Fashion-MNIST",
    "letters": "letters",
    "faces": "faces",
    linear.NAME: "linear images",
}
DIMENSIONS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Config:
    """One training run. The defaults take about 5 CPU seconds.

    During the warm-up the weight of the KL grows from 0 to `beta`: the encoder first learns to pass
    on information, then to pass it on in few nats.
    Bowman et al. (2016), https://arxiv.org/abs/1511.06349
    """

    dataset: str = c.choice("mnist", DATASETS)
    latent_dim: int = c.choice(2, DIMENSIONS)
    beta: float = c.number(1.0, 0.0, 16.0, 0.1)  # weight of the KL
    warmup: float = c.number(0.5, 0.0, 1.0, 0.05)  # share of the run
    learning_rate: float = c.number(6e-3, 1e-4, 1.0, log=True)
    hidden: int = c.integer(128, 8, 256, 8)  # units in each of two hidden layers, both ways
    steps: int = c.steps(1400, 20_000)
    seed: int = c.seed()
    batch: int = 64

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "batch", 1, 512)

    @property
    def linear(self) -> bool:
        """Whether the optimum is known exactly."""
        return self.dataset == linear.NAME
