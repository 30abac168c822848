"""One worker for many runs: fair turns, a line for those who come late, an end to what fits."""

import pytest

from explorer.runs import job, pool
from tests.runs.processes import (
    SHARED,
    Config,
    Snapshot,
    clock,
    ended,
    log,
    serve,
    train,
    use,
    wait,
)


def test_runs_share_the_worker_evenly(runs):
    jobs = [runs.watch(train, Config(seed, steps=60, cost=0.01)) for seed in range(3)]
    assert ended(runs, *jobs)
    for at in range(3, len(log)):
        counts = [sum(seed == each for each, _ in log[:at]) for seed in range(3)]
        if max(counts) < 61:
            assert max(counts) - min(counts) <= 2 * 4, "about two slices apart at most"


def test_a_run_with_slow_snapshots_has_no_more_of_the_worker_than_others(runs):
    slow = runs.watch(train, Config(0, steps=1000, cost=0.08))
    quick = runs.watch(train, Config(1, steps=9000, cost=0.004))
    assert serve(runs, slow, quick, until=lambda: len(slow.snapshots) == 100)
    spent, other = 0.08 * len(slow.snapshots), 0.004 * len(quick.snapshots)
    assert abs(spent - other) < 0.08 + 2 * job.SLICE + 0.066


def test_whoever_rests_saves_up_no_time(runs):
    busy = runs.watch(train, Config(0, steps=10_000, cost=0.004))
    rests = runs.watch(train, Config(1, steps=10_000, cost=0.004), train=False)
    assert serve(runs, busy, until=lambda: len(busy.snapshots) >= 200)
    before = len(busy.snapshots)
    assert serve(runs, busy, rests, until=lambda: len(rests.snapshots) >= 120)
    assert len(busy.snapshots) - before > 90


def test_nobody_pays_for_what_else_the_machine_did_meanwhile(runs):
    """Waiting, for the disk or for another program, is charged a tenth."""
    waits = runs.watch(wait, Config(0, steps=9000, cost=0.04))
    works = runs.watch(train, Config(1, steps=9000, cost=0.04))
    assert serve(runs, waits, works, until=lambda: len(works.snapshots) == 50)
    assert len(waits.snapshots) == pytest.approx(500, abs=20)


def test_a_new_run_shows_its_first_snapshot_although_others_train(runs):
    others = [runs.watch(train, Config(seed, steps=1000)) for seed in range(4)]
    assert serve(runs, *others, until=lambda: len(others[3].snapshots) > 100)
    before = len(log)
    late = runs.watch(train, Config(9))
    assert serve(runs, *others, late, until=lambda: bool(late.snapshots))
    assert log.index((9, 0)) - before <= 2 * 17, "two turns of others at most"


def test_whoever_comes_when_all_turns_are_taken_waits_in_line_and_is_told_how_long(
    runs, monkeypatch
):
    monkeypatch.setattr(pool, "MOST_AT_ONCE", 2)
    taken = [runs.watch(train, Config(seed, steps=100, cost=0.01)) for seed in range(2)]
    assert serve(runs, *taken, until=lambda: all(len(each.snapshots) > 10 for each in taken))
    late = [runs.watch(train, Config(seed, steps=100, cost=0.01)) for seed in (8, 9)]
    assert runs.serve()
    assert not late[1].snapshots
    places = [runs.queue(each) for each in late]
    assert [place.ahead for place in places] == [1, 2]
    assert runs.queue(taken[0]) == pool.Queue(shared=1)
    expected, began = places[0].seconds, clock.now()
    assert serve(runs, *taken, *late, until=lambda: bool(late[0].snapshots))
    assert expected == pytest.approx(clock.now() - began, rel=0.1)
    assert ended(runs, *late)


def test_there_is_an_end_to_the_runs_that_are_watched_and_it_is_said(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_WATCHED", 3)
    kept = [runs.watch(train, Config(seed, steps=1000)) for seed in range(3)]
    refused = runs.watch(train, Config(9))
    assert refused.status == "failed"
    assert "All 3 places" in refused.reason
    assert runs.watch(train, Config(0, steps=1000)) is kept[0]
    clock.passes(job.LEASE + 1)
    monkeypatch.setattr(pool, "MOST_JOBS", 1)
    assert ended(runs, runs.watch(train, Config(9))), "there is a place again"


def test_many_large_runs_share_the_memory_and_are_told_so(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_BYTES", 2000)
    monkeypatch.setattr(pool, "LEAST_BYTES", 240)
    large = [runs.watch(train, Config(seed, steps=60, cost=0.01)) for seed in range(4)]
    assert ended(runs, *large)
    assert "while so many others train" in " ".join(each.reason for each in large)
    assert sum(each.bytes for each in runs.jobs.values()) <= 2000 + 4 * 500
    crowded = next(each for each in large if each.crowded)
    monkeypatch.setattr(pool, "MOST_BYTES", 10**9)
    clock.passes(job.LEASE + 1)
    runs.watch(train, Config(77))
    assert runs.watch(train, crowded.config) is not crowded, "it is tried again"


def test_of_runs_that_were_left_half_done_only_the_last_few_are_kept(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_HALF_DONE", 2)
    whole = runs.watch(train, Config(0))
    assert ended(runs, whole)
    left = []
    for seed in (1, 2, 3, 4):
        left.append(runs.watch(train, Config(seed, steps=1000)))
        assert serve(runs, left[-1], until=lambda: left[-1].snapshots)
        clock.passes(job.LEASE + 1)
    assert runs.watch(train, left[2].config) is left[2]
    assert set(runs.jobs.values()) == {whole, *left[2:]}
    assert serve(runs, left[2], until=lambda: len(left[2].snapshots) > 5), "it goes on"


def test_what_builds_upon_a_forgotten_run_goes_with_it(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_HALF_DONE", 1)
    first = runs.watch(train, Config(1, steps=1000))
    then = runs.watch(use, Config(1), first)
    assert serve(runs, first, until=lambda: first.snapshots)
    clock.passes(job.LEASE + 1)
    second = runs.watch(train, Config(2, steps=1000))
    assert serve(runs, second, until=lambda: second.snapshots)
    assert set(runs.jobs.values()) == {first, then, second}
    clock.passes(job.LEASE + 1)
    third = runs.watch(train, Config(3, steps=1000))
    assert set(runs.jobs.values()) == {second, third}


def test_only_unwatched_runs_are_forgotten_and_the_least_recently_used_first(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_JOBS", 3)
    idle = [runs.watch(train, Config(seed)) for seed in (1, 2)]
    assert ended(runs, *idle)
    clock.passes(job.LEASE + 1)
    kept = runs.watch(train, Config(0))
    runs.watch(train, Config(3))
    known = list(runs.jobs.values())
    assert kept in known
    assert idle[0] not in known
    assert idle[1] in known


def test_memory_is_bounded_over_all_runs_and_in_each(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_BYTES", 1000)
    for seed in range(6):
        watched = runs.watch(train, Config(seed, cost=0))
        assert ended(runs, watched)
        assert watched.bytes == 21 * 3 * 8
        clock.passes(job.LEASE + 1)
    assert sum(each.bytes for each in runs.jobs.values()) <= 1000 + 504
    monkeypatch.setattr(job, "MOST_BYTES", 100)
    long = runs.watch(train, Config(99, cost=0))
    assert ended(runs, long)
    assert "too long" in long.reason


def test_arrays_that_snapshots_share_count_once(runs):
    watched = runs.watch(use, Config(), runs.watch(train, Config(cost=0)))
    assert ended(runs, watched)
    assert watched.bytes == SHARED.nbytes


def test_arrays_are_found_inside_records_and_collections():
    nested = {"a": [SHARED, (SHARED,)], "b": Snapshot(0, SHARED), "c": "text"}
    assert [id(array) for array in job.arrays(nested)] == [id(SHARED)] * 3
