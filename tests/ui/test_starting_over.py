"""Whether a visitor is told that a run starts over."""

from threading import Condition

from explorer.runs import Job, job
from explorer.ui.player.polls import starts_over
from tests.runs.processes import Config, log, train


def run(config: Config, snapshots: int) -> Job:
    made = Job(train, config, None, Condition())
    log.clear()
    while len(made.snapshots) < snapshots:
        made.renew()
        made.advance()
    return made


def test_nobody_is_told_so_of_a_run_that_goes_on(monkeypatch):
    monkeypatch.setattr(job, "SLICE", 0.0)
    assert not starts_over(run(Config(cost=0), 3), 3)
    assert not starts_over(run(Config(cost=0), 3), 1)
    assert not starts_over(run(Config(cost=0), 0), 0)


def test_a_browser_with_more_frames_than_the_server_is_told(monkeypatch):
    """The server restarted: the link brought the run back, and it begins anew."""
    monkeypatch.setattr(job, "SLICE", 0.0)
    assert starts_over(run(Config(cost=0), 3), 10)


def test_everybody_is_told_when_the_thread_of_a_run_ended(monkeypatch):
    monkeypatch.setattr(job, "SLICE", 0.0)
    once = run(Config(cost=0, breaks="once"), 5)
    once.advance()
    assert starts_over(once, 5)
    while not once.ended:
        once.renew()
        once.advance()
    assert not starts_over(once, 5)
