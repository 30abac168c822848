"""What a visitor can change about the melody models."""

from dataclasses import dataclass

from explorer import config as c
from explorer.data import chorales

LEARNING_RATE = 0.8  # over the hidden units
BATCH = 32  # melodies


@dataclass(frozen=True)
class Config:
    """A training run of the LSTM on the melodies: the same config, the same run."""

    dataset: str = c.choice("notes", chorales.KINDS)  # what a token is
    hidden: int = c.integer(48, 16, 128, 16)
    dropout: float = c.number(0.5, 0.0, 0.8, 0.05)
    steps: int = c.steps(400, 4000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return ("data/bach_chorales.npz",)

    @property
    def melodies(self) -> chorales.Melodies:
        return chorales.melodies(self.dataset)
