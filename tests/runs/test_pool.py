"""Laws of shared runs: computed once, fairly, for as long as somebody watches."""

import ctypes
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

from explorer.runs import Job, finish, job, name, pool
from explorer.runs.pool import Pool


@dataclass(frozen=True)
class Config:
    """What a process of these tests does."""

    seed: int = 0
    steps: int = 20
    cost: float = 0.002
    breaks: str = ""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment."""

    step: int
    values: np.ndarray  # (3,)


SHARED = np.zeros(1000)
log: list[tuple[int, int]] = []  # seed and step of every snapshot that was computed


def train(config: Config) -> Generator[Snapshot, None, str]:
    rng = np.random.default_rng(config.seed)
    values = rng.normal(size=3)
    for step in range(config.steps + 1):
        time.sleep(config.cost)
        log.append((config.seed, step))
        if step == 5 and config.breaks:
            values = wrong(config.breaks)
        yield Snapshot(step, values + step)
    return f"model {config.seed}"


def wrong(how: str) -> np.ndarray:
    if how == "infinity":
        return np.full(3, np.inf)
    if how == "nan":
        return np.full(3, np.nan)
    raise {
        "diverges": FloatingPointError("The loss is not a number. Lower the learning rate."),
        "memory": MemoryError(),
        "mistake": KeyError("weights"),
        "exit": SystemExit(),
    }[how]


def use(config: Config, model: str) -> Generator[Snapshot, None, str]:
    for step in range(3):
        yield Snapshot(step, SHARED)
    return f"{model}, used"


@pytest.fixture
def runs() -> Pool:
    log.clear()
    return Pool()


def ended(watched: Job, seconds: float = 10) -> bool:
    """Wait for the end of a run, as a viewer who polls."""
    until = time.monotonic() + seconds
    while not watched.ended and time.monotonic() < until:
        watched.renew("viewer")
        watched.wait_for(10**6, 0.1)
    return watched.ended


def test_everybody_who_asks_for_a_run_gets_the_same_one_and_it_is_computed_once(runs):
    with ThreadPoolExecutor(8) as threads:
        jobs = list(threads.map(lambda _: runs.watch(train, Config()), range(8)))
    assert len(set(map(id, jobs))) == 1
    assert ended(jobs[0])
    assert log == [(0, step) for step in range(21)]
    assert [snapshot.step for snapshot in jobs[0].snapshots] == list(range(21))
    assert jobs[0].model == "model 0"


def test_other_configs_and_other_processes_are_other_runs(runs):
    one, other = runs.watch(train, Config(1)), runs.watch(train, Config(2))
    assert one is not other
    ended(one)
    assert runs.watch(use, Config(1), one) is not one


def test_a_run_is_the_same_whether_it_is_shared_interrupted_or_run_alone(runs):
    alone, model = finish(train(Config(3)))
    watched = runs.watch(train, Config(3))
    rivals = [runs.watch(train, Config(seed)) for seed in (4, 5)]
    assert ended(watched)
    assert watched.model == model
    for a, b in zip(alone, watched.snapshots, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
    assert all(map(ended, rivals))


def test_runs_share_the_worker_evenly(runs):
    jobs = [runs.watch(train, Config(seed, steps=60, cost=0.01)) for seed in range(3)]
    assert all(map(ended, jobs))
    for at in range(30, len(log), 10):
        counts = [sum(seed == each for each, _ in log[:at]) for seed in range(3)]
        assert max(counts) - min(counts) <= 8, "about two slices apart at most"


def test_a_run_with_slow_snapshots_has_no_more_of_the_worker_than_others(runs):
    slow = runs.watch(train, Config(0, steps=1000, cost=0.1))
    quick = runs.watch(train, Config(1, steps=4000, cost=0.004))
    for _ in range(25):
        slow.renew()
        quick.renew()
        time.sleep(0.1)
    assert 0.6 < slow.spent / quick.spent < 1.7


def test_whoever_rests_saves_up_no_time(runs):
    busy = runs.watch(train, Config(0, steps=10_000, cost=0.004))
    rests = runs.watch(train, Config(1, steps=10_000, cost=0.004), train=False)
    time.sleep(1.0)
    rests.renew()
    before = busy.spent, rests.spent
    for _ in range(10):
        busy.renew()
        rests.renew()
        time.sleep(0.1)
    assert rests.spent - before[1] < 2 * (busy.spent - before[0])


def test_whoever_comes_when_all_turns_are_taken_waits_in_line_and_is_told_how_long(
    runs, monkeypatch
):
    monkeypatch.setattr(pool, "MOST_AT_ONCE", 2)
    taken = [runs.watch(train, Config(seed, steps=100, cost=0.01)) for seed in range(2)]
    assert all(each.wait_for(10, 5) for each in taken)
    late = [runs.watch(train, Config(seed, steps=100, cost=0.01)) for seed in (8, 9)]
    assert not late[1].wait_for(1, 0.3)
    places = [runs.queue(each) for each in late]
    assert [place.ahead for place in places] == [1, 2]
    assert runs.queue(taken[0]) == pool.Queue(shared=1)
    told = places[0].seconds
    assert told is not None
    began = time.monotonic()
    while not late[0].snapshots and time.monotonic() < began + 20:
        for each in (*taken, *late):
            each.renew()
        late[0].wait_for(1, 0.05)
    assert told / 2 < time.monotonic() - began < 2 * told + 0.5
    assert all(map(ended, late))


def test_there_is_an_end_to_the_runs_that_are_watched_and_it_is_said(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_WATCHED", 3)
    kept = [runs.watch(train, Config(seed, steps=1000)) for seed in range(3)]
    refused = runs.watch(train, Config(9))
    assert refused.status == "failed"
    assert "All 3 places" in refused.reason
    assert runs.watch(train, Config(0, steps=1000)) is kept[0]
    for each in kept:
        each.watched = 0.0
    monkeypatch.setattr(pool, "MOST_JOBS", 1)
    assert ended(runs.watch(train, Config(9))), "there is a place again"


def test_many_large_runs_share_the_memory_and_are_told_so(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_BYTES", 2000)
    monkeypatch.setattr(pool, "LEAST_BYTES", 240)
    large = [runs.watch(train, Config(seed, steps=60, cost=0.001)) for seed in range(4)]
    assert all(map(ended, large))
    assert "while so many others train" in " ".join(each.reason for each in large)
    assert sum(each.bytes for each in runs.jobs.values()) <= 2000 + 4 * 500
    crowded = next(each for each in large if each.crowded)
    monkeypatch.setattr(pool, "MOST_BYTES", 10**9)
    crowded.watched = 0.0
    runs.watch(train, Config(77))
    assert runs.watch(train, crowded.config) is not crowded, "it is tried again"


def test_a_new_run_shows_its_first_snapshot_although_others_train(runs):
    for seed in range(4):
        runs.watch(train, Config(seed, steps=1000))
    late = runs.watch(train, Config(9))
    assert late.wait_for(1, 0.5)


def test_a_run_rests_when_its_last_viewer_leaves_and_goes_on_for_the_next(runs, monkeypatch):
    monkeypatch.setattr(job, "LEASE", 0.1)
    watched = runs.watch(train, Config(steps=1000))
    time.sleep(0.4)
    before = len(watched.snapshots)
    assert before > 1
    assert watched.status == "paused"
    time.sleep(0.2)
    assert len(watched.snapshots) == before, "it computes nothing while nobody watches"
    runs.watch(train, Config(steps=1000))
    assert watched.status == "running"
    assert watched.wait_for(before + 1, 1)


def test_a_resting_worker_uses_no_processor_time(runs, monkeypatch):
    monkeypatch.setattr(job, "LEASE", 0.05)
    runs.watch(train, Config(steps=1000))
    time.sleep(0.3)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.05


def test_a_run_trains_while_at_least_one_viewer_wants_it_to(runs):
    both = runs.watch(train, Config(steps=1000), viewer="anna")
    runs.watch(train, Config(steps=1000), viewer="ben")
    both.renew("anna", train=False)
    assert both.status in ("running", "waiting")
    both.renew("ben", train=False)
    assert both.status == "paused"
    both.renew("anna")
    assert both.wait_for(len(both.snapshots) + 3, 2)


def test_a_single_step_computes_that_many_snapshots_and_no_more(runs):
    watched = runs.watch(train, Config(steps=1000), viewer="anna", train=False)
    time.sleep(0.1)
    assert not watched.snapshots
    for count in (1, 2):
        watched.step()
        assert watched.wait_for(count, 2)
        time.sleep(0.1)
        assert len(watched.snapshots) == count
    watched.step(3)
    assert watched.wait_for(5, 2)
    time.sleep(0.1)
    assert len(watched.snapshots) == 5
    assert watched.status == "paused"


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
    assert ended(watched)
    assert watched.status == "failed"
    assert says in watched.reason
    assert "Traceback" not in watched.reason
    assert [snapshot.step for snapshot in watched.snapshots] == list(range(5))
    assert runs.watch(train, Config(breaks=breaks)) is watched
    assert ended(runs.watch(train, Config(7)))


def test_a_gap_in_a_curve_and_an_exact_density_of_zero_are_no_failure():
    assert not job.broken(np.array([1.0, np.nan, -np.inf]))
    assert not job.broken(np.array([], dtype=float))
    assert not job.broken(np.array([1, 2]))
    assert job.broken(np.array([1.0, np.inf]))
    assert job.broken(np.array([[np.nan, np.nan]]))


def test_a_run_that_builds_upon_another_starts_with_its_model(runs):
    first = runs.watch(train, Config())
    second = runs.watch(use, Config(), first)
    assert ended(second)
    assert first.status == second.status == "done"
    assert second.model == "model 0, used"
    assert runs.watch(use, Config(), first) is second


def test_a_failure_is_passed_on_to_what_builds_upon_it(runs):
    first = runs.watch(train, Config(breaks="diverges"))
    second = runs.watch(use, Config(), first)
    assert ended(second)
    assert second.reason == first.reason


def test_a_run_that_others_build_upon_is_found_again_after_it_was_forgotten(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_JOBS", 2)
    monkeypatch.setattr(job, "LEASE", 0.01)
    first = runs.watch(train, Config(steps=200))
    runs.watch(use, Config(), first)
    time.sleep(0.1)
    for seed in (1, 2, 3):
        runs.watch(train, Config(seed))
    monkeypatch.setattr(job, "LEASE", 3.0)
    again = runs.watch(use, Config(), first)
    assert ended(again)
    assert again.model == "model 0, used"


def test_only_unwatched_runs_are_forgotten_and_the_least_recently_used_first(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_JOBS", 3)
    kept = runs.watch(train, Config(0))
    idle = [runs.watch(train, Config(seed)) for seed in (1, 2)]
    for each in idle:
        ended(each)
        each.watched = 0.0
    runs.watch(train, Config(3))
    known = list(runs.jobs.values())
    assert kept in known
    assert idle[0] not in known
    assert idle[1] in known


def test_memory_is_bounded_over_all_runs_and_in_each(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_BYTES", 1000)
    for seed in range(6):
        watched = runs.watch(train, Config(seed, cost=0))
        assert ended(watched)
        assert watched.bytes == 21 * 3 * 8
        watched.watched = 0.0
    assert sum(each.bytes for each in runs.jobs.values()) <= 1000 + 504
    monkeypatch.setattr(job, "MOST_BYTES", 100)
    long = runs.watch(train, Config(99, cost=0))
    assert ended(long)
    assert "too long" in long.reason


def test_arrays_that_snapshots_share_count_once(runs):
    watched = runs.watch(use, Config(), runs.watch(train, Config(cost=0)))
    assert ended(watched)
    assert watched.bytes == SHARED.nbytes


def test_arrays_are_found_inside_records_and_collections():
    nested = {"a": [SHARED, (SHARED,)], "b": Snapshot(0, SHARED), "c": "text"}
    assert [id(array) for array in job.arrays(nested)] == [id(SHARED)] * 3


def test_a_run_goes_on_where_it_was_when_its_thread_is_told_to_end(runs):
    watched = runs.watch(train, Config(3, steps=60, cost=0.01))
    assert watched.wait_for(10, 5)
    told = ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(runs._worker.ident), ctypes.py_object(SystemExit)
    )
    assert told == 1
    assert ended(watched)
    assert watched.status == "done"
    alone, model = finish(train(Config(3, steps=60, cost=0)))
    assert watched.model == model
    for a, b in zip(alone, watched.snapshots, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_stops_nobody_for_good(runs, monkeypatch, jump):
    """Of the wall, which no run looks at; and of the monotonic one, as after hibernation."""
    watched = runs.watch(train, Config(1, steps=200, cost=0.005))
    assert watched.wait_for(3, 5)
    wall, steady = time.time, time.monotonic
    monkeypatch.setattr(time, "time", lambda: wall() + jump)
    assert watched.wait_for(len(watched.snapshots) + 3, 5)
    if jump > 0:  # it never goes back
        monkeypatch.setattr(job.time, "monotonic", lambda: steady() + jump)
    assert ended(watched, 20)
    assert watched.status == "done"


def test_a_dead_worker_is_replaced(runs):
    dead = threading.Thread(target=lambda: None)
    dead.start()
    dead.join()
    runs._worker = dead
    assert ended(runs.watch(train, Config()))


def test_asking_never_waits_for_the_generator(runs):
    runs.watch(train, Config(1, cost=0.3))
    time.sleep(0.05)
    before = time.monotonic()
    for seed in range(5):
        runs.watch(train, Config(seed))
    assert time.monotonic() - before < 0.1


def test_the_same_code_is_the_same_run_even_when_the_function_was_made_anew(runs):
    source = "def walk(config):\n    yield 1\n"
    spaces: list[dict] = [{}, {}]
    for space in spaces:
        exec(compile(source, "page", "exec"), space)
    assert runs.watch(spaces[0]["walk"], 1) is runs.watch(spaces[1]["walk"], 1)


def test_a_process_that_depends_on_what_is_around_it_is_refused(runs):
    hidden = 3

    def process(config):
        yield config + hidden

    with pytest.raises(ValueError, match="process must be a plain function"):
        runs.watch(process, 1)


def test_the_name_of_a_run_is_short_and_differs_with_all_that_matters():
    names = {name(train, Config()), name(train, Config(1)), name(use, Config())}
    assert len(names) == 3
    assert all(len(each) == 16 for each in names)


def test_finish_returns_all_snapshots_and_the_model():
    snapshots, model = finish(train(Config(cost=0)))
    assert [snapshot.step for snapshot in snapshots] == list(range(21))
    assert model == "model 0"
