"""What a visitor can change about a training run."""

from dataclasses import dataclass
from typing import Any

from explorer import config as c
from explorer.concepts.shared.positions import POSITION_ENCODINGS
from explorer.data import text

TASKS: dict[str, str] = {
    "repeat": "repeat",
    "sort": "sort",
    "reverse": "reverse",
    "copy": "copy",
}
TEXTS: dict[str, str] = {"moby": "Moby-Dick", "names": "names"}  # fine-tuned from the shipped model
DATASETS: dict[str, str] = TASKS | TEXTS
STEPS: dict[str, int] = {"sort": 1500, "reverse": 600, "copy": 600}
TEXT_DEFAULTS: dict[str, Any] = {"learning_rate": 5e-4, "batch": 8, "steps": 60}


@dataclass(frozen=True)
class Config:
    """A training run: a task or a text, the network, how long.

    A text is learnt by a network of the shipped model's shape, whatever `layers`, `heads`,
    `head_dim`, `position_encoding`, `causal_mask` and `mlp` say.
    """

    dataset: str = c.choice("repeat", DATASETS)
    position_encoding: str = c.choice("rotary", POSITION_ENCODINGS)
    layers: int = c.integer(2, 1, 4)
    heads: int = c.integer(4, 1, 8)
    head_dim: int = c.integer(12, 4, 32, 2)
    causal_mask: bool = c.flag(True)  # no position sees a later one
    mlp: bool = c.flag(True)  # after attention in each layer
    from_scratch: bool = c.flag(False)  # a text from random weights instead of the shipped ones
    learning_rate: float = c.number(5e-3, 1e-5, 1.0, log=True)
    batch: int = 48
    steps: int = c.steps(800, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "batch", 4, 256)
        if self.head_dim % 2:
            raise ValueError(f"head_dim must be even. Got {self.head_dim} instead.")

    @classmethod
    def usual(cls, dataset: str = "repeat", **chosen: Any) -> "Config":
        """The settings that suit a data set in the time that a visitor waits."""
        suits = {"steps": STEPS[dataset]} if dataset in STEPS else {}
        if dataset in TEXTS:
            suits = TEXT_DEFAULTS
        return cls(dataset=dataset, **{**suits, **chosen})

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run with this config needs."""
        if not self.of_text:
            return ()
        shipped = () if self.from_scratch else ("transformer/moby_dick.npz",)
        names = text.reads(self.dataset) if self.dataset != "moby" else ()
        return (*text.reads("moby"), *names, *shipped)  # all are evaluated on the book

    @property
    def of_text(self) -> bool:
        return self.dataset in TEXTS
