"""Known good and known bad settings, each with one sentence why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.ui.controls import link

SHOWN = "preset-shown"
GOOD, BAD = ":material/check:", ":material/warning:"
OWN = "As the controls below say."


@dataclass(frozen=True, eq=False)
class Preset:
    """Values by parameter of the link, and why they are worth a look.

    `implied` are the parameters that only return to their default, which a control that was never
    drawn has anyway.
    """

    values: Mapping[str, Any]
    why: str
    good: bool = True
    implied: Collection[str] = ()
    checked: str = ""  # in how many seeds it shows what it promises

    def holds(self, now: Mapping[str, Any], untouched: Collection[str]) -> bool:
        """Whether these values hold, where `now` is what each control holds."""
        return all(
            _same(now[key], value)
            for key, value in self.values.items()
            if not (key in untouched and key in self.implied)
        )


def presets(
    known: Mapping[str, Preset], label: str = "Settings worth a look"
) -> tuple[str | None, DeltaGenerator]:
    """Pills that set the bound controls, and beside them why. The one that holds is marked.

    Returns its name, and a place for what is to be added once its run has ended.

    Stands anywhere on the page: a choice is applied before the controls are built.
    """
    link.offer("presets", label)
    # Each is asked for once: a look into the session's state is what a click costs most.
    keys = {key for each in known.values() for key in each.values}
    now = {key: link.held(key) for key in keys}
    untouched = {key for key in keys if link.untouched(key)}
    locked = {key for key in keys if link.locked(key)}
    known = {
        name: each
        for name, each in known.items()
        if all(_same(now[key], value) for key, value in each.values.items() if key in locked)
    }
    holding = (name for name, preset in known.items() if preset.holds(now, untouched))
    st.session_state[SHOWN] = next(holding, None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="presets"):
        chosen = st.pills(
            label,
            list(known),
            format_func=lambda name: f"{GOOD if known[name].good else BAD} {name}",
            key=SHOWN,
            label_visibility="collapsed",
            on_change=_apply,
            args=(known,),
            width="content",
            wrap=True,
        )
        # Always there: else the page would move whenever a preset begins or ceases to hold.
        st.caption(f"{known[chosen].why} {known[chosen].checked}" if chosen else OWN)
        return chosen, st.empty()


def _apply(known: Mapping[str, Preset]) -> None:
    chosen = st.session_state[SHOWN]
    if chosen is not None:
        st.session_state.pop("_usual", None)  # what a preset sets is chosen: it follows nothing
        for key, value in known[chosen].values.items():
            if key not in known[chosen].implied:
                link.foresee(key, value)
            link.write(key, value)


def _same(held: Any, wanted: Any) -> bool:
    """Whether a control holds what a preset wants: as a value, or as it is written in the link."""
    if isinstance(wanted, bool):
        return held is wanted or held == str(wanted).lower()
    if isinstance(held, str) and isinstance(wanted, int | float):
        return link.number(held) == wanted
    return held is not True and held is not False and held == wanted
