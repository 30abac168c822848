"""Several of a few options at once, as pills."""

from collections.abc import Mapping, Sequence

import streamlit as st

from explorer.ui.controls import link

NONE = "none"


def several(
    label: str,
    options: Mapping[str, str],
    key: str,
    default: Sequence[str] = (),
    help: str | None = None,
) -> tuple[str, ...]:
    """Choose any number of `options` (key to label); the keys in their order, also in the link."""

    def known(written: str) -> tuple[str, ...]:
        parts = [] if written == NONE else written.split(",")
        if set(parts) - set(options):
            raise ValueError(f"The link asks for {key}={link.short(written)}, unknown here.")
        return tuple(option for option in options if option in parts)

    def changed() -> None:
        picked = st.session_state[f"{key}-shown"]
        link.write(key, ",".join(option for option in options if option in picked) or NONE)

    chosen = link.text(key, ",".join(default) or NONE, known, label)
    st.session_state[f"{key}-shown"] = list(chosen)
    st.pills(
        label,
        list(options),
        selection_mode="multi",
        format_func=options.__getitem__,
        key=f"{key}-shown",
        help=help,
        on_change=changed,
        wrap=True,
        disabled=link.locked(key),
    )
    link.show_notice(key)
    return chosen
