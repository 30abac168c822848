"""A pool of its own for every test."""

from collections.abc import Iterator

import pytest

from explorer.runs.pool import Pool
from tests.runs import walk


@pytest.fixture
def runs() -> Iterator[Pool]:
    walk.log.clear()
    pool = Pool()
    yield pool
    pool.stop()
