"""Texts with and without a watermark, written token by token and tested after each of them.

What is fitted is the language model (called `train`, as the first process of every concept); what
takes time is writing.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer.concepts.ethics.config import Config
from explorer.concepts.ethics.measure import LEVEL, critical_z, p_values
from explorer.concepts.ethics.model import START, Bigram, Language, language
from explorer.concepts.ethics.watermark import Watermark, Written, write
from explorer.config import frame_steps
from explorer.scene import frozen

TEXTS = 200  # of each kind
FRAMES = 50


@dataclass(frozen=True, eq=False)
class Side:
    """Texts of one kind, after some tokens."""

    words: tuple[str, ...]  # the first text, token by token
    high: np.ndarray  # (tokens,) bool: in the first text, whether it has a high score
    z: np.ndarray  # (TEXTS,)
    detected: float  # share of the texts


@dataclass(frozen=True, eq=False)
class Snapshot:
    """After `step` tokens."""

    step: int
    config: Config
    marked: Side
    plain: Side
    expected: float  # exact mean of z of the marked texts, given their contexts
    cost: float  # KL divergence of the marked distributions from the model's, bits a token
    counted: int  # tokens that count, median of the marked texts
    critical: float  # z from which on so many tokens are detected; NaN if never


class Model:
    """A language model with a watermark."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.mark = mark_of(config)

    @property
    def language(self) -> Language:
        """The model that predicts the next token."""
        return language(self.config.dataset, self.config.seed)

    def written(self, n: int, seed: int, steps: int, marked: bool = True) -> Written:
        """n texts of so many tokens."""
        rng = np.random.default_rng([seed, n, marked])
        *_, last = write(self.language, n, steps, self.mark, rng, marked)
        return last

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """Tokens (n, 50) of n watermarked texts."""
        return frozen(self.written(n, seed, 50).numbers[:, START:])

    def text(self) -> str:
        """A watermarked text, for a visitor to change."""
        steps = min(self.config.steps, 60 if self.config.dataset == "words" else 250)
        return self.language.text(self.written(1, self.config.seed, steps).numbers[0, START:])

    def weights(self) -> dict[str, np.ndarray]:
        """The probabilities of the language model that are stored."""
        ngram = self.language.ngram
        if isinstance(ngram, Bigram):
            return {"alone": frozen(ngram.alone), "left": frozen(ngram.left),
                    "start": frozen(ngram.start), "next": frozen(ngram.next),
                    "share": frozen(ngram.share)}  # fmt: skip
        return {
            f"{name}{level.order}": frozen(getattr(level, name))
            for level in ngram.levels
            for name in ("grams", "share", "contexts", "left")
        }


def mark_of(config: Config) -> Watermark:
    """The watermark that a config describes."""
    return Watermark(config.scheme, config.key, config.context, config.gamma, config.delta)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Write TEXTS texts of each kind, and test them after every frame."""
    model = Model(config)
    spoken = model.language
    rng = np.random.default_rng(config.seed)
    plain = write(spoken, TEXTS, config.steps, model.mark, rng, marked=False)
    marked = write(spoken, TEXTS, config.steps, model.mark, rng)
    shown = set(frame_steps(config.steps, FRAMES))
    for step, (a, b) in enumerate(zip(plain, marked)):
        if step in shown:
            yield snapshot(step, config, model.mark, spoken, a, b)
    return model


def snapshot(
    step: int, config: Config, mark: Watermark, spoken: Language, plain: Written, marked: Written
) -> Snapshot:
    """Both kinds of text after `step` tokens."""
    counted = marked.counted[:, :step].sum(1)
    variance = mark.usual[1]
    gain = marked.gain[:, :step].sum(1) / np.sqrt(variance * np.maximum(counted, 1))
    middle = int(np.median(counted))
    critical = critical_z(middle, mark)
    return Snapshot(
        step,
        config,
        side(step, mark, spoken, marked),
        side(step, mark, spoken, plain),
        float(gain.mean()),
        float(marked.cost[:, :step].mean()) if step else 0.0,
        middle,
        critical if np.isfinite(critical) else float("nan"),
    )


def side(step: int, mark: Watermark, spoken: Language, texts: Written) -> Side:
    """One kind of text after `step` tokens, tested exactly."""
    u, counted = texts.u[:, :step], texts.counted[:, :step]
    total, tokens = (mark.scores(u) * counted).sum(1), counted.sum(1)
    found = p_values(total, tokens, mark) <= LEVEL
    return Side(
        tuple(spoken.tokens[number] for number in texts.numbers[0, START : START + step]),
        frozen(u[0] >= 1 - mark.gamma),
        frozen(mark.z(total, tokens)),
        float(found.mean()),
    )
