"""Choose by picture: a group of radio buttons that are small images."""

from collections.abc import Mapping

import streamlit as st
from PIL import Image

from explorer.ui import link


def picker(
    label: str,
    options: Mapping[str, str],
    pictures: Mapping[str, Image.Image],
    chosen: str,
    key: str,
    help: str | None,
) -> None:
    """Show the options as pictures; a click writes the option's key into the link."""
    shown = f"{key}-shown"
    st.session_state[shown] = chosen
    st.selectbox(
        label, list(options), format_func=options.__getitem__, key=shown, help=help,
        on_change=lambda: link.write(key, st.session_state[shown]),
    )  # fmt: skip
