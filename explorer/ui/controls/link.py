"""Values that live in the link: `?dataset=ring&steps=400&seed=3` is a whole experiment.

Numbers are bound natively. Everything chosen by key, by picture or by hand (an option, a point
of a pad, a drawing) is text: one hidden text field holds it and is bound to the link, and the
visible control writes into that field. So links hold stable keys rather than labels, presets
set every control alike, and a value that means nothing falls back with a sentence.
"""

import re
from collections.abc import Callable, Collection
from contextvars import ContextVar
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.data.writing import times

Value = TypeVar("Value")

# What a control under a key consists of, by the ends of the keys of its elements.
PARTS = ("", "-shown", "-picker-box", "-pad", "-card")

# By page and parameter: what a control says when the link is silent. The same for everybody.
_defaults: dict[tuple[str | None, str], Any] = {}

# Where the page has room for notices: under its title.
notices: ContextVar[DeltaGenerator | None] = ContextVar("notices", default=None)


def turn_to(page: str, stop: str = "") -> None:
    """Forget the controls of the page before, so that no value leaks into this one.

    `stop` tells two stops of a lesson on the same page apart.
    """
    state = st.session_state
    if (state.get("_page"), state.get("_stop", "")) != (page, stop):
        for key in state.get("_linked", ()):
            for own in [name for name in state if name == key or str(name).startswith(f"{key}-")]:
                del state[own]
        state["_page"], state["_stop"] = page, stop
        state["_linked"], state["_labels"] = set(), {}
        state["_notices"] = {}
        _once_each()


def _once_each() -> None:
    """Of a parameter that stands in the link more than once, use the last value, and say so."""
    many = {
        key: values for key in st.query_params if len(values := st.query_params.get_all(key)) > 1
    }
    for key, values in many.items():
        quoted = ", ".join(map(short, values[:3]))
        notice(key, f"{key} stands {times(len(values))} in the link: {quoted}. The last is used.")
        st.query_params[key] = values[-1]
    if many:
        st.rerun()


def rule(hidden: Collection[str], locked: Collection[str]) -> None:
    """Which controls of this page the visitor does not see, or sees and cannot move."""
    st.session_state["_hidden"], st.session_state["_locked"] = set(hidden), set(locked)


def locked(key: str) -> bool:
    """Whether a lesson holds this control."""
    state = st.session_state
    return key in state.get("_locked", ()) or key in state.get("_hidden", ())


def offer(key: str, label: str) -> None:
    """Name a part of the page that a lesson may hide, by the key of its container."""
    st.session_state.setdefault("_labels", {})[key] = label


def known(key: str, default: Any) -> None:
    """Say what a control holds when the link is silent, before it is drawn."""
    _defaults[st.session_state.get("_page"), key] = default


def remember(key: str, default: Any, label: str = "") -> str | None:
    """Register a control under its parameter; on its first run return what the link says."""
    offer(key, label or key.replace("_", " ").capitalize())
    known(key, default)
    linked = st.session_state.get("_linked", set())
    first = key not in linked
    linked.add(key)
    st.session_state["_linked"] = linked
    return st.query_params.get(key) if first else None


def held(key: str) -> Any:
    """What a control holds, or will hold once it is built: its value, the link's or its default."""
    if key in st.session_state:
        return st.session_state[key]
    return st.query_params.get(key, _defaults.get((st.session_state.get("_page"), key)))


def everything() -> dict[str, str]:
    """What every control of the page holds, as a link says it."""
    state = st.session_state
    held_now = {key: held(key) for key in sorted(state.get("_linked", ()))}
    return {key: as_text(value) for key, value in held_now.items() if value is not None}


def as_text(value: Any) -> str:
    """A value as a link says it.

    >>> as_text(True), as_text(3.0), as_text(0.005), as_text("ring")
    ('true', '3', '0.005', 'ring')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def untouched(key: str) -> bool:
    """Whether no control and no link says anything about a parameter: it has its default."""
    return key not in st.session_state and key not in st.query_params


def notice(key: str, sentence: str) -> None:
    """Say what was wrong with the link; it stays until the control is used."""
    st.session_state.setdefault("_notices", {})[key] = sentence


def settle(key: str) -> None:
    """Take the notice of a control away (its callback once it was used)."""
    st.session_state.get("_notices", {}).pop(key, None)


def bound(key: str) -> dict[str, Any]:
    """What binds a widget to the link under its key, and to what a lesson says about it."""
    return {
        "key": key,
        "bind": "query-params",
        "on_change": settle,
        "args": (key,),
        "disabled": locked(key),
    }


def show_notice(key: str) -> None:
    """Show the notice of a control, when there is one, under the title of the page."""
    sentence = st.session_state.get("_notices", {}).get(key)
    if sentence:
        (notices.get() or st).caption(f":material/info: {sentence}")


def text(key: str, default: str, read: Callable[[str], Value], label: str = "") -> Value:
    """A value kept as text in the link, hidden; `read` raises ValueError on nonsense."""
    remember(key, default, label)
    with st.container(key=f"linked-{key}"):
        written = st.text_input(key, default, key=key, bind="query-params")
    try:
        return read(written or default)
    except ValueError as error:
        notice(key, f"{error} The default is used.")
        return read(default)


def write(key: str, value: str) -> None:
    """Set a value of the link unless a lesson holds it; only from a callback, before the controls
    exist.
    """
    if not locked(key):
        st.session_state[key] = value
        settle(key)


def foresee(key: str, value: Any) -> None:
    """Put the value of a control that was never drawn into the link: Streamlit does so only for
    those that were.
    """
    if untouched(key) and not locked(key):
        st.query_params[key] = as_text(value)


def short(written: str, most: int = 20) -> str:
    """What a link said, quoted, for a sentence: as code, in which Markdown means nothing.

    >>> short("[a](http://b.c)"), short("`<b>`")
    ("`'[a](http://b.c)'`", "`'′<b>′'`")
    """
    quoted = repr(written if len(written) <= most else written[:most] + "…")
    return f"`{quoted.replace('`', '′')}`"


def literal(sentence: str) -> str:
    """A sentence that names signs that a visitor typed, so that Markdown means nothing in it.

    >>> literal("[a](b), $c$")
    '\\\\[a\\\\](b), \\\\$c\\\\$'
    """
    return re.sub(r"([\\`*_{}\[\]<>$:~|#!^])", r"\\\1", sentence)


def plain(error: ValueError) -> str:
    """The sentence of an error, with the value that it quotes as code: that may be a visitor's."""
    message = str(error)
    before, got, value = message.partition("Got ")
    if not got:
        return message
    value, instead, after = value.rpartition(" instead")
    value = value if instead else after.rstrip(".")
    rest = f"{instead}{after}" if instead else "."
    return f"{before}{got}`{' '.join(value.replace('`', '′').split())[:80]}`{rest}"


def number(written: str) -> float | None:
    """What a link said, as a number, if it is one."""
    try:
        return float(written)
    except ValueError:
        return None
