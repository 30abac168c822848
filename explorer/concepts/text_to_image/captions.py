"""Captions as text: which words are known, and which attribute each of them gives a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

from explorer.data.shapes import World
from explorer.data.writing import Read, read

LONGEST = 80  # characters of a caption
FILLERS = {"a", "an", "the", "of", "in", "at", "on", "and", "picture", "with", "shape", "one"}


@dataclass(frozen=True)
class Token:
    """A word of a caption, and what becomes of it."""

    word: str
    attribute: str = ""  # that it gives a value; "" if none
    value: int = -1
    kind: str = "used"  # "used", "filler", "unknown", or "replaced" by a later word


@dataclass(frozen=True)
class Caption:
    """A caption, read by a world's vocabulary."""

    tokens: tuple[Token, ...]
    values: tuple[int, ...]  # of each attribute; -1 where the caption says nothing

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words outside the vocabulary."""
        return tuple(token.word for token in self.tokens if token.kind == "unknown")


def understood(text: str) -> Read:
    """A caption in small letters and in one line; ValueError when it is too long."""
    if len(text) > LONGEST:
        raise ValueError(f"caption must have at most {LONGEST} letters. Got {len(text)} instead.")
    found = read(text, lower=True, straight=True)
    return Read(" ".join(found.text.split()), found.remark)


def normal(text: str) -> str:
    """The words of a caption."""
    return understood(text).text


def vocabulary(world: World) -> dict[str, tuple[str, int]]:
    """Word -> the attribute that it gives a value, and the value.

    A value of two words ("top left") is known by both together.
    """
    return {
        word: (name, value)
        for name, words in world.attributes.items()
        for value, word in enumerate(words)
    }


def read_caption(text: str, world: World) -> Caption:
    """The tokens of a caption; of two words for one attribute the later one counts."""
    known = vocabulary(world)
    letters = (c if c in "'-" or category(c)[0] in "LMN" else " " for c in normal(text))
    words = [word.strip("'-") for word in "".join(letters).split() if word.strip("'-")]
    tokens: list[Token] = []
    at = 0
    while at < len(words):
        pair = " ".join(words[at : at + 2])
        word = pair if pair in known else words[at]
        at += len(word.split())
        if word in known:
            name, value = known[word]
            tokens = [_replaced(each) if each.attribute == name else each for each in tokens]
            tokens.append(Token(word, name, value))
        else:
            tokens.append(Token(word, kind="filler" if word in FILLERS else "unknown"))
    used = {each.attribute: each.value for each in tokens if each.kind == "used"}
    return Caption(tuple(tokens), tuple(used.get(name, -1) for name in world.names))


def _replaced(token: Token) -> Token:
    return Token(token.word, token.attribute, token.value, "replaced")


def listed(words: Sequence[str]) -> str:
    """Words in quotes, as a sentence lists them.

    >>> listed(["pink"]), listed(["pink", "hexagon"])
    ('“pink”', '“pink” and “hexagon”')
    """
    quoted = [f"“{word}”" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
