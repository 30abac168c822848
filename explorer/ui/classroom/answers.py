"""What a class answers: counted live in a room, or kept by a visitor who is alone."""

from collections.abc import Callable, Sequence

import streamlit as st

from explorer.ui.classroom import rooms
from explorer.ui.classroom.lesson_link import Stop
from explorer.ui.classroom.visit import Visit, browser, visit
from explorer.ui.component import component

PACE = 2.0  # seconds between two looks at the answers of a class that is small
FULL = 30  # people up to whom that is the pace
_ballot = component("classroom/ballot")


def ask(here: Visit, stop: Stop) -> None:
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
    return {"choices": list(choices), "counts": None, "mine": None, "right": None,
            "revealed": False, "open": True, "people": 0, "letters": False}  # fmt: skip


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
    revealed = rooms.here.revealed(here.room, question)
    share = max(1.0, rooms.here.people(here.room) / FULL)
    live = st.fragment(_live, run_every=min(8.0, PACE * share))
    live(here, question, tuple(choices), right, letters, revealed, voted)
    return revealed


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
    revealed = rooms.here.revealed(room, question)
    if revealed != before:
        st.rerun()  # the page has more to say now
    mine = rooms.here.chosen(room, question, who)
    seen = mine is not None or bool(here.host) or revealed
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
            "right": right if revealed else None,
            "revealed": revealed,
            "open": not seen,
            "people": rooms.here.people(room),
        },
        on_vote_change=cast,
    )
    if here.host:
        with st.container(horizontal=True, gap="small"):
            if not revealed:
                st.button("Reveal to the room", key=f"{slot}-tell", on_click=rooms.here.reveal,
                          args=(room, question),
                          help="Closes the vote; everybody sees the answer.")  # fmt: skip
            else:
                st.caption("The vote is closed, and everybody sees it.", width="content")
            st.button("Ask again", key=f"{slot}-clear", type="tertiary",
                      on_click=rooms.here.clear, args=(room, question),
                      help="Forgets all answers to this question.")  # fmt: skip
