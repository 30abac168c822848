"""Whether the visitor has made a prediction: the run that answers it may then begin."""

import streamlit as st


def predicted(key: str, number: int = 0) -> bool:
    """Whether question `number` of `predictions(key, ...)` has an answer."""
    return st.session_state.get(f"predict-{key}-{number}") is not None
