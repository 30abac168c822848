"""What comes next: the probabilities at every position of a text, as bars that can be clicked."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from explorer.ui.component import component
from explorer.ui.controls import link

_bars = component("next_token")


class Bar(Protocol):
    """A token that may come next; `then` is the text that goes on with it."""

    @property
    def label(self) -> str: ...
    @property
    def before(self) -> float: ...
    @property
    def after(self) -> float: ...
    @property
    def then(self) -> str: ...


class Position(Protocol):
    """A position of the text: what came there (or ""), its probability, and what was expected."""

    @property
    def label(self) -> str: ...
    @property
    def probability(self) -> float: ...
    @property
    def bars(self) -> Sequence[Bar]: ...


def next_token(positions: Sequence[Position], key: str) -> None:
    """Show the positions of the text under `key`; a click on a bar goes on with it."""

    def on_picked() -> None:
        picked = st.session_state[f"{key}-bars"].picked
        if isinstance(picked, str) and picked in {
            bar.then for position in positions for bar in position.bars
        }:
            link.write(key, picked)

    _bars(
        key=f"{key}-bars",
        data={
            "positions": [
                {
                    "label": position.label,
                    "probability": round(position.probability, 5),
                    "bars": [
                        [bar.label, round(bar.before, 5), round(bar.after, 5), bar.then]
                        for bar in position.bars
                    ],
                }
                for position in positions
            ]
        },
        on_picked_change=on_picked,
    )
