"""A text of the visitor's own: pasted into a field, checked, kept in the link."""

from collections.abc import Callable

import streamlit as st

from explorer.ui.controls import link


def paste(
    label: str, key: str, check: Callable[[str], object], most: int, help: str | None = None
) -> str:
    """The text, or "" while there is none that `check` (which raises ValueError) accepts.

    What is wrong with it is said under the field.
    """
    link.remember(key, "", label)
    written = st.text_area(label, "", help=help, height=120, max_chars=most, **link.bound(key))
    if not written:
        st.caption(":material/info: Paste a text of some paragraphs, or a list with a word a line.")
        return ""
    try:
        check(written)
    except ValueError as error:
        st.caption(f":material/info: {link.plain(error)} The names are used instead.")
        return ""
    return written
