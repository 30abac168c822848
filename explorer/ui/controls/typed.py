"""A line of text that the visitor types; what was left out or can't be used is said under it."""

from collections.abc import Callable

import streamlit as st

from explorer.data.writing import Read
from explorer.ui.controls import link


def typed(
    label: str, default: str, key: str, read: Callable[[str], Read], help: str | None = None
) -> str:
    """What `read` understands of the text; when it raises ValueError, of the default.

    The text stands in the link.
    """
    link.remember(key, default, label)
    written = st.text_input(label, default, help=help, **link.bound(key))
    link.show_notice(key)
    try:
        found = read(written)
    except ValueError as error:
        st.caption(f":material/info: {link.plain(error)} Until then: {link.short(default)}")
        return read(default).text
    if found.remark:
        st.caption(
            f":material/info: Read as {link.short(found.text, 60)}. {link.literal(found.remark)}"
        )
    return found.text
