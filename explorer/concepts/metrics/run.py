"""A perfect set is spoilt more and more, and every metric says what it thinks of it."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer.concepts.metrics.config import Config
from explorer.concepts.metrics.marks import Scale
from explorer.concepts.metrics.pictures import Made, Pictures
from explorer.concepts.metrics.sentences import Sentences, Written
from explorer.config import frame_steps
from explorer.data import images
from explorer.nets import generator
from explorer.scene import frozen

FRAMES = 24
SHOWN = 49  # pictures of each set that are shown
DOTS = 300  # of each set in the map of the features
LINES = 7  # sentences that are shown


@dataclass(frozen=True, eq=False)
class Fixed:
    """What is the same in all frames of a run."""

    config: Config
    scale: Scale
    real: np.ndarray  # (shown, h, w) uint8; none of words
    original: tuple[str, ...]  # sentences before they were spoilt
    dots: np.ndarray  # (n, 2) real pictures in the map of features
    view: tuple[float, float]  # limits of the map


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The set at one strength, and what the metrics said of it and of all before."""

    step: int
    fixed: Fixed
    strengths: np.ndarray  # (frames so far,)
    values: np.ndarray  # (frames so far, metrics); NaN without pairs
    pixels: np.ndarray  # (shown, h, w) uint8
    lines: tuple[str, ...]
    dots: np.ndarray  # (n, 2) in the map of features


@dataclass(frozen=True, eq=False)
class Spoiler:
    """What a run returns: makes spoilt sets at its full strength."""

    config: Config

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n spoilt pictures (n, d), or sentences (n,)."""
        made = bench(self.config, seed).spoilt(self.config.damage, self.config.strength)
        everything = np.array(rows(made))
        return everything[np.random.default_rng(seed).permutation(len(everything))[:n]]

    def weights(self) -> dict[str, np.ndarray]:
        """The set of the run itself; nothing was learnt."""
        made = bench(self.config, self.config.seed).spoilt(self.config.damage, self.config.strength)
        return {"made": frozen(np.array(rows(made)))}


def rows(made: Made | Written) -> np.ndarray | list[str]:
    """Pictures as rows of pixels, or sentences."""
    return made.x.numpy() if isinstance(made, Made) else [" ".join(words) for words in made.lines]


def bench(config: Config, seed: int) -> Pictures | Sentences:
    """The perfect set of a run and its measures."""
    if config.of_words:
        return Sentences(config.count, seed)
    return Pictures(config.dataset, config.count, seed)


def train(config: Config) -> Generator[Snapshot, None, Spoiler]:
    """Spoil a set in even steps; a frame takes 0.05 to 0.5 s."""
    chosen = bench(config, config.seed)
    steps = frame_steps(config.steps, FRAMES)
    look = _Words(config, chosen) if isinstance(chosen, Sentences) else _Look(config, chosen)
    values: list[np.ndarray] = []
    for index, step in enumerate(steps):
        strength = config.strength * step / config.steps
        made = chosen.spoilt(config.damage, strength)
        values.append(chosen.measure(made))  # type: ignore[arg-type]
        so_far = config.strength * np.array(steps[: index + 1]) / config.steps
        yield look.snapshot(step, frozen(so_far), frozen(np.stack(values)), made)
    return Spoiler(config)


class _Look:
    """Snapshots of pictures, with the map on which their features are shown."""

    def __init__(self, config: Config, chosen: Pictures) -> None:
        self.chosen, self.set = chosen, images.load(config.dataset)
        features = chosen.seen.features
        self.middle = features.mean(0)
        centred = features - self.middle
        _, vectors = torch.linalg.eigh(centred.T @ centred)
        self.axes = vectors[:, [-1, -2]]
        size = (centred @ self.axes).std().item()
        rng = generator(config.seed)
        self.shown = torch.randperm(config.count, generator=rng)[:SHOWN]
        self.size = max(size, 1e-6)
        self.fixed = Fixed(
            config, chosen.scale, frozen(self.set.pixels(chosen.real[:SHOWN])), (),
            self._dots(chosen.real), (-3.2, 3.2),
        )  # fmt: skip

    def _dots(self, x: torch.Tensor) -> np.ndarray:
        features = self.chosen.reader.see(x[:DOTS]).features
        return frozen(((features - self.middle) @ self.axes / self.size).float().numpy())

    def snapshot(
        self, step: int, strengths: np.ndarray, values: np.ndarray, made: Made | Written
    ) -> Snapshot:
        assert isinstance(made, Made)
        pixels = frozen(self.set.pixels(made.x[self.shown[: len(made.x)]]))
        return Snapshot(step, self.fixed, strengths, values, pixels, (), self._dots(made.x))


class _Words:
    """Snapshots of sentences."""

    def __init__(self, config: Config, chosen: Sentences) -> None:
        short = [i for i, words in enumerate(chosen.perfect) if 7 <= len(words) <= 12]
        self.shown = short[:LINES]
        nothing = frozen(np.zeros((0, 1, 1), np.uint8))
        original = tuple(" ".join(chosen.perfect[i]) for i in self.shown)
        self.fixed = Fixed(
            config, chosen.scale, nothing, original, frozen(np.zeros((0, 2))), (-3.2, 3.2)
        )

    def snapshot(
        self, step: int, strengths: np.ndarray, values: np.ndarray, made: Made | Written
    ) -> Snapshot:
        assert isinstance(made, Written)
        lines = tuple(" ".join(made.lines[i]) for i in self.shown)
        return Snapshot(
            step, self.fixed, strengths, values, self.fixed.real, lines, self.fixed.dots
        )
