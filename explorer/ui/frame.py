"""The frame around every page: navigation, title and question, neighbours, share, next page."""

import gc
import sys
import time
from copy import copy
from importlib import import_module

import streamlit as st

from explorer import give_back
from explorer.glossary import marked
from explorer.ui.address import address, restore
from explorer.ui.classroom import classroom, teach, visit
from explorer.ui.component import component
from explorer.ui.controls import link
from explorer.ui.document import STYLE, Document
from explorer.ui.home.contents import NAME, ROOT, entry, neighbours, sections
from explorer.ui.lesson.words import explain

ICONS = ROOT / "assets" / "icon"
SIDEBAR = 236  # pixels: the picture needs the rest
FLUSH = 0.03  # seconds in which what a page said goes to the browser
HEAVY = ("torch", "sklearn", "plotly")
_frozen: set[str] = set()
_entries: dict[str, list[st.Page]] = {}
_share = component("share")


def navigation() -> st.Page:
    """Set up the navigation from the table of contents; run what it returns."""
    # Before st.navigation: otherwise the page's icon becomes the tab's, fetched from the internet.
    st.set_page_config(
        page_icon=str(ICONS / "icon-64.png"),
        layout="wide",
        initial_sidebar_state="collapsed" if visit.presenting() else SIDEBAR,
    )
    chosen = st.navigation(_pages(), expanded=True)
    st.set_page_config(page_title=f"{chosen.title} | {NAME}")
    st.logo(str(ICONS / "logo.svg"), size="large", icon_image=str(ICONS / "icon-64.png"))
    st.session_state["_through_navigation"] = True
    return chosen


def _pages() -> dict[str, list[st.Page]]:
    """The pages by section. Made once: Streamlit looks for each of their files.

    Everybody gets copies, because st.navigation marks the page that it chose.
    """
    if not _entries:
        _entries.update(
            {
                section: [
                    st.Page(
                        each.file,
                        title=each.short,
                        icon=each.icon,
                        default=each.name == "home",
                        help=f"{each.question} {each.line}",
                    )
                    for each in entries
                ]
                for section, entries in sections().items()
            }
        )
    return {section: [copy(page) for page in pages] for section, pages in _entries.items()}


def run() -> None:
    """Show the page that the visitor asked for."""
    chosen = navigation()
    if chosen.title != entry("home").title and "torch" not in sys.modules:
        # It takes no place: else all that follows moved up on the next run, and was mounted anew.
        with st.spinner(
            "Loading what the models need: a few seconds, once after the server starts."
        ):
            import_module("torch")
    chosen.run()
    # A fragment that runs at once would drop what this run said in it, and its element vanish for a
    # moment, unless that is on its way to the browser.
    time.sleep(FLUSH)
    give_back()


def style() -> None:
    """Lay out what the theme cannot, see frame.css, unless the document does."""
    if Document.served:
        return
    # As Markdown, which the browser has at hand; st.html is loaded later, and the page would jump.
    with st.container(key="linked-style"):
        st.markdown(f"<style>{STYLE}</style>", unsafe_allow_html=True)


def page(name: str) -> None:
    """Open a page: its title, its question, its neighbours and the link to share. Call it first."""
    _enter_through_front_door()
    style()
    address()
    classroom.enter(name)
    restore(name)
    _freeze_imports()
    if name != "home":  # which opens with a title of its own
        _headline(name)
    classroom.banner(name)
    teach.dialog(name)


def _headline(name: str) -> None:
    here = entry(name)
    before, after = neighbours(name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame"):
        st.title(here.title, anchor=False, width="content")
        waits = "" if here.live else "-still"
        with st.container(key=f"frame-question{waits}", width="stretch"):
            st.markdown(f":gray[{here.question}]")
        with st.container(
            horizontal=True,
            width="content",
            gap="xsmall",
            vertical_alignment="center",
            key="frame-links",
        ):
            if here.introduction:
                with st.popover("Introduction", icon=":material/school:", type="tertiary"):
                    explain(marked(here.introduction, set()))
            if before:
                st.page_link(before.path, label="Back", icon=":material/arrow_back:")
            if after:
                st.page_link(after.path, label="Next", icon=":material/arrow_forward:")
            _share(
                key="share",
                width="content",
                data={"private": visit.PRIVATE},
                on_again_change=lambda: None,
            )
            teach.button()
    link.notices.set(st.container(gap=None))


def footer(name: str) -> None:
    """Close a page with the way on."""
    _, after = neighbours(name)
    onward = after or entry("home")
    with st.container(border=True, key="onward"):
        st.markdown(f"**Next: {onward.title}.** {onward.question}")
        st.page_link(onward.path, label=onward.line, icon=onward.icon)


def _enter_through_front_door() -> None:
    # A fresh server sees our pages/ folder and runs the first deep-linked page on its own,
    # without streamlit_app.py. Calling st.navigation ends that legacy mode; then start over.
    if not st.session_state.pop("_through_navigation", False):
        navigation()
        st.rerun()


def _freeze_imports() -> None:
    # Whatever a heavy library allocated stays for good: take it out of every later collection.
    loaded = {module for module in HEAVY if module in sys.modules}
    if not loaded <= _frozen:
        _frozen.update(loaded)
        gc.collect()
        gc.freeze()
