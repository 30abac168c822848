"""Pools of its own for every test."""

from collections.abc import Iterator

import pytest

from explorer.runs.pool import Pool
from tests.runs import processes


@pytest.fixture
def runs() -> Pool:
    """Serves when a test says so, by a clock that stands still in between."""
    processes.log.clear()
    return Pool(processes.clock, threaded=False)


@pytest.fixture
def threaded() -> Iterator[Pool]:
    """With its worker, as in the app."""
    processes.log.clear()
    processes.gate.clear()
    pool = Pool()
    yield pool
    processes.gate.set()
    pool.stop()
