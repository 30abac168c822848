"""Sentences of Moby-Dick, split by chapter: for the language model, for training, and held out.

Words are in lower case, without punctuation. The language model (n-grams of letters) and the word
vectors are trained on every second chapter, which is in neither of the other two parts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from gzip import open as unzip
from pathlib import Path
from typing import TypeAlias

Sentence: TypeAlias = tuple[str, ...]
ASSETS = Path(__file__).parents[3] / "assets"
FILE = ASSETS / "data" / "moby_dick.txt.gz"
SYNONYMS = ASSETS / "metrics" / "synonyms.txt"
SHORTEST, LONGEST = 6, 24  # words of a sentence


@dataclass(frozen=True, eq=False)
class Corpus:
    """Three sets of sentences that share no chapter."""

    language_model: tuple[Sentence, ...]
    train: tuple[Sentence, ...]  # what a generative model would be trained on
    test: tuple[Sentence, ...]  # held out: as good as the samples of a perfect model


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    """The chapters of Moby-Dick. 0.2 s, once."""
    with unzip(FILE, "rt", encoding="utf-8") as file:
        chapters = re.split(r"^(?=CHAPTER )", file.read(), flags=re.MULTILINE)[1:]
    found: dict[str, list[Sentence]] = {"language_model": [], "train": [], "test": []}
    for index, chapter in enumerate(chapters):
        part = "language_model" if index % 2 else "test" if index % 4 else "train"
        found[part] += sentences(chapter.split("\n", 1)[-1])
    return Corpus(**{part: tuple(lines) for part, lines in found.items()})


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text that are neither very short nor very long."""
    pieces = re.split(r"[.;:!?—]+", text.lower().replace("’", "'"))
    words = [tuple(re.findall(r"[a-z]+(?:'[a-z]+)?", piece)) for piece in pieces]
    return [each for each in words if SHORTEST <= len(each) <= LONGEST]


@lru_cache(maxsize=1)
def synonyms() -> dict[str, str]:
    """A word -> another of nearly the same meaning, chosen by hand; it does not always fit."""
    found: dict[str, str] = {}
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        word, other = line.split()
        found.setdefault(word, other)
    return found
