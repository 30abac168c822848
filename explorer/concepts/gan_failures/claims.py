"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.gan_failures.diagnosis import LAST, NEW
from explorer.concepts.gan_failures.train import Side
from explorer.concepts.shared.adversarial.measure import plane_reference
from explorer.experiment import Measures, Outcome


def figure(name: str, side: str = "before", until: float = 1.0) -> Callable[[Outcome], float]:
    """A figure of the failing GAN (or of the one with the remedy, "after") late in the run."""

    def measured(run: Outcome) -> float:
        return float(np.mean([each.figure(name) for each in sides(run, side, until)]))

    return measured


def sides(run: Outcome, side: str, until: float = 1.0) -> list[Side]:
    """The last snapshots of one GAN before a share of the run."""
    end = max(LAST, round(until * len(run.snapshots)))
    return [getattr(each, side) for each in run.snapshots[end - LAST : end]]


def all_modes(run: Outcome) -> float:
    """Whether the GAN with the remedy covers all modes at the end, with samples that are new."""
    groups = plane_reference(run.config.dataset).groups
    return float(
        all(
            side.figure("covered") == groups and side.figure("nearest") >= NEW
            for side in sides(run, "after")
            if side
        )
        and run.last.after is not None
    )


def from_equilibrium(rule: str) -> Callable[[Outcome], float]:
    """The distance from the equilibrium at the end, of an update rule; at first it is 1."""
    return lambda run: float(np.linalg.norm(run.model.points[rule]))


TRAINING: Measures = {
    "shows_the_failure": lambda run: run.last.before.failing,  # by the rule of the failure
    "all_modes_with_the_remedy": all_modes,
    "modes": figure("covered"),
    "visited": figure("visited"),
    "gradient": figure("gradient"),
    "pair_accuracy": figure("pair_accuracy"),
    "moved": figure("moved"),
    "nearest": figure("nearest"),
    "g_loss": figure("g_loss"),
    "g_loss_before": figure("g_loss", until=0.5),
}
SEEDS: Measures = {
    "all_modes": lambda run: (run.last.covered == run.last.groups).sum(),
    "seeds": lambda run: len(run.last.seeds),
    "most": lambda run: run.last.covered.max(),
    "least": lambda run: run.last.covered.min(),
}
BILINEAR: Measures = {
    rule: from_equilibrium(rule)
    for rule in ("simultaneous", "alternating", "extragradient", "averaged")
}
