"""A table to sort: figures in columns, and links to where they come from."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

ROW, HEAD = 35, 38  # pixels


def table(
    rows: Sequence[Mapping[str, Any]],
    key: str,
    formats: Mapping[str, str] | None = None,
    help: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> None:
    """Rows of the same columns. A click on the head of a column sorts by it.

    `formats` (printf) are for columns of numbers, which may be None; `links` maps columns of
    addresses to the word that is shown instead; `help` says what a column means.
    """
    if not rows:
        return
    shown, helps = dict(formats or {}), dict(help or {})
    linked = dict(links or {})
    columns: dict[str, Any] = {}
    for name in rows[0]:
        if name in linked:
            columns[name] = st.column_config.LinkColumn(
                name, help=helps.get(name), display_text=linked[name]
            )
        elif name in shown:
            columns[name] = st.column_config.NumberColumn(
                name, help=helps.get(name), format=shown[name]
            )
        else:
            columns[name] = st.column_config.TextColumn(name, help=helps.get(name))
    st.dataframe(
        {name: [row[name] for row in rows] for name in columns},
        column_config=columns,
        hide_index=True,
        height=HEAD + ROW * len(rows) + 2,
        key=key,
        placeholder="",
    )
