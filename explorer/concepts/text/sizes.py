"""How much text does it take? Counting against a network on growing parts of the same text."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from explorer.concepts.text import learner, ngram
from explorer.concepts.text.config import Config
from explorer.concepts.text.look import level
from explorer.data.text import Corpus
from explorer.scene import Curve, Mark, Panel, Reading, Scene, frozen

PARTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)


@dataclass(frozen=True)
class Sizes:
    """The network of a run, taught anew on each part for as long as that run takes."""

    base: Config
    rung: str = "lstm"
    steps: int = len(PARTS)

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
    limits: np.ndarray  # characters of the smallest part and of all, bits of knowing nothing
    entropy: float  # NaN where nobody knows


def part(corpus: Corpus, share: float) -> Corpus:
    """The corpus with the first part of its training text; of lines, only whole ones."""
    keep = max(2, round(share * len(corpus.train)))
    if corpus.lines:
        keep = int((corpus.train[:keep] == 0).nonzero()[-1]) + 1
    return replace(corpus, train=corpus.train[:keep])


def sizes(config: Sizes) -> Generator[SizesSnapshot, None, None]:
    """Teach counting and the network on one part after the other."""
    base, corpus = config.base, config.base.corpus
    total = corpus.length(corpus.train)
    limits = frozen(np.array([total * PARTS[0] / 1.3, total * 1.3, np.log2(corpus.size)]))
    found: list[tuple[float, float, float]] = []
    for step in range(len(PARTS) + 1):
        if step:
            own = part(corpus, PARTS[step - 1])
            counted = min(
                ngram.bits(ngram.fit(ngram.rows_of(own.train, order, own.lines), order, own.size,
                                     own.lines, base.smoothing, base.k), own)
                for order in ngram.ORDERS
            )  # fmt: skip
            each = learner.Learner(
                config.rung, own, base.hidden, base.dropout, base.seconds, base.seed, base.noise
            )
            each.advance(base.seconds)
            taught = learner.judge(each.snapshot(), own)
            found.append((float(own.length(own.train)), counted, taught))
        yield SizesSnapshot(
            step, config, frozen(np.array(found).reshape(-1, 3)), limits,
            corpus.entropy_rate or float("nan"),
        )  # fmt: skip


def sizes_scene(s: SizesSnapshot) -> Scene:
    """Bits on unseen text over the size of the training text."""
    small, large, most = s.limits.tolist()
    curves: list[Mark] = [
        Curve("best n-gram", "rival", s.found[:, [0, 1]].astype(np.float32), dashed=True),
        Curve("network", "model", s.found[:, [0, 2]].astype(np.float32)),
    ]
    if np.isfinite(s.entropy):
        curves.append(Curve("entropy rate", "truth", level(s.entropy, large, small)))
    panel = Panel(
        "Bits per character, unseen text",
        curves,
        "chart",
        (small, large),
        (1.4, most),
        "characters learnt from",
        log_x=True,
        caption=f"Each network learnt for {s.config.base.seconds:g} CPU seconds.",
    )
    readings = []
    if len(s.found):
        gap = float(s.found[-1, 2] - s.found[-1, 1])
        readings.append(
            Reading("network minus n-gram", gap, (0.0, 0.0), "as good as counting", "bits", "low",
                    "On the largest part so far. Below zero the network is better.")
        )  # fmt: skip
    return Scene([panel], step=s.step, unit="part", readings=readings, sentence=_sentence(s))


def _sentence(s: SizesSnapshot) -> str:
    if not len(s.found):
        return "Six parts of the text, the smallest first. Each teaches both from nothing."
    ahead = s.found[:, 2] <= s.found[:, 1]
    where = flip(s.found)
    if where is not None:
        return f"The order flips near {where:,.0f} characters: from there the network is ahead."
    if ahead.all():
        return "On every part so far the network is ahead."
    if not ahead.any():
        return "On every part so far counting is ahead: the order has not flipped."
    most = s.found[ahead, 0].max()
    return (
        f"With {most:,.0f} characters the network is ahead; to learn more of them than that, "
        f"{s.config.base.seconds:g} seconds are too few. Choose more training steps."
    )


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
