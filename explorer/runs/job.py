"""One run: a generator, the snapshots it yielded so far, and who wants it to go on."""

import inspect
import logging
import time
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from threading import Condition
from typing import Any, Literal, TypeAlias

import numpy as np

Status: TypeAlias = Literal["waiting", "running", "paused", "done", "failed"]
Process: TypeAlias = Callable[..., Generator[Any, None, Any]]

SLICE = 0.033  # seconds that a run may train before the next one has its turn
LEASE = 4.0  # seconds for which one poll keeps a run alive
MOST_BYTES = 64 * 2**20  # of snapshots of one run: thousands of frames, never without end
MOST_STEPS = 20  # snapshots that a viewer can ask for at once while the run rests

log = logging.getLogger(__name__)


class Clock:
    """Time as the worker reads it; tests supply one of their own."""

    def now(self) -> float:
        """Seconds that have passed."""
        return time.monotonic()

    def worked(self) -> float:
        """Seconds of the processor that this thread has used."""
        return time.thread_time()


CLOCK = Clock()


def finish(generator: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """Run a process to its end: all snapshots, and the model that it returns.

    >>> def countdown(n):
    ...     yield from range(n, 0, -1)
    ...     return "lift-off"
    >>> finish(countdown(3))
    ([3, 2, 1], 'lift-off')
    """
    snapshots = []
    while True:
        try:
            snapshots.append(next(generator))
        except StopIteration as end:
            return snapshots, end.value


class Job:
    """A run that is watched: its snapshots so far and, once done, its model. Made by `watch`.

    It trains while at least one viewer wants it to. A viewer's wish is a lease of some seconds,
    renewed by every poll, so whoever closes the tab, switches the page or loses the network stops
    wanting it without saying so. `changed` guards all of it; the generator runs without it.
    """

    def __init__(
        self,
        process: Process,
        config: Hashable,
        after: "Job | None",
        changed: Condition,
        clock: Clock = CLOCK,
    ) -> None:
        self.process, self.config, self.after = process, config, after
        self.snapshots: list[Any] = []
        self.model: Any = None  # what the generator returned
        self.reason = ""  # why it failed, in words for the visitor
        self.bytes = 0
        self.most = MOST_BYTES  # that it may take; less while all runs together take too much
        self.crowded = False  # it failed for want of room, and may be tried again
        self.asked = clock.now()
        self.turn = 0.0  # seconds it was charged, on the line of all: who has least is next
        self.spent = 0.0  # seconds that the worker gave it
        self.watched = 0.0  # monotonic time until which somebody looks at it
        self.key: tuple[Any, ...] = (*identity(process), config, after.key if after else None)
        self.name = name(process, config, after)
        self._changed, self._clock = changed, clock
        self._source: Generator[Any, None, Any] | None = None
        self._ended: Literal["", "done", "failed"] = ""
        self._leases: dict[Hashable, float] = {}
        self._until = 0  # snapshots that single steps asked for
        self._counted: set[int] = set()
        self._again = False  # it had to start over once
        self._known = 0  # snapshots that it still repeats since then

    def __repr__(self) -> str:
        return f"Job({self.key[1]}, {self.config}, {self.status}, {len(self.snapshots)} snapshots)"

    @property
    def ended(self) -> bool:
        """Whether it is done or failed: there will be no more snapshots."""
        return bool(self._ended)

    @property
    def half_done(self) -> bool:
        """Whether it began and has not ended: it holds its data, its networks, its optimisers."""
        return self._source is not None

    @property
    def status(self) -> Status:
        """`waiting` has no snapshot yet although somebody wants it; `paused` nobody wants."""
        if self._ended:
            return self._ended
        if not self.wanted(self._clock.now()):
            return "paused"
        return "running" if self.snapshots else "waiting"

    @property
    def repeats(self) -> bool:
        """Whether it had to start over, and is not yet where it was."""
        return self._known > 0 and not self.ended

    def renew(self, viewer: Hashable = None, train: bool = True) -> None:
        """A viewer looks at it and wants it to train, or (`train` False) to rest."""
        now = self._clock.now()
        with self._changed:
            self.watched = now + LEASE
            self._leases = {who: end for who, end in self._leases.items() if end > now}
            if train:
                self._leases[viewer] = now + LEASE
            else:
                self._leases.pop(viewer, None)
            self._changed.notify_all()
        if self.after and not self.ended:
            self.after.renew(viewer, train)

    def step(self, snapshots: int = 1) -> None:
        """Let a resting run go on for so many snapshots."""
        with self._changed:
            self._until = len(self.snapshots) + min(snapshots, MOST_STEPS)
            self.watched = self._clock.now() + LEASE
            self._changed.notify_all()
        if self.after and not self.after.ended:
            self.after.renew("step")

    def wait_for(self, snapshots: int = 1, seconds: float = 0.2) -> bool:
        """Block until there are so many snapshots or the run has ended; False if it took longer."""
        with self._changed:
            return self._changed.wait_for(
                lambda: len(self.snapshots) >= snapshots or self.ended, seconds
            )

    def viewers(self, now: float) -> int:
        """How many viewers want it to train."""
        return sum(end > now for end in self._leases.values())

    def wanted(self, now: float) -> bool:
        """Whether anybody wants it to go on."""
        return len(self.snapshots) < self._until or self.viewers(now) > 0

    def share(self) -> float | None:
        """The share of its steps that it has done, if it counts steps."""
        steps = getattr(self.config, "steps", None)
        step = getattr(self.snapshots[-1], "step", None) if self.snapshots else None
        if not isinstance(steps, int) or not isinstance(step, int) or not 0 <= step <= steps:
            return None
        return step / steps if steps else None

    def left(self) -> float | None:
        """Seconds of the worker that it still needs, as it went so far; None if nobody knows."""
        share = self.share()
        return self.spent * (1 - share) / share if share else None

    def ready(self) -> bool:
        """Whether the worker may serve it: the run it builds upon has ended."""
        return not self.ended and (self.after is None or self.after.ended)

    def advance(self) -> None:
        """Compute snapshots for one slice; only the worker calls it, without the lock."""
        try:
            self._slice()
        except StopIteration as stop:
            self.model = stop.value
            self._end("done")
        except (FloatingPointError, ValueError) as error:
            self._end("failed", str(error))
        except MemoryError:
            self._end("failed", "The run needed more memory than there is. Choose a smaller model.")
        except BaseException as error:
            if not isinstance(error, Exception) and not self._again:
                # The thread was told to end, not the run: it starts over and repeats itself.
                self._again, self._known, self._source = True, len(self.snapshots), None
                return
            log.exception("the run of %s failed", self.key[:2])
            self._end("failed", "The run broke off: a mistake on our side. Try other settings.")

    def _slice(self) -> None:
        if self._source is None:
            self._source = self._start()
        end = self._clock.now() + SLICE
        while True:
            snapshot = next(self._source)
            if self._known:
                self._known -= 1
            else:
                self._keep(snapshot)
            now = self._clock.now()
            # The first snapshot ends its slice: somebody waits for it.
            if len(self.snapshots) == 1 or now >= end or not self.wanted(now):
                return

    def _start(self) -> Generator[Any, None, Any]:
        if self.after is None:
            return self.process(self.config)
        if self.after.status == "failed":
            raise ValueError(self.after.reason)
        return self.process(self.config, self.after.model)

    def _keep(self, snapshot: Any) -> None:
        for array in arrays(snapshot):
            if id(array) in self._counted:
                continue
            if broken(array):
                raise FloatingPointError(
                    "The run diverged: its numbers grew beyond all bounds. A lower learning rate "
                    "takes smaller steps."
                )
            self._counted.add(id(array))
            self.bytes += array.nbytes
        if self.bytes > self.most:
            self.crowded = self.most < MOST_BYTES
            why = " while so many others train" if self.crowded else ""
            raise ValueError(f"The run is too long to be kept in memory{why}. Choose fewer steps.")
        self.snapshots.append(snapshot)

    def refuse(self, reason: str) -> None:
        """End it before it starts, because there is no place for it."""
        self.crowded = True
        self._end("failed", reason)

    def _end(self, how: Literal["done", "failed"], reason: str = "") -> None:
        self.reason, self._ended = reason, how
        self._source = None


def identity(process: Process) -> tuple[Hashable, ...]:
    """What makes a process the same: its module, its name and its code.

    Not the function object, which a page that is run again makes anew. ValueError when the
    process depends on variables around it, which would make two runs look like one.
    """
    plain = inspect.unwrap(process)
    if not inspect.isfunction(plain) or plain.__closure__:
        raise ValueError(f"process must be a plain function. Got {process!r} instead.")
    return plain.__module__, plain.__qualname__, plain.__code__


def name(process: Process, config: Hashable, after: Job | None = None) -> str:
    """A short name of a run, the same in every process of the same program."""
    module, function, _code = identity(process)
    text = f"{module} {function} {config!r} {after.name if after else ''}"
    return blake2b(text.encode(), digest_size=8).hexdigest()


def arrays(record: Any) -> Iterator[np.ndarray]:
    """All arrays in a record, also inside the records and collections that it holds."""
    if isinstance(record, np.ndarray):
        yield record
    elif is_dataclass(record) and not isinstance(record, type):
        for field in fields(record):
            yield from arrays(getattr(record, field.name))
    elif isinstance(record, list | tuple):
        for item in record:
            yield from arrays(item)
    elif isinstance(record, Mapping):
        for item in record.values():
            yield from arrays(item)


def broken(array: np.ndarray) -> bool:
    """Whether numbers overflowed: infinity, or nothing but NaN. Some NaN is a gap in a curve.

    Minus infinity may be meant: it is the exact log-density where there is no data.
    """
    if array.dtype.kind != "f" or not array.size:
        return False
    return bool(np.isposinf(array).any() or np.isnan(array).all())
