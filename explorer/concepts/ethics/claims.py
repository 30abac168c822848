"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.ethics.amplification import VALUES
from explorer.concepts.ethics.base_rate import predictive_value
from explorer.concepts.ethics.false_positives import LEVELS, READ
from explorer.concepts.ethics.rewriting import RewritingSnapshot
from explorer.experiment import Measures, Outcome


def near(run: Outcome, share: float) -> RewritingSnapshot:
    """The snapshot of rewriting in which about this share was replaced."""
    found: RewritingSnapshot = min(run.snapshots, key=lambda s: abs(s.share - share))
    return found


def at_value(value: float) -> Callable[[Outcome], float]:
    """The share of glasses when the sampler has this value; NaN if it never has."""

    def measured(run: Outcome) -> float:
        values = VALUES[run.config.method]
        return float(run.snapshots[values.index(value)].share) if value in values else float("nan")

    return measured


WATERMARK: Measures = {
    "detected": lambda run: run.last.marked.detected,
    "false_positives": lambda run: run.last.plain.detected,
    "z": lambda run: float(run.last.marked.z.mean()),
    "expected": lambda run: run.last.expected,
    "divergence": lambda run: run.last.cost,
}
FALSE_POSITIVES: Measures = {
    "accused": lambda run: run.last.step * float(run.last.once[np.abs(LEVELS - READ).argmin()]),
}
REWRITING: Measures = {
    "detected_a_quarter": lambda run: float(near(run, 0.25).detected.min()),
    "detected_half": lambda run: float(near(run, 0.5).detected.max()),
}
COLLAPSE: Measures = {
    "mean": lambda run: float(run.last.values[0]),
    "typical": lambda run: float(run.last.values[1]),
    "kinds_after_one": lambda run: float(run.snapshots[1].values[1]),
    "exact": lambda run: float(run.last.exact[0]),
}
AMPLIFICATION: Measures = {
    "trained": lambda run: run.last.trained,
    "share_of_one": at_value(1.0),
    "share_of_three": at_value(3.0),
    "law_of_three": lambda run: run.snapshots[VALUES["guidance"].index(3.0)].exact,
}
CANARY: Measures = {
    "never": lambda run: float(run.last.exposure[0, 1]),
    "once": lambda run: float(run.last.exposure[1, 1]),
    "given_away": lambda run: float(
        np.sum([a == b for a, b in zip(run.last.secrets, run.last.likeliest)])
    ),
    "bits": lambda run: float(run.last.bits[1]),
}
MEMORISATION: Measures = {
    "copies": lambda run: run.last.copies,
    "similarity": lambda run: run.last.similarity,
}
DETECTORS: Measures = {
    "home": lambda run: float(run.last.accuracy[0, 0]),
    "unseen": lambda run: float(run.last.accuracy[0, 1]),
    "blurred": lambda run: float(run.last.accuracy[0, 2]),
}
BASE_RATE: Measures = {"share": lambda run: predictive_value(run.config)}
BOUND: Measures = {
    "learnt": lambda run: run.last.learnt,
    "bound": lambda run: run.last.bound,
}
