"""Look closely: a frame of a run as a figure to zoom, hover and turn. Closed it costs nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from explorer import runs
from explorer.draw.palette import Theme
from explorer.scene import Field, Scene, gathered, grows

CONFIG = {"displaylogo": False, "responsive": True, "scrollZoom": False}


@st.fragment
def closely(job: runs.Job, scene: Callable[..., Scene], view: str, key: str) -> None:
    """An expander with a frame of the run as a plotly figure."""
    box = st.expander(
        "Look closely", icon=":material/zoom_in:", key=f"{key}-closely", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        snapshots = list(job.snapshots)
        if not snapshots:
            st.caption("The run has no frame yet. Close this and open it again in a moment.")
            return
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom", gap="medium")
        with left:
            unit = one(scene, snapshots[-1], view).unit
            frame = frame_slider(snapshots, unit, f"{key}-closely-frame")
        shown = drawn(scene, snapshots[: frame + 1], view)
        titles = [*(panel.title for panel in shown.panels), "The whole picture"]
        with middle:
            chosen = st.selectbox(
                "Panel",
                range(len(titles)),
                _richest(shown),
                format_func=titles.__getitem__,
                key=f"{key}-closely-panel-{view}",
                help="A panel on its own gets all the room.",
            )
        panel = chosen if chosen < len(shown.panels) else -1
        panels = shown.panels if panel < 0 else [shown.panels[panel]]
        fields = any(isinstance(mark, Field) for each in panels for mark in each.marks)
        with right:
            surface = fields and st.toggle(
                "In 3-D", key=f"{key}-closely-3d", help="Heights instead of colours. Drag to turn."
            )
        _figure(shown, panel, surface, f"{key}-closely-figure")


def _figure(scene: Scene, panel: int, surface: bool, key: str) -> None:
    from explorer.draw.plotly_scene import alone, figure  # plotly takes a second to import

    shown = alone(scene, panel) if panel >= 0 else scene
    st.plotly_chart(
        figure(shown, theme(), surface), theme=None, config=CONFIG, key=key, alt=scene.sentence
    )
    st.caption(
        "Drag to zoom, double-click to zoom out, click a name in the legend to hide it. The "
        "numbers under the pointer are those that the picture is drawn from."
    )


def _richest(scene: Scene) -> int:
    """The panel with most to see."""
    return max(range(len(scene.panels)), key=lambda i: len(scene.panels[i].marks))


def frame_slider(snapshots: Sequence[Any], unit: str, key: str) -> int:
    """Which of the frames of a run; the last one at first."""
    count = len(snapshots)
    if count == 1:
        return 0
    labels = [f"{unit} {snapshot.step:,}" for snapshot in snapshots]
    return int(
        st.select_slider("Frame", range(count), count - 1, format_func=labels.__getitem__, key=key)
    )


def drawn(scene: Callable[..., Scene], snapshots: Sequence[Any], view: str) -> Scene:
    """The picture of the last of these snapshots; the others tell how its curves have grown."""
    last = one(scene, snapshots[-1], view)
    if not grows(last):
        return last
    return gathered([*(one(scene, each, view) for each in snapshots[:-1]), last])


def one(scene: Callable[..., Scene], snapshot: Any, view: str) -> Scene:
    """What the picture of a snapshot adds, in a view when there are any."""
    return scene(snapshot, view) if view else scene(snapshot)


def theme() -> Theme:
    """The theme that the visitor sees."""
    return "dark" if st.context.theme.type == "dark" else "light"
