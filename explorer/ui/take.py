"""Take it: pictures, films, numbers, weights and code of a run. Nothing is made before a click."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from explorer import runs
from explorer.draw.palette import Theme
from explorer.runs import export, standalone
from explorer.scene import Scene
from explorer.ui.closely import drawn, frame_slider, theme

FILMS: dict[export.Kind, str] = {"webp": "WebP", "gif": "GIF"}


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
        unit = drawn(scene, snapshots[-1], view).unit
        frame = frame_slider(snapshots, unit, f"{key}-take-frame")
        shade = _shade(key)
        name = f"{_concept(job)}-{job.name[:6]}"

        def scenes(indices: Sequence[int]) -> list[Scene]:
            return [drawn(scene, snapshots[i], view) for i in indices]

        _download(
            "This frame as PNG",
            lambda: export.png(scenes(range(len(snapshots))), frame, shade),
            f"{name}-step-{snapshots[frame].step}.png", "image/png", f"{key}-take-png",
            "Twice as fine as the screen.",
        )  # fmt: skip
        if len(snapshots) > 1:
            wanted = (name, view, len(snapshots), shade)
            _film(lambda: scenes(export.chosen(len(snapshots))), wanted, key)
        _download(
            "Numbers as CSV", lambda: export.curves(scenes(range(len(snapshots)))),
            f"{name}.csv", "text/csv", f"{key}-take-csv",
            "The readings of every frame and the curves of the last one.",
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


def _film(scenes: Callable[[], list[Scene]], run: tuple[str, str, int, Theme], key: str) -> None:
    """Two buttons that draw a film, which takes some seconds, and then offer the file."""
    made = st.session_state.get(f"{key}-film")
    for column, (kind, label) in zip(st.columns(2), FILMS.items()):
        wanted, (name, *_, shade) = (*run, kind), run
        with column:
            if made and made[0] == wanted:
                st.download_button(
                    f"Save the {label}", made[1], f"{name}.{kind}", f"image/{kind}",
                    key=f"{key}-take-save-{kind}", on_click="ignore", type="primary",
                    width="stretch",
                )  # fmt: skip
            elif st.button(
                f"Film as {label}",
                key=f"{key}-take-{kind}",
                width="stretch",
                help=f"At most {export.MOST} frames of the run so far, drawn in a few seconds.",
            ):
                # Only the latest film is kept: a session should not grow with every click.
                st.session_state[f"{key}-film"] = (wanted, _drawn_film(scenes, kind, shade))
                st.rerun(scope="fragment")


def _drawn_film(scenes: Callable[[], list[Scene]], kind: export.Kind, shade: Theme) -> bytes:
    bar = st.progress(0.0, "Drawing the frames")

    def progress(share: float) -> None:
        bar.progress(share, f"Drawing the frames: {share:.0%}")

    return export.film(scenes(), kind, shade, progress=progress)


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
