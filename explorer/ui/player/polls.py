"""What a browser is answered that asks for frames, whichever way it came.

Streamlit's way is a run of the player's fragment: it knows the session, and costs some milliseconds
of the interpreter, most of them Streamlit's own. Where a browser wants nothing but the frames that
follow, it asks `Polls` by a plain request instead. That knows only what a fragment has shown
before; to all else it answers with nothing, and the browser comes back the first way.
"""

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary, WeakValueDictionary

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer import give_back, runs
from explorer.ui.player import recordings

MOST = 48  # frames in one answer
CALM = 15  # viewers up to which everybody is answered twice a second
SLOWEST = 2.5  # seconds between two asks; well within the lease of a run
SETTLE = 0.1  # seconds by viewer over which their pages go on when their run is over
AGAIN = "The run was interrupted. It starts over and repeats itself: nothing is lost."
MOST_VIEWERS = 2000  # of which it is known what they have been sent
PATH = "/_frames"  # the end of the address that `Polls` answers
KIND = b"application/octet-stream"


class Sent(NamedTuple):
    """What a viewer has been sent: up to which frame of which run, since it asked as `n`."""

    n: float
    run: str
    last: int


_sent: OrderedDict[str, Sent] = OrderedDict()  # by viewer, who asked least recently first
_jobs: WeakValueDictionary[str, runs.Job] = WeakValueDictionary()  # by name
_pictures: WeakKeyDictionary[runs.Job, dict[str, recordings.Picture]] = WeakKeyDictionary()
_lock = Lock()


def sent(viewer: str, n: float, run: str) -> int:
    """How many frames of a run a viewer was sent since it asked as `n`.

    The page may run again and the browser not ask again: then it has more than it said.
    """
    known = _sent.get(viewer)
    return known.last if known and known[:2] == (n, run) else 0


def packet(
    job: runs.Job,
    scene: recordings.Picture,
    view: str,
    have: int,
    viewer: str,
    n: float,
    gone_on: bool = False,
    more: dict[str, Any] | None = None,
) -> bytes:
    """The frames that follow the first `have` of a run, and a header with `more`.

    `gone_on`, the page has run since the run's end, and has its model.
    """
    again, ended = starts_over(job, have), job.ended
    total = len(job.snapshots)
    recording = recordings.recording(job, scene, view, min(have + MOST, total))
    first = min(have, len(recording.frames))
    last = min(first + MOST, len(recording.frames))
    others = job.viewers(time.monotonic()) - 1
    header = {
        "run": job.name,
        "view": view,
        "total": total,
        "expected": expected(job),
        "ended": ended,
        "settle": SETTLE * max(0, others) if ended and not gone_on else None,
        "failed": job.reason,
        "note": AGAIN if again else "" if job.snapshots else note(job),
        "again": again,
        "shared": runs.ahead(job),
        "interval": interval(job),
        "shape": None if recording.frames else recordings.shape(scene, view),
        "n": n,
        "polls": address(),
        "viewer": viewer,
        **(more or {}),
    }
    with _lock:
        _jobs[job.name] = job
        _pictures.setdefault(job, {})[view] = scene
        _sent[viewer] = Sent(n, f"{job.name}-{view}", last)
        _sent.move_to_end(viewer)
        while len(_sent) > MOST_VIEWERS:
            _sent.popitem(last=False)
    return recording.packet(first, last, header)


def answer(query: str) -> bytes | None:
    """The packet that a request asks for; None when a fragment has to answer it."""
    asked = dict(parse_qsl(query))
    viewer, view, have = asked.get("viewer", ""), asked.get("view", ""), asked.get("have", "")
    with _lock:
        job, known = _jobs.get(asked.get("run", "")), _sent.get(viewer)
        scene = _pictures.get(job, {}).get(view) if job else None
    if not job or not known or not scene or not have.isdecimal() or len(have) > 9:
        return None
    if known.run != f"{job.name}-{view}":
        return None  # this viewer watches something else by now
    give_back()  # a page may train for minutes without a run of its own
    job = runs.watch(job.process, job.config, job.after, viewer)
    return packet(job, scene, view, int(have), viewer, known.n)


class Polls:
    """Answers what ends with `PATH`, under whatever path the app lies; middleware of ASGI."""

    served = False  # in this process

    def __init__(self, app: ASGIApp) -> None:
        self.app, Polls.served = app, True
        self.threads = ThreadPoolExecutor(4, "polls")  # frames may have to be drawn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith(PATH):
            await self.poll(scope, send)
        else:
            await self.app(scope, receive, send)

    async def poll(self, scope: Scope, send: Send) -> None:
        """Answer one request."""
        query = scope["query_string"].decode("latin-1")
        body = await asyncio.get_running_loop().run_in_executor(self.threads, answer, query)
        headers = [
            (b"content-type", KIND),
            (b"content-length", str(len(body or b"")).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        status = 204 if body is None else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body or b""})


def address() -> str:
    """Where `Polls` answers, as the browser sees it; "" where nobody does."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"{'/' * bool(base)}{base}{PATH}" if Polls.served else ""


def interval(job: runs.Job) -> float:
    """Seconds until the browser should ask again: longer when many do."""
    waits = not job.snapshots and not runs.queue(job).ahead
    return 0.1 if waits else min(SLOWEST, 0.5 * max(1.0, runs.viewers() / CALM))


def expected(job: runs.Job) -> int | None:
    """How many snapshots the whole run will have, if that can be told."""
    count, share = len(job.snapshots), job.share()
    return None if not share else max(count, round((count - 1) / share) + 1)


def starts_over(job: runs.Job, have: int) -> bool:
    """Whether a run repeats some of the browser's `have` frames: its thread or server ended."""
    return not job.ended and (job.repeats or have > len(job.snapshots))


def note(job: runs.Job) -> str:
    """Why there is nothing to see yet."""
    if job.after and not job.after.ended:
        share = job.after.share()
        done = f": {share:.0%} done" if share else ""
        return f"First the model it builds upon is trained{done}."
    queue = runs.queue(job)
    if queue.ahead:
        others = "1 run" if queue.ahead == 1 else f"{queue.ahead} runs"
        wait = "" if queue.seconds is None else f", about {max(1, round(queue.seconds))} s"
        return f"{others} ahead of yours{wait}. {queue.shared} take turns just now."
    if queue.shared:
        others = "another run" if queue.shared == 1 else f"{queue.shared} other runs"
        return f"Starting; the machine is shared with {others}."
    return "Starting: loading data and building the model."
