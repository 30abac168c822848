"""Predict, then run: the visitor commits, the run answers, then every choice is explained."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Choice:
    """One possible answer, and why it is right or what it gets wrong."""

    text: str
    right: bool
    because: str


def predict(key: str, question: str, choices: Sequence[Choice], reveal: bool = True) -> int | None:
    """Ask for a prediction; once made it is locked. With `reveal`, say who was right and why.

    Returns the index of the committed choice, or None. The answer is not part of the link.
    """
    slot = f"predict-{key}"
    committed: int | None = st.session_state.get(slot)
    with st.container(border=True, key=f"{slot}-card"):
        st.markdown(f"**Predict first.** {question}")
        if committed is None:
            with st.container(horizontal=True):
                for index, choice in enumerate(choices):
                    st.button(
                        choice.text, key=f"{slot}-{index}", on_click=_commit, args=(slot, index)
                    )
            return None
        if not reveal:
            st.caption(f"Your prediction: {choices[committed].text}. Now watch the run.")
            return committed
        for index, choice in enumerate(choices):
            mark = ":material/check: **Right**" if choice.right else ":material/close: **Wrong**"
            yours = " (your prediction)" if index == committed else ""
            st.markdown(f"{mark}{yours}: {choice.text} {choice.because}")
    return committed


def _commit(slot: str, index: int) -> None:
    st.session_state[slot] = index
