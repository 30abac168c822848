"""Take it: pictures, animations, numbers, weights and code of a run, made when clicked."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from explorer import runs
from explorer.draw import sound
from explorer.draw.palette import Theme
from explorer.runs import export, standalone
from explorer.scene import Scene, Sound
from explorer.ui.classroom.visit import PRIVATE
from explorer.ui.controls import link
from explorer.ui.player.closely import frame_slider, one, theme

ANIMATIONS: dict[export.Kind, str] = {"webp": "WebP", "gif": "GIF"}
SOUNDS: dict[str, Callable[[Sound], bytes]] = {"WAV": sound.wav, "MIDI": sound.midi}
LETTERS = 12  # that a sentence names
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
        end = len(snapshots) - 1
        last = one(scene, snapshots[end], view)
        frame = frame_slider(snapshots, last.unit, f"{key}-take-frame")
        first, shown = (last if at == end else one(scene, snapshots[at], view) for at in (0, frame))
        shade = _shade(key)
        name, settings = file_name(job, view), settings_of(job, _link())

        def scenes() -> list[Scene]:
            """Of the run as far as it has come when the button is clicked."""
            return [one(scene, snapshot, view) for snapshot in list(job.snapshots)]

        def animation(kind: export.Kind) -> Callable[[], bytes]:
            return lambda: export.animation(scenes(), kind, shade, settings=settings)

        boxes = export.lacking([first, shown, last])
        if boxes:
            letters = ", ".join(boxes[:LETTERS]) + (" and others" if boxes[LETTERS:] else "")
            st.caption(
                f":material/info: The typeface of pictures and animations has no {letters}: boxes "
                "stand for them."
            )
        _download(
            "This frame as PNG", lambda: export.png(scenes(), frame, shade, settings=settings),
            f"{name}-step-{snapshots[frame].step}.png", "image/png", f"{key}-take-png",
            "Twice as fine as the screen; all settings are in its metadata.",
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
            "Numbers as CSV", lambda: export.curves(scenes(), settings),
            f"{name}.csv", "text/csv", f"{key}-take-csv",
            "All settings, the readings of every frame and the curves up to the last.",
        )  # fmt: skip
        for number, heard in enumerate(shown.sounds):
            for column, (ending, make) in zip(st.columns(2), SOUNDS.items()):
                with column:
                    _download(
                        f"{heard.label} as {ending}", partial(make, heard),
                        f"{name}-{number}.{ending.lower()[:3]}", f"audio/{ending.lower()}",
                        f"{key}-take-{ending}-{number}", "What is heard at this frame.",
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


def settings_of(job: runs.Job, address: str) -> dict[str, str]:
    """What a run depends on, by name: its process and config, those it builds upon, the link."""
    found = {"run": f"{_concept(job)}.{job.process.__name__}", **export.settings(job.config)}
    before = job.after
    while before is not None:
        inner = export.settings(before.config)
        found |= {f"{before.process.__name__}.{name}": value for name, value in inner.items()}
        before = before.after
    return found | {"link": address}


def file_name(job: runs.Job, view: str) -> str:
    """A name that tells files of a folder apart: concept, process, data, seed, and the run."""
    config = job.config
    data = getattr(config, "dataset", getattr(job.after and job.after.config, "dataset", ""))
    seed = getattr(config, "seed", getattr(job.after and job.after.config, "seed", ""))
    parts = [_concept(job), job.process.__name__, view, str(data)[:16], f"seed {seed}".strip()]
    words = [re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts]
    return "-".join([word for word in words if word] + [job.name[:6]])


def _concept(job: runs.Job) -> str:
    """The name of the concept that a run belongs to."""
    parts = job.process.__module__.split(".")
    return parts[2] if parts[:2] == ["explorer", "concepts"] else parts[-1]


def _link() -> str:
    """The address of the page with everything that a control holds, defaults as well."""
    held = {**link.everything(), **st.query_params.to_dict()}
    query = urlencode({key: value for key, value in held.items() if key not in PRIVATE})
    address = (st.context.url or "").split("?")[0]
    return f"{address}?{query}" if query else address
