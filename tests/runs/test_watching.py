"""A run trains while somebody wants it to, rests when nobody does, and goes on for the next."""

import time
from itertools import pairwise

from explorer.runs import job
from tests.runs.processes import Config, clock, serve, train


def test_a_run_rests_when_its_last_viewer_leaves_and_goes_on_for_the_next(runs):
    watched = runs.watch(train, Config(steps=10_000))
    left = clock.now()
    assert serve(runs, until=lambda: watched.status == "paused")
    assert clock.now() - left <= job.LEASE + job.SLICE
    before = len(watched.snapshots)
    assert not runs.serve(), "it computes nothing while nobody watches"
    runs.watch(train, Config(steps=10_000))
    assert runs.serve()
    assert len(watched.snapshots) > before


def test_a_resting_worker_uses_no_processor_time(threaded):
    watched = threaded.watch(train, Config(steps=1000, cost=0), viewer="anna", train=False)
    watched.step()
    assert watched.wait_for(1, 60)
    used = time.pthread_getcpuclockid(threaded._worker.ident)

    def readings():
        for _ in range(200):
            yield time.clock_gettime(used)
            time.sleep(0.3)

    assert any(before == after for before, after in pairwise(readings())), "it never rests"


def test_a_run_trains_while_at_least_one_viewer_wants_it_to(runs):
    both = runs.watch(train, Config(steps=1000), viewer="anna")
    runs.watch(train, Config(steps=1000), viewer="ben")
    both.renew("anna", train=False)
    assert both.status in ("running", "waiting")
    both.renew("ben", train=False)
    assert both.status == "paused"
    assert not runs.serve()
    both.renew("anna")
    assert runs.serve()
    assert both.snapshots


def test_the_processor_is_free_five_seconds_after_the_last_poll():
    assert job.LEASE + job.SLICE < 5


def test_a_single_step_computes_that_many_snapshots_and_no_more(runs):
    watched = runs.watch(train, Config(steps=1000, cost=0), viewer="anna", train=False)
    assert not runs.serve()
    for steps, there in ((1, 1), (1, 2), (3, 5)):
        watched.step(steps)
        while runs.serve():
            pass
        assert len(watched.snapshots) == there
    assert watched.status == "paused"
