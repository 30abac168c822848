"""The glossary: every term of art, its other names, one sentence, and the pages that show it.

Read from `glossary.md`, where each section is a term:

    ## discriminator
    Also: critic
    The network of a GAN that ...
    Pages: gan, gan_failures

`marked` gives the first use of each term in a text its sentence, shown on hover, focus and touch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from explorer.prose import sections

FILE = Path(__file__).with_suffix(".md")
# Where no term is marked: formulas, code, links, and the names of colours.
KEPT = re.compile(r"\$[^$]*\$|`[^`]*`|\[[^\]]*\]\([^)]*\)|:\w[\w-]*\[|:material/\w+:")

TAG = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True)
class Term:
    """A term of art."""

    name: str
    also: tuple[str, ...]
    sentence: str
    pages: tuple[str, ...]  # by name, where it can be seen

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the first one first."""
        return (self.name, *self.also)

    def matches(self, words: str) -> bool:
        """Whether one of its names or its sentence contains the words."""
        return " ".join(words.lower().split()) in " ".join((*self.names, self.sentence)).lower()


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """All terms in alphabetical order; ValueError with file and line if they cannot be read."""
    return tuple(sorted(_read(FILE), key=lambda term: term.name.lower()))


def _read(path: Path) -> Iterator[Term]:
    known: set[str] = set()
    for line, name, text in sections(path):
        match = re.fullmatch(r"(.*)\nPages: (.+)", text, re.DOTALL)
        if not match:
            raise ValueError(f"{path}:{line}: {name!r} must end with a line 'Pages: name, name'.")
        rest, pages = match[1], tuple(each.strip() for each in match[2].split(","))
        first, _, sentence = rest.partition("\n") if rest.startswith("Also: ") else ("", "", rest)
        also = tuple(each.strip() for each in first.removeprefix("Also: ").split(",") if each)
        twice = known & {name.lower(), *map(str.lower, also)}
        if twice:
            raise ValueError(f"{path}:{line}: {', '.join(twice)} stands here twice.")
        known |= {name.lower(), *map(str.lower, also)}
        yield Term(name, also, " ".join(sentence.split()), pages)


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, Term]]]:
    """What finds a term in a text; by what was found, in small letters: the name and the term."""
    named = {name.lower(): (name, t) for t in terms() for name in t.names if len(name) > 1}
    ordered = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({ordered})(?:s|es)?(?![\w-])", re.IGNORECASE), named


def marked(text: str, seen: set[str]) -> str:
    """Markdown in which each term that is not `seen` yet shows its sentence; adds it to `seen`.

    The marks are HTML; whatever else looks like a tag, in what a visitor wrote, becomes text.

    >>> seen = set()
    >>> marked("A mode, two modes, $mode$.", seen).count("<span"), seen
    (1, {'mode'})
    >>> marked("`<b>` 1 < 2 <img src=x>", seen)
    '`&lt;b>` 1 < 2 &lt;img src=x>'
    """
    shown, new = _marked(text, frozenset(seen))
    seen |= new
    return shown


@lru_cache(maxsize=512)
def _marked(text: str, known: frozenset[str]) -> tuple[str, frozenset[str]]:
    """The marked text, and the terms that it is the first to use."""
    pattern, named = _pattern()
    new: set[str] = set()

    def explained(found: re.Match[str]) -> str:
        name, term = named[found[1].lower()]
        used = term.name in known or term.name in new
        if used or (name.isupper() and name != found[1]):  # "is" is no IS
            return found[0]
        new.add(term.name)
        tip = escape(f"{term.name}: {term.sentence}", quote=True)
        return f'<span class="term" tabindex="0" role="note" aria-label="{tip}">{found[0]}</span>'

    text = TAG.sub("&lt;", text)
    parts, at = [], 0
    for kept in KEPT.finditer(text):
        parts += [pattern.sub(explained, text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, pattern.sub(explained, text[at:])]), frozenset(new)
