"""Texts to learn from: first names, Moby-Dick, a source known exactly, one's own.

Every text is a stream of tokens (numbers) with a fixed split into a training and a held-out part.
Token 0 is the line break; a model starts as if one had just been read. Sources and licences:
assets/LICENSES.md.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from gzip import open as unzip
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import markov
from explorer.data.bpe import Pair, learn, merge
from explorer.data.writing import Read, read

FILES = Path(__file__).parents[2] / "assets" / "data"
BREAK = "\n"
PROSE = 240_000  # characters of Moby-Dick that are used
BLOCK = 8  # one chapter (or block) in so many is held out; one name in ten
CASED_BLOCK, CASED_FIRST = 15, 7  # of the whole book: chapters 7, 22, 37, ... of the file
CASED = "\n !\"$&'()*,-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz—"
SHORTEST, LONGEST = 300, 20_000  # characters of a visitor's own text
OWN = "own:"  # how the name of a visitor's own text begins; the text follows
PLAIN = str.maketrans({
    **dict.fromkeys("—–", "-"), **dict.fromkeys("‘’", "'"), **dict.fromkeys("“”", '"'),
    **dict.fromkeys("\t\r&[]()_*$", " "), **dict.fromkeys(";:", ","),
})  # fmt: skip
LISTED = 32  # mean length of a line below which an own text is taken for a list
KINDS = 1_000  # different characters of an own text; the rarest of more are read as RARE
RARE = "□"


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text as numbers; shared by everybody, never to be written into."""

    name: str
    vocabulary: tuple[str, ...]  # what each number stands for; token 0 is the line break
    train: Tensor  # (n,) int64
    held_out: Tensor  # (m,) int64
    lines: bool  # each line is a text by itself, independent of the lines before it
    entropy_rate: float | None = None  # bits per character, where it is known exactly
    merges: tuple[Pair, ...] = ()  # when tokens are longer than one character

    @property
    def size(self) -> int:
        """How many different tokens there are."""
        return len(self.vocabulary)

    @property
    def characters(self) -> int:
        """Characters in the held-out text: what bits are averaged over."""
        return self.length(self.held_out)

    def length(self, numbers: Tensor) -> int:
        """Characters that these tokens stand for."""
        return int(torch.tensor([len(token) for token in self.vocabulary])[numbers].sum())

    def encode(self, text: str) -> list[int]:
        """Numbers of a text; characters that the corpus does not know are left out."""
        known = {token: number for number, token in enumerate(self.vocabulary)}
        numbers = [known[letter] for letter in text if letter in known]
        return merge(numbers, self.merges, self.size - len(self.merges))

    def read(self, text: str) -> Read:
        """A text in the characters that the corpus knows."""
        return read(text, known=set("".join(self.vocabulary)), instead=PLAIN)

    def decode(self, numbers: Sequence[int]) -> str:
        return "".join(self.vocabulary[number] for number in numbers)

    def texts(self, rows: Tensor) -> list[str]:
        """Rows of tokens as text; of lines, up to the first break."""
        found = [self.decode(row) for row in rows.tolist()]
        return [text.split(BREAK, 1)[0] for text in found] if self.lines else found

    def parts(self, numbers: Tensor) -> list[Tensor]:
        """A stream cut into texts by themselves, each ending with its line break if it has one."""
        if not self.lines:
            return [numbers]
        ends = (numbers == 0).nonzero()[:, 0] + 1
        return [part for part in torch.tensor_split(numbers, ends.tolist()) if len(part)]


def names() -> Corpus:
    """8,422 first names in lower case, one a line; every tenth is held out."""
    return listed("names", _names().lower().split())


def moby() -> Corpus:
    """The first 240,000 characters of Moby-Dick (1851), in lower case; every eighth chapter is
    held out.
    """
    chapters = re.split(r"^(?=chapter )", plain(moby_dick()[:PROSE]), flags=re.MULTILINE)[1:]
    return stream("moby", *_split(chapters, BLOCK, BLOCK // 2))


def markov_source() -> Corpus:
    """80,000 letters of a language with three rules, whose entropy rate is known exactly."""
    text = markov.write(80_000, torch.Generator().manual_seed(0))
    known = stream("markov", text[:60_000], text[60_000:])
    return replace(known, entropy_rate=markov.entropy_rate())


def moby_cased() -> Corpus:
    """All of Moby-Dick, 1.19 million characters of 81 kinds; about 4 % of it is held out."""
    chapters = re.split(r"^(?=CHAPTER )", moby_dick(), flags=re.MULTILINE)
    return _cased("moby_cased", *_split(chapters, CASED_BLOCK, CASED_FIRST))


def names_cased() -> Corpus:
    """First names as they are written, as running text; every eleventh is held out."""
    lines = _names().split()
    order = torch.randperm(len(lines), generator=torch.Generator().manual_seed(0)).tolist()
    return _cased("names_cased", *_split([lines[index] + BREAK for index in order], 11, 0))


def own(name: str) -> Corpus:
    """A visitor's text, after "own:". ValueError with a sentence when it can't be learnt from."""
    text = checked(name.removeprefix(OWN)).text
    lines = text.split(BREAK)
    if len(set(lines)) >= 40 and len(text) / len(lines) < LISTED:
        return listed(name, lines)
    cut = len(text) * (BLOCK - 1) // BLOCK
    return stream(name, text[:cut], text[cut:])


def checked(text: str) -> Read:
    """A visitor's text in lower case, in whatever script, and what was left out of it.

    ValueError when it is too long, too short, or has only one kind of character.
    """
    if len(text) > LONGEST:
        raise ValueError(f"text must have at most {LONGEST} characters. Got {len(text)} instead.")
    found = read(text, lower=True, straight=True)
    clean = re.sub(r" *\n\s*", "\n", re.sub(r" +", " ", found.text)).strip()
    if len(clean) < SHORTEST:
        raise ValueError(
            f"text must have at least {SHORTEST} letters to learn from. Got {len(clean)} instead."
        )
    if len(set(clean)) < 2:
        raise ValueError("text must have at least 2 different characters. Got 1 instead.")
    clean, rare = _without_rare(clean)
    return Read(clean, " ".join(filter(None, (found.remark, rare))))


def _without_rare(text: str) -> tuple[str, str]:
    """A text with at most KINDS different characters, and a remark on what was replaced."""
    ranked = sorted(Counter(text).items(), key=lambda each: (each[0] != BREAK, -each[1], each[0]))
    if len(ranked) <= KINDS:
        return text, ""
    rare = ranked[KINDS - 1 :]
    count = sum(times for _, times in rare)
    remark = (
        f"Of {len(ranked):,} different characters the {len(rare):,} rarest are read as {RARE}: "
        f"{100 * count / len(text):.2g} % of the text."
    )
    return text.translate({ord(letter): RARE for letter, _ in rare}), remark


def plain(text: str) -> str:
    """Lower case, one kind of dash and quotes, no rare signs."""
    return re.sub(r" +", " ", text.lower().translate(PLAIN))


def listed(name: str, lines: Sequence[str]) -> Corpus:
    """A corpus of lines in random order, each by itself; no line in it twice."""
    distinct = sorted({line for line in lines if line})
    order = torch.randperm(len(distinct), generator=torch.Generator().manual_seed(0)).tolist()
    mixed = [distinct[index] + BREAK for index in order]
    return _numbered(name, *_split(mixed, 10, 0), True)


def stream(name: str, train: str, held_out: str) -> Corpus:
    """A corpus of running text."""
    return _numbered(name, train, held_out, False)


def paired(corpus: Corpus, merges: int) -> Corpus:
    """The same text in longer tokens: the most frequent pairs, merged one by one."""
    found, train = learn(corpus.train.tolist(), corpus.size, merges, stop=0)
    tokens = list(corpus.vocabulary)
    for left, right in found:
        tokens.append(tokens[left] + tokens[right])
    held = merge(corpus.held_out.tolist(), found, corpus.size)
    return replace(
        corpus, vocabulary=tuple(tokens), train=torch.tensor(train),
        held_out=torch.tensor(held), merges=tuple(found),
    )  # fmt: skip


def encode_cased(text: str) -> Tensor:
    """Numbers of a text in the vocabulary of the cased corpora, int64; the unknown is left out."""
    known = {character: number for number, character in enumerate(CASED)}
    return torch.tensor([known[each] for each in text if each in known], dtype=torch.int64)


def _cased(name: str, train: str, held_out: str) -> Corpus:
    return Corpus(name, tuple(CASED), encode_cased(train), encode_cased(held_out), False)


def _numbered(name: str, train: str, held_out: str, lines: bool) -> Corpus:
    vocabulary = (BREAK, *sorted((set(train) | set(held_out)) - {BREAK}))
    known = {token: number for number, token in enumerate(vocabulary)}
    learnt, held = (torch.tensor([known[c] for c in part]) for part in (train, held_out))
    return Corpus(name, vocabulary, learnt, held, lines)


def _split(parts: Sequence[str], every: int, first: int) -> tuple[str, str]:
    """Parts for training, and one in so many for the held-out text."""
    held = [index % every == first for index in range(len(parts))]
    return (
        "".join(part for part, out in zip(parts, held) if not out),
        "".join(part for part, out in zip(parts, held) if out),
    )


def _names() -> str:
    return (FILES / "first_names.txt").read_text(encoding="utf-8")


def moby_dick() -> str:
    """The whole book, 1.19 million characters as printed."""
    with unzip(FILES / "moby_dick.txt.gz", "rt", encoding="utf-8") as file:
        return file.read()


def reads(name: str) -> tuple[str, ...]:
    """The files under assets/ that a corpus is read from."""
    files = {"names": ("data/first_names.txt",), "moby": ("data/moby_dick.txt.gz",)}
    return files.get(name.removesuffix("_cased"), ())


CORPORA: tuple[str, ...] = ("names", "moby", "markov")
MAKERS: dict[str, Callable[[], Corpus]] = {
    "names": names, "moby": moby, "markov": markov_source,
    "names_cased": names_cased, "moby_cased": moby_cased,
}  # fmt: skip


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
