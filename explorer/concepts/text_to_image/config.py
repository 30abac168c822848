"""What a visitor can change about the training."""

from dataclasses import dataclass
from typing import Any

from explorer import config as c
from explorer.data import shapes

ENCODERS: dict[str, str] = {
    "concatenated": "words, side by side",
    "summed": "words, added",
    "caption": "whole captions",
}
MOST_HELD_OUT = 40  # of 48 pairs: every colour and every shape is still seen


@dataclass(frozen=True)
class Config:
    """One training run. The defaults take about 11 CPU seconds, with places 15."""

    dataset: str = c.choice("sizes", shapes.WORLDS)
    encoder: str = c.choice("concatenated", ENCODERS)
    held_out: int = c.integer(6, 0, MOST_HELD_OUT)  # pairs of colour and shape, never shown
    label_dropout: float = c.number(0.05, 0.0, 0.5, 0.05)  # share of words that training hides
    learning_rate: float = c.number(6e-3, 1e-4, 1.0, log=True)
    hidden: int = c.integer(192, 16, 256, 16)  # units in each hidden layer
    batch: int = c.integer(128, 8, 512, 8)
    steps: int = c.steps(1600, 20_000)
    seed: int = c.seed()

    @classmethod
    def usual(cls, **chosen: Any) -> "Config":
        """Defaults that suit the captions: with places, four quarters go through the network."""
        own = {"hidden": 128, "steps": 1200} if chosen.get("dataset") == "places" else {}
        return cls(**{**own, **chosen})

    def __post_init__(self) -> None:
        c.check(self)
