"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.gan.record import Snapshot, reference
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.experiment import Measures, Outcome

END = 0.1  # of the run, over which what fluctuates is averaged
EARLY = 0.25  # share of the run after which the losses hardly change


def share_of_run(snapshots: list[Snapshot], low: float, high: float) -> list[Snapshot]:
    """The snapshots from one share of the run to another."""
    steps = snapshots[-1].step
    return [each for each in snapshots if low * steps <= each.step <= high * steps]


def mean(value: Callable[[Snapshot], float], until: float = 1.0) -> Callable[[Outcome], float]:
    """A value of the snapshots, averaged over the last tenth of the run before `until`."""

    def measured(run: Outcome) -> float:
        chosen = share_of_run(list(run.snapshots), until - END, until)
        return float(np.mean([value(each) for each in chosen]))

    return measured


def along_gradient(run: Outcome) -> float:
    """Mean cosine between how samples move in an update of the generator and their gradient."""
    cosines = [
        np.sum(moved * update.gradient, axis=1)
        / (np.linalg.norm(moved, axis=1) * np.linalg.norm(update.gradient, axis=1) + 1e-12)
        for update in run.snapshots
        if update.network == "generator" and update.done
        for moved in [update.after - update.before]
    ]
    return float(np.mean(cosines))


TRAINING: Measures = {
    "modes": lambda run: run.last.scores.covered,  # or digits
    "distance": lambda run: run.last.scores.distance / reference(run.config.dataset).typical,
    "early_distance": mean(
        lambda s: s.scores.distance / reference(s.config.dataset).typical, EARLY
    ),
    "quality": lambda run: run.last.scores.quality,  # of images: distance to the nearest one
    "accuracy": mean(lambda s: s.accuracy),
    "gradient": mean(lambda s: s.gradient),
    "moved": mean(lambda s: s.moved),
    "d_loss": mean(lambda s: s.d_loss),
    "early_d_loss": mean(lambda s: s.d_loss, EARLY),
    "g_loss": mean(lambda s: s.g_loss),
    "early_g_loss": mean(lambda s: s.g_loss, EARLY),
    "guessing": lambda run: LOSSES[run.config.loss].at_equilibrium[0],  # the loss of D
}
UPDATES: Measures = {"along_gradient": along_gradient}
SEEDS: Measures = {"seeds_with_all_modes": lambda run: (run.last.covered == run.last.groups).sum()}
