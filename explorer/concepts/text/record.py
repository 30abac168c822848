"""More and more first names, counted and learnt: measured before, kept in `assets/text/sizes.npz`.

Made by `python -m benchmarks.text record`; plain numbers. On each part of the names a network
learns twice: for as many CPU seconds as on all of them, and for its share of those, so that each
name is read equally often. Counting is the best n-gram of orders 1 to 7.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np

from explorer.concepts.text.config import PACE, Config
from explorer.concepts.text.sizes import Sizes, counted, flip, part, taught

FILE = Path(__file__).parents[3] / "assets" / "text" / "sizes.npz"
LEVEL = 0.01  # bits, below which nobody is ahead
COUNTING, NETWORK = "counting is ahead", "the network is ahead"
NEITHER = f"it is a draw, within {LEVEL} bits or by seed,"
SEEDS, PARTS, SECONDS = range(3), (1 / 8, 1 / 4, 1 / 2, 1.0), 30


@dataclass(frozen=True, eq=False)
class Record:
    """Bits per character on unseen names."""

    names: np.ndarray  # (parts,) how many were learnt from
    counted: np.ndarray  # (parts,)
    same: np.ndarray  # (seeds, parts) after SECONDS on every part
    share: np.ndarray  # (seeds, parts) after seconds by the size of the part


def measure(seed: int) -> Iterator[tuple[int, float, float, float]]:
    """For each part: names, bits of counting, of the network after all seconds, after its share.

    The network is that of the preset that beats counting, with half of its time.
    """
    base = Config("names", ("lstm",), hidden=128, dropout=0.3, noise=0.1,
                  steps=SECONDS * PACE, seed=seed)  # fmt: skip
    for share in PARTS:
        own = part(base.corpus, share)
        same = taught(Sizes(base), own, share)
        alike = same if share == 1 else taught(Sizes(base, by_size=True), own, share)
        yield int((own.train == 0).sum()), counted(Sizes(base), own), same, alike


def write(record: Record, file: Path = FILE) -> None:
    """Keep a record as plain arrays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **asdict(record))


def read(file: Path = FILE) -> Record:
    """A record as it was written; nobody can change it."""
    with np.load(file, allow_pickle=False) as archive:
        arrays = {field.name: archive[field.name] for field in fields(Record)}
    for array in arrays.values():
        array.setflags(write=False)
    return Record(**arrays)


shipped = lru_cache(maxsize=1)(read)


def told(record: Record) -> tuple[str, str]:
    """What the record shows, in words: of each way to give out time."""
    seeds = f"{len(record.same)} seeds"
    return (
        f"**Recorded, {SECONDS} CPU seconds on every part** of the first names, {seeds}: "
        f"{_order(record, record.same)}.",
        f"**Recorded, seconds by the size of the part**, so that each name is read equally often, "
        f"{seeds}: {_order(record, record.share)}.",
    )


def _order(record: Record, bits: np.ndarray) -> str:
    """Who is ahead on which parts, and where that turns."""
    states = [_ahead(gaps) for gaps in (bits - record.counted).T]
    parts = [
        f"{state} with {_span([names for names, _ in group])}"
        for state, group in (
            (key, list(pairs))
            for key, pairs in groupby(zip(record.names.tolist(), states), key=itemgetter(1))
        )
    ]
    words = "; ".join(parts) + " names"
    turns = [at for at, pair in enumerate(pairwise(states)) if pair == (COUNTING, NETWORK)]
    if turns:
        rows = slice(turns[0], turns[0] + 2)
        found = [
            flip(np.stack([record.names, record.counted, each], 1)[rows]) or 0.0 for each in bits
        ]
        low, middle, high = np.quantile(found, [0, 0.5, 1])
        return (
            f"{words}: the order flips near {middle:,.0f} names ({low:,.0f} to {high:,.0f} by seed)"
        )
    return words if {COUNTING, NETWORK} <= set(states) else f"{words}: the order does not flip"


def _ahead(gaps: np.ndarray) -> str:
    """Who is ahead by more than LEVEL bits with every seed; gaps (seeds,) are network - n-gram."""
    return NETWORK if (gaps < -LEVEL).all() else COUNTING if (gaps > LEVEL).all() else NEITHER


def _span(names: Sequence[int]) -> str:
    return f"{names[0]:,}" + (f" to {names[-1]:,}" if len(names) > 1 else "")
