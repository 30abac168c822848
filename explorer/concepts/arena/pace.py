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
    "gan": {"plane": 1060, "digits": 615, "faces": 275},
    "vae": {"plane": 909, "digits": 744, "faces": 370},
    "flow": {"plane": 166, "digits": 76},
    "diffusion": {"plane": 763, "digits": 509, "faces": 150},
    "flow_matching": {"plane": 833, "digits": 615, "faces": 150},
    "autoregressive": {"plane": 903, "digits": 103, "faces": 104},
    "mixture": {"plane": 1560, "digits": 106, "faces": 126},
    "kernel": {"plane": 1650, "digits": 2830, "faces": 122},
}
# How the time of an update on the plane grows with the model: the share of it, at the usual size,
# that is in proportion to the numbers of the model.
GROWS: dict[str, float] = {
    "gan": 0.11,
    "vae": 0.3,
    "flow": 0.16,
    "diffusion": 0.56,
    "flow_matching": 0.51,
    "autoregressive": 0.22,
    "mixture": 0.39,
    "kernel": 0.99,
}
# CPU milliseconds to make 1,000 samples of the plane, or images.
SAMPLING: dict[str, dict[str, float]] = {
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


def steps(key: str, dataset: str, seconds: float, size: int = 0) -> int:
    """The updates that a family gets for so many CPU seconds; `size` 0 is the usual one."""
    family, rate = FAMILIES[key], RATES[key][kind(dataset)]
    if size:
        larger = family.count(size) / family.count(family.size)
        rate /= 1 + GROWS[key] * (larger - 1)
    most = 40_000 if "diffusion" in family.page else MOST
    return min(most, max(1, round(seconds * rate)))
