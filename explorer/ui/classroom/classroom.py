"""The class around a page: the lesson of its link, its room, and the presenter's view."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer.ui.classroom import rooms
from explorer.ui.classroom.answers import ask
from explorer.ui.classroom.lesson_link import Lesson
from explorer.ui.classroom.visit import Visit, browser, end, kept, leave, visit
from explorer.ui.classroom.visit import seed as seed
from explorer.ui.component import component
from explorer.ui.controls import link
from explorer.ui.home.contents import entry

PRESENT = Path(__file__).with_name("present.css").read_text(encoding="utf-8")
PRESENCE = 5.0  # seconds between two looks at who is here
BY_HAND = ("-pad", "-picker-box")  # parts of a control that Streamlit cannot disable
_keys = component("classroom/keys")
_hold = component("classroom/hold")


def enter(name: str) -> None:
    """Begin a page with what its link says about the class; before any control is built."""
    here = kept()
    if name == "home" and here.lesson and here.stop and here.stop.page != name:
        # Settings that two pages share by name would be lost on the way from one to the other:
        # Streamlit drops what a page had bound. So every way through a lesson leads past home.
        st.switch_page(
            entry(here.stop.page).path, query_params=here.lesson.query(here.at, here.kept)
        )
    mine = here.stop if here.stop and here.stop.page == name else None
    link.turn_to(name, f"{here.at}/{st.query_params.get('lesson', '')}" if mine else "")
    link.rule(mine.hidden if mine else (), mine.locked if mine else ())
    rules = _rule(mine.hidden, "display: none !important;") if mine else ""
    rules += _emptied(mine.hidden) if mine else ""
    rules += _rule(mine.locked, "pointer-events: none; opacity: 0.6;") if mine else ""
    rules += PRESENT if here.present else ""
    if rules:
        with st.container(key="linked-class-style"):
            st.markdown(f"<style>{rules}</style>", unsafe_allow_html=True)
            held = [
                f".st-key-{key}{part}" for key in (mine.locked if mine else ()) for part in BY_HAND
            ]
            _hold(key="class-hold", data={"held": ", ".join(held)})


def banner(name: str) -> None:
    """The lesson above a page: its title, the next page, the teacher's note and question."""
    here = visit()
    link.show_notice("lesson")
    if here.room and not here.host:  # who leads is none of those who answer
        rooms.here.seat(here.room, browser())
    if here.lesson:
        _lesson(here, here.lesson, name)
    if here.room:
        _room(here)
    if here.present:
        pages = {
            page: link_to(here, at) for page, at in (("back", here.at - 1), ("on", here.at + 1))
        }
        go = _keys(
            key="present-keys",
            data={"back": bool(pages["back"]), "on": bool(pages["on"])},
            on_go_change=lambda: None,
        ).go
        if page := pages.get(go):
            st.switch_page(page[0], query_params=page[1])
        if go == "end":
            end()
            st.rerun()


def link_to(here: Visit, at: int) -> tuple[str, dict[str, str]] | None:
    """The address of another stop of the lesson, past home; None where there is none."""
    if not here.lesson or not 1 <= at <= len(here.lesson.stops):
        return None
    return entry("home").path, here.lesson.place(at, here.kept)


def _rule(controls: Sequence[str], style: str) -> str:
    """CSS for all parts of some controls; their names are letters, digits and underscores."""
    parts = [f".st-key-{key}{end}" for key in controls for end in link.PARTS]
    return f"{', '.join(parts)} {{ {style} }}" if parts else ""


def _emptied(controls: Sequence[str]) -> str:
    """CSS that closes up the columns in which there is nothing but what is hidden."""
    if not controls:
        return ""
    gone = ", ".join(f".st-key-{key}{end}" for key in controls for end in link.PARTS)
    left = f".stElementContainer:not({gone}, :is({gone}) *)"
    return f".stColumn:has({gone}):not(:has({left})) {{ display: none !important; }}"


def _lesson(here: Visit, lesson: Lesson, name: str) -> None:
    stop = lesson.stops[here.at - 1]
    with st.container(key="lesson", border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(key="lesson-title", width="stretch"):
                st.text(lesson.title or "Lesson")
            if len(lesson.stops) > 1:
                _neighbours(here, len(lesson.stops))
        if stop.page != name:
            st.caption("This page is not the one that the lesson speaks of.")
            return
        asked = stop.question and stop.choices
        # Side by side at the front of the room, so that the picture keeps the height.
        aside = here.present and asked
        words, answered = st.columns(2, gap="medium") if aside else [st.container()] * 2
        with words:
            if stop.note:
                with st.container(key="lesson-note"):
                    st.text(stop.note)
            if stop.question:
                with st.container(key="lesson-question"):
                    st.text(stop.question)
        if asked:
            with answered:
                ask(here, stop)


def _neighbours(here: Visit, count: int) -> None:
    """Back and on through the stops."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        for at, label, icon in (
            (here.at - 1, "Before", ":material/arrow_back:"),
            (here.at + 1, "Next", ":material/arrow_forward:"),
        ):
            page = link_to(here, at)
            if at > here.at:
                st.markdown(f"{here.at} of {count}", width="content")
            if page:
                st.page_link(page[0], label=label, icon=icon, query_params=page[1])


def _room(here: Visit) -> None:
    """Who is here, and the way out."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="room", width="stretch"
    ):
        if here.host:
            st.fragment(_led, run_every=PRESENCE)(here.room)
        else:
            words = f"You are in room **{here.room}**. Answers are counted, not names."
            st.caption(words, width="content")
        if not here.present:
            st.button("Leave the room", key="room-leave", type="tertiary", on_click=leave)


def _led(room: str) -> None:
    count = rooms.here.people(room)
    who = {0: "Nobody has", 1: "1 browser has"}.get(count, f"{count} browsers have")
    st.caption(f"You lead room **{room}**. {who} joined{'' if count else ' yet'}.", width="content")
