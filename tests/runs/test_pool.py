"""Laws of shared runs: computed once, the same for all, found by what they are."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explorer.runs import finish, job, name, pool
from tests.runs.processes import Config, clock, ended, gate, held, log, train, use


def test_everybody_who_asks_for_a_run_gets_the_same_one_and_it_is_computed_once(threaded):
    with ThreadPoolExecutor(8) as threads:
        jobs = list(threads.map(lambda _: threaded.watch(train, Config()), range(8)))
    assert len(set(map(id, jobs))) == 1
    assert jobs[0].wait_for(100, 60)
    assert log == [(0, step) for step in range(21)]
    assert [snapshot.step for snapshot in jobs[0].snapshots] == list(range(21))
    assert jobs[0].model == "model 0"


def test_other_configs_and_other_processes_are_other_runs(runs):
    one, other = runs.watch(train, Config(1)), runs.watch(train, Config(2))
    assert one is not other
    assert ended(runs, one)
    assert runs.watch(use, Config(1), one) is not one


def test_a_run_is_the_same_whether_it_is_shared_interrupted_or_run_alone(runs):
    alone, model = finish(train(Config(3)))
    log.clear()
    watched = runs.watch(train, Config(3, cost=0.02))
    rivals = [runs.watch(train, Config(seed, cost=0.02)) for seed in (4, 5)]
    assert ended(runs, watched, *rivals)
    assert log.index((4, 0)) < log.index((3, 20)), "they took turns"
    assert watched.model == model
    for a, b in zip(alone, watched.snapshots, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_a_run_that_builds_upon_another_starts_with_its_model(runs):
    first = runs.watch(train, Config())
    second = runs.watch(use, Config(), first)
    assert ended(runs, second)
    assert first.status == second.status == "done"
    assert second.model == "model 0, used"
    assert runs.watch(use, Config(), first) is second


def test_a_failure_is_passed_on_to_what_builds_upon_it(runs):
    first = runs.watch(train, Config(breaks="diverges"))
    second = runs.watch(use, Config(), first)
    assert ended(runs, second)
    assert second.reason == first.reason


def test_a_run_that_others_build_upon_is_found_again_after_it_was_forgotten(runs, monkeypatch):
    monkeypatch.setattr(pool, "MOST_JOBS", 2)
    first = runs.watch(train, Config(steps=200))
    runs.watch(use, Config(), first)
    clock.passes(job.LEASE + 1)
    for seed in (1, 2, 3):
        runs.watch(train, Config(seed))
    assert first not in runs.jobs.values()
    again = runs.watch(use, Config(), first)
    assert ended(runs, again)
    assert again.model == "model 0, used"


def test_asking_never_waits_for_the_generator(threaded):
    busy = threaded.watch(held, Config(1, cost=0))
    assert busy.wait_for(4, 60)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(lambda: [threaded.watch(train, Config(k)) for k in range(5)])
        assert len(asked.result(60)) == 5
        assert not gate.is_set(), "the generator is still at its fifth snapshot"
        gate.set()


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
