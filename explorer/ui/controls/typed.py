"""A line of text that the visitor types; what it can't be used for is said under it."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from explorer.ui.controls import link

Value = TypeVar("Value")


def typed(
    label: str, default: str, key: str, read: Callable[[str], Value], help: str | None = None
) -> Value:
    """What `read` makes of the text; when it raises ValueError, of the default, and a sentence.

    The text stands in the link.
    """
    link.remember(key, default, label)
    written = st.text_input(label, default, help=help, **link.bound(key))
    try:
        return read(written)
    except ValueError as error:
        st.caption(f":material/info: {error} Until then: {default}")
        return read(default)
