"""Known good and known bad settings, each with one sentence why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer.ui import link


@dataclass(frozen=True, eq=False)
class Preset:
    """Values by parameter of the link, and why to look at them."""

    values: Mapping[str, Any]
    why: str
    good: bool = True


def presets(known: Mapping[str, Preset], label: str = "Try") -> None:
    """Pills that set the bound controls; under them, why. Call it before the controls it sets."""
    chosen = st.pills(
        label,
        list(known),
        format_func=lambda name: f":material/{'check' if known[name].good else 'warning'}: {name}",
        key="preset-shown",
        on_change=_apply,
        args=(known,),
    )
    if chosen:
        st.caption(known[chosen].why)


def _apply(known: Mapping[str, Preset]) -> None:
    chosen = st.session_state["preset-shown"]
    if chosen is not None:
        for key, value in known[chosen].values.items():
            link.write(key, value)
