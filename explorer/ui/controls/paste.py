"""A text of the visitor's own: pasted into a field, checked, kept in the link."""

from collections.abc import Callable

import streamlit as st

from explorer.data.writing import Read
from explorer.ui.controls import link
from explorer.ui.controls.packed import LONGEST, pack, unpack

BYTES = 4  # of a character, at most


def paste(
    label: str, key: str, check: Callable[[str], Read], most: int, help: str | None = None
) -> str:
    """The text as `check` reads it, or "" while there is none that it accepts (without ValueError).

    What is wrong with it, or was left out, is said under the field. The link holds it compressed.
    """
    linked = link.text(key, "", lambda code: _opened(code, most), label)
    state, shown, last = st.session_state, f"{key}-shown", f"{key}-last"
    if state.get(last) != linked:
        state[shown] = state[last] = linked
    link.show_notice(key)
    written = st.text_area(
        label, help=help, height=120, max_chars=most, key=shown, on_change=_keep, args=(key,),
        disabled=link.locked(key),
    )  # fmt: skip
    if not written:
        st.caption(":material/info: Paste a text of some paragraphs, or a list with a word a line.")
        return ""
    try:
        _fit(written)
        found = check(written)
    except ValueError as error:
        st.caption(f":material/info: {link.plain(error)} The names are used instead.")
        return ""
    if found.remark:
        st.caption(f":material/info: {link.literal(found.remark)}")
    return found.text


def _opened(code: str, most: int) -> str:
    return unpack(code, BYTES * most)[:most] if code else ""


def _fit(text: str) -> None:
    """Raise ValueError for a text that is too long for a link."""
    letters = len(pack(text))
    if letters > LONGEST:
        raise ValueError(
            f"text must fit into {LONGEST:,} letters of a link when it is compressed. Got "
            f"{letters:,} instead."
        )


def _keep(key: str) -> None:
    """Put what was written into the link."""
    text = st.session_state[f"{key}-shown"]
    code = pack(text) if text else ""
    if len(code) <= LONGEST:
        link.write(key, code)
        st.session_state[f"{key}-last"] = text
