"""Who visits, in which class and how: what the link says of lesson, room and presenter's view.

`lesson`, `at`, `room` and `present` stand in the link. Room and presenter's view are kept when the
visitor goes on to another page; whatever else a lesson says holds for its page. The host's key is
kept in the session and behind the "#" of the browser's address, so that no link holds it.
"""

from dataclasses import dataclass
from uuid import uuid4

import streamlit as st

from explorer.ui.classroom import rooms
from explorer.ui.classroom.lesson_link import Lesson, Stop, decode, place
from explorer.ui.controls import link

PRIVATE = ["present"]  # parameters that a link for others does not have
COOKIE = "_streamlit_xsrf"  # set once for every browser; of its parts only the token stays the same


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
        query = {"room": self.room, "present": "1" if self.present else "",
                "own": "1" if self.own else ""}  # fmt: skip
        return {key: value for key, value in query.items() if value}


def visit() -> Visit:
    """What the link of this run says; what means nothing is left out."""
    query, leading = st.query_params, host()
    room = rooms.code(leading) if leading else query.get("room", "").upper()
    code, read = query.get("lesson", ""), None
    if code:
        try:
            read = decode(code)
        except ValueError as error:
            link.notice("lesson", f"{error} The page works without it.")
    return Visit(
        read,
        place(query.get("at", ""), len(read.stops)) if read else 1,
        room if rooms.valid(room) else "",
        leading,
        query.get("present") == "1",
        query.get("own") == "1",
    )


def kept() -> Visit:
    """What the link says; what it left out on the way from another page stands in it again."""
    kept = st.session_state.setdefault("_kept", {})
    for key, value in kept.items():
        if key not in st.query_params:
            st.query_params[key] = value
    here = visit()
    st.session_state["_kept"] = dict(here.kept)
    if here.host and st.query_params.get("room") != here.room:
        st.query_params["room"] = here.room  # so that a copied link leads to the class
    return here


def host() -> str:
    """The key of the room that this visitor leads, or ""."""
    return st.session_state.get("_host", "")


def left() -> str:
    """The key of the room that this visitor led last and has left, or ""."""
    return st.session_state.get("_left", "")


def lead(key: str, again: bool = False) -> bool:
    """Lead the room of a key from now on. False if it is none, is led, or was left (and `again`
    does not say that it is meant).
    """
    if not rooms.valid(key, rooms.KEY) or key == host() or (key == left() and not again):
        return False
    st.session_state["_host"], st.session_state["_left"] = key, ""
    rooms.here.stand_up(rooms.code(key), browser())  # who leads is none of those who answer
    return True


def presenting() -> bool:
    """Whether the page is for the wall of a lecture room."""
    return st.query_params.get("present", st.session_state.get("_kept", {}).get("present")) == "1"


def leave() -> None:
    """Out of the room; the page stays as it is."""
    st.session_state["_left"] = st.session_state.pop("_host", "")
    for key in ("room", "own"):
        st.session_state.get("_kept", {}).pop(key, None)
        st.query_params.pop(key, None)


def end() -> None:
    """Back from the presenter's view."""
    st.session_state.get("_kept", {}).pop("present", None)
    st.query_params.pop("present", None)


def seed(default: int) -> int:
    """The seed that a control begins with: the browser's own where the class has one each."""
    here = visit()
    if not here.room or not here.own or here.host:
        return default
    return rooms.here.seat(here.room, browser())


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
