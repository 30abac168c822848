"""All words of a page, read from its `page.md`: TOML front matter, then sections of Markdown.

    +++
    title = "..."
    question = "..."
    summary = "..."
    [presets.works]
    why = "..."
    set = { gamma = 0.5 }
    claim = "modes == 8"
    +++
    ## Introduction
    ## Predict: A question?        a list of [ ] and [x] with the reason under each answer, and a
                                   block ```claim with `set`, `claim`: the run that answers
    ## Help: gamma = Penalty weight
    ## Text: run                   {{name}} is filled in by the page
    ## Maths                       of each formula its name in a line, then its block of $$;
                                   "## Maths: key" for those that depend on a setting
    ## Symbols                     - $\\gamma$: what it is
    ## Sources                     - [citation](address)

An error names the file and the line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from explorer import claims
from explorer.claims import Claim

FOLDER = Path(__file__).with_name("concepts")  # a page.md in each of its folders
FENCE = "+++"
FRONT = {"title", "short", "question", "summary", "presets", "routes", "claims"}
PRESET = {"why", "good", *claims.FIELDS}
KINDS = ("Introduction", "Predict", "Help", "Text", "Maths", "Symbols", "Sources")
FILLED = re.compile(r"\{\{(\w+)\}\}")
SYMBOL = re.compile(r"\$(.+?)\$: (.+)", re.DOTALL)


@dataclass(frozen=True)
class Preset:
    """Settings worth a look: what differs from the defaults, by parameter of the link, and why."""

    why: str
    set: Mapping[str, Any]
    good: bool = True
    claim: Claim | None = None


@dataclass(frozen=True)
class Choice:
    """One possible answer, and why it is right or what it gets wrong."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True)
class Question:
    """Something to predict before the run shows it; exactly one choice is right."""

    text: str
    choices: tuple[Choice, ...]
    claim: Claim | None = None  # what makes the right answer right

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError(f"choices must hold exactly one that is right. Got {self.text!r}.")

    def about(self, chosen: Mapping[str, str]) -> bool:
        """Whether its claim, if it has one, agrees with these parameters of the link."""
        if self.claim is None:
            return True
        return all(self.claim.set.get(key, value) == value for key, value in chosen.items())


@dataclass(frozen=True)
class Formula:
    """A formula under its name, in LaTeX."""

    name: str
    latex: str


@dataclass(frozen=True)
class Help:
    """The label of a control, and what to expect when it is moved."""

    label: str
    text: str


@dataclass(frozen=True)
class Prose:
    """The words of one page."""

    path: Path
    title: str
    question: str
    summary: str
    presets: Mapping[str, Preset]
    short: str = ""  # the title where there is little room; "" if the title is short enough
    routes: tuple[Mapping[str, Any], ...] = ()  # guided paths: title, promise, stops
    introduction: str = ""
    questions: tuple[Question, ...] = ()
    help: Mapping[str, Help] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    maths: Mapping[str, tuple[Formula, ...]] = field(default_factory=dict)  # "" stands always
    symbols: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[tuple[str, str], ...] = ()  # (citation, address)
    sentences: tuple[Claim, ...] = ()  # claims of other sentences of the page

    @property
    def claims(self) -> Mapping[str, Claim]:
        """Every claim of the page by the words that it belongs to."""
        named = {name: each.claim for name, each in self.presets.items()}
        named |= {each.text: each.claim for each in self.questions}
        found = {name: claim for name, claim in named.items() if claim is not None}
        return found | {claim.says: claim for claim in self.sentences}

    def help_of(self, key: str) -> Help:
        """Label and help of a control; KeyError with the file when it has none."""
        if key not in self.help:
            raise KeyError(f"{self.path}: a section '## Help: {key} = label' is missing.")
        return self.help[key]

    def text(self, key: str, **values: object) -> str:
        """A block of text with its {{names}} filled in."""
        if key not in self.texts:
            raise KeyError(f"{self.path}: a section '## Text: {key}' is missing.")
        return FILLED.sub(lambda found: str(values[found[1]]), self.texts[key])


def read(path: Path) -> Prose:
    """The words of a page; ValueError with file and line if they cannot be read."""
    front, body, first = _split(path, path.read_text(encoding="utf-8"))
    for name in ("title", "question", "summary"):
        if not isinstance(front.get(name), str):
            raise ValueError(f"{path}:1: {name} must be text in the front matter.")
    _only(path, front, FRONT)
    found = _Sections(path, first, body)
    return Prose(
        path,
        front["title"],
        front["question"],
        front["summary"],
        {name: _preset(path, name, given) for name, given in front.get("presets", {}).items()},
        front.get("short", ""),
        tuple(front.get("routes", ())),
        sentences=tuple(claims.of_sentence(path, each, body) for each in front.get("claims", ())),
        **found.read(),
    )


@lru_cache(maxsize=64)
def load(path: Path) -> Prose:
    """The words of a page, read once."""
    return read(path)


def sections(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, heading and text of every section of a file without front matter."""
    found = _Sections(path, 1, path.read_text(encoding="utf-8"))
    for line, heading, start, end in found.headings():
        yield found.first + line, heading, "\n".join(found.lines[start:end]).strip()


def _split(path: Path, text: str) -> tuple[dict[str, Any], str, int]:
    """The front matter, the text after it, and the line at which that begins."""
    lines = text.splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        raise ValueError(f"{path}:1: a page begins with front matter between two lines {FENCE}.")
    end = lines.index(FENCE, 1)
    try:
        front = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: the front matter cannot be read: {error}.") from error
    return front, "\n".join(lines[end + 1 :]), end + 2


def _only(path: Path, given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(given) - known:
        raise ValueError(f"{path}: unknown in the front matter: {', '.join(sorted(unknown))}.")


def _preset(path: Path, name: str, given: Mapping[str, Any]) -> Preset:
    _only(path, given, PRESET)
    if not isinstance(given.get("why"), str):
        raise ValueError(f"{path}: the preset {name!r} must say why.")
    chosen = claims.settings(given.get("set", {}))
    claim = claims.of_preset(path, name, given)
    return Preset(given["why"], chosen, given.get("good", True), claim)


class _Sections:
    """The sections of a page under their headings of the second level."""

    def __init__(self, path: Path, first: int, body: str) -> None:
        self.path, self.first, self.lines = path, first, body.splitlines()
        self.tokens = MarkdownIt("commonmark").parse(body)
        self.maths: dict[str, tuple[Formula, ...]] = {}

    def wrong(self, line: int, why: str) -> ValueError:
        return ValueError(f"{self.path}:{self.first + line}: {why}")

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = {"questions": [], "help": {}, "texts": {}, "maths": self.maths}
        for line, heading, start, end in self.headings():
            kind, _, key = (part.strip() for part in heading.partition(":"))
            if kind not in KINDS:
                raise self.wrong(line, f"{kind!r} must be one of {', '.join(KINDS)}.")
            text = "\n".join(self.lines[start:end]).strip()
            if not text:
                raise self.wrong(line, f"the section {heading!r} is empty.")
            if kind == "Introduction":
                found["introduction"] = text
            elif kind == "Predict":
                found["questions"].append(self.question(line, key, start, end))
            elif kind == "Help":
                name, equals, label = (part.strip() for part in key.partition("="))
                if not equals:
                    raise self.wrong(line, "a help says 'Help: field = label'.")
                self.put(found["help"], name, Help(label, text), line)
            elif kind == "Text":
                self.put(found["texts"], key, text, line)
            elif kind == "Maths":
                self.put(found["maths"], key, self.formulas(line, text), line)
            elif kind == "Symbols":
                found["symbols"] = dict(self.symbol(*item) for item in self.items(start, end))
            else:
                found["sources"] = tuple(self.source(*item) for item in self.items(start, end))
        return found | {"questions": tuple(found["questions"])}

    def put(self, where: dict[str, Any], key: str, value: Any, line: int) -> None:
        if key in where or not (key or where is self.maths):
            raise self.wrong(line, f"{key!r} stands here twice." if key else "a name is missing.")
        where[key] = value

    def headings(self) -> Iterator[tuple[int, str, int, int]]:
        """Line, words, first line and end of every section."""
        marks = [
            (token.map, self.tokens[at + 1].content)
            for at, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.tag == "h2" and token.map
        ]
        ends = [lines[0] for lines, _ in marks[1:]] + [len(self.lines)]
        for (lines, words), end in zip(marks, ends, strict=True):
            yield lines[0], words, lines[1], end

    def items(self, start: int, end: int) -> Iterator[tuple[int, str, list[Token]]]:
        """Line, text and inline tokens of every item of the list in a section."""
        opened = -1
        texts: list[str] = []
        inline: list[Token] = []
        for token in self.tokens:
            if not token.map and token.type != "list_item_close":
                continue
            if token.type == "list_item_open" and token.map and start <= token.map[0] < end:
                opened, texts, inline = token.map[0], [], []
            elif token.type == "inline" and opened >= 0:
                texts.append(token.content)
                inline += token.children or []
            elif token.type == "list_item_close" and opened >= 0:
                yield opened, "\n".join(texts), inline
                opened = -1

    def question(self, line: int, words: str, start: int, end: int) -> Question:
        choices = []
        for at, text, _ in self.items(start, end):
            answer, _, because = text.partition("\n")
            if answer[:4] not in ("[ ] ", "[x] ") or not because.strip():
                raise self.wrong(at, "an answer is '- [ ] words', with its reason under it.")
            reason = " ".join(because.split())
            choices.append(Choice(answer[4:].strip(), answer[1] == "x", reason))
        claim = next((self.claim(*block) for block in self.blocks(start, end)), None)
        try:
            return Question(words, tuple(choices), claim)
        except ValueError as error:
            raise self.wrong(line, str(error)) from error

    def blocks(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Line and text of every block ```claim of a section."""
        for token in self.tokens:
            at = token.map[0] if token.map else end
            if token.type == "fence" and token.info == "claim" and start <= at < end:
                yield at, token.content

    def claim(self, line: int, text: str) -> Claim:
        try:
            return claims.read(tomllib.loads(text))
        except ValueError as error:
            raise self.wrong(line, str(error)) from error

    def formulas(self, line: int, text: str) -> tuple[Formula, ...]:
        *parts, rest = text.split("$$")
        names = [" ".join(part.split()) for part in parts[::2]]
        if rest.strip() or len(parts) % 2 or not all(names):
            raise self.wrong(line, "a formula is its name, then $$ the formula $$.")
        blocks = zip(names, parts[1::2], strict=True)
        return tuple(Formula(name, block.strip()) for name, block in blocks)

    def symbol(self, line: int, text: str, _: list[Token]) -> tuple[str, str]:
        found = SYMBOL.fullmatch(text)
        if not found:
            raise self.wrong(line, "a symbol is '- $x$: words'.")
        return found[1], " ".join(found[2].split())

    def source(self, line: int, text: str, inline: list[Token]) -> tuple[str, str]:
        addresses = [token.attrGet("href") for token in inline if token.type == "link_open"]
        if len(addresses) != 1:
            raise self.wrong(line, "a source is '- [citation](address)'.")
        citation = "".join(
            t.content for t in inline if t.type in ("text", "softbreak", "code_inline")
        )
        return citation, str(addresses[0])
