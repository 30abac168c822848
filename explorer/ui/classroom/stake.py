"""Whether the visitor has committed to a prediction: what it is about may then begin."""

import streamlit as st


def staked(key: str, number: int = 0) -> bool:
    """Whether question `number` of `predictions(key, ...)` has an answer."""
    return st.session_state.get(f"predict-{key}-{number}") is not None
