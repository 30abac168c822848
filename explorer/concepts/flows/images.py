r"""A flow of small images, and how many bits they cost.

A pixel has LEVELS whole levels of grey, and a density over whole numbers could put endless spikes
on them. So each level is spread evenly over its share of the line (dequantised), u = (v + noise)
/ LEVELS, and the density of u bounds the probability of v (Theis et al. 2016):

    bits per pixel  <=  log2 LEVELS - log2 p(u) / pixels

Theis, van den Oord and Bethge (2016), https://arxiv.org/abs/1511.01844
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.images import in_turn
from explorer.concepts.diffusion.plane import EMPTY, finite, grown
from explorer.concepts.diffusion.quality import Interval, nearest, novelty
from explorer.concepts.flows import build
from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Flow
from explorer.config import frame_steps
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, cosine
from explorer.scene import frozen

LEVELS = {"digits": 17}
BOX = 3.0  # images fill [-BOX, BOX]: about as wide as noise
FRAMES, SHOWN, WALKS, STOPS = 40, 20, 5, 7
DECAY, WARM = 0.1, 50  # of the weights, because there are few images; steps until the full rate
EXAM = 300  # images made by the finished flow


class ImageModel:
    """A trained flow of images."""

    def __init__(self, config: Config, flow: Flow) -> None:
        self.config, self.flow = config, flow

    @property
    def images(self) -> ImageSet:
        return images.load(self.config.dataset)

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(u), (n,), of dequantised images u (n, d) in 0..1."""
        return self.flow.log_density(spread(x)) + x.shape[1] * log(2 * BOX)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n new images (n, d) in 0..1, in whole levels."""
        z = torch.randn(n, self.flow.dim, generator=generator(seed))
        return freeze(self.decode(z))

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        """The images (n, d) in 0..1 that noise (n, d) stands for, in whole levels."""
        return levelled(gathered(self.flow.made_of(z)), self.config.dataset)

    def weights(self) -> dict[str, np.ndarray]:
        """All weights, a checkpoint."""
        return weights(self.flow)


@dataclass(frozen=True, eq=False)
class ImageSnapshot:
    """What the flow makes of images after `step` updates. Pixels are uint8 (n, h, w)."""

    step: int
    config: Config
    real: np.ndarray  # some that are kept aside
    as_noise: np.ndarray  # the same, bent into noise
    samples: np.ndarray
    nearest: np.ndarray  # at the end, the training image nearest to each sample
    walks: np.ndarray  # (WALKS * STOPS, h, w) between two real images each, straight in the noise
    bits: np.ndarray  # (frames so far, 2) step and bits per pixel of images kept aside
    train_bits: np.ndarray  # (frames so far, 2) the same of images that it learns from
    alone: float  # bits per pixel of a model that guesses each pixel by itself
    newness: float | None = None  # distance to the nearest training image; unseen ones: 1
    newness_floor: Interval | None = None


def dequantised(x: Tensor, dataset: str, rng: torch.Generator) -> Tensor:
    """Images (n, d) in 0..1 of whole levels as u in 0..1, each level spread over its share."""
    count = LEVELS[dataset]
    level = (x * (count - 1)).round()
    return (level + torch.rand(x.shape, generator=rng)) / count


def levelled(u: Tensor, dataset: str) -> Tensor:
    """The image (n, d) in 0..1 of whole levels that u (n, d) belongs to."""
    count = LEVELS[dataset]
    return (u * count).floor().clamp(0, count - 1) / (count - 1)


def spread(u: Tensor) -> Tensor:
    """0..1 to [-BOX, BOX]."""
    return (2 * u - 1) * BOX


def gathered(x: Tensor) -> Tensor:
    """[-BOX, BOX] to 0..1; what lies outside stays outside."""
    return (x / BOX + 1) / 2


def bits_per_pixel(log_density: Tensor, pixels: int, dataset: str) -> Tensor:
    """From log p(u), (n,), to bits per pixel, (n,)."""
    return (log(LEVELS[dataset]) - log_density / pixels) / log(2)


@lru_cache(maxsize=2)
def alone(dataset: str) -> float:
    """Bits per pixel, on images kept aside, of a model that knows nothing but each pixel's levels.

    One is added to every other count, so that a level never seen is unlikely, not impossible.
    """
    chosen, count = images.load(dataset), LEVELS[dataset]
    train, test = ((part * (count - 1)).round().long() for part in (chosen.train, chosen.test))
    counts = torch.nn.functional.one_hot(train, count).sum(0) + 0.5
    share = (counts / counts.sum(1, keepdim=True)).log2()
    return -share.expand(len(test), -1, -1).gather(2, test[:, :, None]).mean().item()


class Gallery:
    """What a run on images shows, and how it is judged."""

    def __init__(self, config: Config) -> None:
        self.config, self.chosen = config, images.load(config.dataset)
        rng = generator(config.seed + 1)
        name, count = config.dataset, len(self.chosen.test)
        rows = torch.randperm(len(self.chosen.train), generator=rng)[:count]
        self.test = dequantised(self.chosen.test, name, rng)
        self.train = dequantised(self.chosen.train[rows], name, rng)
        self.shown = dequantised(some(self.chosen), name, rng)
        self.real = self.pixels(self.shown)
        self.noise = torch.randn(EXAM, self.chosen.train.shape[1], generator=rng)

    def pixels(self, u: Tensor) -> np.ndarray:
        """Dequantised images (n, d) as pixels (n, h, w)."""
        return frozen(self.chosen.pixels(levelled(u, self.config.dataset)))

    @torch.no_grad()
    def look(self, step: int, flow: Flow, before: ImageSnapshot | None) -> ImageSnapshot:
        """What the flow makes of images now."""
        name, exam = self.config.dataset, step == self.config.steps
        model, pixels = ImageModel(self.config, flow), self.noise.shape[1]
        own, seen = (
            bits_per_pixel(model.log_density(u), pixels, name).mean().item()
            for u in (self.test, self.train)
        )
        finite(own, step)
        z = spread(self.shown)
        for layer in flow.to_noise(z):
            z = layer.x
        made = model.decode(self.noise if exam else self.noise[:SHOWN])
        shown = made[:SHOWN]
        new, floor = novelty(made, self.chosen.test, self.chosen.train) if exam else (None, None)
        near = nearest(shown, self.chosen.train) if exam else shown[:0]
        between = torch.linspace(0, 1, STOPS)[None, :, None]
        line = torch.lerp(z[:WALKS, None], z[WALKS : 2 * WALKS, None], between)
        return ImageSnapshot(
            step=step,
            config=self.config,
            real=self.real,
            as_noise=self.pixels(gathered(z)),
            samples=frozen(self.chosen.pixels(shown)),
            nearest=frozen(self.chosen.pixels(near)),
            walks=frozen(self.chosen.pixels(model.decode(line.flatten(0, 1)))),
            bits=grown(before.bits if before else EMPTY, step, own),
            train_bits=grown(before.train_bits if before else EMPTY, step, seen),
            alone=alone(name),
            newness=new,
            newness_floor=floor,
        )


def some(chosen: ImageSet) -> Tensor:
    """SHOWN images kept aside, the classes in turn, (SHOWN, d)."""
    return in_turn(chosen)[:SHOWN]


def train(config: Config) -> Generator[ImageSnapshot, None, ImageModel]:
    """Raise the likelihood of images."""
    gallery, rng = Gallery(config), generator(config.seed)
    data = gallery.chosen.train
    flow = build.flow(config, data.shape[1], rng)
    optimizer = Adam(flow.parameters(), config.learning_rate, decay=DECAY)
    frames = set(frame_steps(config.steps, FRAMES))
    snapshot: ImageSnapshot | None = None
    for step in range(config.steps + 1):
        if step in frames:
            snapshot = gallery.look(step, flow, snapshot)
            yield snapshot
        if step < config.steps:
            warmup = min(WARM, config.steps // 10)
            optimizer.rate = cosine(step, config.steps, config.learning_rate, warmup)
            rows = torch.randint(len(data), (config.batch,), generator=rng)
            x = spread(dequantised(data[rows], config.dataset, rng))
            optimizer.descend(-flow.log_density(x).mean() / x.shape[1])
    return ImageModel(config, flow)
