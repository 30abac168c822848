"""The record of claims: what was measured with which settings and seeds, and how often one holds.

`python -m benchmarks claims` runs each claim over many seeds and writes the measurements into
`assets/claims.json`, beside all settings that they were measured with: other settings, no record.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any

from explorer.claims import OTHER, Claim, Measured
from explorer.experiment import Experiment, Outcome, chain

FILE = Path(__file__).parents[1] / "assets" / "claims.json"
SEEDS = 10  # that a claim is measured with, at least
FEWEST = 3  # seeds of which a page speaks
DIVERGED = "diverged"  # a measure of every run: 1 if it ended with an error, else 0


def measure(
    experiment: Experiment, run: Outcome, names: Iterable[str] | None = None
) -> dict[str, float]:
    """Measures of a finished run, by name; all of them, unless `names` says which."""
    wanted = experiment.measures if names is None else names
    return {
        name: 0.0 if name == DIVERGED else float(experiment.measures[name](run))
        for name in {DIVERGED: None, **dict.fromkeys(wanted)}
    }


def settings(experiments: Mapping[str, Experiment], key: str, chosen: Mapping[str, Any]) -> Any:
    """What a run is: every field of its config, and of those of the runs that it builds upon.

    Seeds are left at their defaults: a claim is about all of them.
    """
    found: dict[str, Any] = {}
    for name, config in chain(experiments, key, chosen):
        found |= {f"{name}.{field}": value for field, value in flat(config).items()}
    return found


def flat(config: Any) -> dict[str, Any]:
    """The fields of a config, and of the configs in it, as JSON can say them; without seeds."""
    found: dict[str, Any] = {}
    for each in fields(config):
        value = getattr(config, each.name)
        if is_dataclass(value):
            found |= {f"{each.name}.{name}": inner for name, inner in flat(value).items()}
        elif each.name != "seed":
            found[each.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it; of what is no number, no text and no list of these, a digest."""
    if isinstance(value, tuple | list) and len(value) < 20:
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Entry:
    """What was measured with some settings: the measures by seed, and CPU seconds of a run."""

    experiment: str
    settings: Mapping[str, Any]
    seconds: float
    seeds: Mapping[int, Measured]

    def of(self, wanted: Mapping[str, Any], usual: Mapping[str, Any]) -> bool:
        """Whether it was measured with the settings `wanted`.

        A field that has come since, and has its default now, changes nothing.
        """
        new = set(wanted) - set(self.settings)
        return set(self.settings) <= set(wanted) and all(
            wanted[name] == (usual.get(name) if name in new else self.settings[name])
            for name in wanted
        )


@dataclass(frozen=True)
class Rate:
    """In how many of how many seeds a claim was true."""

    held: int
    seeds: int
    every: bool = False  # whether no seed changes it, so that one run says all

    @property
    def share(self) -> float:
        return self.held / self.seeds if self.seeds else 0.0

    @property
    def words(self) -> str:
        """`in 37 of 40 seeds`; of what no seed can change, that; of fewer than FEWEST, nothing.

        >>> Rate(37, 40).words, Rate(1, 1, True).words, Rate(2, 2).words
        ('in 37 of 40 seeds', 'with every seed', '')
        """
        if self.every and self.seeds:
            return "with every seed" if self.held else "with no seed"
        return f"in {self.held} of {self.seeds} seeds" if self.seeds >= FEWEST else ""


def seeded(experiments: Mapping[str, Experiment], claim: Claim) -> bool:
    """Whether the runs of a claim differ from seed to seed."""
    return any(
        chain(experiments, claim.experiment, chosen, 0)
        != chain(experiments, claim.experiment, chosen, 1)
        for chosen in sides(claim)
    )


def sides(claim: Claim) -> list[Mapping[str, Any]]:
    """The settings of the run of a claim and, where it compares, of the other one."""
    other = [{**claim.set, **claim.against}] if claim.against else []
    return [claim.set, *other]


def entry(
    experiments: Mapping[str, Experiment],
    record: Sequence[Entry],
    key: str,
    chosen: Mapping[str, Any],
) -> Entry | None:
    """What the record says of an experiment with these settings."""
    wanted = settings(experiments, key, chosen)
    usual = {
        f"{name}.{field}": value
        for name, config in chain(experiments, key, chosen)
        for field, value in flat(type(config)()).items()
    }
    found = (each for each in record if each.experiment == key and each.of(wanted, usual))
    return next(found, None)


def rate(experiments: Mapping[str, Experiment], record: Sequence[Entry], claim: Claim) -> Rate:
    """In how many of the recorded seeds a claim is true; (0, 0) if it has no record."""
    if claim.formal:
        return Rate(int(claim.holds({})), 1, True)
    found = [entry(experiments, record, claim.experiment, chosen) for chosen in sides(claim)]
    seeds = [each.seeds if each else {} for each in found]
    names = [claim.names(), claim.names(OTHER)]
    common = [
        seed
        for seed in seeds[0]
        if all(seed in by and set(wanted) <= set(by[seed]) for by, wanted in zip(seeds, names))
    ]
    held = sum(claim.holds(*(by[seed] for by in seeds)) for seed in common)
    return Rate(held, len(common), not seeded(experiments, claim))


def middle(entry: Entry) -> Measured:
    """The median of every measure over the seeds."""
    by_name: dict[str, list[float]] = {}
    for measured in entry.seeds.values():
        for name, value in measured.items():
            by_name.setdefault(name, []).append(value)
    return {name: median(values) for name, values in by_name.items()}


@lru_cache(maxsize=1)
def recorded() -> Mapping[str, Sequence[Entry]]:
    """The record of every concept."""
    return read()


def read(file: Path = FILE) -> dict[str, list[Entry]]:
    """The record as it stands in its file; a measure that was no number is NaN."""
    if not file.exists():
        return {}
    return {
        concept: [
            Entry(
                each["experiment"],
                each["settings"],
                each["seconds"],
                {int(seed): _numbers(measured) for seed, measured in each["seeds"].items()},
            )
            for each in entries
        ]
        for concept, entries in json.loads(file.read_text()).items()
    }


def _numbers(measured: Mapping[str, float | None]) -> Measured:
    return {key: math.nan if value is None else value for key, value in measured.items()}
