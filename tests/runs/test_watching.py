"""A run trains while somebody wants it to, rests when nobody does, and goes on for the next."""

import time

from explorer.runs import job
from tests.runs.walk import Config, train, until


def test_a_run_rests_when_its_last_viewer_leaves_and_goes_on_for_the_next(runs, monkeypatch):
    monkeypatch.setattr(job, "LEASE", 0.1)
    watched = runs.watch(train, Config(steps=1000))
    while len(watched.snapshots) < 2:
        watched.renew()
        watched.wait_for(2)
    assert until(lambda: watched.status == "paused")
    time.sleep(0.2)  # a turn that began goes on to its next snapshot
    before = len(watched.snapshots)
    time.sleep(0.2)
    assert len(watched.snapshots) == before, "it computes nothing while nobody watches"
    runs.watch(train, Config(steps=1000))
    while len(watched.snapshots) <= before:
        watched.renew()
        watched.wait_for(before + 1)


def test_a_resting_worker_uses_no_processor_time(runs, monkeypatch):
    monkeypatch.setattr(job, "LEASE", 0.05)
    watched = runs.watch(train, Config(steps=1000))
    assert until(lambda: watched.status == "paused")
    time.sleep(0.1)
    clock = time.pthread_getcpuclockid(runs._worker.ident)
    before = time.clock_gettime(clock)
    time.sleep(0.5)
    assert time.clock_gettime(clock) - before < 0.005


def test_a_run_trains_while_at_least_one_viewer_wants_it_to(runs):
    both = runs.watch(train, Config(steps=1000), viewer="anna")
    runs.watch(train, Config(steps=1000), viewer="ben")
    both.renew("anna", train=False)
    assert both.status in ("running", "waiting")
    both.renew("ben", train=False)
    assert both.status == "paused"
    both.renew("anna")
    assert both.wait_for(len(both.snapshots) + 3, 3)


def test_the_processor_is_free_five_seconds_after_the_last_poll():
    assert job.LEASE + job.SLICE < 5


def test_a_single_step_computes_that_many_snapshots_and_no_more(runs):
    watched = runs.watch(train, Config(steps=1000), viewer="anna", train=False)
    time.sleep(0.1)
    assert not watched.snapshots
    for count in (1, 2):
        watched.step()
        assert watched.wait_for(count, 60)
        time.sleep(0.1)
        assert len(watched.snapshots) == count
    watched.step(3)
    assert watched.wait_for(5, 60)
    time.sleep(0.1)
    assert len(watched.snapshots) == 5
    assert watched.status == "paused"
