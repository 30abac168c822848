"""How much text does it take? n-gram and network on growing parts of the same text."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from explorer import config as c
from explorer.concepts.text import measure, ngram
from explorer.concepts.text.config import NETWORKS, Config
from explorer.concepts.text.learner import Learner
from explorer.data.text import Corpus
from explorer.scene import frozen

PARTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)


@dataclass(frozen=True)
class DatasetSizeConfig:
    """A network, trained from scratch on each part, for as long as a run of `base` or a share."""

    base: Config = Config()  # noqa: RUF009  frozen
    network: str = c.choice("lstm", NETWORKS)
    proportional: bool = c.flag(False)  # seconds by the size of the part: equally many epochs
    steps: ClassVar[int] = len(PARTS)

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that it needs."""
        return self.base.reads


@dataclass(frozen=True, eq=False)
class DatasetSizeSnapshot:
    """The parts done so far."""

    step: int
    config: DatasetSizeConfig
    found: np.ndarray  # (parts, 3): training characters, bits of the n-gram, bits of the network
    limits: np.ndarray  # characters under the smallest part and over all; bits: lowest, highest
    entropy: float  # NaN where it is not known


def part(corpus: Corpus, share: float) -> Corpus:
    """The corpus with the first part of its training text; of lines, only whole ones, and at
    least one.
    """
    end = max(2, round(share * len(corpus.train)))
    if corpus.lines:
        ends = (corpus.train == 0).nonzero()[:, 0] + 1
        end = int(ends[ends <= max(end, int(ends[0]))][-1])
    return replace(corpus, train=corpus.train[:end])


def ngram_bits(config: DatasetSizeConfig, own: Corpus) -> float:
    """Bits per character of the best n-gram of this part."""
    base = config.base
    return min(
        ngram.bits(ngram.of_corpus(own, order, base.smoothing, base.add_k), own)
        for order in ngram.orders(own.size)
    )


def network_bits(config: DatasetSizeConfig, own: Corpus, share: float) -> float:
    """Bits per character of the network trained on this part, which is a share of the text."""
    base = config.base
    seconds = base.seconds * (share if config.proportional else 1.0)
    each = Learner(
        config.network, own, base.hidden, base.dropout, seconds, base.seed, base.data_noise
    )
    each.advance(seconds)
    return measure.evaluate(each.snapshot(), own)


def compare_sizes(config: DatasetSizeConfig) -> Generator[DatasetSizeSnapshot, None, None]:
    """Fit and train on one part after the other."""
    base, corpus = config.base, config.base.corpus
    total = corpus.length(corpus.train)
    best = min(ngram.all_orders(corpus, base.smoothing, base.add_k))
    low = np.floor(5 * (corpus.entropy_rate or best) - 1) / 5
    limits = frozen(np.array([total * PARTS[0] / 1.4, total * 1.4, low, np.log2(corpus.size)]))
    found: list[tuple[float, float, float]] = []
    for step in range(len(PARTS) + 1):
        if step:
            share = PARTS[step - 1]
            own = part(corpus, share)
            size = float(own.length(own.train))
            found.append((size, ngram_bits(config, own), network_bits(config, own, share)))
        yield DatasetSizeSnapshot(
            step, config, frozen(np.array(found).reshape(-1, 3)), limits,
            corpus.entropy_rate or float("nan"),
        )  # fmt: skip


def crossover(found: np.ndarray) -> float | None:
    """The size from which on the network is better, interpolated on a log scale, or None."""
    gap = found[:, 2] - found[:, 1] if len(found) else np.empty(0)
    behind = np.flatnonzero(gap > 0)
    if not len(behind) or behind[-1] == len(gap) - 1:
        return None
    at = behind[-1]
    weight = gap[at] / (gap[at] - gap[at + 1])
    size = (1 - weight) * np.log(found[at, 0]) + weight * np.log(found[at + 1, 0])
    return float(np.exp(size))
