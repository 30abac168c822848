"""Text as numbers: Moby-Dick, first names, and whatever a visitor types.

Held-out text is never trained on: whole chapters of the book, every eleventh name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from gzip import open as unzip
from pathlib import Path

import torch
from torch import Tensor

from explorer.nets import generator

FILES = Path(__file__).parents[3] / "assets" / "data"
EVERY, FIRST = 15, 7  # chapters 7, 22, 37, ... of the file are kept for the exam
ALPHABET = "\n !\"$&'()*,-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz—"


@dataclass(frozen=True, eq=False)
class Corpus:
    """Symbols of a text, for training and for the exam: int64, shared, never to be written."""

    train: Tensor
    test: Tensor


@lru_cache(maxsize=2)
def load(name: str) -> Corpus:
    """The text called `name`, shared by everybody. ValueError if unknown."""
    if name not in MAKERS:
        raise ValueError(f"dataset must be one of {', '.join(MAKERS)}. Got {name!r} instead.")
    return MAKERS[name]()


def moby() -> Corpus:
    """Moby-Dick (1851), 1.19 million symbols of 81 kinds; about 4 % of it is the exam."""
    with unzip(FILES / "moby_dick.txt.gz", "rt", encoding="utf-8") as file:
        chapters = re.split(r"^(?=CHAPTER )", file.read(), flags=re.MULTILINE)
    kept = [index % EVERY == FIRST for index in range(len(chapters))]
    train = "".join(part for part, out in zip(chapters, kept) if not out)
    return Corpus(encode(train), encode("".join(p for p, out in zip(chapters, kept) if out)))


def names() -> Corpus:
    """8,422 first names, one a line, in an order of chance; every eleventh is for the exam."""
    lines = (FILES / "first_names.txt").read_text(encoding="utf-8").split()
    order = torch.randperm(len(lines), generator=generator(0)).tolist()
    mixed = [lines[index] + "\n" for index in order]
    train = "".join(name for place, name in enumerate(mixed) if place % 11)
    return Corpus(encode(train), encode("".join(mixed[::11])))


def encode(text: str) -> Tensor:
    """Symbols of a text as numbers, int64; what is not in the alphabet is left out."""
    return torch.tensor([NUMBERS[each] for each in text if each in NUMBERS], dtype=torch.int64)


NUMBERS = {symbol: number for number, symbol in enumerate(ALPHABET)}
MAKERS: dict[str, Callable[[], Corpus]] = {"moby": moby, "names": names}
