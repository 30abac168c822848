"""Frames of runs, drawn and encoded once for everybody who watches them."""

import time
from collections.abc import Callable, Hashable
from inspect import unwrap
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from explorer import runs
from explorer.draw.wire import Film
from explorer.scene import Scene

Picture = Callable[..., Scene]

BUDGET = 0.06  # seconds of drawing for one answer, so that a poll never waits for a whole film
MOST_BYTES = 48 * 2**20  # of films over all runs; what is forgotten is drawn again when asked for


class Reel:
    """The film of one run in one view, with its lock."""

    def __init__(self) -> None:
        self.film, self.lock, self.used = Film(), Lock(), 0.0

    def grow(self, job: runs.Job, picture: Picture, view: str, upto: int) -> Film:
        """Draw snapshots that are missing, at least one, up to number `upto` or the budget."""
        with self.lock:
            self.used = time.monotonic()
            upto = min(upto, len(job.snapshots))
            while len(self.film.frames) < upto:
                snapshot = job.snapshots[len(self.film.frames)]
                self.film.add(picture(snapshot, view) if view else picture(snapshot))
                if time.monotonic() - self.used > BUDGET:
                    break
        return self.film


_reels: "WeakKeyDictionary[runs.Job, dict[Hashable, Reel]]" = WeakKeyDictionary()
_shapes: dict[Hashable, dict[str, Any]] = {}  # of each picture, how it was laid out last
_lock = Lock()


def film(job: runs.Job, picture: Picture, view: str, upto: int) -> Film:
    """The frames of a job in a view, at least up to number `upto` if they can be had quickly."""
    name = _name(picture, view)
    with _lock:
        reel = _reels.setdefault(job, {}).setdefault(name, Reel())
    grown = reel.grow(job, picture, view, upto)
    if grown.frames and name not in _shapes:
        _shapes[name] = grown.shape()
    _forget(reel)
    return grown


def shape(picture: Picture, view: str) -> dict[str, Any] | None:
    """How this picture was laid out when it was last drawn, to keep its place before it is."""
    return _shapes.get(_name(picture, view))


def _name(picture: Picture, view: str) -> Hashable:
    plain = unwrap(picture)
    return plain.__module__, plain.__qualname__, view


def _forget(own: Reel) -> None:
    """Drop the films that nobody asked for longest, until the rest fits."""
    with _lock:
        kept = [
            (r.used, r.film.size, reels, n) for reels in _reels.values() for n, r in reels.items()
        ]
        total = sum(size for _, size, _, _ in kept)
        for _, size, reels, name in sorted(kept, key=lambda each: each[0]):
            if total <= MOST_BYTES:
                return
            if reels[name] is not own:
                del reels[name]
                total -= size
