"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np

from explorer.experiment import Measures, Outcome

NONE, MOST = 0.05, 0.5  # exact match of sequences that counts as none right, and as most right


def reached(share: float) -> Callable[[Outcome], float]:
    """The training step at which so large a share of sequences is right; the end if never."""

    def measured(run: Outcome) -> float:
        steps = [each.step for each in run.snapshots if each.scores.exact >= share]
        return steps[0] if steps else run.last.step

    return measured


def rises_together(run: Outcome) -> float:
    """Correlation of the accuracy with the attention on the answer, over the run."""
    exact = [each.scores.exact for each in run.snapshots]
    attention = [float(each.answer_attention.max()) for each in run.snapshots]
    constant = min(np.ptp(exact), np.ptp(attention)) == 0
    return float("nan") if constant else float(np.corrcoef(exact, attention)[0, 1])


TRAINING: Measures = {
    "exact": lambda run: run.last.scores.exact,  # share of test sequences all right
    "bits": lambda run: run.last.scores.bits,
    "bits_at_first": lambda run: run.last.first.bits,
    "loss": lambda run: run.last.loss,  # of the last batch, bits
    "best_bits": lambda run: run.last.best,
    "answer_attention": lambda run: float(run.last.answer_attention.max()),
    "previous_attention": lambda run: float(run.last.previous_attention.max()),
    "step_of_the_first_right": reached(NONE),
    "step_of_most_right": reached(MOST),
    "rises_together": rises_together,
    "moby": lambda run: run.last.scores.moby,  # bits a character of the book
    "moby_at_first": lambda run: run.last.first.moby,
}
GENERATION: Measures = {
    "difference": lambda run: max(each.difference for each in run.snapshots),  # of logits
    "multiplications": lambda run: run.last.total[0],
    "multiplications_without": lambda run: run.last.total[1],
}
