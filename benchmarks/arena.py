"""The arena: how fast each family learns and samples, whether the race keeps its budget.

`python -m benchmarks.arena pace [rounds]` measures and prints the tables of
`explorer/concepts/arena/pace.py`; `python -m benchmarks.arena record [name ...]` runs the races
that the page's advice rests on and adds them to `assets/arena/record.npz`: a name is a data set, or
ring-200 for a race with so few points. `python -m benchmarks.arena clicks` is the part about clicks
alone: a visitor has the whole page run again and again, over a websocket, while the race is on.
"""

import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.clients import Client, served, together
from benchmarks.row import Row, table
from explorer.concepts import arena
from explorer.concepts.arena import pace, record
from explorer.concepts.arena.exam import exam
from explorer.concepts.arena.families import FAMILIES, sized, takes
from explorer.concepts.arena.race import Snapshot
from explorer.runs import finish

SEEDS, ROUNDS = range(3), 3
LONG, LOOKS = 1.2, 150  # seconds of a long run by the table as it is; more updates than looks
WORST = 0.2  # sliced Wasserstein; what a family that has learnt anything stays below
LARGER = 3  # times as many numbers in a large model
CLICKING = 45.0  # seconds: about as long as the race lasts
KINDS = {"plane": "ring", "digits": "digits", "faces": "faces"}


def rows() -> list[Row]:
    """The bars of the page: the ring, eight families, five seconds each."""
    watches = [watched(config) for config in record.races("ring")]
    count = len(arena.Config().racing)
    ratios = [watch.seconds / (count * 5) for watch in watches]
    slices = [1000 * max(watch.slices[3:]) for watch in watches]  # the first ones load and prepare
    same = [differing(seed) for seed in SEEDS]
    found = [
        Row("arena ring: seconds over the sum of budgets", ratios, 1.3, note=f"{count} families"),
        Row("arena ring: longest turn, ms", slices, 500, note="what others wait for"),
        Row("arena ring: families that differ from their own page", same, 0, floor="0"),
    ]
    floor = exam("ring").floors["distance"]
    for key, marks in record.table([watch.last for watch in watches]).items():
        distances = [each.distance for each in marks]
        told = f"{floor[0]:.4f} to {floor[1]:.4f}"
        found.append(Row(f"arena ring: distance, {key}", distances, WORST, "low", told))
    record.add("ring", [watch.last for watch in watches])
    return [*found, *clicks()]


def clicks() -> list[Row]:
    """How long a click on the page waits while its race of eight families is on."""
    found: dict[str, list[float]] = {"median": [], "p95": [], "worst": []}
    for seed in SEEDS:
        with served() as server:
            query = f"stake=false&seed={seed}"
            watching = Client(server, "arena", query).stay(CLICKING)
            seen, clicked = together(watching, Client(server, "arena", query).click(CLICKING))
        assert seen.frames > 0, "the race is on"
        times = [1000 * each for each in clicked.clicks]
        for name, value in zip(found, np.quantile(times, [0.5, 0.95, 1.0])):
            found[name].append(float(value))
    note = f"{len(times)} clicks a round, {CLICKING:.0f} s"
    return [
        Row(f"arena ring: a click while the race is on, {name}, ms", values, 500, note=note)
        for name, values in found.items()
    ]


@dataclass(frozen=True)
class Watched:
    """A race with a stopwatch."""

    seconds: float
    slices: list[float]
    last: Snapshot
    model: Any


def watched(config: arena.Config) -> Watched:
    """Run a race; CPU seconds in all, and from each snapshot to the next."""
    race = arena.train(config)
    slices: list[float] = []
    begun = start = time.thread_time()
    while True:
        try:
            last = next(race)
        except StopIteration as end:
            return Watched(time.thread_time() - begun, slices, last, end.value)
        now = time.thread_time()
        slices.append(now - start)
        start = now


def differing(seed: int) -> int:
    """How many families' own runs make other samples than those of a short race."""
    wrong, watch = 0, watched(arena.Config(steps=20, seed=seed))
    for key, models in watch.model.models.items():
        run = watch.last.config.run(key, 0)
        _, own = finish(FAMILIES[key].train(run))
        wrong += not np.array_equal(own.sample(500, seed), models[0].sample(500, seed))
    return wrong


def spent(key: str, dataset: str, size: int, steps: int) -> float:
    """CPU seconds of a run."""
    family, start = FAMILIES[key], time.thread_time()
    finish(family.train(family.settings(dataset, size, steps, 0)))
    return time.thread_time() - start


def update(key: str, dataset: str, size: int, long: int) -> float:
    """CPU seconds of one update, without the looks: both runs have as many of those."""
    short = min(LOOKS, long // 2)
    fast = spent(key, dataset, size, short)
    return max(1e-6, (spent(key, dataset, size, long) - fast) / (long - short))


def measure_pace(rounds: int) -> None:
    """Print the three tables of `pace.py`, from the median of `rounds`."""
    rates: dict[str, dict[str, float]] = {}
    sampling: dict[str, dict[str, float]] = {}
    grows: dict[str, float] = {}
    for key, family in FAMILIES.items():
        rates[key], sampling[key] = {}, {}
        for kind, dataset in KINDS.items():
            if not takes(key, dataset):
                continue
            long = max(2 * LOOKS, pace.steps(key, dataset, LONG))
            spent(key, dataset, 0, 1)  # what is kept from run to run is made now
            each = median(update(key, dataset, 0, long) for _ in range(rounds))
            rates[key][kind] = float(f"{1 / each:.3g}")
            _, model = finish(family.train(family.settings(dataset, 0, 20, 0)))
            sampling[key][kind] = float(f"{median(made(model, dataset) for _ in range(5)):.3g}")
            print(key, kind, rates[key][kind], sampling[key][kind], file=sys.stderr, flush=True)
        size = sized(family, LARGER * family.count(family.size))
        large = update(key, "ring", size, 2 * LOOKS) * rates[key]["plane"]
        more = family.count(size) / family.count(family.size) - 1
        grows[key] = float(f"{min(1.0, max(0.0, (large - 1) / more)):.2f}")
        print(key, "grows", grows[key], file=sys.stderr, flush=True)
    print("RATES =", rates)
    print("GROWS =", grows)
    print("SAMPLING =", sampling)


def made(model: Any, dataset: str) -> float:
    """CPU milliseconds for 1,000 samples."""
    count, start = exam(dataset).count, time.thread_time()
    model.sample(count, 1)
    return 1e6 * (time.thread_time() - start) / count


def main() -> None:
    if sys.argv[1:2] == ["pace"]:
        measure_pace(int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
    elif sys.argv[1:2] == ["clicks"]:
        print(table(clicks()))
    elif sys.argv[1:2] == ["record"]:
        for dataset in sys.argv[2:] or (*arena.DATA, record.few("ring")):
            start = time.thread_time()
            record.add(dataset, [watched(race).last for race in record.races(dataset)])
            print(f"{dataset}: {time.thread_time() - start:.0f} s", flush=True)
    else:
        sys.exit(f"Say pace, record or clicks. Got {' '.join(sys.argv[1:])!r} instead.")


if __name__ == "__main__":
    main()
