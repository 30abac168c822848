"""Whatever breaks a run, it ends in words or goes on, and the others never notice."""

import ctypes
import threading
import time

import numpy as np
import pytest

from explorer.runs import Job, finish, job
from tests.runs.processes import Config, clock, ended, gate, held, log, train


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        ("diverges", "The loss is not a number. Lower the learning rate."),
        ("infinity", "diverged"),
        ("nan", "diverged"),
        ("memory", "more memory"),
        ("mistake", "our side"),
        ("exit", "our side"),
    ],
)
def test_a_run_that_breaks_ends_in_words_for_everybody_and_others_go_on(runs, breaks, says):
    watched = runs.watch(train, Config(breaks=breaks))
    assert ended(runs, watched)
    assert watched.status == "failed"
    assert says in watched.reason
    assert "Traceback" not in watched.reason
    assert [snapshot.step for snapshot in watched.snapshots] == list(range(5))
    assert runs.watch(train, Config(breaks=breaks)) is watched
    assert ended(runs, runs.watch(train, Config(7)))


def test_a_gap_in_a_curve_and_an_exact_density_of_zero_are_no_failure():
    assert not job.broken(np.array([1.0, np.nan, -np.inf]))
    assert not job.broken(np.array([], dtype=float))
    assert not job.broken(np.array([1, 2]))
    assert job.broken(np.array([1.0, np.inf]))
    assert job.broken(np.array([[np.nan, np.nan]]))


def test_a_run_goes_on_where_it_was_when_its_thread_is_told_to_end(threaded):
    watched = threaded.watch(held, Config(3, steps=60, cost=0))
    assert watched.wait_for(4, 60)
    reached = ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(threaded._worker.ident), ctypes.py_object(SystemExit)
    )
    assert reached == 1
    gate.set()
    assert watched.wait_for(100, 60)
    assert watched.status == "done"
    assert log.count((3, 0)) == 2, "it had to start over"
    alone, model = finish(train(Config(3, steps=60)))
    assert watched.model == model
    for a, b in zip(alone, watched.snapshots, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_a_run_that_starts_over_says_so_until_it_is_where_it_was(monkeypatch):
    monkeypatch.setattr(job, "SLICE", 0.0)  # a snapshot a turn: others have theirs in between
    log.clear()
    once = Job(train, Config(3, cost=0, breaks="once"), None, threading.Condition())
    said = []
    while not once.ended:
        once.renew()
        once.advance()
        said.append(once.repeats)
    assert said == [False] * 5 + [True] * 5 + [False] * 18
    assert once.status == "done"
    assert [snapshot.step for snapshot in once.snapshots] == list(range(21))


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_wall_clock_that_jumps_stops_nobody(runs, monkeypatch, jump):
    watched = runs.watch(train, Config(1, steps=200))
    assert runs.serve()
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() + jump)
    assert ended(runs, watched)
    assert watched.status == "done"


def test_a_run_goes_on_after_the_machine_has_slept(runs):
    watched = runs.watch(train, Config(1, steps=200, cost=0.005))
    assert runs.serve()
    clock.passes(3600, busy=False)
    assert not runs.serve()
    assert ended(runs, watched)
    assert watched.status == "done"


def test_a_dead_worker_is_replaced(threaded):
    dead = threading.Thread(target=lambda: None)
    dead.start()
    dead.join()
    threaded._worker = dead
    assert threaded.watch(train, Config()).wait_for(100, 60)
