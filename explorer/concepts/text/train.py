"""The run: counts at once, then the networks side by side, and a look now and then."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from math import log2

import numpy as np
import torch

from explorer import nets
from explorer.concepts.text import hand, learner, ngram, novelty
from explorer.concepts.text.config import PACE, RUNGS, Config
from explorer.concepts.text.networks import Network
from explorer.concepts.text.writing import Writer, texts, write
from explorer.config import frame_steps
from explorer.data.text import Corpus
from explorer.nets import freeze, generator
from explorer.scene import frozen

FRAMES, APART = 20, 10  # looks at a run, and the steps between two of them, at least
SHOWN, JUDGED = 14, 64  # lines that are shown, and that are searched for copies
PIECES = 8  # of running text
LENGTH = 64  # symbols of a sample of running text
LINE = 24  # and at most of a line
WITHOUT = {"uniform": "uniform", "hand": "rules by hand", "ngram": "n-gram"}
NAMES: dict[str, str] = WITHOUT | RUNGS


@dataclass(frozen=True, eq=False)
class Fixed:
    """What is known before anything is learnt by gradient; bits per character."""

    lines: bool  # whether each line is a text by itself
    uniform: float
    hand: float
    orders: np.ndarray  # (smoothings, 7) of n-grams of orders 1 to 7
    best: float  # of the n-grams with the chosen smoothing
    order: int  # of the best one
    entropy: float  # NaN where nobody knows
    samples: tuple[tuple[str, ...], ...]  # of uniform, hand, ngram
    copied: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A look at the run."""

    step: int
    config: Config
    fixed: Fixed
    curve: np.ndarray  # (looks, 1 + rungs): nominal seconds, bits per character on unseen text
    samples: tuple[tuple[str, ...], ...]  # of each network
    copied: np.ndarray  # (looks, rungs) share of samples that are copies


@dataclass(frozen=True, eq=False)
class Model:
    """All rungs after a run."""

    config: Config
    fixed: Fixed
    writers: dict[str, Writer]  # by name, from the lowest rung up
    bits: dict[str, float]  # per character on unseen text

    @property
    def corpus(self) -> Corpus:
        return self.config.corpus

    @property
    def best(self) -> str:
        """The rung that is surest of unseen text."""
        return min(self.bits, key=self.bits.__getitem__)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n texts (n, symbols) of the highest rung."""
        top = list(self.writers.values())[-1]
        return freeze(write(top, n, LINE, generator(seed), self.corpus.lines))

    def weights(self) -> dict[str, np.ndarray]:
        """The weights of all networks by name."""
        return {
            f"{rung}.{name}": value
            for rung in self.config.rungs
            for name, value in nets.weights(self.network(rung)).items()
        }

    def network(self, rung: str) -> Network:
        found = self.writers[rung]
        assert isinstance(found, Network)
        return found


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Count, then train; the first snapshot shows the networks before the first update."""
    corpus, fixed = config.corpus, start(config)
    learners = [
        learner.Learner(
            rung, corpus, config.hidden, config.dropout, config.seconds, config.seed, config.noise
        )
        for rung in config.rungs
    ]
    shown, last = set(frame_steps(config.steps, looks(config.steps))), None
    for step in range(config.steps + 1):
        for each in learners:
            each.advance(step / PACE)
        if step in shown:
            last = look(config, fixed, learners, step, last)
            yield last
    writers, bits = lowest(config), {"uniform": fixed.uniform, "hand": fixed.hand}
    bits["ngram"] = fixed.best
    for each in learners:
        writers[each.kind] = each.snapshot()
        bits[each.kind] = learner.judge(each.shown, corpus)
    return Model(config, fixed, writers, bits)


def looks(steps: int) -> int:
    """How often a run is looked at after its start: judging all networks takes a while."""
    return max(4, min(FRAMES, steps // APART))


def look(
    config: Config,
    fixed: Fixed,
    learners: list[learner.Learner],
    step: int,
    last: Snapshot | None,
) -> Snapshot:
    corpus = config.corpus
    marks, copies, samples = [step / PACE], [], []
    for each in learners:
        net = each.snapshot()
        marks.append(learner.judge(net, corpus, learner.EXAM))
        written = written_by(net, corpus, config.seed)
        samples.append(tuple(written[:SHOWN]))
        copies.append(novelty.share_copied(written, corpus))
    curve, copied = np.array([marks], np.float32), np.array([copies], np.float32)
    if last is not None:
        curve = np.concatenate([last.curve, curve])
        copied = np.concatenate([last.copied, copied])
    return Snapshot(step, config, fixed, frozen(curve), tuple(samples), frozen(copied))


def written_by(writer: Writer, corpus: Corpus, seed: int) -> list[str]:
    """Samples of a rung: many lines, or a few pieces of running text."""
    count, length = (JUDGED, LINE) if corpus.lines else (PIECES, LENGTH)
    return texts(corpus, write(writer, count, length, generator(seed + 1), corpus.lines))


def lowest(config: Config) -> dict[str, Writer]:
    """The rungs that need no training."""
    corpus = config.corpus
    orders = ngram.all_orders(corpus, config.smoothing, config.k)
    order = 1 + int(np.argmin(orders))
    counted = ngram.fitted(corpus, order, config.smoothing, config.k)
    return {"uniform": hand.Uniform(corpus), "hand": hand.Hand(corpus), "ngram": counted}


def start(config: Config) -> Fixed:
    """Judge the rungs that need no training."""
    return _start(config.dataset, config.pairs, config.smoothing, config.k, config.seed)


@lru_cache(maxsize=16)
def _start(dataset: str, pairs: int, smoothing: str, k: float, seed: int) -> Fixed:
    config = Config(dataset, (), pairs, smoothing, k, seed=seed)
    corpus, writers = config.corpus, lowest(config)
    orders = np.array([ngram.all_orders(corpus, name, k) for name in ngram.SMOOTHINGS])
    chosen = orders[list(ngram.SMOOTHINGS).index(smoothing)]
    rules = writers["hand"]
    assert isinstance(rules, hand.Hand)
    samples = [written_by(each, corpus, seed) for each in writers.values()]
    return Fixed(
        corpus.lines,
        log2(corpus.size) * len(corpus.held_out) / corpus.letters,
        hand.bits(rules, corpus),
        frozen(orders),
        float(chosen.min()),
        1 + int(chosen.argmin()),
        corpus.entropy_rate or float("nan"),
        tuple(tuple(each[:SHOWN]) for each in samples),
        tuple(novelty.share_copied(each, corpus) for each in samples),
    )
