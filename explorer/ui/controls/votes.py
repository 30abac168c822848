"""One choice after the other, by buttons; what was chosen so far stands in the link."""

from collections.abc import Mapping

import streamlit as st

from explorer.ui.controls import link


def votes(key: str, options: Mapping[str, str], most: int, label: str = "") -> str:
    """The letters that were chosen so far, of `options` (letter -> what its button says).

    At most so many; the last one can be taken back.
    """

    def read(written: str) -> str:
        if len(written) > most or set(written) - set(options):
            raise ValueError(f"The link asks for {key}={link.short(written)}, unknown here.")
        return written

    def add(letter: str) -> None:
        link.write(key, chosen + letter)

    chosen = link.text(key, "", read, label)
    held = link.locked(key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-box"):
        for letter, words in options.items():
            st.button(
                words, key=f"{key}-{letter}", on_click=add, args=(letter,),
                disabled=held or len(chosen) >= most, type="primary",
            )  # fmt: skip
        st.button(
            "Undo", key=f"{key}-undo", on_click=lambda: link.write(key, chosen[:-1]),
            disabled=held or not chosen,
        )  # fmt: skip
        st.button(
            "Start again", key=f"{key}-over", on_click=lambda: link.write(key, ""),
            disabled=held or not chosen, type="tertiary",
        )  # fmt: skip
        st.caption(f"{len(chosen)} of at most {most} choices")
    link.show_notice(key)
    return chosen
