"""Frames of runs, drawn and encoded once for everybody who watches them."""

import time
from collections.abc import Callable, Hashable
from inspect import unwrap
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from explorer import runs
from explorer.draw.wire import Recording
from explorer.scene import Scene

Picture = Callable[..., Scene]

BUDGET = 0.06  # seconds of drawing for one answer, so that a poll never waits for a whole recording
MOST_BYTES = 48 * 2**20  # of all recordings; what is forgotten is drawn again when asked for


class Shared:
    """The recording of one run in one view, with its lock."""

    def __init__(self) -> None:
        self.recording, self.lock, self.used = Recording(), Lock(), 0.0

    def grow(self, job: runs.Job, picture: Picture, view: str, upto: int) -> Recording:
        """Draw snapshots that are missing, at least one, up to number `upto` or the budget."""
        with self.lock:
            self.used = time.monotonic()
            upto = min(upto, len(job.snapshots))
            while len(self.recording.frames) < upto:
                snapshot = job.snapshots[len(self.recording.frames)]
                self.recording.add(picture(snapshot, view) if view else picture(snapshot))
                if time.monotonic() - self.used > BUDGET:
                    break
        return self.recording


_shared: "WeakKeyDictionary[runs.Job, dict[Hashable, Shared]]" = WeakKeyDictionary()
_shapes: dict[Hashable, dict[str, Any]] = {}  # of each picture, how it was laid out last
_lock = Lock()


def recording(job: runs.Job, picture: Picture, view: str, upto: int) -> Recording:
    """The frames of a job in a view, at least up to number `upto` if they can be had quickly."""
    name = _name(picture, view)
    with _lock:
        shared = _shared.setdefault(job, {}).setdefault(name, Shared())
    grown = shared.grow(job, picture, view, upto)
    if grown.frames and name not in _shapes:
        _shapes[name] = grown.shape()
    _forget(shared)
    return grown


def shape(picture: Picture, view: str) -> dict[str, Any] | None:
    """How this picture was laid out when it was last drawn, to keep its place before it is."""
    return _shapes.get(_name(picture, view))


def _name(picture: Picture, view: str) -> Hashable:
    plain = unwrap(picture)
    return plain.__module__, plain.__qualname__, view


def _forget(own: Shared) -> None:
    """Drop the recordings that nobody asked for longest, until the rest fits."""
    with _lock:
        kept = [
            (each.used, each.recording.size, views, name)
            for views in _shared.values()
            for name, each in views.items()
        ]
        total = sum(size for _, size, _, _ in kept)
        for _, size, views, name in sorted(kept, key=lambda each: each[0]):
            if total <= MOST_BYTES:
                return
            if views[name] is not own:
                del views[name]
                total -= size
