"""All figures of a family at once: a shape on seven spokes, whose rim is a perfect model.

In the middle of a spoke lies what is useless, on the rim what nobody could better: the distance by
its logarithm down to that of real data, shares relative to those of real data, the likelihood by
the bits above the true density (of images: above none). Speed and smallness have no perfect
model; their spokes are logarithms, too, over the range of all families.
"""

from math import log, nan

import numpy as np

from explorer.concepts.arena import pace
from explorer.concepts.arena.exam import exam
from explorer.concepts.arena.race import Entry, Snapshot
from explorer.scene import Curve, Mark, Panel, Text

SPOKES = ("near", "precision", "recall", "coverage", "likelihood", "speed", "small")
USELESS, SLOW, FAST, LARGE, SMALL = 0.5, 2000.0, 0.02, 3e6, 100.0
MOST_BITS = {True: 4.5, False: 1.0}  # of images? that are told; on the plane above the truth
RIM = (-1.5, 1.5)


def scores(s: Snapshot, entry: Entry) -> np.ndarray:
    """How far out a family reaches on each of the SPOKES, (7,) in 0..1; NaN where it has nothing.

    Of several models the mean of their marks counts.
    """
    judge = exam(s.config.dataset)
    perfect = {name: float(np.mean(floor)) for name, floor in judge.floors.items()}
    made = {
        name: float(np.mean([getattr(marks, name) for marks in entry.marks]))
        for name in ("distance", "precision", "recall", "coverage", "bits", "numbers")
    }
    images = s.config.of_images
    over = made["bits"] - (0.0 if images else judge.true_bits)
    found = [
        on_log(made["distance"], USELESS, perfect["distance"]),
        *(made[name] / perfect[name] for name in ("precision", "recall", "coverage")),
        1 - over / MOST_BITS[images],
        on_log(pace.sampling(entry.key, s.config.dataset), SLOW, FAST),
        on_log(made["numbers"], LARGE, SMALL),
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


def radar(s: Snapshot, entry: Entry, title: str, said: str) -> Panel:
    """The shape of a family, once it is through the exam; nothing is where it has no figure."""
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
    if entry.marks:
        shape = closed(np.nan_to_num(scores(s, entry)))
        marks.append(Curve("the model", "model", shape, width=2.5, label=""))
    return Panel(title, marks, xlim=RIM, ylim=RIM, caption=said)
