"""A context-free grammar: rules rewrite nonterminals until only words are left.

Chomsky (1956), Three Models for the Description of Language
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from explorer import config as c
from explorer.concepts.shared.text_panel import Line, text_panel
from explorer.scene import Reading, Scene, frozen

RULES: dict[str, tuple[str, ...]] = {
    "SENTENCE": ("NOUN-PHRASE VERB-PHRASE",),
    "NOUN-PHRASE": ("the NOUN", "the ADJECTIVE NOUN", "the NOUN that VERB-PHRASE"),
    "VERB-PHRASE": ("VERB NOUN-PHRASE", "VERB NOUN-PHRASE at TIME", "MOVES"),
    "NOUN": ("whale", "captain", "letter", "harbour", "machine", "poet"),
    "ADJECTIVE": ("white", "silent", "patient", "new"),
    "VERB": ("follows", "writes", "forgets", "imitates"),
    "MOVES": ("sleeps", "waits", "sings"),
    "TIME": ("dawn", "night", "sea"),
}
DEEPEST = 9  # rewritings of phrases; then the shortest choice is taken


@dataclass(frozen=True)
class GrammarConfig:
    """A sentence; a step is one rewriting."""

    steps: int = 40
    seed: int = c.seed()
    reads: ClassVar[tuple[str, ...]] = ()  # no file under assets/

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "steps", 1, 40)


@dataclass(frozen=True, eq=False)
class GrammarSnapshot:
    """The sentence so far, and the rule that was used last."""

    step: int
    forms: tuple[str, ...]
    fired: tuple[str, str]  # nonterminal and its expansion; ("", "") at the start
    count: np.ndarray  # of different sentences, nested at most six deep


def derive(config: GrammarConfig) -> Generator[GrammarSnapshot, None, None]:
    """Rewrite the leftmost nonterminal until there is none."""
    rng = np.random.default_rng(config.seed)
    form, forms, fired = ["SENTENCE"], ["SENTENCE"], ("", "")
    count = frozen(np.array([float(sentences(6))]))
    for step in range(config.steps + 1):
        yield GrammarSnapshot(step, tuple(forms), fired, count)
        at = next((i for i, word in enumerate(form) if word in RULES), None)
        if at is None:
            return
        choices = RULES[form[at]]
        long = step > DEEPEST and form[at].endswith("PHRASE")
        chosen = choices[-1 if long and form[at] == "VERB-PHRASE" else 0 if long
                         else int(rng.integers(len(choices)))]  # fmt: skip
        fired = (form[at], chosen)
        form[at : at + 1] = chosen.split()
        forms.append(" ".join(form))


def sentences(depth: int, name: str = "SENTENCE") -> int:
    """How many derivations there are with phrases nested at most so deep (exactly counted)."""
    if name not in RULES:
        return 1
    if depth == 0:
        return 0
    total = 0
    for choice in RULES[name]:
        total += prod(sentences(depth - 1, word) for word in choice.split())
    return total


def grammar_scene(s: GrammarSnapshot) -> Scene:
    """The rules with the one that fired, and the sentence growing."""
    rows: list[Line] = []
    for name, choices in RULES.items():
        rows.append((f"{name}  →", "model" if s.fired[0] == name else "neutral"))
        line = "      "
        for choice in choices:
            line += (f"[ {choice} ]" if s.fired == (name, choice) else choice) + "  |  "
        rows.append((line.removesuffix("  |  "), "neutral"))
    rules = text_panel(
        "The rules of the grammar", rows, "Orange, in brackets: the rule applied last."
    )
    shown: list[Line] = [(form, "neutral") for form in s.forms[-14:]]
    shown[-1] = (shown[-1][0], "model")
    grown = text_panel("Derivation of a sentence", shown, "Each line rewrites one nonterminal.",
                       len(rows))  # fmt: skip
    over = s.step and not any(word in RULES for word in s.forms[-1].split())
    sentence = "The derivation starts from SENTENCE."
    if s.step:
        sentence = f"{s.forms[-1].capitalize()}." if over else f"{s.fired[0]} was rewritten."
    count = round(float(s.count[0]) / 1e6)
    reading = Reading("different sentences", count, (count, count), "counted", "million", "neither",
                      "Counted exactly, of those nested at most six deep.")  # fmt: skip
    return Scene([rules, grown], step=s.step, unit="rewriting", readings=[reading],
                 sentence=sentence)  # fmt: skip
