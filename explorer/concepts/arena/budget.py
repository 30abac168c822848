"""How many updates a CPU second holds, as measured once: what makes a budget repeatable.

A clock would give every run another number of updates. So each family was timed, and a budget is
translated by this table: the same link, the same run, on any machine. How long training really
takes is measured and shown beside.

`python -m benchmarks.arena budget` measures updates, sampling and growth. The updates per second
are those of a run of five seconds on a busy machine of two cores, its snapshots included: on the
plane from three comparisons, of images the measured ones less a fifth for the snapshots.
"""

from math import nan

from explorer.concepts.arena.families import FAMILIES
from explorer.data.levels import LEVELS

MOST = 200_000  # updates
UPDATES_IF_UNTIMED = 200  # updates in a CPU second of a family that is not timed yet

# Updates in a CPU second; of the plane at the usual size, on the ring.
UPDATES_PER_SECOND: dict[str, dict[str, float]] = {
    "gan": {"plane": 765, "digits": 490, "faces": 220},
    "vae": {"plane": 740, "digits": 590, "faces": 300},
    "flow": {"plane": 125, "digits": 60},
    "diffusion": {"plane": 590, "digits": 410, "faces": 120},
    "flow_matching": {"plane": 595, "digits": 490, "faces": 120},
    "autoregressive": {"plane": 630, "digits": 82, "faces": 83},
    "mixture": {"plane": 1370, "digits": 85, "faces": 100},
    "kernel": {"plane": 1760, "digits": 2260, "faces": 98},
}
# How the time of an update on the plane grows with the model: the share of it, at the usual size,
# that is in proportion to the parameters of the model.
GROWTH: dict[str, float] = {
    "gan": 0.11,
    "vae": 0.3,
    "flow": 0.16,
    "diffusion": 0.56,
    "flow_matching": 0.51,
    "autoregressive": 0.22,
    "mixture": 0.39,
    "kernel": 0.99,
}
# CPU milliseconds for 1,000 samples of the plane, or images.
SAMPLING_MS: dict[str, dict[str, float]] = {
    "gan": {"plane": 0.146, "digits": 0.423, "faces": 4.2},
    "vae": {"plane": 0.292, "digits": 0.728, "faces": 3.05},
    "flow": {"plane": 2.32, "digits": 78},
    "diffusion": {"plane": 47.3, "digits": 117, "faces": 300},
    "flow_matching": {"plane": 46.8, "digits": 97, "faces": 300},
    "autoregressive": {"plane": 3.71, "digits": 52.2, "faces": 442},
    "mixture": {"plane": 0.0955, "digits": 7.04, "faces": 16.3},
    "kernel": {"plane": 0.0246, "digits": 0.353, "faces": 7.21},
}


def kind(dataset: str) -> str:
    """Under which name the table knows a data set."""
    return dataset if dataset in LEVELS else "plane"


def sampling(key: str, dataset: str) -> float:
    """CPU milliseconds for 1,000 samples; NaN for a family that is not timed yet."""
    return SAMPLING_MS.get(key, {}).get(kind(dataset), nan)


def steps(key: str, dataset: str, seconds: float, size: int = 0) -> int:
    """The updates that a family gets for so many CPU seconds; `size` 0 is the usual one."""
    family, per_second = (
        FAMILIES[key],
        UPDATES_PER_SECOND.get(key, {}).get(kind(dataset), UPDATES_IF_UNTIMED),
    )
    if size:
        larger = family.count(size) / family.count(family.size)
        per_second /= 1 + GROWTH.get(key, 1.0) * (larger - 1)
    most = 40_000 if "diffusion" in family.page else MOST
    return min(most, max(1, round(seconds * per_second)))
