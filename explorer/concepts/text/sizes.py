"""How much text does it take? Counting against a network on growing parts of the same text."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from explorer import config as check
from explorer.concepts.text import learner, ngram
from explorer.concepts.text.config import RUNGS, Config
from explorer.data.text import Corpus
from explorer.scene import frozen

PARTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)


@dataclass(frozen=True)
class Sizes:
    """The network of a run, taught anew on each part, for as long as that run takes or a share."""

    base: Config
    rung: str = "lstm"
    by_size: bool = False  # seconds by the size of the part, so that all is read equally often
    steps: int = len(PARTS)

    def __post_init__(self) -> None:
        check.one_of(self, "rung", RUNGS)
        check.one_of(self, "by_size", (True, False))

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that it needs."""
        return self.base.reads


@dataclass(frozen=True, eq=False)
class SizesSnapshot:
    """The parts done so far."""

    step: int
    config: Sizes
    found: np.ndarray  # (parts, 3): characters learnt from, bits of counting, bits of the network
    limits: np.ndarray  # characters under the smallest part and over all; bits: lowest, highest
    entropy: float  # NaN where nobody knows


def part(corpus: Corpus, share: float) -> Corpus:
    """The corpus with the first part of its training text; of lines, only whole ones, and at
    least one.
    """
    keep = max(2, round(share * len(corpus.train)))
    if corpus.lines:
        ends = (corpus.train == 0).nonzero()[:, 0] + 1
        keep = int(ends[ends <= max(keep, int(ends[0]))][-1])
    return replace(corpus, train=corpus.train[:keep])


def counted(config: Sizes, own: Corpus) -> float:
    """Bits per character of the best n-gram that counted this part."""
    base = config.base
    return min(
        ngram.bits(ngram.of_corpus(own, order, base.smoothing, base.k), own)
        for order in ngram.ORDERS
    )


def taught(config: Sizes, own: Corpus, share: float) -> float:
    """Bits per character of the network that learnt this part, which is so much of the text."""
    base = config.base
    seconds = base.seconds * (share if config.by_size else 1.0)
    each = learner.Learner(
        config.rung, own, base.hidden, base.dropout, seconds, base.seed, base.noise
    )
    each.advance(seconds)
    return learner.judge(each.snapshot(), own)


def sizes(config: Sizes) -> Generator[SizesSnapshot, None, None]:
    """Count and learn one part after the other."""
    base, corpus = config.base, config.base.corpus
    total = corpus.length(corpus.train)
    best = min(ngram.all_orders(corpus, base.smoothing, base.k))
    floor = np.floor(5 * (corpus.entropy_rate or best) - 1) / 5
    limits = frozen(np.array([total * PARTS[0] / 1.4, total * 1.4, floor, np.log2(corpus.size)]))
    found: list[tuple[float, float, float]] = []
    for step in range(len(PARTS) + 1):
        if step:
            share = PARTS[step - 1]
            own = part(corpus, share)
            size = float(own.length(own.train))
            found.append((size, counted(config, own), taught(config, own, share)))
        yield SizesSnapshot(
            step, config, frozen(np.array(found).reshape(-1, 3)), limits,
            corpus.entropy_rate or float("nan"),
        )  # fmt: skip


def flip(found: np.ndarray) -> float | None:
    """The size from which on the network is ahead, between parts on a scale of ratios, or None."""
    gap = found[:, 2] - found[:, 1] if len(found) else np.empty(0)
    behind = np.flatnonzero(gap > 0)
    if not len(behind) or behind[-1] == len(gap) - 1:
        return None
    at = behind[-1]
    weight = gap[at] / (gap[at] - gap[at + 1])
    size = (1 - weight) * np.log(found[at, 0]) + weight * np.log(found[at + 1, 0])
    return float(np.exp(size))
