"""Texts to learn from: first names, a slice of Moby-Dick, a source known exactly, one's own.

Every text is a stream of symbols (numbers) with a fixed split into what is learnt from and what
judges. Symbol 0 is the line break; a reader starts as if one had just been read. Sources and
licences: assets/LICENSES.md.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gzip import open as unzip
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import babble
from explorer.data.bpe import Pair, learn, merge

FILES = Path(__file__).parents[2] / "assets" / "data"
BREAK = "\n"
PROSE = 240_000  # characters of Moby-Dick that are used
KEPT = 8  # one chapter (or block) in so many is held out; one name in ten
SHORTEST, LONGEST = 300, 20_000  # characters of a visitor's own text
OWN = "own:"  # how the name of a visitor's own text begins; the text follows
PLAIN = str.maketrans({
    **dict.fromkeys("—–", "-"), **dict.fromkeys("‘’", "'"), **dict.fromkeys("“”", '"'),
    **dict.fromkeys("\t\r&[]()_*$", " "), **dict.fromkeys(";:", ","),
})  # fmt: skip
LISTED = 32  # mean length of a line below which an own text is taken for a list


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text as numbers; shared by everybody, never to be written into."""

    name: str
    symbols: tuple[str, ...]  # what each number stands for; symbol 0 is the line break
    train: Tensor  # (n,) int64
    held_out: Tensor  # (m,) int64
    lines: bool  # each line is a text by itself: nothing before it tells anything about it
    entropy_rate: float | None = None  # bits per character, where it is known exactly
    pairs: tuple[Pair, ...] = ()  # merges, when symbols are longer than one character

    @property
    def size(self) -> int:
        """How many kinds of symbols there are."""
        return len(self.symbols)

    @property
    def letters(self) -> int:
        """Characters in the held-out text: what bits are shared out among."""
        return self.length(self.held_out)

    def length(self, numbers: Tensor) -> int:
        """Characters that these symbols stand for."""
        return int(torch.tensor([len(symbol) for symbol in self.symbols])[numbers].sum())

    def encode(self, text: str) -> list[int]:
        """Numbers of a text; characters that the corpus does not know are left out."""
        known = {symbol: number for number, symbol in enumerate(self.symbols)}
        numbers = [known[letter] for letter in text if letter in known]
        return merge(numbers, self.pairs, len(self.symbols) - len(self.pairs))

    def decode(self, numbers: Sequence[int]) -> str:
        return "".join(self.symbols[number] for number in numbers)

    def parts(self, numbers: Tensor) -> list[Tensor]:
        """A stream cut into texts by themselves, each ending with its line break if it has one."""
        if not self.lines:
            return [numbers]
        ends = (numbers == 0).nonzero()[:, 0] + 1
        return [part for part in torch.tensor_split(numbers, ends.tolist()) if len(part)]


def names() -> Corpus:
    """8,422 first names in lower case, one a line; every tenth is held out."""
    lines = (FILES / "first_names.txt").read_text(encoding="utf-8").lower().split()
    return listed("names", lines)


def moby() -> Corpus:
    """The first 240,000 characters of Moby-Dick (1851), in lower case; every eighth chapter is
    held out.
    """
    with unzip(FILES / "moby_dick.txt.gz", "rt", encoding="utf-8") as file:
        text = plain(file.read()[:PROSE])
    chapters = re.split(r"^(?=chapter )", text, flags=re.MULTILINE)[1:]
    kept = [index % KEPT == KEPT // 2 for index in range(len(chapters))]
    train, held = ("".join(c for c, out in zip(chapters, kept) if out == side) for side in (0, 1))
    return stream("moby", train, held)


def source() -> Corpus:
    """80,000 letters of a language with three rules, whose entropy rate is known exactly."""
    text = babble.write(80_000, torch.Generator().manual_seed(0))
    made = stream("source", text[:60_000], text[60_000:])
    return Corpus(made.name, made.symbols, made.train, made.held_out, False, babble.entropy_rate())


def own(name: str) -> Corpus:
    """A visitor's text, after "own:". ValueError with a sentence when it can't be learnt from."""
    text = checked(name.removeprefix(OWN))
    lines = text.split(BREAK)
    if len(set(lines)) >= 40 and len(text) / len(lines) < LISTED:
        return listed(name, lines)
    cut = len(text) * (KEPT - 1) // KEPT
    return stream(name, text[:cut], text[cut:])


def checked(text: str) -> str:
    """A visitor's text in lower case without what is not letters, digits or common signs."""
    if len(text) > LONGEST:
        raise ValueError(f"text must have at most {LONGEST} characters. Got {len(text)} instead.")
    clean = "".join(c for c in plain(text) if c.isalnum() or c in " \n.,!?'\"-")
    clean = re.sub(r" *\n\s*", "\n", re.sub(r" +", " ", clean)).strip()
    if len(clean) < SHORTEST:
        raise ValueError(
            f"text must have at least {SHORTEST} letters to learn from. Got {len(clean)} instead."
        )
    if not 2 <= len(set(clean)) <= 100:
        raise ValueError(
            f"text must have between 2 and 100 kinds of symbols. Got {len(set(clean))} instead."
        )
    return clean


def plain(text: str) -> str:
    """Lower case, one kind of dash and quotes, no rare signs."""
    return re.sub(r" +", " ", text.lower().translate(PLAIN))


def listed(name: str, lines: Sequence[str]) -> Corpus:
    """A corpus of lines in an order of chance, each by itself; no line in it twice."""
    distinct = sorted({line for line in lines if line})
    order = torch.randperm(len(distinct), generator=torch.Generator().manual_seed(0)).tolist()
    mixed = [distinct[index] + BREAK for index in order]
    held = "".join(mixed[::10])
    return _numbered(name, "".join(m for i, m in enumerate(mixed) if i % 10), held, True)


def stream(name: str, train: str, held_out: str) -> Corpus:
    """A corpus of running text."""
    return _numbered(name, train, held_out, False)


def paired(corpus: Corpus, merges: int) -> Corpus:
    """The same text in longer symbols: the pairs that are most frequent, merged one by one."""
    found, train = learn(corpus.train.tolist(), corpus.size, merges, stop=0)
    symbols = list(corpus.symbols)
    for left, right in found:
        symbols.append(symbols[left] + symbols[right])
    held = merge(corpus.held_out.tolist(), found, corpus.size)
    return Corpus(
        corpus.name, tuple(symbols), torch.tensor(train), torch.tensor(held), corpus.lines,
        corpus.entropy_rate, tuple(found),
    )  # fmt: skip


def _numbered(name: str, train: str, held_out: str, lines: bool) -> Corpus:
    symbols = (BREAK, *sorted((set(train) | set(held_out)) - {BREAK}))
    known = {symbol: number for number, symbol in enumerate(symbols)}
    learnt, kept = (torch.tensor([known[c] for c in part]) for part in (train, held_out))
    return Corpus(name, symbols, learnt, kept, lines)


def reads(name: str) -> tuple[str, ...]:
    """The files under assets/ that a corpus is made of."""
    return {"names": ("data/first_names.txt",), "moby": ("data/moby_dick.txt.gz",)}.get(name, ())


MAKERS: dict[str, Callable[[], Corpus]] = {"names": names, "moby": moby, "source": source}
CORPORA: tuple[str, ...] = tuple(MAKERS)


@lru_cache(maxsize=16)
def load(name: str, merges: int = 0) -> Corpus:
    """The corpus called `name` ("own:..." is a visitor's text), with so many merged pairs.

    Shared by everybody: never write into it. ValueError when unknown or not to be learnt from.
    """
    if merges:
        return paired(load(name), merges)
    if name.startswith(OWN):
        return own(name)
    if name not in MAKERS:
        raise ValueError(f"dataset must be one of {', '.join(CORPORA)}. Got {name[:40]!r} instead.")
    return MAKERS[name]()
