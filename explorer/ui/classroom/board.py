"""The class board: one setting, a seed for every browser, and all results side by side."""

import base64
import io
from collections.abc import Callable, Hashable
from dataclasses import is_dataclass, replace
from typing import Any, Literal

import streamlit as st

from explorer import runs
from explorer.draw.flows import TITLE
from explorer.draw.pillow_scene import HEADER, MARGIN, picture
from explorer.scene import Images, Points, Scene
from explorer.ui.classroom import rooms
from explorer.ui.classroom.visit import browser, visit
from explorer.ui.component import component
from explorer.ui.player.closely import drawn

WIDTH = 240  # pixels of a picture
PACE = 3.0  # seconds between two looks at the wall
_board = component("classroom/board")


def board(job: runs.Job, scene: Callable[..., Scene], view: str, key: str) -> None:
    """In a room, closed: what the browsers that run this setting made of it, seed by seed.

    A run that ended hangs its last picture and its numbers there, without a name.
    """
    here = visit()
    config: Any = job.config
    if not here.room or job.after or not is_dataclass(config) or not hasattr(config, "seed"):
        return
    setting = f"{runs.name(job.process, _unseeded(config))}-{view}"
    who = browser()
    if job.status == "done" and not any(
        tile.seed == config.seed for tile in rooms.here.board(here.room, setting)
    ):
        rooms.here.hang(
            here.room, setting, who, _tile(drawn(scene, job.snapshots, view), config.seed)
        )
    with st.expander("Class board: every seed of this setting", icon=":material/grid_view:",
                     expanded=here.own):  # fmt: skip
        st.fragment(_wall, run_every=PACE)(here.room, setting, config.seed, key)


def _unseeded(config: Any) -> Hashable:
    return replace(config, seed=0)


def _wall(room: str, setting: str, seed: int, key: str) -> None:
    tiles = rooms.here.board(room, setting)
    if not tiles:
        st.caption("Nothing hangs here yet: the first run that ends will.")
        return
    dark = st.context.theme.type == "dark"
    names = [name for name, _, _ in tiles[0].readings]
    _board(
        key=f"{key}-board",
        data={
            "mine": seed,
            "tiles": [
                {
                    "seed": tile.seed,
                    "src": "data:image/webp;base64,"
                    + base64.b64encode(tile.dark if dark else tile.picture).decode(),
                    "says": tile.sentence,
                }
                for tile in tiles
            ],
            "readings": [
                {
                    "name": name,
                    "unit": tiles[0].readings[i][2],
                    "values": [[tile.seed, tile.readings[i][1]] for tile in tiles],
                }
                for i, name in enumerate(names)
                if all(len(tile.readings) > i and tile.readings[i][0] == name for tile in tiles)
            ],
        },
    )


def _tile(shown: Scene, seed: int) -> rooms.Tile:
    """The panel that shows what was generated, small, and all numbers."""
    panel = shown.panels[_main_panel(shown)]
    bare = replace(panel, title="", caption="")
    one = replace(shown, panels=[bare], rows=(), flows=(), readings=(), sentence="", title="")
    numbers = tuple((each.label, float(each.value), each.unit) for each in shown.readings)
    light, dark = _drawn(one, "light"), _drawn(one, "dark")
    return rooms.Tile(seed, light, numbers, shown.sentence, dark)


def _drawn(one: Scene, theme: Literal["light", "dark"]) -> bytes:
    """A scene of one panel without any words above it, as WebP."""
    whole, top = picture(one, theme, WIDTH), MARGIN + HEADER + TITLE - 6
    file = io.BytesIO()
    whole.crop((0, top, WIDTH, min(whole.height, top + WIDTH - 28))).save(file, "WEBP", quality=80)
    return file.getvalue()


def _main_panel(shown: Scene) -> int:
    """The last panel with points or images of the model; else the one with most to see."""
    of_model = [
        index
        for index, panel in enumerate(shown.panels)
        if panel.kind != "chart"
        for mark in panel.marks
        if isinstance(mark, Points | Images) and mark.role == "model"
    ]
    return (
        of_model[-1]
        if of_model
        else max(range(len(shown.panels)), key=lambda i: len(shown.panels[i].marks))
    )
