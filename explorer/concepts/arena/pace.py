"""How many updates a CPU second holds, as measured once: what makes a budget repeatable.

A clock would give every run another number of updates. So each family was timed on one core,
its page's looks at the run included, and a budget is translated by this table: the same link, the
same run, on any machine. How long it really takes is measured and told beside.

Made by `python -m benchmarks.arena pace`.
"""

from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.levels import LEVELS

MOST = 200_000  # updates

# Updates in a CPU second; of the plane at the usual size, on the ring.
RATES: dict[str, dict[str, float]] = {
    "gan": {"plane": 900, "digits": 500},
    "vae": {"plane": 1000, "digits": 280, "faces": 180},
    "flow": {"plane": 200, "digits": 100},
    "diffusion": {"plane": 560, "digits": 500},
    "flow_matching": {"plane": 560, "digits": 500},
    "autoregressive": {"plane": 880, "digits": 200, "faces": 30},
    "mixture": {"plane": 1700, "digits": 100, "faces": 50},
    "kernel": {"plane": 2000, "digits": 1000, "faces": 100},
}
# How the time of an update on the plane grows with the model: the share of it, at the usual size,
# that is in proportion to the numbers of the model.
GROWS: dict[str, float] = {
    "gan": 0.5, "vae": 0.4, "flow": 0.5, "diffusion": 0.5, "flow_matching": 0.5, "autoregressive": 0.5,
    "mixture": 0.6, "kernel": 0.7,
}  # fmt: skip
# CPU milliseconds to make 1,000 samples of the plane, or images.
SAMPLING: dict[str, dict[str, float]] = {
    "gan": {"plane": 0.4, "digits": 1},
    "vae": {"plane": 0.4, "digits": 2, "faces": 8},
    "flow": {"plane": 5, "digits": 50},
    "diffusion": {"plane": 80, "digits": 200},
    "flow_matching": {"plane": 80, "digits": 200},
    "autoregressive": {"plane": 4, "digits": 40, "faces": 400},
    "mixture": {"plane": 0.1, "digits": 5, "faces": 10},
    "kernel": {"plane": 0.05, "digits": 1, "faces": 10},
}


def kind(dataset: str) -> str:
    """Under which name the table knows a data set."""
    return dataset if dataset in LEVELS else "plane"


def steps(key: str, dataset: str, seconds: float, size: int = 0) -> int:
    """The updates that a family gets for so many CPU seconds; `size` 0 is the usual one."""
    family, rate = FAMILIES[key], RATES[key][kind(dataset)]
    if size:
        larger = family.count(size) / family.count(family.size)
        rate /= 1 + GROWS[key] * (larger - 1)
    most = 40_000 if "diffusion" in family.page else MOST
    return min(most, max(1, round(seconds * rate)))
