"""What people type or paste, read the same way everywhere, and what was left out of it.

Text is brought into Unicode's composed form (NFC). Letters, marks, numbers, punctuation and signs
of every script stay; every kind of space is a space, every kind of line break a line break. What
cannot be seen (controls, marks of direction, zero-width spaces) is left out, but for the joiners
inside words, which Persian, Hindi and emoji need. A sentence says what was left out, and how often.

Unicode Standard Annex 15, Unicode Normalization Forms, https://unicode.org/reports/tr15/
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
JOINERS = "\u200c\u200d"
LOOSE = re.compile(f"(?<!\\S)[{JOINERS}]+|[{JOINERS}]+(?!\\S)|(?<=[{JOINERS}])[{JOINERS}]+")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls, format, surrogates, private use, unassigned
# One kind of quotes and of dashes, as on a keyboard.
STRAIGHT = str.maketrans({
    **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
})  # fmt: skip
NAMED = 6  # kinds of signs that a sentence names


@dataclass(frozen=True)
class Read:
    """A text as it was understood, and a remark on what was left out of it, or ""."""

    text: str
    remark: str = ""


def read(
    text: str,
    *,
    lower: bool = False,
    straight: bool = False,
    known: Collection[str] | None = None,
    instead: Mapping[int, str] | None = None,
) -> Read:
    """A text in composed form, without what cannot be seen.

    With `lower` in lower case, with `straight` with one kind of quotes and dashes. If only some
    characters are `known`, others are replaced by what they are called `instead` (a table of
    `str.maketrans`), by their plain form, in lower case, or left out.

    >>> read("e\\u0301le\\u0300ve\\u00a0un", known="elèvun ")
    Read(text='lève un', remark='Unknown here and left out: é (once).')
    """
    text = BREAKS.sub("\n", text)
    unseen = Counter(letter for letter in text if _unseen(letter))
    text = "".join(letter for letter in text if letter not in unseen)
    unseen.update("".join(LOOSE.findall(text)))
    text = "".join(map(_spaced, LOOSE.sub("", text)))
    text = unicodedata.normalize("NFC", text.translate(STRAIGHT) if straight else text)
    if lower:
        text = unicodedata.normalize("NFC", text.lower())
    unknown: Counter[str] = Counter()
    if known is not None:
        understood = {letter: _known(letter, known, instead or {}) for letter in set(text)}
        unknown.update(letter for letter in text if understood[letter] is None)
        text = "".join(understood[letter] or "" for letter in text)
    remarks = [
        f"{why} and left out: {listed(found)}."
        for why, found in (("Unknown here", unknown), ("Invisible", unseen))
        if found
    ]
    return Read(text, " ".join(remarks))


def listed(found: Mapping[str, int]) -> str:
    """Characters by name and how often each was found, the most frequent first.

    >>> listed({"日": 2, "\\u200b": 1})
    '日 (twice), zero width space (once)'
    """
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    words = [f"{named(letter)} ({times(count)})" for letter, count in ranked[:NAMED]]
    more = len(ranked) - NAMED
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def named(letter: str) -> str:
    """A character as a sentence speaks of it: itself if it can be seen alone, or its name."""
    if unicodedata.category(letter)[0] in "LNPS":
        return letter
    name = unicodedata.name(letter, "")
    return name.lower() if name else f"U+{ord(letter):04X}"


def times(count: int) -> str:
    """A number of times, in words.

    >>> times(1), times(2), times(1200)
    ('once', 'twice', '1,200 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _unseen(letter: str) -> bool:
    return letter not in "\n\t" and letter not in JOINERS and unicodedata.category(letter) in UNSEEN


def _spaced(letter: str) -> str:
    return " " if letter == "\t" or unicodedata.category(letter) == "Zs" else letter


def _known(letter: str, known: Collection[str], instead: Mapping[int, str]) -> str | None:
    """A character in those that are known, or None."""
    plain = letter.translate(STRAIGHT)
    forms = (letter, letter.translate(instead), plain, unicodedata.normalize("NFKC", letter))
    for form in (*forms, *(each.lower() for each in forms)):
        if all(each in known for each in form):
            return form
    return None
