"""All metrics of a family at once: a radar chart of seven spokes, whose rim is a perfect model.

The middle of a spoke is a useless model, the rim a perfect one: the distance on a logarithmic scale
down to that of fresh data, shares relative to those of fresh data, the likelihood by the bits above
the true density (of images: above none). Speed and size have no perfect value; their spokes are
logarithmic, too, over the range of all families.
"""

from math import log, nan

import numpy as np

from explorer.concepts.arena import budget
from explorer.concepts.arena.measure import evaluation_of
from explorer.concepts.arena.train import FamilyState, Snapshot
from explorer.scene import Curve, Mark, Panel, Text

SPOKES = ("distance", "precision", "recall", "coverage", "likelihood", "speed", "size")
USELESS, SLOWEST, FASTEST, LARGE, SMALL = 0.5, 2000.0, 0.02, 3e6, 100.0
MOST_BITS = {True: 4.5, False: 2.5}  # of images? that are shown; on the plane above the true
RIM = (-1.5, 1.5)


def radii(s: Snapshot, state: FamilyState) -> np.ndarray:
    """How far out a family reaches on each of the SPOKES, (7,) in 0..1; NaN where it has nothing.

    Of several models the mean of their scores counts.
    """
    evaluation = evaluation_of(s.config.dataset)
    perfect = {name: float(np.mean(floor)) for name, floor in evaluation.floors.items()}
    mean = {
        name: float(np.mean([getattr(each, name) for each in state.scores]))
        for name in ("distance", "precision", "recall", "coverage", "bits", "parameters")
    }
    images = s.config.of_images
    over = mean["bits"] - (0.0 if images else evaluation.true_bits)
    found = [
        on_log(mean["distance"], USELESS, perfect["distance"]),
        *(mean[name] / perfect[name] for name in ("precision", "recall", "coverage")),
        1 - over / MOST_BITS[images],
        on_log(budget.sampling(state.key, s.config.dataset), SLOWEST, FASTEST),
        on_log(mean["parameters"], LARGE, SMALL),
    ]
    return np.clip(found, 0, 1)


def on_log(value: float, worst: float, best: float) -> float:
    """0 at the worst, 1 at the best, evenly by logarithms.

    >>> on_log(0.1, 1.0, 0.01), on_log(2.0, 1.0, 0.01) < 0
    (0.5, True)
    """
    return log(value / worst) / log(best / worst) if value > 0 else nan


def closed(radius: np.ndarray) -> np.ndarray:
    """Points (8, 2) at these distances (7,) from the middle, along the spokes and back."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(SPOKES)) / len(SPOKES)
    corners = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return np.concatenate([corners, corners[:1]]).astype(np.float32)


def radar(s: Snapshot, state: FamilyState, title: str, caption: str) -> Panel:
    """The radar chart of a family, once it is evaluated; zero where it has no value."""
    rim = closed(np.ones(len(SPOKES)))
    gap = np.full_like(rim[:-1], np.nan)
    spokes = np.stack([0 * rim[:-1], rim[:-1], gap], 1).reshape(-1, 2)
    marks: list[Mark] = [
        Curve("spokes", "neutral", spokes, width=1, label=""),
        Curve("a perfect model", "truth", rim, width=1, label=""),
    ]
    marks += [
        Text(name, "neutral", (float(x), float(y)), name)
        for name, (x, y) in zip(SPOKES, 1.26 * rim[:-1])
    ]
    if state.scores:
        shape = closed(np.nan_to_num(radii(s, state)))
        marks.append(Curve("model", "model", shape, width=2.5, label=""))
    return Panel(title, marks, xlim=RIM, ylim=RIM, caption=caption)
