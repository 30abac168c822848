"""A line of text: what can't be used is said under it, and the default stands in."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from explorer.data.writing import Read, read
    from explorer.ui.controls.typed import typed

    def letters(text: str) -> Read:
        if any(letter.isdigit() for letter in text):
            raise ValueError("The text must be letters.")
        found = read(text, known="abcdefghijklmnopqrstuvwxyz")
        return Read(found.text.upper(), found.remark)

    st.markdown(typed("Word", "abc", "word", letters))


def test_what_is_typed_is_read():
    page = AppTest.from_function(script).run()
    assert page.markdown[0].value == "ABC"
    page.text_input[0].set_value("whale").run()
    assert page.markdown[0].value == "WHALE"
    assert not page.caption


def test_what_cannot_be_read_is_said_and_the_default_stands_in():
    page = AppTest.from_function(script).run()
    page.text_input[0].set_value("12").run()
    assert not page.exception
    assert page.markdown[0].value == "ABC"
    assert "The text must be letters." in page.caption[0].value


def test_the_link_holds_the_text():
    page = AppTest.from_function(script)
    page.query_params["word"] = "sea"
    assert page.run().markdown[0].value == "SEA"


def test_what_is_left_out_is_said_with_what_was_read_and_means_nothing_as_markdown():
    page = AppTest.from_function(script).run()
    page.text_input[0].set_value("José[*]").run()
    assert page.markdown[0].value == "JOS"
    said = page.caption[0].value
    assert "Read as `'JOS'`." in said
    assert r"\* (once), \[ (once), \] (once), é (once)" in said
