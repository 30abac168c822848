"""What comes next: the chances at every place of a text, as bars that can be clicked."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from explorer.ui.component import component
from explorer.ui.controls import link

_bars = component("next_symbol")


class Bar(Protocol):
    """A symbol that may come next; `then` is the text that goes on with it."""

    @property
    def label(self) -> str: ...
    @property
    def before(self) -> float: ...
    @property
    def after(self) -> float: ...
    @property
    def then(self) -> str: ...


class Place(Protocol):
    """A place of the text: what came there (or ""), its chance, and what was expected."""

    @property
    def label(self) -> str: ...
    @property
    def chance(self) -> float: ...
    @property
    def bars(self) -> Sequence[Bar]: ...


def next_symbol(places: Sequence[Place], key: str) -> None:
    """Show the places of the text under `key`; a click on a bar goes on with it."""

    def on_picked() -> None:
        said = st.session_state[f"{key}-bars"].picked
        if isinstance(said, str) and said in {bar.then for place in places for bar in place.bars}:
            link.write(key, said)

    _bars(
        key=f"{key}-bars",
        data={
            "places": [
                {
                    "label": place.label,
                    "chance": round(place.chance, 5),
                    "bars": [
                        [bar.label, round(bar.before, 5), round(bar.after, 5), bar.then]
                        for bar in place.bars
                    ],
                }
                for place in places
            ]
        },
        on_picked_change=on_picked,
    )
