"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.text_to_image.guidance import GuidanceSnapshot
from explorer.experiment import Measures, Outcome

HALFWAY = 0.6  # mean accuracy of the attributes; by chance 0.27


def attribute(name: str, part: str) -> Callable[[Outcome], float]:
    """Accuracy of an attribute in pictures of seen or unseen captions, at the end."""

    def measured(run: Outcome) -> float:
        names = run.model.world.names
        shares = getattr(run.last, f"of_{part}").attributes
        return dict(zip(names, shares)).get(name, float("nan"))

    return measured


def joint_halfway(run: Outcome) -> float:
    """Joint accuracy of seen captions where the attributes' mean first reaches HALFWAY."""
    for snapshot in run.snapshots:
        if np.mean(snapshot.of_seen.attributes) >= HALFWAY:
            return float(snapshot.of_seen.joint)
    return float("nan")


def product_gap(run: Outcome) -> float:
    """How far the joint accuracy of seen captions is from the product, on average over frames."""
    return float(np.mean([abs(s.of_seen.joint - s.of_seen.product) for s in run.snapshots]))


def at_weight(
    weight: float, value: Callable[[GuidanceSnapshot], float]
) -> Callable[[Outcome], float]:
    """A figure of the pictures under a guidance weight."""
    return lambda run: next(value(s) for s in run.snapshots if s.weight == weight)


def share(s: GuidanceSnapshot) -> float:
    """Variety, as a share of that of as many exact draws."""
    return s.variety / s.exact


TRAINING: Measures = {
    "seen": lambda run: run.last.of_seen.joint,
    "unseen": lambda run: run.last.of_unseen.joint,
    "size": attribute("size", "seen"),
    "colour": attribute("colour", "seen"),
    "shape": attribute("shape", "seen"),
    "joint_halfway": joint_halfway,
    "product_gap": product_gap,
}
DRAWING: Measures = {
    "right": lambda run: run.last.right,
    "shown": lambda run: float(run.last.shown),
}
GUIDANCE: Measures = {
    "fit_at_1": at_weight(1.0, lambda s: s.right),
    "fit_at_8": at_weight(8.0, lambda s: s.right),
    "variety_at_1": at_weight(1.0, share),
    "variety_at_8": at_weight(8.0, share),
    "error_at_1": at_weight(1.0, lambda s: s.error),
    "error_at_8": at_weight(8.0, lambda s: s.error),
}
READING: Measures = {
    "seen": lambda run: run.last.of_seen.joint,
    "unseen": lambda run: run.last.of_unseen.joint,
    "drawn": lambda run: run.last.drawing.joint,
}
CHAIN: Measures = {"seen": lambda run: run.last.seen, "unseen": lambda run: run.last.unseen}
SWEEP: Measures = {
    "first": lambda run: float(run.last.found[0, 1]),
    "last": lambda run: float(run.last.found[-1, 1]),
    "worst": lambda run: float(run.last.found[:, 1].min()),
    "median": lambda run: float(np.median(run.last.found[:, 1])),
}
