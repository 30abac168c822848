"""Choose by picture: a group of radio buttons that are small images."""

import base64
import io
from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st
from PIL import Image

from explorer.ui.component import component

STENCIL = 120  # pixels of a stencil, at least
_picker = component("controls/picker")


def picker(
    label: str,
    options: Mapping[str, str],
    pictures: Mapping[str, Image.Image],
    chosen: str,
    key: str,
    help: str | None,
    picked: Callable[[str], None],
) -> None:
    """Show the options as pictures and call `picked` with the key of the one that was chosen.

    A picture in mode "L" is ink on nothing and takes the colour of real data in either theme.
    """

    def on_picked() -> None:
        chosen_now = st.session_state[f"{key}-picker"].picked
        if chosen_now in options:
            picked(chosen_now)

    with st.container(gap="xxsmall", key=f"{key}-picker-box"):
        st.markdown(f":small[{label}]", help=help)
        _picker(
            key=f"{key}-picker",
            data={
                "label": label,
                "chosen": chosen,
                "options": [
                    {
                        "key": name,
                        "label": words,
                        "src": data_uri(pictures[name]),
                        "ink": pictures[name].mode == "L",
                    }
                    for name, words in options.items()
                ],
            },
            on_picked_change=on_picked,
        )


def data_uri(picture: Image.Image) -> str:
    """The picture as a PNG inside an address; ink becomes the alpha channel. Made only once."""
    if "uri" not in picture.info:
        opaque = picture
        if picture.mode == "L":
            opaque = Image.new("LA", picture.size)
            opaque.putalpha(picture)
        buffer = io.BytesIO()
        opaque.save(buffer, "PNG", optimize=True)
        text = base64.b64encode(buffer.getvalue()).decode("ascii")
        picture.info["uri"] = f"data:image/png;base64,{text}"
    return picture.info["uri"]


def stencil(pixels: np.ndarray) -> Image.Image:
    """A small picture (h, w) of uint8 as ink, with hard pixels, at the size of a thumbnail."""
    times = max(1, -(-STENCIL // max(pixels.shape)))
    small = Image.fromarray(pixels, "L")
    return small.resize((small.width * times, small.height * times), Image.Resampling.NEAREST)
