"""The class around a page: the lesson of its link, its room, and the presenter's view.

`lesson`, `at`, `room`, `host` and `present` stand in the link. Room, host and presenter's view
are kept when the visitor goes on to another page; whatever else a lesson says holds for its page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st

from explorer.ui import link, rooms
from explorer.ui.component import component
from explorer.ui.contents import entry
from explorer.ui.lesson import Lesson, Stop, decode, place

PACE = 2.0  # seconds between two looks at the answers of a class that is small
FULL = 30  # people up to whom that is the pace
COOKIE = "_streamlit_xsrf"  # set once for every browser; of its parts only the token stays the same
PRESENT = Path(__file__).with_name("present.css").read_text(encoding="utf-8")
_ballot = component("ballot")
_keys = component("keys")


@dataclass(frozen=True)
class Visit:
    """What the link says about the class."""

    lesson: Lesson | None = None
    at: int = 1
    room: str = ""
    host: str = ""
    present: bool = False
    own: bool = False  # every browser has a seed of its own

    @property
    def stop(self) -> Stop | None:
        """The stop of the lesson that the link asks for."""
        return self.lesson.stops[self.at - 1] if self.lesson else None

    @property
    def kept(self) -> dict[str, str]:
        """The parameters that go along from page to page."""
        said = {"room": self.room, "host": self.host, "present": "1" if self.present else "",
                "own": "1" if self.own else ""}  # fmt: skip
        return {key: value for key, value in said.items() if value}


def visit() -> Visit:
    """What the link of this run says; what means nothing is left out."""
    said = st.query_params
    host = said.get("host", "")
    host = host if rooms.valid(host, rooms.KEY) else ""
    room = rooms.code(host) if host else said.get("room", "").upper()
    code, read = said.get("lesson", ""), None
    if code:
        try:
            read = decode(code)
        except ValueError as error:
            link.notice("lesson", f"{error} The page works without it.")
    return Visit(
        read,
        place(said.get("at", ""), len(read.stops)) if read else 1,
        room if rooms.valid(room) else "",
        host,
        said.get("present") == "1",
        said.get("own") == "1",
    )


def presenting() -> bool:
    """Whether the page is for the wall of a lecture room."""
    return st.query_params.get("present", st.session_state.get("_kept", {}).get("present")) == "1"


def enter(name: str) -> None:
    """Begin a page with what its link says about the class; before any control is built."""
    here = _kept()
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
    rules += _rule(mine.locked, "pointer-events: none; opacity: 0.6;") if mine else ""
    rules += PRESENT if here.present else ""
    if rules:
        with st.container(key="linked-class-style"):
            st.markdown(f"<style>{rules}</style>", unsafe_allow_html=True)


def banner(name: str) -> None:
    """The lesson above a page: its title, the way on, the teacher's note and question."""
    here = visit()
    link.show_notice("lesson")
    if here.room:
        rooms.here.seat(here.room, browser())
    if here.lesson:
        _lesson(here, here.lesson, name)
    if here.room:
        _room(here)
    if here.present:
        ways = {way: link_to(here, at) for way, at in (("back", here.at - 1), ("on", here.at + 1))}
        go = _keys(
            key="present-keys",
            data={"back": bool(ways["back"]), "on": bool(ways["on"])},
            on_go_change=lambda: None,
        ).go
        if way := ways.get(go):
            st.switch_page(way[0], query_params=way[1])
        if go == "end":
            end()
            st.rerun()


def link_to(here: Visit, at: int) -> tuple[str, dict[str, str]] | None:
    """The way to another stop of the lesson, past home; None where there is none."""
    if not here.lesson or not 1 <= at <= len(here.lesson.stops):
        return None
    return entry("home").path, here.lesson.place(at, here.kept)


def _rule(controls: Sequence[str], style: str) -> str:
    """CSS for all parts of some controls; their names are letters, digits and underscores."""
    parts = [f".st-key-{key}{end}" for key in controls for end in link.PARTS]
    return f"{', '.join(parts)} {{ {style} }}" if parts else ""


def _lesson(here: Visit, told: Lesson, name: str) -> None:
    stop = told.stops[here.at - 1]
    with st.container(key="lesson", border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(key="lesson-title", width="stretch"):
                st.text(told.title or "Lesson")
            if len(told.stops) > 1:
                _ways(here, len(told.stops))
        if stop.page != name:
            st.caption("This page is not the one that the lesson speaks of.")
            return
        if stop.note:
            with st.container(key="lesson-note"):
                st.text(stop.note)
        if stop.question:
            with st.container(key="lesson-question"):
                st.text(stop.question)
            if stop.choices:
                _ask(here, stop)


def _ways(here: Visit, count: int) -> None:
    """Back and on through the stops."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        for at, label, icon in (
            (here.at - 1, "Before", ":material/arrow_back:"),
            (here.at + 1, "Next", ":material/arrow_forward:"),
        ):
            way = link_to(here, at)
            if at > here.at:
                st.markdown(f"{here.at} of {count}", width="content")
            if way:
                st.page_link(way[0], label=label, icon=icon, query_params=way[1])


def _ask(here: Visit, stop: Stop) -> None:
    """The teacher's own question: counted in the room, or kept by this visitor."""
    if here.room:
        answers(("lesson", stop.question, stop.choices), stop.choices, None, letters=True)
        return
    slot = f"lesson-answer-{here.at}"
    _ballot(
        key=slot,
        data={**_still(stop.choices), "letters": True, "mine": st.session_state.get(f"{slot}-mine")}
        | ({"open": False} if f"{slot}-mine" in st.session_state else {}),
        on_vote_change=lambda: _mine(slot, len(stop.choices)),
    )
    if f"{slot}-mine" in st.session_state:
        st.text(f"Your answer: {stop.choices[st.session_state[f'{slot}-mine']]}")


def _mine(slot: str, choices: int) -> None:
    vote = st.session_state[slot].vote
    if isinstance(vote, int | float) and 0 <= vote < choices:
        st.session_state[f"{slot}-mine"] = int(vote)


def _still(choices: Sequence[str]) -> dict:
    return {"choices": list(choices), "counts": None, "mine": None, "right": None, "told": False,
            "open": True, "people": 0, "letters": False}  # fmt: skip


def _room(here: Visit) -> None:
    """Who is here, and the way out."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="room", width="stretch"
    ):
        count = rooms.here.people(here.room)
        who = "1 browser has" if count == 1 else f"{count} browsers have"
        words = "You lead room" if here.host else "You are in room"
        st.caption(f"{words} **{here.room}**. {who} come here. Answers are counted, not names.",
                   width="content")  # fmt: skip
        if not here.present:
            st.button("Leave the room", key="room-leave", type="tertiary", on_click=leave)


def leave() -> None:
    """Out of the room; the page stays as it is."""
    for key in ("room", "host", "own"):
        st.session_state.get("_kept", {}).pop(key, None)
        st.query_params.pop(key, None)


def end() -> None:
    """Back from the presenter's view."""
    st.session_state.get("_kept", {}).pop("present", None)
    st.query_params.pop("present", None)


def answers(
    question: tuple,
    choices: Sequence[str],
    right: int | None,
    mine: int | None = None,
    letters: bool = False,
    voted: Callable[[int], None] | None = None,
) -> bool:
    """What the room answers, live. Returns whether the teacher has revealed the answer.

    Without a vote of this browser the bars are hidden, except from the teacher: nobody should
    follow the others. `mine` is a vote that was cast elsewhere; `voted` hears of one cast here.
    """
    here = visit()
    who = browser()
    if mine is not None:
        rooms.here.vote(here.room, question, who, mine)
    told = rooms.here.told(here.room, question)
    crowd = max(1.0, rooms.here.people(here.room) / FULL)
    live = st.fragment(_live, run_every=min(8.0, PACE * crowd))
    live(here, question, tuple(choices), right, letters, told, voted)
    return told


def _live(
    here: Visit,
    question: tuple,
    choices: tuple[str, ...],
    right: int | None,
    letters: bool,
    before: bool,
    voted: Callable[[int], None] | None,
) -> None:
    who, room = browser(), here.room
    told = rooms.here.told(room, question)
    if told != before:
        st.rerun()  # the page has more to say now
    mine = rooms.here.chosen(room, question, who)
    seen = mine is not None or bool(here.host) or told
    slot = f"ballot-{abs(hash(question))}"

    def cast() -> None:
        vote = st.session_state[slot].vote
        if isinstance(vote, int | float) and 0 <= vote < len(choices):
            rooms.here.vote(room, question, who, int(vote))
            if voted:
                voted(int(vote))

    _ballot(
        key=slot,
        data={
            "choices": list(choices),
            "letters": letters,
            "counts": rooms.here.counts(room, question, len(choices)) if seen else None,
            "mine": mine,
            "right": right if told else None,
            "told": told,
            "open": not seen,
            "people": rooms.here.people(room),
        },
        on_vote_change=cast,
    )
    if here.host:
        with st.container(horizontal=True, gap="small"):
            if not told:
                st.button("Reveal to the room", key=f"{slot}-tell", on_click=rooms.here.tell,
                          args=(room, question),
                          help="Closes the vote; everybody sees the answer.")  # fmt: skip
            st.button("Ask again", key=f"{slot}-clear", type="tertiary",
                      on_click=rooms.here.clear, args=(room, question),
                      help="Forgets all answers to this question.")  # fmt: skip


def seed(default: int) -> int:
    """The seed that a control begins with: the browser's own where the class has one each."""
    here = visit()
    return rooms.here.seat(here.room, browser()) if here.room and here.own else default


def browser() -> str:
    """What two tabs of one browser have in common, and no two browsers."""
    parts = st.context.cookies.get(COOKIE, "").strip("\"'").split("|")
    if len(parts) == 4 and len(parts[1]) == 8:
        try:
            mask, masked = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
            return bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked)).hex()
        except ValueError:
            return _session()
    return _session()


def _session() -> str:
    return st.session_state.setdefault("_browser", uuid4().hex)


def _kept() -> Visit:
    """What the link says; what it left out on the way from another page stands in it again."""
    kept = st.session_state.setdefault("_kept", {})
    for key, value in kept.items():
        if key not in st.query_params:
            st.query_params[key] = value
    here = visit()
    st.session_state["_kept"] = dict(here.kept)
    return here
