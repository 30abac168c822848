"""Predict, then run: the visitor commits, the run answers, then every choice is explained.

Sliders alone teach little; a prediction that turns out wrong does. So a choice is locked once it
is made, and the explanation waits for the run (`reveal`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import prose
from explorer.prose import Choice
from explorer.ui.classroom import rooms
from explorer.ui.classroom.answers import answers
from explorer.ui.classroom.visit import visit
from explorer.ui.controls import link


@dataclass(frozen=True)
class Question:
    """Something to commit to before the run shows it; exactly one choice is right.

    `reveal` says that its run has answered; `answer` draws how to see that, once it may be seen.
    """

    text: str
    choices: Sequence[Choice]
    reveal: bool = True
    answer: Callable[[DeltaGenerator | None], None] | None = None  # with a place for details

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError(f"choices must hold exactly one that is right. Got {self.text!r}.")


def asked(
    written: prose.Question, reveal: bool, answer: Callable[[DeltaGenerator | None], None] | None
) -> Question:
    """A question of `page.md`, to be answered by what the page has run."""
    return Question(written.text, written.choices, reveal, answer)


def predict(key: str, question: str, choices: Sequence[Choice], reveal: bool = True) -> int | None:
    """Ask for one prediction; once made it is locked. With `reveal`, say who was right and why.

    Returns the index of the committed choice, or None. The answer is not part of the link.
    """
    return predictions(key, [Question(question, choices, reveal)])[0]


def predictions(key: str, questions: Sequence[Question]) -> list[int | None]:
    """Several predictions in one card, one at a time; see `predict`."""
    link.offer("predict", "Predictions")
    slots = [f"predict-{key}-{number}" for number in range(len(questions))]
    state = st.session_state
    at = min(state.get(f"predict-{key}-at", 0), len(questions) - 1)
    question, slot = questions[at], slots[at]
    committed: int | None = state.get(slot)
    here = visit()
    with st.container(border=True, key=f"card-predict-{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if len(questions) > 1:
                _turn(key, at, len(questions))
            st.markdown(f"**Predict.** {question.text}", width="content")
            revealed = not here.room or rooms.here.revealed(here.room, (key, at))
            if committed is None:
                for index, choice in enumerate(question.choices):
                    st.button(choice.text, key=f"{slot}-{index}", on_click=_set, args=(slot, index))
            elif not (question.reveal and revealed):
                chosen = question.choices[committed].text
                then = (
                    "Now watch what the run says." if revealed else "Your teacher will reveal it."
                )
                st.markdown(f"You predict **{chosen}**. {then}", width="content")
                if question.answer and revealed:
                    question.answer(None)
            else:
                details = _result(question, committed)
                if question.answer:
                    question.answer(details)
        if here.room and (committed is not None or here.host or revealed):
            texts = [_bare(choice.text) for choice in question.choices]
            right = next(i for i, choice in enumerate(question.choices) if choice.right)
            answers((key, at), texts, right, committed)
    return [state.get(each) for each in slots]


def _bare(text: str) -> str:
    """Words without their Markdown, for where it is not rendered.

    >>> _bare("It is :orange[**generated**]")
    'It is generated'
    """
    return re.sub(r":[a-z]+\[([^\]]*)\]", r"\1", text).replace("**", "").replace("$", "")


def _turn(key: str, at: int, count: int) -> None:
    """Back and on through the questions."""
    slot = f"predict-{key}-at"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.button(
            "", key=f"{slot}-back", icon=":material/chevron_left:", help="The question before",
            disabled=at == 0, on_click=_set, args=(slot, at - 1), type="tertiary",
        )  # fmt: skip
        st.markdown(f"{at + 1} of {count}", width="content")
        st.button(
            "", key=f"{slot}-on", icon=":material/chevron_right:", help="The next question",
            disabled=at == count - 1, on_click=_set, args=(slot, at + 1), type="tertiary",
        )  # fmt: skip


def _result(question: Question, committed: int) -> DeltaGenerator:
    """Who was right, in a line that leaves the picture below in its place; why, at a click.

    Returns a place under the reasons.
    """
    own = question.choices[committed]
    right = next(choice for choice in question.choices if choice.right)
    # Hardly longer than the choices that stood here: a second line would push the picture down.
    wrong = "Right:" if own.right else f":material/cancel: {own.text}"
    st.markdown(f"{wrong} :material/check_circle: **{right.text}**", width="content")
    with st.popover("Why", type="tertiary"):
        _explain(question, committed)
        return st.empty()


def _explain(question: Question, committed: int) -> None:
    """Every choice with its reason: the visitor's own first, then the right one, then the rest."""
    order = sorted(
        range(len(question.choices)),
        key=lambda index: (index != committed, not question.choices[index].right),
    )
    lines = []
    for index in order:
        choice = question.choices[index]
        mark = ":material/check_circle: Right" if choice.right else ":material/cancel: Wrong"
        yours = ", your prediction" if index == committed else ""
        lines.append(f"{mark}{yours}: **{choice.text}.** {choice.because}")
    st.markdown("  \n".join(lines))


def _set(slot: str, value: int) -> None:
    st.session_state[slot] = value
