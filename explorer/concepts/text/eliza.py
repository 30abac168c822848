"""A reply by rules: keywords, a pattern, turned pronouns, a template. Nothing is understood.

Weizenbaum (1966), ELIZA, https://doi.org/10.1145/365153.365168
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.concepts.text.look import Line, fitted, text_panel
from explorer.scene import Reading, Scene, frozen

# Rank, pattern, templates; {0} is what the star stood for, with its pronouns turned.
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
TURNED: dict[str, str] = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "am": "are", "you": "I", "your": "my",
    "yours": "mine", "myself": "yourself", "i'm": "you are", "was": "were",
}  # fmt: skip
MOST = 120  # characters that are read


@dataclass(frozen=True)
class Eliza:
    """Something said. A step is a rule that is tried; the last three build the reply."""

    said: str = "I feel that nobody reads my letters"
    steps: int = len(SCRIPT) + 3
    seed: int = 0
    reads: ClassVar[tuple[str, ...]] = ()  # no file under assets/


@dataclass(frozen=True, eq=False)
class ElizaSnapshot:
    """The rules tried so far, and the reply as far as it is built."""

    step: int
    said: str
    tried: int
    fired: int | None
    built: tuple[tuple[str, str], ...]  # what was done, and what came out
    ranks: np.ndarray


def spoken(text: str) -> str:
    """What was said, as it is read. ValueError when there are no words or too many."""
    if len(text) > MOST:
        raise ValueError(f"text must have at most {MOST} characters. Got {len(text)} instead.")
    words = " ".join(re.findall(r"[a-z']+", text.lower()))
    if not words:
        raise ValueError("text must have a word in it, in letters from a to z. Got none.")
    return words


def match(pattern: str, said: str) -> list[str] | None:
    """What the stars of a pattern stand for, or None.

    >>> match("* i feel *", "well i feel fine")
    ['well', 'fine']
    """
    parts = [re.escape(part) if part != "*" else r"(.*?)" for part in pattern.split()]
    found = re.fullmatch(r"\s*".join(rf"\b{p}\b" if p != "(.*?)" else p for p in parts), said)
    return None if found is None else [piece.strip() for piece in found.groups()]


def turn(piece: str) -> str:
    """A piece with its pronouns turned round.

    >>> turn("my computer likes me")
    'your computer likes you'
    """
    return " ".join(TURNED.get(word, word) for word in piece.split())


def reply(said: str, seed: int = 0) -> tuple[int, list[str], list[str], str]:
    """The rule that fires, what its stars stood for, the same turned, and the answer."""
    for number, (_, pattern, templates) in enumerate(SCRIPT):
        pieces = match(pattern, said)
        if pieces is not None:
            turned = [turn(piece) for piece in pieces]
            usable = [t for t in templates if all(turned[int(i)] for i in re.findall(r"{(\d)}", t))]
            template = (usable or ["Please go on."])[seed % max(1, len(usable))]
            return number, pieces, turned, template.format(*turned)
    raise AssertionError("the last rule fits everything")


def talk(config: Eliza) -> Generator[ElizaSnapshot, None, None]:
    """Try the rules one after the other, then build the reply with the first that fits."""
    said, ranks = spoken(config.said), frozen(np.array([rank for rank, _, _ in SCRIPT]))
    number, pieces, turned, answer = reply(said, config.seed)
    step = 0
    for tried in range(number + 2):
        fired = number if tried == number + 1 else None
        yield ElizaSnapshot(step, said, tried, fired, (), ranks)
        step += 1
    stars = ", ".join(f"{i}: {piece or 'nothing'}" for i, piece in enumerate(pieces))
    now = ", ".join(f"{i}: {piece or 'nothing'}" for i, piece in enumerate(turned))
    built: list[tuple[str, str]] = []
    for what in (("The stars stand for", stars), ("Pronouns turned", now), ("Reply", answer)):
        built.append(what)
        yield ElizaSnapshot(step, said, number + 1, number, tuple(built), ranks)
        step += 1


def eliza_scene(s: ElizaSnapshot) -> Scene:
    """The rules in the order in which they are tried, and the reply growing."""
    rows: list[Line] = []
    for number, (rank, pattern, templates) in enumerate(SCRIPT):
        sign = "fires" if number == s.fired else "no" if number < s.tried else ""
        line = f"{rank}   {pattern}   →   {fitted(templates[0], 38)}   {sign}"
        rows.append((line, "model" if number == s.fired else "neutral"))
    rules = text_panel("Rules, the highest rank first", rows,
                       "Rank, pattern (* is any words), first template.")  # fmt: skip
    done: list[Line] = [("YOU", "real"), (s.said, "neutral"), (" ", "neutral")]
    for what, out in s.built:
        done += [(what.upper(), "model"), (fitted(out, 70), "neutral"), (" ", "neutral")]
    made = text_panel("How the reply is made", done, "", len(rows))
    if s.built and s.built[-1][0] == "Reply":
        sentence = s.built[-1][1]
    elif s.fired is not None:
        sentence = f"The rule {SCRIPT[s.fired][1]} fires."
    else:
        sentence = f"{s.tried} rules tried, none fits yet."
    count = float(len(s.ranks))
    reading = Reading("rules tried", float(s.tried), (count, count), "rules in all", "", "neither",
                      "Whatever is said, the first rule that fits makes the reply.")  # fmt: skip
    return Scene([rules, made], step=s.step, unit="rule", readings=[reading], sentence=sentence)
