"""n-gram and LSTM on more and more first names, measured before: `assets/text/dataset_size.npz`.

Written by `python -m benchmarks.text record`; plain arrays. On each part of the names an LSTM is
trained twice: for as many CPU seconds as on all of them, and for its share of those, so that each
name is read equally often. The n-gram is the best of orders 1 to 7.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np

from explorer.concepts.text.config import PACE, Config
from explorer.concepts.text.dataset_size import (
    DatasetSizeConfig,
    crossover,
    network_bits,
    ngram_bits,
    part,
)

FILE = Path(__file__).parents[3] / "assets" / "text" / "dataset_size.npz"
LEVEL = 0.01  # bits, below which the two are level
NGRAM, NETWORK = "the n-gram is better", "the LSTM is better"
NEITHER = f"they are level, within {LEVEL} bits or by seed,"
SEEDS, PARTS, SECONDS = range(3), (1 / 8, 1 / 4, 1 / 2, 1.0), 30


@dataclass(frozen=True, eq=False)
class Record:
    """Bits per character on held-out names."""

    names: np.ndarray  # (parts,) how many are in the training text
    ngram: np.ndarray  # (parts,)
    equal_time: np.ndarray  # (seeds, parts) after SECONDS on every part
    proportional_time: np.ndarray  # (seeds, parts) after seconds by the size of the part


def measure(seed: int) -> Iterator[tuple[int, float, float, float]]:
    """For each part: names, bits of the n-gram, of the LSTM after all seconds, after its share.

    The LSTM is that of the preset that is better than n-grams, with half of its time.
    """
    base = Config("names", ("lstm",), hidden=128, dropout=0.3, data_noise=0.1,
                  steps=SECONDS * PACE, seed=seed)  # fmt: skip
    equal, proportional = (DatasetSizeConfig(base, proportional=each) for each in (False, True))
    for share in PARTS:
        own = part(base.corpus, share)
        same = network_bits(equal, own, share)
        alike = same if share == 1 else network_bits(proportional, own, share)
        yield int((own.train == 0).sum()), ngram_bits(equal, own), same, alike


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


def recorded(times: str, record: Record | None = None) -> dict[str, str]:
    """What a record shows of `times`, "equal_time" or "proportional_time", in words."""
    found = record or shipped()
    bits = getattr(found, times)
    return {
        "seconds": str(SECONDS), "seeds": f"{len(bits)} seeds", "order": order(found, bits),
    }  # fmt: skip


def order(record: Record, bits: np.ndarray) -> str:
    """Who is better on which parts, and where that turns."""
    states = [_better(gaps) for gaps in (bits - record.ngram).T]
    parts = [
        f"{state} with {_span([names for names, _ in group])}"
        for state, group in (
            (key, list(pairs))
            for key, pairs in groupby(zip(record.names.tolist(), states), key=itemgetter(1))
        )
    ]
    words = "; ".join(parts) + " names"
    turns = [at for at, pair in enumerate(pairwise(states)) if pair == (NGRAM, NETWORK)]
    if turns:
        rows = slice(turns[0], turns[0] + 2)
        found = [
            crossover(np.stack([record.names, record.ngram, each], 1)[rows]) or 0.0 for each in bits
        ]
        low, middle, high = np.quantile(found, [0, 0.5, 1])
        return (
            f"{words}: the crossover is near {middle:,.0f} names "
            f"({low:,.0f} to {high:,.0f} by seed)"
        )
    return words if {NGRAM, NETWORK} <= set(states) else f"{words}: there is no crossover"


def _better(gaps: np.ndarray) -> str:
    """Who is better by more than LEVEL bits with every seed; gaps (seeds,) are LSTM - n-gram."""
    return NETWORK if (gaps < -LEVEL).all() else NGRAM if (gaps > LEVEL).all() else NEITHER


def _span(names: Sequence[int]) -> str:
    return f"{names[0]:,}" + (f" to {names[-1]:,}" if len(names) > 1 else "")
