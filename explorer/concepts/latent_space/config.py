"""What a visitor can change about the training."""

from dataclasses import dataclass

from explorer import config as check
from explorer.concepts.latent_space import linear

DATASETS: tuple[str, ...] = ("mnist", "digits", "fashion", "letters", "faces", linear.NAME)


@dataclass(frozen=True)
class Config:
    """One run. The defaults take about 5 CPU seconds.

    With `warmup`, the weight of the KL grows from 0 to `beta` over that share of the run: first
    the code learns to say something, then it learns to say it briefly.
    Bowman et al. (2016), https://arxiv.org/abs/1511.06349
    """

    dataset: str = "mnist"
    latent: int = 2  # units of the code
    beta: float = 1.0
    steps: int = 1400
    seed: int = 0
    warmup: float = 0.5
    rate: float = 6e-3
    hidden: int = 128
    batch: int = 64

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", DATASETS)
        check.whole(self, "latent", 1, 32)
        check.between(self, "beta", 0, 32)
        check.whole(self, "steps", 1, 50_000)
        check.whole(self, "seed", 0, 2**31)
        check.between(self, "warmup", 0, 1)
        check.between(self, "rate", 1e-6, 10)
        check.whole(self, "hidden", 4, 512)
        check.whole(self, "batch", 1, 512)

    @property
    def linear(self) -> bool:
        """Whether the best possible state is known exactly."""
        return self.dataset == linear.NAME
