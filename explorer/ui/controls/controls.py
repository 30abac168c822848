"""The control strip: every control is bound to the link under its key.

A help text says what to expect, not what the parameter is called.
"""

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NoReturn, TypeVar

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explorer.ui.controls import link
from explorer.ui.controls.picker import picker

Number = TypeVar("Number", int, float)


def controls(columns: int | Sequence[float]) -> list[DeltaGenerator]:
    """The columns of the strip above the picture."""
    return list(st.columns(columns, vertical_alignment="bottom", gap="medium"))


def more(label: str = "More", key: str = "") -> AbstractContextManager[Any]:
    """The popover for settings that matter less: `with more(): ...`."""
    key = key or "_".join(["more", *re.findall(r"[a-z0-9]+", label.lower())][:4])
    link.offer(key, f"All of “{label}”")
    return st.popover(label, width="stretch", help="Settings that matter less", key=key)


def refuse(error: ValueError) -> NoReturn:
    """Say what a config forbids, and stop the page there."""
    st.error(f"This combination does not work. {link.plain(error)}", icon=":material/error:")
    st.stop()


def choose(
    label: str,
    options: Mapping[str, str],
    key: str,
    help: str | None = None,
    pictures: Mapping[str, Image.Image] | None = None,
    default: str | None = None,
    bare: bool = False,
) -> str:
    """Choose one of `options` (key to label): by picture, as a row of buttons, or from a list.

    Returns the key; the link holds the key, too. `bare`, its label is only read aloud.
    """
    first = default or next(iter(options))

    def known(written: str) -> str:
        if written not in options:
            raise ValueError(f"The link asks for {key}={link.short(written)}, unknown here.")
        return written

    chosen = link.text(key, first, known, label)
    shown = f"{key}-shown"
    if pictures is not None:
        picker(label, options, pictures, chosen, key, help, lambda name: link.write(key, name))
    else:
        st.session_state[shown] = chosen
        widget: Any = st.segmented_control if len(options) <= 4 else st.selectbox
        rest: dict[str, Any] = {"required": True, "wrap": True} if len(options) <= 4 else {}
        widget(
            label,
            list(options),
            format_func=options.__getitem__,
            key=shown,
            help=help,
            on_change=_copy_shown,
            args=(key,),
            label_visibility="collapsed" if bare else "visible",
            disabled=link.locked(key),
            **rest,
        )
    link.show_notice(key)
    return chosen


def slider(
    label: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number,
    key: str,
    help: str | None = None,
    log: bool = False,
) -> Number:
    """A number between low and high; with `log`, in the steps 1, 2, 5 of every decade.

    Whole numbers in, a whole number out. A link or a preset may ask for any value in the range.
    """
    kind = type(default)
    linked = link.remember(key, default, label)
    wanted = _mend(key, linked, kind, low, high)
    value: Any
    if log:
        values = _decades(low, high, [default, wanted, _asked(key, kind, low, high)])
        value = st.select_slider(
            label,
            values,
            value=default,
            format_func=lambda v: f"{v:g}",
            help=help,
            **link.bound(key),
        )
    else:
        value = st.slider(label, low, high, default, step, help=help, **link.bound(key))
    return _noticed(key, linked, kind(value), low, high)


def number(label: str, low: int, high: int, default: int, key: str, help: str | None = None) -> int:
    """A whole number, typed."""
    linked = link.remember(key, default, label)
    _mend(key, linked, float, low, high)
    # A field of floats that shows whole numbers: one of ints raises on ?seed=1e400.
    value = st.number_input(
        label,
        float(low),
        float(high),
        float(default),
        1.0,
        "%0.0f",
        help=help,
        **link.bound(key),
    )
    return _noticed(key, linked, int(value), low, high)


def toggle(label: str, key: str, default: bool = False, help: str | None = None) -> bool:
    """Something that is on or off."""
    link.remember(key, default, label)
    value = st.toggle(label, default, help=help, **link.bound(key))
    link.show_notice(key)
    return value


def _copy_shown(key: str) -> None:
    link.write(key, st.session_state[f"{key}-shown"])


def _mend(key: str, linked: str | None, kind: type, low: float, high: float) -> Any:
    """Give a value that a preset set the type and range of its control; what is asked for."""
    wanted = _within(
        link.number(linked) if linked is not None else st.session_state.get(key), kind, low, high
    )
    if wanted is None:
        return None
    if key in st.session_state and st.session_state[key] != wanted:
        st.session_state[key] = wanted
    return wanted


def _asked(key: str, kind: type, low: float, high: float) -> Any:
    """What the link says now, as a control shows it: on the way back it is ahead of the state."""
    written = st.query_params.get(key)
    return _within(link.number(written) if written is not None else None, kind, low, high)


def _within(wanted: Any, kind: type, low: float, high: float) -> Any:
    """A number as a control can show it; None if it is none."""
    if not isinstance(wanted, int | float) or not math.isfinite(wanted):
        return None
    return kind(min(max(wanted, low), high))


def _noticed(key: str, linked: str | None, value: Number, low: Number, high: Number) -> Number:
    """The value of a control, which Streamlit keeps in range; a notice if the link said else."""
    if linked is not None and link.number(linked) != value:
        link.notice(
            key,
            f"The link asks for {key}={link.short(linked)}, but {key} is a number between {low:g} "
            f"and {high:g}. It was set to {value:g}.",
        )
    link.show_notice(key)
    return value


def _decades(low: Number, high: Number, more: Sequence[Number | None]) -> list[Number]:
    """1, 2, 5, 10, ... between low and high, with low, high and `more` among them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    kind = type(low)
    round_values = {kind(float(f"{m}e{e}")) for e in range(first, last + 1) for m in (1, 2, 5)}
    extra = {value for value in more if value is not None}
    return sorted({v for v in round_values if low <= v <= high} | {low, high} | extra)
