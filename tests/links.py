"""Links as anybody may write them, and what a page must never do with one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from explorer.ui.classroom import rooms
from explorer.ui.classroom.lesson_link import CHOICE, NOTE, QUESTION, TITLE, Lesson, Stop, plain
from explorer.ui.home.contents import CONTENTS, ROOT

PAGES = [each.name for each in CONTENTS]
SHORT = ("10", "12", "20")  # training steps
CLASS = ("lesson", "at", "room", "host", "present", "own")
EVIL = "evil.io"
SCRIPTS = (
    f"[a](//{EVIL})",
    f"![](//{EVIL})",
    f"http://{EVIL}",
    f"www.{EVIL}/x",
    f"<b>{EVIL}</b>",
    f"<script>{EVIL}()",
    f'"><a href=//{EVIL}>',
    f"`[a](//{EVIL})`",
    f"me@{EVIL}",
    f"javascript:{EVIL}",
    f":red[{EVIL}]",
    f"$\\href{{//{EVIL}}}$",
)
ODD = (
    "", " ", "0", "1", "-1", "2", "3", "7", "1e308", "-1e308", "1e400", "nan", "NaN", "inf", "-inf",
    "9" * 400, "1_000", "٣", "½", "0x10", "true", "false", "None", "null", "[]", "{}", "'", '"',
    "\\", "%00", "\x00", "\u202eabc", "🙂", "a" * 3000, "../../etc/passwd", "drawn:", "drawn:??",
    "drawn:" + "A" * 900, "ring", "grid", "mnist", "digits", "moons", "all", "none", "a,b", "0_0",
    "nan_nan", "1e9_-1e9", "eNo", "{{7*7}}", "__class__",
)  # fmt: skip
CODE = re.compile(r"(`+)(?:(?!\1).)*\1", re.DOTALL)

values = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(SCRIPTS),
    st.integers(-(10**6), 10**6).map(str),
    st.floats(-20, 20).map(lambda x: f"{x:.3g}"),
    st.floats().map(str),
    st.text(max_size=30).filter(lambda text: "\ud800" not in text),
)
words = st.one_of(st.sampled_from(SCRIPTS), st.text(max_size=40))
lessons = st.builds(
    lambda title, page, note, question, choices, hidden: Lesson(
        plain(title)[:TITLE],
        (
            Stop(
                page, "seed=3", plain(note)[:NOTE], plain(question)[:QUESTION],
                tuple(plain(each)[:CHOICE] for each in choices), hidden, hidden[:1],
            ),
        ),
    ).encode(),
    words, st.sampled_from(PAGES), words, words, st.lists(words, max_size=6),
    st.sampled_from([("seed", "dataset"), ("steps", "presets", "predict", "more"), ("view",)]),
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A page and what a link says to it."""

    page: str
    query: dict[str, str]


@cache
def parameters(page: str) -> tuple[str, ...]:
    """What a page understands, in whatever state its own controls bring it into."""
    found: set[str] = set()
    for query in ({}, {"dataset": "digits"}, {"stage": "reverse"}, {"stage": "edit"}):
        opened = follow(Link(page, {"steps": SHORT[0], **query}))
        protos = [getattr(node, "proto", None) for node in nodes(opened._tree)]
        found |= {key for proto in protos if (key := getattr(proto, "query_param_key", ""))}
    return tuple(sorted(found - {"steps"}))


@st.composite
def links(draw: st.DrawFn, page: str) -> Link:
    """A link to a page: some of its parameters, sometimes those of the class, sometimes others."""
    known = parameters(page)
    chosen = (
        draw(st.lists(st.sampled_from(known), max_size=len(known), unique=True)) if known else []
    )
    query = {key: draw(values) for key in chosen}
    query["steps"] = draw(st.sampled_from(SHORT)) if draw(st.integers(0, 9)) else draw(values)
    if not draw(st.integers(0, 3)):
        for key in draw(st.lists(st.sampled_from(CLASS), max_size=5, unique=True)):
            query[key] = draw(values)
        if draw(st.booleans()):
            query["lesson"] = draw(lessons)
        if draw(st.booleans()):
            query["room"] = rooms.code("ABCDEFGHJKLM")
    if not draw(st.integers(0, 9)):
        query[draw(st.text(min_size=1, max_size=12))] = draw(values)
    return Link(page, query)


def follow(link: Link) -> AppTest:
    """What a visitor sees who opens it in a new browser, with more than that said of errors."""
    config.set_option("client.showErrorDetails", "full")
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    for key, value in link.query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{link.page}.py").run()


def wrong(opened: AppTest) -> list[str]:
    """What must never be: an exception, a traceback, or words of the link that are rendered."""
    found = [f"exception: {each.message}" for each in opened.exception]
    if len(opened.title) != 1:
        found.append(f"{len(opened.title)} titles")
    for kind, text in rendered(opened):
        if "Traceback (most recent" in text:
            found.append(f"traceback in {kind}")
        if EVIL in CODE.sub("", text):
            found.append(f"rendered in {kind}: {text[:200]!r}")
    return found


def rendered(opened: AppTest) -> Iterator[tuple[str, str]]:
    """Every text of a page that the browser renders as Markdown or HTML."""
    for node in nodes(opened._tree):
        proto: Any = getattr(node, "proto", None)
        kind = type(proto).__name__
        if kind in ("Markdown", "Alert", "Heading", "Html"):
            yield kind, proto.body
        for name in ("label", "help"):
            text = getattr(proto, name, "")
            if isinstance(text, str) and text:
                yield f"{name} of {kind}", text


def nodes(block: object) -> Iterator[object]:
    """Every element of a page, wherever it stands."""
    for child in getattr(block, "children", {}).values():
        yield child
        yield from nodes(child)
