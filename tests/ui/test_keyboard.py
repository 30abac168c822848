"""The keyboard: a melody lives in the link, and what is no melody is refused."""

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from explorer.ui.pads.keyboard import keyboard

    found = keyboard("melody", "60-62", (60, 84), 4, lambda pitch: f"note {pitch}")
    st.markdown(f"melody: {found}")


def opened(**query: str) -> AppTest:
    page = AppTest.from_function(script)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


@pytest.mark.parametrize(
    ("link", "melody"), [("72-74", "72-74"), ("none", ""), ("50", "60-62"), ("60-" * 9, "60-62"),
                         ("x", "60-62")],
)  # fmt: skip
def test_the_link_holds_the_melody(link, melody):
    page = opened(melody=link)
    assert not page.exception
    assert page.markdown[0].value == f"melody: {melody}".strip()


def test_without_a_link_it_starts_with_its_tune():
    assert opened().markdown[0].value == "melody: 60-62"
