"""Register a custom component from the files in the rooms of this package."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from explorer.ui.script import linked

HERE = Path(__file__).parent


def component(name: str, style: str = "") -> ComponentRenderer:
    """The component `<name>.js` with `<style or name>.css`; it builds the DOM under a `div.root`.

    The name has its room before it: "pads/map". Call it once, at import.
    """
    return st.components.v2.component(
        f"explorer_{name.rpartition('/')[2]}",
        html='<div class="root"></div>',
        css=(HERE / f"{style or name}.css").read_text(encoding="utf-8"),
        js=linked(HERE / f"{name}.js"),
    )
