"""Make a lesson link: the teacher's words, what rests, a room, the code to scan. Stored nowhere."""

import io
from functools import lru_cache
from urllib.parse import urlencode

import segno
import streamlit as st

from explorer.ui.classroom import lesson_link as lesson
from explorer.ui.classroom import rooms
from explorer.ui.classroom.visit import lead, visit
from explorer.ui.controls import link
from explorer.ui.home.contents import entry

DENSE = 1200  # letters of a link beyond which cameras fail at its code
OPEN, STOPS, KEY = "_teaching", "_stops", "_key"


def button() -> None:
    """The way to the dialog, in the head of a page."""
    st.button(
        "Teach", key="teach", type="tertiary", on_click=_set, args=(True,),
        help="Make a lesson link, present, or open a room for a class",
    )  # fmt: skip


def dialog(name: str) -> None:
    """The dialog, while it is open; it stays open while a run goes on beneath."""
    if st.session_state.get(OPEN):
        title = "Teach with this page"
        show = st.dialog(title, width="large", icon=":material/school:", on_dismiss=_close)(_form)
        show(name)


def _close() -> None:
    _set(False)


def _set(shown: bool) -> None:
    st.session_state[OPEN] = shown


def _form(name: str) -> None:
    words, result = st.columns([3, 2], gap="large")
    with words:
        title = st.text_input(
            "Title", key="teach-title", max_chars=lesson.TITLE,
            placeholder="Why do modes go missing?",
        )  # fmt: skip
        note = st.text_area(
            "Note, shown above the page", key="teach-note", max_chars=lesson.NOTE, height=80,
            help="Plain text. A web address stays text, too.",
        )  # fmt: skip
        labels: dict[str, str] = st.session_state.get("_labels", {})
        linked = st.session_state.get("_linked", set())
        usable = [key for key in labels if lesson.NAME.fullmatch(key)]
        hidden = st.multiselect(
            "Hide", usable, format_func=lambda key: labels.get(key, key), key="teach-hidden",
            placeholder="Nothing: every control can be used",
            help="What the class does not see. Its value stays as it is now.",
        )  # fmt: skip
        locked = st.multiselect(
            "Lock", [key for key in usable if key in linked and key not in hidden],
            format_func=lambda key: labels.get(key, key), key="teach-locked",
            placeholder="Nothing", help="What the class sees and cannot change.",
        )  # fmt: skip
        with st.expander("Ask a question"):
            question = st.text_input("Question", key="teach-question", max_chars=lesson.QUESTION)
            written = st.text_area(
                "Answers, one a line", key="teach-choices", height=100,
                max_chars=lesson.CHOICES * (lesson.CHOICE + 1),
                help=f"At most {lesson.CHOICES}. Without answers it is a question to talk about.",
            )  # fmt: skip
        with_room = st.toggle(
            "Open a room", key="teach-room",
            help="Predictions and answers are counted for everybody, without names, while the "
            "server runs. Only you can reveal them.",
        )  # fmt: skip
        own = with_room and st.toggle(
            "Every browser its own seed", key="teach-own",
            help="The class becomes the experiment: a board under the picture shows all seeds.",
        )  # fmt: skip
    choices = [lesson.plain(line)[: lesson.CHOICE] for line in written.splitlines()]
    try:
        stop = lesson.Stop(
            name, settings(own), lesson.plain(note), lesson.plain(question),
            tuple(filter(None, choices))[: lesson.CHOICES], tuple(hidden), tuple(locked),
        )  # fmt: skip
        stops = (*st.session_state.get(STOPS, ()), stop)
        composed = lesson.Lesson(lesson.plain(title), stops)
        composed.encode()
    except ValueError as error:
        with result:
            st.error(f"This lesson cannot be put into a link. {link.plain(error)}")
        return
    with result:
        _result(composed, with_room, own)


def _result(composed: lesson.Lesson, with_room: bool, own: bool) -> None:
    key = st.session_state.setdefault(KEY, visit().host or rooms.new_key()) if with_room else ""
    room = {"room": rooms.code(key)} if key else {}
    room |= {"own": "1"} if own else {}
    address = composed.link(base(), 1, room)
    st.markdown("**For the class**")
    picture = qr(address)
    if picture:
        st.image(picture, width=280)
        if len(address) > DENSE:
            st.caption("This code is dense: show it large, or send the link instead.")
    else:
        st.caption("The link is too long for a code to scan. Send it instead.")
    st.code(address, language=None)
    st.markdown("**For you**")
    warning = " Keep this link to yourself: it reveals answers." if key else ""
    st.caption(f"Large type, and keys for the front of the room.{warning}")
    front, here = {"present": "1", **room}, len(composed.stops)
    if st.button("Present this page", icon=":material/co_present:", type="tertiary"):
        lead(key, again=True)
        _close()
        st.switch_page(entry("home").path, query_params=composed.place(here, front))
    st.code(composed.link(base(), 1, front, key), language=None)
    pages = st.session_state.get(STOPS, ())
    if pages:
        st.caption(f"Before this page: {', '.join(entry(each.page).title for each in pages)}.")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add another page", key="teach-add", on_click=_add, args=(composed.stops,),
            disabled=here >= lesson.STOPS,
            help="Keeps this page as a stop of the lesson. Go to the next page, set it up, and "
            "come back here.",
        )  # fmt: skip
        if pages:
            st.button("Start over", key="teach-over", on_click=_add, args=((),), type="tertiary")


def _add(stops: tuple[lesson.Stop, ...]) -> None:
    st.session_state[STOPS] = stops
    for key in ("teach-note", "teach-question", "teach-choices"):
        st.session_state[key] = ""
    st.session_state["teach-hidden"], st.session_state["teach-locked"] = [], []
    if stops:
        _close()


def settings(own: bool) -> str:
    """The settings of this page as its link holds them; without the seed if all have their own."""
    left = (*lesson.OWN, "seed") if own else lesson.OWN
    kept = {key: value for key, value in st.query_params.items() if key not in left}
    return urlencode(kept)


def base() -> str:
    """The address of the app, without page and settings."""
    address = (st.context.url or "").split("?")[0].split("#")[0]
    name = st.session_state.get("_page", "home")
    return address.removesuffix("/").removesuffix(f"/{name}")


@lru_cache(maxsize=32)
def qr(address: str) -> bytes | None:
    """A code to scan, as PNG, drawn here; None when the address is too long for one."""
    try:
        code = segno.make_qr(address, error="l")
    except segno.DataOverflowError:
        return None
    file = io.BytesIO()
    code.save(file, kind="png", scale=6, border=4)
    return file.getvalue()
