"""The pieces of the home page: a hero that moves once, the map of all pages, guided paths."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.component import component
from explorer.ui.home.contents import CONTENTS, NAME, ROOT, Entry, entry

THUMBNAILS = ROOT / "assets" / "thumbnails"
_hero = component("home/hero")
_cards = component("home/cards")
_routes = component("home/routes")


@dataclass(frozen=True)
class Stop:
    """One step of a guided path: what to do on which page, with which settings."""

    page: str
    todo: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """A guided path through some pages."""

    title: str
    promise: str
    stops: Sequence[Stop]


def hero(words: str, start: str) -> None:
    """What this is, in a few words, with the way in, beside points that find their way home."""
    first = entry(start)
    with st.container(key="hero"):
        text, picture = st.columns([1.25, 1], gap="large", vertical_alignment="center")
        with text:
            st.markdown(f"**{NAME}**")
            st.title(entry("home").question, anchor=False)
            st.markdown(words)
            with st.container(key="hero-start"):
                st.page_link(first.path, label=f"Start with {first.title.lower()}")
        with picture:
            _hero(key="hero-picture")


def contents_map() -> None:
    """A card for every page of the table of contents, in its order."""
    cards = [
        {
            "name": each.name,
            "title": each.title,
            "question": each.question,
            "line": each.line,
            "section": each.section,
            "light": _picture(THUMBNAILS / f"{each.name}.webp"),
            "dark": _picture(THUMBNAILS / f"{each.name}-dark.webp")
            or _picture(THUMBNAILS / f"{each.name}.webp"),
        }
        for each in all_pages()
    ]
    _follow(_cards(key="cards", data={"cards": cards}, on_go_change=_nothing))


def routes(paths: Sequence[Route]) -> None:
    """Guided paths side by side."""
    data = [
        {
            "title": path.title,
            "promise": path.promise,
            "stops": [{**asdict(stop), "title": entry(stop.page).title} for stop in path.stops],
        }
        for path in paths
    ]
    _follow(_routes(key="routes", data={"routes": data}, on_go_change=_nothing))


def paths(written: Sequence[Mapping[str, Any]]) -> list[Route]:
    """The guided paths as they stand in the front matter of a page."""
    return [
        Route(each["title"], each["promise"], [Stop(**stop) for stop in each["stops"]])
        for each in written
    ]


def heading(words: str) -> None:
    """A heading between two parts of a page."""
    st.header(words, anchor=False)


def all_pages() -> list[Entry]:
    """Every page of a concept, in the order of the curriculum."""
    return [each for each in CONTENTS if each.name not in ("home", "glossary")]


def _follow(result: Any) -> None:
    """Go where a link of a component points: within the session, without loading the app anew."""
    go = result.go
    if go and go.get("name") in {each.name for each in CONTENTS}:
        st.switch_page(entry(go["name"]).path, query_params=go.get("query") or {})


def _nothing() -> None:
    """Components report triggers only when a callback is there."""


@lru_cache(maxsize=64)
def _picture(file: Path) -> str:
    """A picture inside an address; empty when it has not been made yet."""
    if not file.exists():
        return ""
    return "data:image/webp;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
