"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from explorer.concepts.music.harmony import ORDER, gram_bits
from explorer.concepts.music.measure import gain, per_note
from explorer.concepts.music.voices import of_bach
from explorer.experiment import Measures, Outcome


def series(run: Outcome) -> np.ndarray:
    """Bits a note of the LSTM on held-out melodies in every snapshot."""
    return np.array([per_note(each.cost, run.config.dataset) for each in run.snapshots])


def ahead(run: Outcome) -> tuple[float, float]:
    """By how many bits a note the LSTM is better than the n-gram, and the standard error."""
    return gain(run.last.cost, run.last.baseline.cost, run.config.dataset)


def repeated(run: Outcome) -> float:
    """The share of notes, of those written, whose pair with the note before came before."""
    pitch = run.last.notes[run.last.given :, 2]
    pairs = list(pairwise(pitch))
    return 1 - len(set(pairs)) / max(1, len(pairs))


def voice_bits(at: int) -> Callable[[Outcome], float]:
    """Bits a note of a voice, by its place in ORDER."""
    return lambda run: float(run.last.bits[at])


TRAINING: Measures = {
    "lstm": lambda run: float(series(run)[-1]),
    "lowest": lambda run: float(series(run).min()),
    "ngram": lambda run: run.last.baseline.best,
    "ahead": lambda run: ahead(run)[0],
    "error": lambda run: ahead(run)[1],
    "batch": lambda run: run.last.loss,
}
NEXT_NOTE: Measures = {
    "bits": lambda run: run.last.bits,
    "real": lambda run: run.last.usual,  # bits of a note of real melodies
    "repeated": repeated,
}
REWARD: Measures = {
    "objective": lambda run: run.last.value.objective(run.config.beta),
    "best": lambda run: run.last.exact.best,
    "highest": lambda run: max(each.value.objective(run.config.beta) for each in run.snapshots),
    "reward": lambda run: run.last.value.reward,
    "before": lambda run: run.last.exact.reference.reward,
    "kl": lambda run: run.last.value.kl,
    "above": lambda run: (
        run.last.value.reward - float(np.interp(run.last.value.kl, *run.last.exact.frontier.T))
    ),  # the frontier
    "different": lambda run: run.last.different,
    "notes": lambda run: run.last.value.counts[-1],
    "notes_before": lambda run: run.last.exact.reference.counts[-1],
    "accidentals": lambda run: run.last.value.counts[0],
    "accidentals_before": lambda run: run.last.exact.reference.counts[0],
}
LSTM_REWARD: Measures = {
    "reward": lambda run: float(run.last.now.rewards.mean()),
    "before": lambda run: float(run.last.before.rewards.mean()),
    "kl": lambda run: float(run.last.now.surprise.mean()),
    "notes": lambda run: run.last.now.counts[-1],
    "ends_on_c": lambda run: run.last.now.counts[4],
}
BEST_OF_N: Measures = {
    "wins": lambda run: run.last.wins[-1],
    "closed": lambda run: run.last.step / (run.last.step + 1),
    "error": lambda run: run.last.error,
    "reward": lambda run: run.last.points[-1, 1],
    "before": lambda run: run.last.points[0, 1],
}
VOICES: Measures = {
    **{voice: voice_bits(at) for at, voice in enumerate(ORDER)},
    "gap": lambda run: float((run.last.bits - list(gram_bits().values())).max()),  # to n-grams
    "parallels": lambda run: run.last.parallels,  # in 100 beats
    "bach": lambda _: of_bach()[0],
}
HARMONISE: Measures = {
    "parallels": lambda run: run.last.rate,  # in 100 beats of all sopranos held out
    "bach": lambda _: of_bach()[0],
}
PREFERENCES: Measures = {
    "reward": lambda run: run.last.tuned.reward,  # by the listener's own weights
    "best": lambda run: run.last.best,
    "before": lambda run: run.last.path[0, 1],
    "agreement": lambda run: run.last.agreement[0],
    "possible": lambda run: run.last.agreement[1],
    "direct": lambda run: run.last.direct.reward,
}
