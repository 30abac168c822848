"""The player: shows a run live while it trains, and afterwards from memory.

The browser asks, so nothing is lost for good: it says which frames of which run it has, and the
answer is those that follow. It asks about twice a second while a run is live, never once it has
everything, and not while its tab is hidden: then the run's lease ends and the run rests.
"""

from collections.abc import Callable, Hashable
from hashlib import blake2b
from threading import Lock
from weakref import WeakKeyDictionary

import streamlit as st

from explorer import runs
from explorer.draw import palette
from explorer.draw.wire import Film
from explorer.scene import Scene
from explorer.ui.component import HERE

FIRST = 0.15  # seconds that a page waits for the first frame of a new run
MOST = 48  # frames in one answer

_CODE = "".join(
    (HERE / name).read_text(encoding="utf-8") for name in ("player_marks.js", "player.js")
)
_VERSION = blake2b(_CODE.encode(), digest_size=6).hexdigest()
_player = st.components.v2.component(
    "explorer_player",
    html='<div class="root"></div>',
    css=(HERE / "player.css").read_text(encoding="utf-8"),
    js=(HERE / "player_loader.js").read_text(encoding="utf-8"),
)
_films: "WeakKeyDictionary[runs.Job, dict[tuple[str, str], Film]]" = WeakKeyDictionary()
_lock = Lock()
_PALETTE = {
    theme: {
        "roles": palette.ROLE[theme],
        "surface": palette.SURFACE[theme],
        "classes": palette.CLASSES[theme],
    }
    for theme in palette.ROLE
}

Picture = Callable[..., Scene]


def player(
    process: runs.Process,
    config: Hashable,
    scene: Picture,
    *,
    key: str,
    views: dict[str, str] | None = None,
    after: runs.Job | None = None,
    autoplay: bool = True,
) -> runs.Job:
    """Show the run of `process(config)`, the same one for everybody; returns its job at once.

    `scene(snapshot, view)` draws a snapshot in one of `views` (key -> label), or `scene(snapshot)`
    without views. With `after`, the process is `process(config, after.model)`. When the run ends
    the page runs once more, so that it can go on with `job.model`.
    """
    from explorer.ui.controls import choose

    view = ""
    if views:
        view = next(iter(views))
        if len(views) > 1:
            view = choose("View", views, key=f"{key}_view")
    job = runs.watch(process, config, after)
    job.wait_for(1, FIRST)
    st.session_state[f"{key}-ended"] = _name(job) if job.ended else ""
    _live(process, config, scene, view, after, key, autoplay)
    if job.status == "failed":
        st.error(job.reason)
    return job


@st.fragment
def _live(
    process: runs.Process,
    config: Hashable,
    scene: Picture,
    view: str,
    after: runs.Job | None,
    key: str,
    autoplay: bool,
) -> None:
    ask = st.session_state.get(f"{key}-player", {}).get("ask") or {}
    job = runs.watch(process, config, after, train=ask.get("want") != "rest")
    name = f"{_name(job)}-{view}"
    if ask.get("want") == "step" and ask.get("run") == name:
        job.step()
        job.wait_for(int(ask.get("have", 0)) + 1, FIRST)
    film = _film(job, scene, view)
    first = ask.get("have", 0) if ask.get("run") == name else 0
    first = min(max(int(first), 0), len(film.frames))
    last = min(first + MOST, len(film.frames))
    header = {
        "run": name,
        "total": len(film.frames),
        "ended": job.ended,
        "failed": job.status == "failed",
        "ahead": runs.ahead(job),
        "interval": 0.1 if not film.frames else 0.5,
        "autoplay": autoplay,
        "version": _VERSION,
        **({"palette": _PALETTE, "code": _CODE} if first == 0 else {}),
    }
    _player(
        key=f"{key}-player",
        data=film.packet(first, last, header),
        default={"ask": None},
        on_ask_change=lambda: None,
    )
    if job.ended and st.session_state.get(f"{key}-ended") != _name(job):
        st.session_state[f"{key}-ended"] = _name(job)
        st.rerun()


def _film(job: runs.Job, scene: Picture, view: str) -> Film:
    """The frames of a job so far in one view; each is drawn and encoded once for everybody."""
    with _lock:
        films = _films.setdefault(job, {})
        film = films.setdefault((scene.__module__ + scene.__qualname__, view), Film())
        for snapshot in job.snapshots[len(film.frames) :]:
            film.add(scene(snapshot, view) if view else scene(snapshot))
    return film


def _name(job: runs.Job) -> str:
    """A short name of a run that is the same in every process."""
    return blake2b(repr(job.key).encode(), digest_size=8).hexdigest()
