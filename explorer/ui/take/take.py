"""Take it: pictures, animations, numbers, weights and code of a run, made when clicked."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from explorer import runs
from explorer.draw.palette import Theme
from explorer.runs import export, standalone
from explorer.scene import Scene
from explorer.ui.player.closely import frame_slider, one, theme

ANIMATIONS: dict[export.Kind, str] = {"webp": "WebP", "gif": "GIF"}
SECONDS = 6  # that an animation takes


@st.fragment
def take(
    job: runs.Job,
    scene: Callable[..., Scene],
    view: str,
    key: str,
    functions: Sequence[Any] = (),
) -> None:
    """A popover with everything of a run that can be taken away; `functions` go with the code."""
    box = st.popover("Take it", icon=":material/download:", key=f"{key}-take", on_change="rerun")
    if not box.open:
        return
    with box:
        snapshots = list(job.snapshots)
        if not snapshots:
            st.caption("The run has no frame yet. Close this and open it again in a moment.")
            return
        unit = one(scene, snapshots[-1], view).unit
        frame = frame_slider(snapshots, unit, f"{key}-take-frame")
        shade = _shade(key)
        name = f"{_concept(job)}-{job.name[:6]}"

        def scenes() -> list[Scene]:
            """Of the run as far as it has come when the button is clicked."""
            return [one(scene, snapshot, view) for snapshot in list(job.snapshots)]

        def animation(kind: export.Kind) -> Callable[[], bytes]:
            return lambda: export.animation(scenes(), kind, shade)

        _download(
            "This frame as PNG", lambda: export.png(scenes(), frame, shade),
            f"{name}-step-{snapshots[frame].step}.png", "image/png", f"{key}-take-png",
            "Twice as fine as the screen.",
        )  # fmt: skip
        for column, (kind, label) in zip(st.columns(2), ANIMATIONS.items()):
            with column:
                _download(
                    f"Animation as {label}", animation(kind), f"{name}.{kind}", f"image/{kind}",
                    f"{key}-take-{kind}",
                    f"At most {export.MOST} frames of the run so far; it repeats for ever.",
                )  # fmt: skip
        st.caption(f"An animation is drawn in about {SECONDS} seconds; then its download begins.")
        _download(
            "Numbers as CSV", lambda: export.curves(scenes()),
            f"{name}.csv", "text/csv", f"{key}-take-csv",
            "The readings of every frame and the curves up to the last.",
        )  # fmt: skip
        if hasattr(job.model, "weights"):
            _download(
                "Weights as .npz", lambda: export.weights(job.model) or b"",
                f"{name}.npz", "application/octet-stream", f"{key}-take-npz",
                "Every parameter by name, for numpy.load.",
            )  # fmt: skip
        if standalone.possible(job, scene):
            _download(
                "Code on its own", lambda: standalone.bundle(job, scene, view, functions),
                f"{name}.zip", "application/zip", f"{key}-take-zip",
                "A folder that needs nothing of this app: run.py trains this very model again.",
            )  # fmt: skip
        st.caption("The link to this experiment, all settings and the seed included:")
        st.code(_link(), language=None, wrap_lines=True)


def _shade(key: str) -> Theme:
    names: dict[Theme, str] = {"light": "light", "dark": "dark"}
    chosen = st.segmented_control(
        "Background", list(names), default=theme(), key=f"{key}-take-theme", required=True
    )
    return chosen or theme()


def _download(
    label: str, make: Callable[[], bytes], file: str, mime: str, key: str, help: str
) -> None:
    """A button that makes its file when it is clicked, outside of the script."""
    st.download_button(
        label, make, file, mime, key=key, help=help, on_click="ignore", width="stretch"
    )


def _concept(job: runs.Job) -> str:
    """The name of the concept that a run belongs to."""
    parts = job.process.__module__.split(".")
    return parts[2] if parts[:2] == ["explorer", "concepts"] else parts[-1]


def _link() -> str:
    """The address of the page with everything that is bound to it."""
    from urllib.parse import urlencode

    query = urlencode(st.query_params.to_dict())
    address = (st.context.url or "").split("?")[0]
    return f"{address}?{query}" if query else address
