"""Runs: computed once, by one worker, watched by everybody who asked for the same one.

The worker gives the runs that somebody watches slices of about 33 ms; `turns` says who is next. A
slice ends at a snapshot, so what a run computes never depends on the clock. Some dozens take
turns; whoever comes later waits in line until one of them ends. Finished runs stay until memory
asks for their place.

More threads would not help: two train fewer steps together than one alone.
"""

import atexit
import threading
from collections.abc import Hashable
from dataclasses import dataclass

from explorer.runs import job as single
from explorer.runs.job import CLOCK, SLICE, Clock, Job, Process
from explorer.runs.turns import Turns

MOST_JOBS = 48  # that are kept when nobody watches them
MOST_HALF_DONE = 6  # of them: each holds all that its training needs, up to 25 MB
MOST_WATCHED = 200
MOST_AT_ONCE = 32  # that take turns
MOST_BYTES = 128 * 2**20  # of snapshots over all runs: a small deployment has 1 GB in all
LEAST_BYTES = 4 * 2**20  # that every run may have, however many there are


@dataclass(frozen=True)
class Queue:
    """How a run stands among the others."""

    ahead: int = 0  # runs that must end before it may start
    shared: int = 0  # runs that take turns with it
    seconds: float | None = None  # until it starts, as far as can be told


class Pool:
    """The runs of this process and the one thread that trains them.

    Not `threaded`, whoever made it calls `serve`: so tests decide what happens when.
    """

    def __init__(self, clock: Clock = CLOCK, threaded: bool = True) -> None:
        self.changed = threading.Condition()
        self.jobs: dict[Hashable, Job] = {}  # least recently used first
        self._worker: threading.Thread | None = None
        self._order = Turns(2 * SLICE)
        self._over = False
        self._clock, self._threaded = clock, threaded

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
            new = Job(process, config, after, self.changed, self._clock)
            self._evict()
            if new.key not in self.jobs and len(self.jobs) >= MOST_WATCHED:
                new.refuse(
                    f"All {MOST_WATCHED} places for runs on this server are taken. Watch a run "
                    "that is there, or try again in a minute."
                )
                return new
            job = self._adopt(new)
            job.renew(viewer, train)
            self._evict()
            self._employ()
        return job

    def viewers(self) -> int:
        """How many viewers wait for snapshots just now."""
        now = self._clock.now()
        with self.changed:
            return sum(job.viewers(now) for job in self.jobs.values() if not job.ended)

    def ahead(self, job: Job) -> int:
        """With how many other runs this one shares the worker just now."""
        with self.changed:
            return sum(other is not job for other in self._turns()[:MOST_AT_ONCE])

    def queue(self, job: Job) -> Queue:
        """Whether a run waits in line, behind how many and about how long."""
        with self.changed:
            wanted = self._turns()
        line, turns = wanted[MOST_AT_ONCE:], wanted[:MOST_AT_ONCE]
        if job not in line:
            return Queue(shared=sum(other is not job for other in turns))
        place = line.index(job)
        return Queue(ahead=place + 1, shared=len(turns), seconds=_until(turns, place))

    def _adopt(self, new: Job) -> Job:
        """The run of this key that is known already, else this one; now the most recently used."""
        job = self.jobs.pop(new.key, new)
        if job.after and not job.ended:
            job.after = self._adopt(job.after)
        self.jobs[job.key] = job
        return job

    def _employ(self) -> None:
        """Start the worker, again if it died."""
        if self._threaded and (self._worker is None or not self._worker.is_alive()):
            self._worker = threading.Thread(target=self._work, name="training", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while not self._over:
            if not self.serve():
                with self.changed:
                    self.changed.wait_for(lambda: self._over or self._turns())

    def serve(self) -> bool:
        """Give one slice to the run whose turn it is; False if none is wanted."""
        with self.changed:
            job = self._next()
        if job is None or self._over:
            return False
        began, worked = self._clock.now(), self._clock.worked()
        job.advance()
        took, worked = max(0.0, self._clock.now() - began), self._clock.worked() - worked
        with self.changed:
            job.spent += took
            # Nobody pays for what else the machine did meanwhile; mere waiting costs something.
            self._order.served(job, max(worked, took / 10))
            self.changed.notify_all()
        return True

    def stop(self) -> None:
        """End the worker: a thread inside torch while the interpreter goes aborts the process."""
        with self.changed:
            self._over = True
            self.changed.notify_all()
        if self._worker is not None:
            self._worker.join(10)

    def _turns(self) -> list[Job]:
        """The runs that somebody wants: those that began, then in the order in which they came."""
        now = self._clock.now()
        wanted = [job for job in self.jobs.values() if job.ready() and job.wanted(now)]
        return sorted(wanted, key=lambda job: (not job.snapshots, job.asked))

    def _next(self) -> Job | None:
        """The run whose turn it is, if any is wanted."""
        turns = self._turns()[:MOST_AT_ONCE]
        first = self._order.next(turns)
        if first:
            first.most = self._room(len(turns))
        return first

    def _room(self, runs: int) -> int:
        """Bytes that a run may take."""
        if sum(job.bytes for job in self.jobs.values()) <= MOST_BYTES:
            return single.MOST_BYTES
        return max(LEAST_BYTES, MOST_BYTES // runs)

    def _evict(self) -> None:
        """Forget the least recently used runs that nobody watches, until the rest fits."""
        now = self._clock.now()
        total = sum(job.bytes for job in self.jobs.values())
        idle = [(key, job) for key, job in self.jobs.items() if job.watched < now]
        half_done = sum(job.half_done for _, job in idle)
        for key, job in idle:
            full = len(self.jobs) > MOST_JOBS or total > MOST_BYTES
            # It would keep all that the run holds that it builds upon.
            alone = job.after is not None and job.after.key not in self.jobs
            if full or alone or job.crowded or (job.half_done and half_done > MOST_HALF_DONE):
                del self.jobs[key]
                total -= job.bytes
                half_done -= job.half_done


def _until(turns: list[Job], place: int) -> float | None:
    """Seconds until one more than `place` of these runs have ended; they share one worker evenly.

    None when nobody can tell how long they take.
    """
    known = sorted(left for job in turns if (left := job.left()) is not None)
    if len(known) <= place:
        return None
    before = [0.0, *known]
    return sum((len(turns) - i) * (before[i + 1] - before[i]) for i in range(place + 1))


_pool = Pool()
atexit.register(_pool.stop)
watch = _pool.watch
ahead = _pool.ahead
viewers = _pool.viewers
queue = _pool.queue
