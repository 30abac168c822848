"""Choices by buttons: they add up in the link, and can be taken back."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from explorer.ui.controls.votes import votes

    st.markdown(f"chosen: {votes('choices', {'a': 'A is better', 'b': 'B is better'}, 3)}")


def press(page: AppTest, key: str) -> str:
    return page.button(key=f"choices-{key}").click().run().markdown[0].value


def test_choices_add_up_and_the_last_one_is_taken_back():
    page = AppTest.from_function(script).run()
    assert page.button(key="choices-undo").disabled
    assert press(page, "a") == "chosen: a"
    assert press(page, "b") == "chosen: ab"
    assert press(page, "undo") == "chosen: a"
    press(page, "a")
    assert press(page, "b") == "chosen: aab"
    assert page.button(key="choices-a").disabled, "no more than three"
    assert press(page, "over") == "chosen:"


def test_the_link_holds_the_choices_and_nonsense_is_refused():
    page = AppTest.from_function(script)
    page.query_params["choices"] = "ba"
    assert page.run().markdown[0].value == "chosen: ba"
    other = AppTest.from_function(script)
    other.query_params["choices"] = "xyz"
    assert other.run().markdown[0].value == "chosen:"
    assert not other.exception
    assert "unknown here" in other.caption[-1].value or "unknown" in str(other.caption)
