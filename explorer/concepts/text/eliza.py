"""A reply by rules: keywords, a pattern, swapped pronouns, a template. Nothing is understood.

Weizenbaum (1966), ELIZA, https://doi.org/10.1145/365153.365168
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar
from unicodedata import category

import numpy as np

from explorer import config as c
from explorer.concepts.shared.text_panel import Line, fitted, text_panel
from explorer.data.writing import Read, read
from explorer.scene import Reading, Scene, frozen

# Rank, pattern, templates; {0} is what the first star matched, with swapped pronouns.
SCRIPT: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (5, "* computer *", ("Do machines worry you?", "What have machines to do with it?")),
    (4, "* i dreamt *", ("Really, {1}?", "Have you dreamt that before?")),
    (4, "* my * loves *", ("Who else loves {2}?", "Tell me more about your {1}.")),
    (3, "* i need *", ("What would it mean to you if you got {1}?", "Why do you need {1}?")),
    (3, "* i am *", ("How long have you been {1}?", "Do you think it is normal to be {1}?")),
    (3, "* i feel *", ("Do you often feel {1}?", "When do you feel {1}?")),
    (3, "* i can't *", ("How do you know that you can't {1}?", "Have you tried to?")),
    (2, "* my *", ("Your {1}?", "Why do you say your {1}?")),
    (2, "* because *", ("Is that the real reason?", "What other reasons are there?")),
    (2, "* you *", ("We were talking about you, not me.", "Why do you think that I {1}?")),
    (1, "* always *", ("Can you think of an example?", "When?")),
    (1, "* no *", ("Why not?", "You are being a bit negative.")),
    (0, "*", ("Please go on.", "What does that suggest to you?", "I see.")),
)
SWAPPED: dict[str, str] = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "am": "are", "you": "I", "your": "my",
    "yours": "mine", "myself": "yourself", "i'm": "you are", "was": "were",
}  # fmt: skip
MOST = 120  # characters that are read


@dataclass(frozen=True)
class ElizaConfig:
    """A message. A step is a rule that is tried; the last three build the reply."""

    message: str = "I feel that nobody reads my letters"
    seed: int = c.seed()
    steps: ClassVar[int] = len(SCRIPT) + 3
    reads: ClassVar[tuple[str, ...]] = ()  # no file under assets/

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "message")
        normal(self.message)


@dataclass(frozen=True, eq=False)
class ElizaSnapshot:
    """The rules tried so far, and the reply as far as it is built."""

    step: int
    message: str
    tried: int
    fired: int | None
    built: tuple[tuple[str, str], ...]  # each stage of the reply, and its result
    ranks: np.ndarray


def read_message(text: str) -> Read:
    """A message in lower case without punctuation. ValueError without words or with too many."""
    if len(text) > MOST:
        raise ValueError(f"text must have at most {MOST} characters. Got {len(text)} instead.")
    found = read(text, lower=True, straight=True)
    letters = (c if c in "'" or category(c)[0] in "LMN" else " " for c in found.text)
    words = " ".join("".join(letters).split())
    if not any(map(str.isalnum, words)):
        raise ValueError("text must have a word in it.")
    return Read(words, found.remark)


def normal(text: str) -> str:
    """The words of a message."""
    return read_message(text).text


def match(pattern: str, message: str) -> list[str] | None:
    """What the stars of a pattern match, or None.

    >>> match("* i feel *", "well i feel fine")
    ['well', 'fine']
    """
    parts = [re.escape(part) if part != "*" else r"(.*?)" for part in pattern.split()]
    found = re.fullmatch(r"\s*".join(rf"\b{p}\b" if p != "(.*?)" else p for p in parts), message)
    return None if found is None else [piece.strip() for piece in found.groups()]


def swap(piece: str) -> str:
    """A piece with its pronouns swapped.

    >>> swap("my computer likes me")
    'your computer likes you'
    """
    return " ".join(SWAPPED.get(word, word) for word in piece.split())


def reply(message: str, seed: int = 0) -> tuple[int, list[str], list[str], str]:
    """The rule that fires, what its stars match, the same with swapped pronouns, and the answer."""
    for number, (_, pattern, templates) in enumerate(SCRIPT):
        pieces = match(pattern, message)
        if pieces is not None:
            swapped = [swap(piece) for piece in pieces]
            usable = [
                t for t in templates if all(swapped[int(i)] for i in re.findall(r"{(\d)}", t))
            ]
            template = (usable or ["Please go on."])[seed % max(1, len(usable))]
            return number, pieces, swapped, template.format(*swapped)
    raise AssertionError("the last rule matches everything")


def talk(config: ElizaConfig) -> Generator[ElizaSnapshot, None, None]:
    """Try the rules one after the other, then build the reply with the first that matches."""
    message, ranks = normal(config.message), frozen(np.array([rank for rank, _, _ in SCRIPT]))
    number, pieces, swapped, answer = reply(message, config.seed)
    step = 0
    for tried in range(number + 2):
        fired = number if tried == number + 1 else None
        yield ElizaSnapshot(step, message, tried, fired, (), ranks)
        step += 1
    stars = ", ".join(f"{i}: {piece or 'nothing'}" for i, piece in enumerate(pieces))
    now = ", ".join(f"{i}: {piece or 'nothing'}" for i, piece in enumerate(swapped))
    built: list[tuple[str, str]] = []
    for stage in (("The stars match", stars), ("Pronouns swapped", now), ("Reply", answer)):
        built.append(stage)
        yield ElizaSnapshot(step, message, number + 1, number, tuple(built), ranks)
        step += 1


def eliza_scene(s: ElizaSnapshot) -> Scene:
    """The rules in the order in which they are tried, and the reply growing."""
    rows: list[Line] = []
    for number, (rank, pattern, templates) in enumerate(SCRIPT):
        state = "applied" if number == s.fired else "no match" if number < s.tried else ""
        line = f"{rank}   {pattern}   →   {fitted(templates[0], 38)}   {state}"
        rows.append((line, "model" if number == s.fired else "neutral"))
    rules = text_panel("Rules, the highest rank first", rows,
                       "Rank, pattern (* matches any words), first template.")  # fmt: skip
    done: list[Line] = [("YOU", "real"), (s.message, "neutral"), (" ", "neutral")]
    for stage, result in s.built:
        done += [(stage.upper(), "model"), (fitted(result, 70), "neutral"), (" ", "neutral")]
    steps = text_panel("How the reply is put together", done, "", len(rows))
    if s.built and s.built[-1][0] == "Reply":
        sentence = s.built[-1][1]
    elif s.fired is not None:
        sentence = f"The rule {SCRIPT[s.fired][1]} matches and is applied."
    else:
        sentence = f"{s.tried} rules tried, none matches yet."
    count = float(len(s.ranks))
    reading = Reading("rules tried", float(s.tried), (count, count), "rules in all", "", "neither",
                      "The first rule that matches writes the reply.")  # fmt: skip
    return Scene([rules, steps], step=s.step, unit="rule", readings=[reading], sentence=sentence)
