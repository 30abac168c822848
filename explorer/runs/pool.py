"""Runs: computed once, by one worker, watched by everybody who asked for the same one.

A job is a generator keyed by (process, config). The worker gives each job that somebody watches a
slice of about 33 ms, least recently served first; a slice ends at a snapshot, so a run's content
never depends on the clock. Watching renews a lease; a job whose leases ran out rests and costs
nothing until somebody comes back. Finished jobs stay until memory asks for their place.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

Status: TypeAlias = Literal["waiting", "running", "paused", "done", "failed"]
Process: TypeAlias = Callable[..., Generator[Any, None, Any]]

SLICE = 0.033  # seconds that a job may train before the next one has its turn
LEASE = 3.0  # seconds for which one poll keeps a job alive
MOST_JOBS = 48
MOST_BYTES = 160 * 2**20  # of snapshots over all jobs: a small deployment has 1 GB in all

log = logging.getLogger(__name__)


def finish(generator: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """Run a process to its end: all snapshots, and the model that it returns."""
    snapshots = []
    while True:
        try:
            snapshots.append(next(generator))
        except StopIteration as end:
            return snapshots, end.value


class Job:
    """One run: its snapshots so far and, once done, its model. Made by `watch`."""

    def __init__(self, pool: "Pool", process: Process, config: Hashable, after: "Job | None"):
        self.process, self.config, self.after = process, config, after
        self.snapshots: list[Any] = []
        self.model: Any = None
        self.reason = ""  # why it failed, for the visitor
        self.bytes = 0
        self._pool = pool
        self._source: Generator[Any, None, Any] | None = None
        self._ended: Literal["", "done", "failed"] = ""
        self._lease = 0.0  # monotonic time until which somebody wants it to train
        self._watched = 0.0  # ... until which somebody looks at it
        self._credit = 0  # snapshots still owed to single steps
        self._served = 0.0
        self._arrays: set[int] = set()

    @property
    def key(self) -> Hashable:
        after = self.after.key if self.after else None
        return self.process.__module__, self.process.__qualname__, self.config, after

    @property
    def status(self) -> Status:
        if self._ended:
            return self._ended
        if not self._wanted(time.monotonic()):
            return "paused"
        return "running" if self.snapshots else "waiting"

    @property
    def ended(self) -> bool:
        return bool(self._ended)

    def renew(self, train: bool = True) -> None:
        """Somebody watches; with `train` False only what there is, so it may rest."""
        with self._pool.changed:
            now = time.monotonic()
            self._watched = now + LEASE
            if train:
                self._lease = now + LEASE
            self._pool.changed.notify_all()
        if self.after and not self.ended:
            self.after.renew(train)

    def step(self, snapshots: int = 1) -> None:
        """Let a resting run go on for so many snapshots."""
        with self._pool.changed:
            self._credit = min(snapshots, 10)
            self._watched = time.monotonic() + LEASE
            self._pool.changed.notify_all()

    def wait_for(self, snapshots: int = 1, seconds: float = 0.2) -> None:
        """Block until there are so many snapshots or the run has ended, at most so long."""
        with self._pool.changed:
            self._pool.changed.wait_for(
                lambda: len(self.snapshots) >= snapshots or self.ended, seconds
            )

    def _wanted(self, now: float) -> bool:
        return self._lease > now or self._credit > 0

    def _ready(self) -> bool:
        return self.after is None or self.after.ended

    def _advance(self) -> None:
        """Compute snapshots for one slice. Called by the worker only, without the lock."""
        try:
            if self._source is None:
                self._source = self._start()
            end = time.monotonic() + SLICE
            while True:
                self._keep(next(self._source))
                self._credit = max(0, self._credit - 1)
                if time.monotonic() >= end or not self._wanted(time.monotonic()):
                    return
        except StopIteration as stop:
            self.model, self._ended = stop.value, "done"
        except (FloatingPointError, ValueError) as error:
            self.reason, self._ended = str(error), "failed"
        except MemoryError:
            self.reason = "The run needed more memory than there is. Choose a smaller model."
            self._ended = "failed"
        except Exception:
            log.exception("run of %s failed", self.key)
            self.reason = "The run stopped because of an error on our side. Other settings work."
            self._ended = "failed"
        self._source = None

    def _start(self) -> Generator[Any, None, Any]:
        if self.after is None:
            return self.process(self.config)
        if self.after.status == "failed":
            raise ValueError(self.after.reason)
        return self.process(self.config, self.after.model)

    def _keep(self, snapshot: Any) -> None:
        for array in arrays(snapshot):
            if id(array) in self._arrays:
                continue
            if array.dtype.kind == "f" and np.isinf(array).any():
                raise FloatingPointError(
                    "The run diverged: numbers grew beyond all bounds. Lower the learning rate."
                )
            self._arrays.add(id(array))
            self.bytes += array.nbytes
        self.snapshots.append(snapshot)


def arrays(record: Any) -> list[np.ndarray]:
    """The arrays in the fields of a record."""
    if not is_dataclass(record):
        return []
    values = [getattr(record, field.name) for field in fields(record)]
    return [value for value in values if isinstance(value, np.ndarray)]


class Pool:
    """The jobs of this process and the one thread that trains them.

    More threads would not help: two train fewer steps together than one alone.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._jobs: dict[Hashable, Job] = {}
        self._worker: threading.Thread | None = None

    def watch(
        self, process: Process, config: Hashable, after: Job | None = None, train: bool = True
    ) -> Job:
        """The one job for (process, config); made if need be, and its lease renewed."""
        made = Job(self, process, config, after)
        with self.changed:
            job = self._jobs.pop(made.key, made)
            self._jobs[job.key] = job  # now the most recently used
            self._evict()
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, name="training", daemon=True)
                self._worker.start()
        job.renew(train)
        return job

    def ahead(self, job: Job) -> int:
        """How many other runs share the worker with this one just now."""
        now = time.monotonic()
        with self.changed:
            return sum(j is not job and not j.ended and j._wanted(now) for j in self._jobs.values())

    def _next(self) -> Job | None:
        now = time.monotonic()
        open_ = [j for j in self._jobs.values() if not j.ended and j._wanted(now) and j._ready()]
        return min(open_, key=lambda job: job._served, default=None)

    def _work(self) -> None:
        while True:
            with self.changed:
                while (job := self._next()) is None:
                    self.changed.wait(0.5)
            job._advance()
            with self.changed:
                job._served = time.monotonic()
                self.changed.notify_all()

    def _evict(self) -> None:
        """Forget the least recently used jobs that nobody watches, until the rest fits."""
        now = time.monotonic()
        total = sum(job.bytes for job in self._jobs.values())
        for key, job in list(self._jobs.items())[:-1]:
            if len(self._jobs) <= MOST_JOBS and total <= MOST_BYTES:
                return
            if job._watched < now:
                del self._jobs[key]
                total -= job.bytes


_pool = Pool()
watch = _pool.watch
ahead = _pool.ahead
