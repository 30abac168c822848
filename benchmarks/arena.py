"""Comparing families: how fast each trains and samples, whether a run keeps its budget.

`python -m benchmarks.arena budget [repeats]` measures and prints the tables of
`explorer/concepts/arena/budget.py`; `python -m benchmarks.arena record [name ...]` makes the runs
that the recommendations rest on and adds them to `assets/arena/record.npz`: a name is a data set,
or ring-200 for a run with so few points. `python -m benchmarks.arena clicks` is the part about
clicks alone: a visitor has the whole page run again and again, over a websocket, during the run.
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
from explorer.concepts.arena import budget, record
from explorer.concepts.arena.families import FAMILIES, can_learn, sized
from explorer.concepts.arena.measure import evaluation_of
from explorer.concepts.arena.train import Snapshot
from explorer.runs import finish

SEEDS, REPEATS = range(3), 3
LONG, SHORT = 1.2, 150  # seconds of a long run by the table as it is; updates of a short one
WORST = 0.2  # sliced Wasserstein; what a family that has been trained at all stays below
LARGER = 3  # times as many parameters in a large model
CLICKING = 45.0  # seconds: about as long as the run lasts
KINDS = {"plane": "ring", "digits": "digits", "faces": "faces"}


def rows() -> list[Row]:
    """The bars of the page: the ring, eight families, five seconds each."""
    watches = [watched(config) for config in record.configs("ring")]
    count = len(arena.Config().included)
    ratios = [watch.seconds / (count * 5) for watch in watches]
    slices = [1000 * max(watch.slices[3:]) for watch in watches]  # the first ones load and prepare
    same = [differing(seed) for seed in SEEDS]
    found = [
        Row("arena ring: seconds over the sum of budgets", ratios, 1.3, note=f"{count} families"),
        Row("arena ring: longest turn, ms", slices, 500, note="what others wait for"),
        Row("arena ring: families that differ from their own page", same, 0, floor="0"),
    ]
    floor = evaluation_of("ring").floors["distance"]
    for key, scores in record.table([watch.last for watch in watches]).items():
        distances = [each.distance for each in scores]
        interval = f"{floor[0]:.4f} to {floor[1]:.4f}"
        found.append(Row(f"arena ring: distance, {key}", distances, WORST, "low", interval))
    record.add("ring", [watch.last for watch in watches])
    return [*found, *clicks()]


def clicks() -> list[Row]:
    """How long a click on the page waits while eight families are trained."""
    found: dict[str, list[float]] = {"median": [], "p95": [], "worst": []}
    for seed in SEEDS:
        with served() as server:
            query = f"predict_first=false&seed={seed}"
            watching = Client(server, "arena", query).stay(CLICKING)
            seen, clicked = together(watching, Client(server, "arena", query).click(CLICKING))
        assert seen.frames > 0, "the run is on"
        times = [1000 * each for each in clicked.clicks]
        for name, value in zip(found, np.quantile(times, [0.5, 0.95, 1.0])):
            found[name].append(float(value))
    note = f"{len(times)} clicks each time, {CLICKING:.0f} s"
    return [
        Row(f"arena ring: a click during the run, {name}, ms", values, 500, note=note)
        for name, values in found.items()
    ]


@dataclass(frozen=True)
class Watched:
    """A run with a stopwatch."""

    seconds: float
    slices: list[float]
    last: Snapshot
    model: Any


def watched(config: arena.Config) -> Watched:
    """Run a comparison; CPU seconds in all, and from each snapshot to the next."""
    process = arena.train(config)
    slices: list[float] = []
    begun = start = time.thread_time()
    while True:
        try:
            last = next(process)
        except StopIteration as end:
            return Watched(time.thread_time() - begun, slices, last, end.value)
        now = time.thread_time()
        slices.append(now - start)
        start = now


def differing(seed: int) -> int:
    """How many families' own runs give other samples than those of a short comparison."""
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
    """CPU seconds of one update, without the snapshots: both runs have as many of those."""
    short = min(SHORT, long // 2)
    fast = spent(key, dataset, size, short)
    return max(1e-6, (spent(key, dataset, size, long) - fast) / (long - short))


def measure_budget(repeats: int) -> None:
    """Print the three tables of `budget.py`, from the median of `repeats`."""
    speeds: dict[str, dict[str, float]] = {}
    sampling: dict[str, dict[str, float]] = {}
    growth: dict[str, float] = {}
    for key, family in FAMILIES.items():
        speeds[key], sampling[key] = {}, {}
        for kind, dataset in KINDS.items():
            if not can_learn(key, dataset):
                continue
            long = max(2 * SHORT, budget.steps(key, dataset, LONG))
            spent(key, dataset, 0, 1)  # what is kept from run to run is made now
            each = median(update(key, dataset, 0, long) for _ in range(repeats))
            speeds[key][kind] = float(f"{1 / each:.3g}")
            _, model = finish(family.train(family.settings(dataset, 0, 20, 0)))
            sampling[key][kind] = float(
                f"{median(sampling_ms(model, dataset) for _ in range(5)):.3g}"
            )
            print(key, kind, speeds[key][kind], sampling[key][kind], file=sys.stderr, flush=True)
        size = sized(family, LARGER * family.count(family.size))
        large = update(key, "ring", size, 2 * SHORT) * speeds[key]["plane"]
        more = family.count(size) / family.count(family.size) - 1
        growth[key] = float(f"{min(1.0, max(0.0, (large - 1) / more)):.2f}")
        print(key, "growth", growth[key], file=sys.stderr, flush=True)
    print("UPDATES_PER_SECOND =", speeds)
    print("GROWTH =", growth)
    print("SAMPLING_MS =", sampling)


def sampling_ms(model: Any, dataset: str) -> float:
    """CPU milliseconds for 1,000 samples."""
    count, start = evaluation_of(dataset).count, time.thread_time()
    model.sample(count, 1)
    return 1e6 * (time.thread_time() - start) / count


def main() -> None:
    if sys.argv[1:2] == ["budget"]:
        measure_budget(int(sys.argv[2]) if len(sys.argv) > 2 else REPEATS)
    elif sys.argv[1:2] == ["clicks"]:
        print(table(clicks()))
    elif sys.argv[1:2] == ["record"]:
        for dataset in sys.argv[2:] or (*arena.DATA, record.few("ring")):
            start = time.thread_time()
            record.add(dataset, [watched(config).last for config in record.configs(dataset)])
            print(f"{dataset}: {time.thread_time() - start:.0f} s", flush=True)
    else:
        sys.exit(f"Say budget, record or clicks. Got {' '.join(sys.argv[1:])!r} instead.")


if __name__ == "__main__":
    main()
