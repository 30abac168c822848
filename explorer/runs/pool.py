"""Runs: computed once, by one worker, watched by everybody who asked for the same one.

The worker gives each run that somebody watches a slice of about 33 ms, least recently served
first. A slice ends at a snapshot, so what a run computes never depends on the clock. Finished runs
stay until memory asks for their place.

More threads would not help: two train fewer steps together than one alone.
"""

import atexit
import threading
import time
from collections.abc import Hashable

from explorer.runs.job import Job, Process

MOST_JOBS = 48
MOST_BYTES = 128 * 2**20  # of snapshots over all runs: a small deployment has 1 GB in all


class Pool:
    """The runs of this process and the one thread that trains them."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.jobs: dict[Hashable, Job] = {}  # least recently used first
        self._worker: threading.Thread | None = None
        self._over = False

    def watch(
        self,
        process: Process,
        config: Hashable,
        after: Job | None = None,
        viewer: Hashable = None,
        train: bool = True,
    ) -> Job:
        """The one run of (process, config), made if need be; `viewer` wants it for some seconds.

        With `after`, the generator is `process(config, after.model)` and starts when that run is
        done; whoever watches this one keeps that one alive as well. Not `train`, the viewer looks
        at what there is and wants no more for now.
        """
        with self.changed:
            job = self._adopt(Job(process, config, after, self.changed))
            job.renew(viewer, train)
            self._evict()
            self._employ()
        return job

    def viewers(self) -> int:
        """How many viewers wait for snapshots just now."""
        now = time.monotonic()
        with self.changed:
            return sum(job.viewers(now) for job in self.jobs.values() if not job.ended)

    def ahead(self, job: Job) -> int:
        """With how many other runs this one shares the worker just now."""
        now = time.monotonic()
        with self.changed:
            return sum(
                other is not job and other.ready() and other.wanted(now)
                for other in self.jobs.values()
            )

    def _adopt(self, made: Job) -> Job:
        """The run of this key that is known already, else this one; now the most recently used."""
        job = self.jobs.pop(made.key, made)
        if job.after and not job.ended:
            job.after = self._adopt(job.after)
        self.jobs[job.key] = job
        return job

    def _employ(self) -> None:
        """Start the worker, again if it died."""
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(target=self._work, name="training", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while True:
            with self.changed:
                while (job := self._next()) is None and not self._over:
                    self.changed.wait()
            if job is None or self._over:
                return
            job.advance()
            with self.changed:
                job.served = time.monotonic()
                self.changed.notify_all()

    def stop(self) -> None:
        """End the worker: a thread inside torch while the interpreter goes aborts the process."""
        with self.changed:
            self._over = True
            self.changed.notify_all()
        if self._worker is not None:
            self._worker.join(10)

    def _next(self) -> Job | None:
        now = time.monotonic()
        waiting = [job for job in self.jobs.values() if job.ready() and job.wanted(now)]
        return min(waiting, key=lambda job: job.served, default=None)

    def _evict(self) -> None:
        """Forget the least recently used runs that nobody watches, until the rest fits."""
        now = time.monotonic()
        total = sum(job.bytes for job in self.jobs.values())
        for key, job in list(self.jobs.items()):
            if len(self.jobs) <= MOST_JOBS and total <= MOST_BYTES:
                return
            if job.watched < now:
                del self.jobs[key]
                total -= job.bytes


_pool = Pool()
atexit.register(_pool.stop)
watch = _pool.watch
ahead = _pool.ahead
viewers = _pool.viewers
