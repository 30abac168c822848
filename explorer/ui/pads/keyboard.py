"""A small piano keyboard on which a melody is tapped, heard and written down."""

from collections.abc import Callable

import streamlit as st

from explorer.ui.component import component
from explorer.ui.controls import link

NONE = "none"  # in the link: a melody without notes
_keyboard = component("pads/keyboard")


def keyboard(
    key: str,
    default: str,
    limits: tuple[int, int],
    most: int,
    name: Callable[[int], str],
    label: str = "Keyboard: tap notes, or move with the arrow keys and press Enter",
) -> str:
    """MIDI pitches with - between them, each a beat long; `default` while the link is silent.

    Keys from the lowest to the highest of `limits`, at most so many notes; `name` says what a
    pitch is called.
    """
    low, high = limits

    def read(written: str) -> str:
        parts = written.split("-") if written else []
        if len(parts) > most or any(
            not part.isdigit() or not low <= int(part) <= high for part in parts
        ):
            raise ValueError(f"The link asks for {key}={link.short(written)}, which is no melody.")
        return written

    def tapped() -> None:
        sent = st.session_state[f"{key}-pad"].value
        if isinstance(sent, list) and all(isinstance(each, int | float) for each in sent):
            written = "-".join(str(int(each)) for each in sent if low <= each <= high)
            st.session_state[f"{key}-seen"] = written
            link.write(key, written or NONE)

    written = link.text(key, default, lambda text: "" if text == NONE else read(text), label)
    state = st.session_state
    if state.get(f"{key}-seen") != written:  # somebody else than the hand has set it
        state[f"{key}-seen"] = written
        state[f"{key}-version"] = state.get(f"{key}-version", 0) + 1
    _keyboard(
        key=f"{key}-pad",
        data={
            "low": low,
            "high": high,
            "most": most,
            "value": [int(part) for part in written.split("-") if part],
            "names": {str(pitch): name(pitch) for pitch in range(low, high + 1)},
            "version": state[f"{key}-version"],
            "tempo": 120,
            "label": label,
        },
        on_value_change=tapped,
    )
    link.show_notice(key)
    return written
