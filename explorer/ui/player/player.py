"""The player: shows a run live while it trains, and afterwards from memory.

The browser asks, so nothing is lost for good: it says which frames of which run it has, and the
answer is those that follow. It asks about twice a second while a run is live, never once it has
everything, and not while its tab is hidden: then the run's lease ends and the run rests.

A component's JavaScript travels with every message, so `loader.js` is all that does. The player
itself (`player.js` and what it imports) comes once per tab, in the first answer; no address has to
be served for it and none could be wrong behind a proxy. Where the server answers plain requests,
`polls.py` takes over what is asked most.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from pathlib import Path
from uuid import uuid4

import streamlit as st

from explorer import runs
from explorer.draw import palette
from explorer.ui.classroom.board import board
from explorer.ui.controls import link
from explorer.ui.player import polls, recordings
from explorer.ui.player.closely import closely
from explorer.ui.script import linked
from explorer.ui.take.take import take

FIRST = 0.15  # seconds that a page waits for the first frame of a new run

HERE = Path(__file__).parent
_CODE = linked(HERE / "player.js")
_STYLE = (HERE / "player.css").read_text(encoding="utf-8")
VERSION = blake2b((_CODE + _STYLE).encode(), digest_size=6).hexdigest()
_ONCE = {
    "code": _CODE,
    "style": _STYLE,
    "palette": {
        theme: {
            "roles": palette.ROLE[theme],
            "surface": palette.SURFACE[theme],
            "classes": palette.CLASSES[theme],
        }
        for theme in palette.ROLE
    },
}
_player = st.components.v2.component(
    "explorer_player",
    html='<div class="root" style="min-height: 20rem"></div>',
    js=(HERE / "loader.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Ask:
    """What a browser said: it has `have` frames of `run`, and wants it to train, rest or step.

    It wants "over" when it has all frames and the page may go on with the model.
    """

    run: str = ""
    have: int = 0
    want: str = "train"
    version: str = ""  # of the player's code that it has
    n: float = 0.0  # differs from one message to the next


def watch(
    process: runs.Process,
    config: Hashable,
    after: runs.Job | None = None,
    *,
    key: str,
    train: bool = True,
) -> runs.Job:
    """The run of `process(config)`, the same one for everybody, asked for by this visitor.

    With `after`, the process is `process(config, after.model)`, and starts when that run is done.
    It rests where the visitor paused the player of this `key`; `train` False only looks at it.
    """
    train = train and not _rests(_asked(key), runs.name(process, config, after))
    return runs.watch(process, config, after, f"{_viewer()}-{key}", train)


def play(
    job: runs.Job,
    scene: recordings.Picture,
    *,
    key: str,
    views: dict[str, str] | None = None,
    autoplay: bool = True,
    beside: bool = False,
) -> None:
    """Show a run that `watch` has just asked for under the same `key`.

    `scene(snapshot, view)` draws a snapshot in one of `views` (key -> label), or `scene(snapshot)`
    without views. When the run ends the page runs once more, so that it can go on with
    `job.model`. Without `autoplay` the run trains and the picture waits for the play button.
    With `beside`, a picture of several lines, or of one or two panels, has its numbers beside it on
    a wide screen, so that both are seen at once. Underneath, closed, what can be taken away and the
    frame to look at closely.
    """
    view = _choose(views, f"{key}_view") if views else ""
    _mark(job, view, key)
    if not job.snapshots:
        job.wait_for(1, FIRST)
    st.session_state[f"{key}-ended"] = job.name if job.ended else ""
    _live(job, scene, view, key, autoplay, beside, [job])
    narrow, wide = st.columns([1, 6], gap="small")
    with narrow:
        take(job, scene, view, key)
    with wide:
        closely(job, scene, view, key)
    board(job, scene, view, key)


def _mark(job: runs.Job, view: str, key: str) -> None:
    """Say beside the controls what they ask for: nothing else is painted as if it belonged there.

    It is in the browser before the player has its first frame, or even its answer.
    """
    with st.container(key=f"linked-run-{key}"):
        st.markdown(
            f'<i data-player="{escape(key)}" data-run="{escape(job.name)}"'
            f' data-view="{escape(view)}"></i>',
            unsafe_allow_html=True,
        )


def _choose(views: dict[str, str], name: str) -> str:
    """The view that the link asks for, with a switch when there is more than one."""
    first = next(iter(views))
    if len(views) == 1:
        return first

    def known(written: str) -> str:
        if written not in views:
            raise ValueError(f"The link asks for {name}={link.short(written)}, unknown here.")
        return written

    def turned() -> None:
        link.write(name, st.session_state[f"{name}-shown"])

    chosen = link.text(name, first, known)
    st.session_state[f"{name}-shown"] = chosen
    st.segmented_control(
        "View",
        list(views),
        format_func=views.__getitem__,
        key=f"{name}-shown",
        on_change=turned,
        required=True,
        label_visibility="collapsed",
    )
    link.show_notice(name)
    return chosen


@st.fragment
def _live(
    job: runs.Job,
    scene: recordings.Picture,
    view: str,
    key: str,
    autoplay: bool,
    beside: bool,
    asked: list[runs.Job],
) -> None:
    """The picture and its answers. `asked` is emptied by the page run, which did ask for the job:
    when the fragment runs again on its own, it asks anew."""
    ask = _asked(key)
    if asked:
        asked.clear()
    else:
        job = watch(job.process, job.config, job.after, key=key)
    name, viewer = f"{job.name}-{view}", f"{_viewer()}-{key}"
    have = max(0, ask.have) if ask.run == name else 0
    if ask.want == "step" and ask.run == name and have >= len(job.snapshots):
        job.step(have + 1 - len(job.snapshots))
        job.wait_for(have + 1, FIRST)
    have = max(have, polls.sent(viewer, ask.n, name))
    gone_on = st.session_state.get(f"{key}-ended") == job.name
    if job.ended and not gone_on and ask.want == "over" and ask.run == name:
        st.session_state[f"{key}-ended"] = job.name
        st.rerun()
    more = {
        "key": key,
        "autoplay": autoplay,
        "beside": beside,
        "version": VERSION,
        **({} if ask.version == VERSION else _ONCE),
    }
    _player(
        key=f"{key}-player",
        data=polls.packet(job, scene, view, have, viewer, ask.n, gone_on, more),
        default={"ask": None},
        on_ask_change=lambda: None,
    )


def _asked(key: str) -> Ask:
    """What the browser said last, whatever it said."""
    message = st.session_state.get(f"{key}-player", {}).get("ask")
    if not isinstance(message, dict):
        return Ask()
    kinds = {"run": str, "have": int, "want": str, "version": str, "n": int | float}
    return Ask(
        **{
            name: message[name]
            for name, kind in kinds.items()
            if isinstance(message.get(name), kind)
        }
    )


def _rests(ask: Ask, run: str) -> bool:
    """Whether this viewer paused this very run."""
    return ask.want in ("rest", "step") and ask.run.startswith(run)


def _viewer() -> str:
    return st.session_state.setdefault("_viewer", uuid4().hex)
