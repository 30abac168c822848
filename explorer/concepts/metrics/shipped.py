"""What perfect sets score, measured once and shipped: `python -m benchmarks.reader floors`.

To measure it takes seconds and looks at every picture of a set. So the page has it ready for all
numbers of samples that its slider offers.
"""

from functools import lru_cache

import numpy as np

from explorer.concepts.metrics.config import MOST
from explorer.concepts.metrics.reader import FILES

SETS = 40  # perfect sets behind each floor
FILE, PACE = FILES / "floors.npz", 50  # the slider's step


def sizes(name: str) -> range:
    """The numbers of samples whose floors are shipped."""
    return range(PACE, MOST[name] + 1, PACE)


def shipped(name: str, n: int) -> np.ndarray | None:
    """Every metric (SETS, metrics) of perfect sets of n samples; None if they are not shipped."""
    return _table()[name][sizes(name).index(n)] if n in sizes(name) else None


@lru_cache(maxsize=1)
def _table() -> dict[str, np.ndarray]:
    with np.load(FILE, allow_pickle=False) as archive:
        return {name: archive[name].astype(np.float64) for name in archive.files}
