"""A heat map of shares with their intervals: a table whose cells are coloured, read and clicked."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import streamlit as st

from explorer.draw.palette import ROLE
from explorer.ui.controls import link
from explorer.ui.player.closely import theme

Share = tuple[str, float]  # what is written in a cell, and its colour from 0 to 1
STRONG = 0.55  # of the colour where the share is one, so that words stay readable
BLANK = "–"


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[str, str], Share],
    key: str,
    of: str,
    chosen: Callable[[str, str], Mapping[str, Any]],
) -> None:
    """Rows by columns, by their labels; a click on a cell writes `chosen(row, column)` to the link.

    Cells that are missing show a dash. `of` names the rows.
    """
    pd: Any = import_module("pandas")  # Streamlit's own, slow to import

    words = [[cells.get((row, column), (BLANK, 0.0))[0] for column in columns] for row in rows]
    frame = pd.DataFrame(words, index=pd.Index(rows, name=of), columns=list(columns))
    tints = [[_tint(cells.get((row, column))) for column in columns] for row in rows]
    styled = frame.style.apply(lambda _: pd.DataFrame(tints, frame.index, frame.columns), axis=None)

    def clicked() -> None:
        selected: Any = st.session_state[key].selection.cells
        for at, column in selected[:1]:
            if (rows[at], column) in cells:
                for name, value in chosen(rows[at], column).items():
                    link.write(name, value)

    st.dataframe(
        styled, key=key, on_select=clicked, selection_mode="single-cell", row_height=36,
        height=38 + 36 * len(rows), column_config={"_index": st.column_config.Column(width=230)},
        alt=f"{of} by {', '.join(columns)}, as a table.",
    )  # fmt: skip


def _tint(cell: Share | None) -> str:
    """The colour of a cell: none for nothing, stronger for more."""
    if cell is None:
        return ""
    red, green, blue = (int(ROLE[theme()]["real"][i : i + 2], 16) for i in (1, 3, 5))
    return f"background-color: rgba({red}, {green}, {blue}, {STRONG * cell[1]:.2f})"
