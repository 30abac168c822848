"""A visitor's own text in the network, at every checkpoint of its training."""

import re
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.transformer.config import DATASETS
from explorer.concepts.transformer.internals import Internals, inspect
from explorer.concepts.transformer.tasks import LENGTH, LETTERS, PERIODS, STROKE, TASKS
from explorer.concepts.transformer.train import Model
from explorer.data.text import CASED, encode_cased
from explorer.data.writing import Read, read

LONGEST = 40  # tokens of a text
BETWEEN = re.compile(r"[\s,;/]+")  # two names
FARTHEST = 500  # characters of a text that is looked at
EXAMPLES: dict[str, str] = {
    "sort": "hbgadcfe",
    "reverse": "hbgadcfe",
    "copy": "hbgadcfe",
    "repeat": "kibcmofa",
    "moby": "The white whale! The white w",
    "names": "Anna\nMarianne\nMaria\nMari",
}


@dataclass(frozen=True)
class AttentionConfig:
    """Which text, and which head is enlarged."""

    dataset: str = c.choice("repeat", DATASETS)
    text: str = EXAMPLES["repeat"]
    layer: int = c.integer(2, 1, 4)  # counted from 1
    head: int = c.integer(1, 1, 8)

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "text")
        tokens(self.dataset, self.text)


@dataclass(frozen=True, eq=False)
class AttentionSnapshot:
    """The text in the network of one checkpoint."""

    step: int
    config: AttentionConfig
    layer: int  # of the enlarged head, from 0 and inside the network
    head: int
    internals: Internals


def inspect_training(
    config: AttentionConfig, model: Model
) -> Generator[AttentionSnapshot, None, None]:
    """Read the text with the network of every checkpoint, the first one untrained."""
    if config.dataset != model.config.dataset:
        raise ValueError(f"dataset must be {model.config.dataset}. Got {config.dataset} instead.")
    row, certain = tokens(config.dataset, config.text)
    layer, head = chosen_head(config, model)
    last: Internals | None = None
    for index, (step, _) in enumerate(model.checkpoints):
        last = inspect(model.at(index), row, certain, config.dataset, last)
        yield AttentionSnapshot(step, config, layer, head, last)


def chosen_head(config: AttentionConfig, model: Model) -> tuple[int, int]:
    """Layer and head, from 0; the last ones where the network has fewer."""
    shape = model.net.shape
    return min(config.layer, shape.layers) - 1, min(config.head, shape.heads) - 1


def tokens(dataset: str, text: str) -> tuple[Tensor, Tensor]:
    """A visitor's text as a row (positions + 1,), and which positions are certain.

    Raises ValueError with a sentence when a task can't be asked with it.
    """
    if dataset not in TASKS:
        return _prose(text)
    task = TASKS[dataset]
    if not task.answer:
        return _block(text)
    known = task.vocabulary.replace(STROKE, "")
    if len(text) != LENGTH or set(text) - set(known):
        raise ValueError(f"The text must be {LENGTH} letters from {known[0]} to {known[-1]}.")
    rows = task.rows(_numbers(text, known))
    return rows[0], task.certain(rows)[0]


def understood(dataset: str, text: str) -> Read:
    """A visitor's text in the characters that the network knows. ValueError if none can be asked.

    A task has only small letters. Names stand in lines of their own, so whatever is between two
    names in a field of one line is a line break.

    >>> understood("names", "Anna, Zoé").text
    'Anna\\nZo'
    """
    if len(text) > FARTHEST:
        raise ValueError(f"The text must be 2 to {LONGEST} characters long.")
    if dataset in TASKS:
        found = read("".join(text.split()), known=TASKS[dataset].vocabulary.replace(STROKE, ""))
    else:
        found = read(BETWEEN.sub("\n", text) if dataset == "names" else text, known=CASED)
    tokens(dataset, found.text)
    return found


def _block(text: str) -> tuple[Tensor, Tensor]:
    few, many = PERIODS[0], PERIODS[-1]
    if not few <= len(text) <= many or set(text) - set(LETTERS) or len(set(text)) < len(text):
        raise ValueError(
            f"The text must be {few} to {many} different letters from {LETTERS[0]} to "
            f"{LETTERS[-1]}: the block that is repeated."
        )
    task = TASKS["repeat"]
    positions = torch.arange(task.positions + 1) % len(text)
    rows = _numbers(text, LETTERS)[:, positions]
    return rows[0], task.certain(rows)[0]


def _prose(text: str) -> tuple[Tensor, Tensor]:
    unknown = set(text) - set(CASED)
    if unknown:
        raise ValueError(
            f"The model knows {len(CASED)} characters of English prose. The text has "
            f"{len(unknown)} others."
        )
    if not 2 <= len(text) <= LONGEST:
        raise ValueError(f"The text must be 2 to {LONGEST} characters long.")
    row = encode_cased(text)
    return row, torch.zeros(len(row) - 1, dtype=torch.bool)


def _numbers(text: str, known: str) -> Tensor:
    return torch.tensor([[known.index(letter) for letter in text]])
