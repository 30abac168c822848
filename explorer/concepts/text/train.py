"""The run: n-grams at once, then the networks side by side, evaluated now and then."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from math import log2

import numpy as np
import torch

from explorer import nets
from explorer.concepts.shared.generation import LanguageModel, generate
from explorer.concepts.shared.ngram import SMOOTHINGS
from explorer.concepts.text import hand_written, measure, ngram
from explorer.concepts.text.config import PACE, Config
from explorer.concepts.text.learner import Learner
from explorer.concepts.text.model import Network
from explorer.config import frame_steps
from explorer.data.text import Corpus
from explorer.nets import freeze, generator
from explorer.scene import frozen

FRAMES, APART = 20, 10  # evaluations of a run, and the steps between two of them, at least
SHOWN, SAMPLES = 14, 64  # lines that are shown, and that are searched for copies
PIECES = 8  # of running text
LENGTH = 64  # tokens of a sample of running text
LINE = 24  # and at most of a line


@dataclass(frozen=True, eq=False)
class Baselines:
    """What is known before any network is trained; bits per character."""

    lines: bool  # whether each line is a text by itself
    uniform: float
    rules: float
    orders: np.ndarray  # (smoothings, orders) of n-grams of orders 1 to 7
    best: float  # of the n-grams with the chosen smoothing
    order: int  # of the best one
    entropy: float  # NaN where it is not known
    samples: tuple[tuple[str, ...], ...]  # of uniform, rules, ngram
    copied: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The networks at one step."""

    step: int
    config: Config
    baselines: Baselines
    bits: np.ndarray  # (networks,) per character on held-out text
    samples: tuple[tuple[str, ...], ...]  # of each network
    copied: np.ndarray  # (networks,) share of samples that are copies


@dataclass(frozen=True, eq=False)
class Model:
    """All language models after a run."""

    config: Config
    baselines: Baselines
    models: dict[str, LanguageModel]  # by name, the simplest first
    bits: dict[str, float]  # per character on held-out text

    @property
    def corpus(self) -> Corpus:
        return self.config.corpus

    @property
    def best(self) -> str:
        """The model with the lowest loss on held-out text."""
        return min(self.bits, key=self.bits.__getitem__)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n texts (n, tokens) of the last network."""
        last = list(self.models.values())[-1]
        return freeze(generate(last, n, LINE, generator(seed), self.corpus.lines))

    def weights(self) -> dict[str, np.ndarray]:
        """The weights of all networks by name."""
        return {
            f"{kind}.{name}": value
            for kind in self.config.networks
            for name, value in nets.weights(self.network(kind)).items()
        }

    def network(self, kind: str) -> Network:
        found = self.models[kind]
        assert isinstance(found, Network)
        return found


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Fit the n-grams, then train; the first snapshot shows the networks before any update."""
    corpus, fixed = config.corpus, baselines(config)
    learners = [
        Learner(
            kind, corpus, config.hidden, config.dropout, config.seconds, config.seed,
            config.data_noise,
        )
        for kind in config.networks
    ]  # fmt: skip
    shown = set(frame_steps(config.steps, frames(config.steps)))
    for step in range(config.steps + 1):
        for each in learners:
            each.advance(step / PACE)
        if step in shown:
            yield record(config, fixed, learners, step)
    models = untrained(config)
    bits = {"uniform": fixed.uniform, "rules": fixed.rules, "ngram": fixed.best}
    for each in learners:
        models[each.kind] = each.snapshot()
        bits[each.kind] = measure.evaluate(each.averaged, corpus)
    return Model(config, fixed, models, bits)


def frames(steps: int) -> int:
    """How often a run is evaluated after its start: that takes a while."""
    return max(4, min(FRAMES, steps // APART))


def record(config: Config, fixed: Baselines, learners: list[Learner], step: int) -> Snapshot:
    """Evaluate every network, and let it generate."""
    corpus = config.corpus
    bits, copied, samples = [], [], []
    for each in learners:
        net = each.snapshot()
        bits.append(measure.evaluate(net, corpus, measure.SUBSET))
        written = sampled(net, corpus, config.seed)
        samples.append(tuple(written[:SHOWN]))
        copied.append(measure.share_copied(written, corpus))
    found, shares = (frozen(np.array(each, np.float32)) for each in (bits, copied))
    return Snapshot(step, config, fixed, found, tuple(samples), shares)


def sampled(lm: LanguageModel, corpus: Corpus, seed: int) -> list[str]:
    """Samples of a model: many lines, or a few pieces of running text."""
    count, length = (SAMPLES, LINE) if corpus.lines else (PIECES, LENGTH)
    return corpus.texts(generate(lm, count, length, generator(seed + 1), corpus.lines))


def untrained(config: Config) -> dict[str, LanguageModel]:
    """The models that need no gradient."""
    corpus = config.corpus
    orders = ngram.all_orders(corpus, config.smoothing, config.add_k)
    best = ngram.fitted(corpus, 1 + int(np.argmin(orders)), config.smoothing, config.add_k)
    return {
        "uniform": hand_written.Uniform(corpus),
        "rules": hand_written.Rules(corpus),
        "ngram": best,
    }


def baselines(config: Config) -> Baselines:
    """Evaluate the models that need no gradient."""
    return _baselines(config.dataset, config.merges, config.smoothing, config.add_k, config.seed)


@lru_cache(maxsize=16)
def _baselines(dataset: str, merges: int, smoothing: str, add_k: float, seed: int) -> Baselines:
    config = Config(dataset, (), merges, smoothing, add_k, seed=seed)
    corpus, models = config.corpus, untrained(config)
    orders = np.array([ngram.all_orders(corpus, name, add_k) for name in SMOOTHINGS])
    chosen = orders[list(SMOOTHINGS).index(smoothing)]
    samples = [sampled(each, corpus, seed) for each in models.values()]
    return Baselines(
        corpus.lines,
        log2(corpus.size) * len(corpus.held_out) / corpus.characters,
        hand_written.bits(hand_written.Rules(corpus), corpus),
        frozen(orders),
        float(chosen.min()),
        1 + int(chosen.argmin()),
        corpus.entropy_rate or float("nan"),
        tuple(tuple(each[:SHOWN]) for each in samples),
        tuple(measure.share_copied(each, corpus) for each in samples),
    )
