"""A visitor's own text in the network, at every kept step of its training."""

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.transformer import corpus
from explorer.concepts.transformer.config import DATA
from explorer.concepts.transformer.inside import Inside, look
from explorer.concepts.transformer.tasks import LENGTH, LETTERS, PERIODS, STROKE, TASKS
from explorer.concepts.transformer.train import Model

LONGEST = 40  # symbols of a text that is looked at
STARTS: dict[str, str] = {
    "sort": "hbgadcfe",
    "reverse": "hbgadcfe",
    "copy": "hbgadcfe",
    "repeat": "kibcmofa",
    "moby": "The white whale! The white w",
    "names": "Anna\nMarianne\nMaria\nMari",
}


@dataclass(frozen=True)
class LookConfig:
    """Which text, and which head is enlarged."""

    dataset: str = "repeat"
    text: str = STARTS["repeat"]
    layer: int = 1  # counted from 1
    head: int = 1

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", DATA)
        read(self.dataset, self.text)
        check.whole(self, "layer", 1, 8)
        check.whole(self, "head", 1, 8)


@dataclass(frozen=True, eq=False)
class Sight:
    """The text in the network as it was at one step of its training."""

    step: int
    config: LookConfig
    layer: int  # of the enlarged head, from 0 and inside the network
    head: int
    inside: Inside


def look_over(config: LookConfig, model: Model) -> Generator[Sight, None, None]:
    """Read the text with the network of every kept step, the first one untrained."""
    if config.dataset != model.config.dataset:
        raise ValueError(f"dataset must be {model.config.dataset}. Got {config.dataset} instead.")
    row, judged = read(config.dataset, config.text)
    layer = min(config.layer, model.net.shape.layers) - 1
    head = min(config.head, model.net.shape.heads) - 1
    last: Inside | None = None
    for index, (step, _) in enumerate(model.past):
        last = look(model.at(index), row, judged, config.dataset, last)
        yield Sight(step, config, layer, head, last)


def read(dataset: str, text: str) -> tuple[Tensor, Tensor]:
    """A visitor's text as a row (places + 1,), and which places are certain.

    Raises ValueError with a sentence when a task can't be asked with it.
    """
    if dataset not in TASKS:
        return _prose(text)
    task = TASKS[dataset]
    if not task.answer:
        return _block(text)
    known = task.symbols.replace(STROKE, "")
    if len(text) != LENGTH or set(text) - set(known):
        raise ValueError(f"The text must be {LENGTH} letters from {known[0]} to {known[-1]}.")
    rows = task.rows(_numbers(text, known))
    return rows[0], task.judged(rows)[0]


def _block(text: str) -> tuple[Tensor, Tensor]:
    few, many = PERIODS[0], PERIODS[-1]
    if not few <= len(text) <= many or set(text) - set(LETTERS) or len(set(text)) < len(text):
        raise ValueError(
            f"The text must be {few} to {many} different letters from {LETTERS[0]} to "
            f"{LETTERS[-1]}: the block that is repeated."
        )
    task = TASKS["repeat"]
    places = torch.arange(task.places + 1) % len(text)
    rows = _numbers(text, LETTERS)[:, places]
    return rows[0], task.judged(rows)[0]


def _prose(text: str) -> tuple[Tensor, Tensor]:
    strange = sorted(set(text) - set(corpus.ALPHABET))
    if strange:
        raise ValueError(
            f"The model knows {len(corpus.ALPHABET)} symbols of English prose. The text has "
            f"{len(strange)} that it never saw."
        )
    if not 2 <= len(text) <= LONGEST:
        raise ValueError(f"The text must be 2 to {LONGEST} symbols long.")
    row = corpus.encode(text)
    return row, torch.zeros(len(row) - 1, dtype=torch.bool)


def _numbers(text: str, known: str) -> Tensor:
    return torch.tensor([[known.index(letter) for letter in text]])
