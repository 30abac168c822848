"""What a visitor can change about a training run."""

from dataclasses import dataclass, replace
from typing import Any

from explorer import config as check
from explorer.concepts.transformer.positions import POSITIONS
from explorer.concepts.transformer.tasks import TASKS
from explorer.data import text

TEXTS = ("moby", "names")  # trained on from the shipped model
DATA = (*TASKS, *TEXTS)


@dataclass(frozen=True)
class Config:
    """A training run: a task or a text, the network, how long.

    A text is learnt by a network of the shipped model's size, whatever `layers`, `heads`, `width`,
    `positions`, `causal` and `wide` say.
    """

    dataset: str = "repeat"  # one of DATA
    positions: str = "rotary"  # a key of POSITIONS
    layers: int = 2
    heads: int = 4
    width: int = 48
    causal: bool = True  # no place sees a later one
    wide: bool = True  # a network after attention in each layer
    fresh: bool = False  # learn a text from random weights instead of the shipped ones
    learning_rate: float = 5e-3
    batch: int = 48
    steps: int = 800
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", DATA)
        check.one_of(self, "positions", POSITIONS)
        check.whole(self, "layers", 1, 4)
        check.whole(self, "heads", 1, 8)
        check.whole(self, "width", 8, 128)
        for switch in ("causal", "wide", "fresh"):
            check.one_of(self, switch, (True, False))
        check.between(self, "learning_rate", 1e-5, 1)
        check.whole(self, "batch", 4, 256)
        check.whole(self, "steps", 1, 10_000)
        check.whole(self, "seed", 0, 2**31 - 1)
        if self.width % (2 * self.heads):
            raise ValueError(
                f"width must be a multiple of {2 * self.heads}, twice the number of heads. "
                f"Got {self.width} instead."
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run with this config needs."""
        if not self.of_text:
            return ()
        shipped = () if self.fresh else ("transformer/moby_dick.npz",)
        names = text.reads(self.dataset) if self.dataset != "moby" else ()
        return (*text.reads("moby"), *names, *shipped)  # the book is in every exam

    @property
    def of_text(self) -> bool:
        return self.dataset in TEXTS


USUAL: dict[str, Config] = {
    "sort": Config("sort", steps=1500),
    "reverse": Config("reverse", steps=600),
    "copy": Config("copy", steps=600),
    "repeat": Config("repeat", steps=800),
    "moby": Config("moby", learning_rate=5e-4, batch=8, steps=60),
    "names": Config("names", learning_rate=5e-4, batch=8, steps=60),
}


def usual(dataset: str, **changes: Any) -> Config:
    """The settings that work for a task in the time that a visitor waits, with `changes`."""
    return replace(USUAL[dataset], **changes)
