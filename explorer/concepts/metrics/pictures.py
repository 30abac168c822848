"""Sets of pictures, six ways to spoil one, and every metric of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from explorer.concepts.metrics.marks import PICTURES, Scale, scale
from explorer.concepts.metrics.reader import Seen, parts, reader
from explorer.concepts.metrics.shipped import SETS, shipped
from explorer.data import images
from explorer.nets import generator
from explorer.truth.distances import frechet_distance
from explorer.truth.features import (
    inception_score,
    kernel_distance,
    novelty,
    perceptual_distance,
    shares,
)

PAIRS = 100  # of pictures that are compared layer by layer
BLUR, NOISE, SHIFT, LOST, LEFT = 3.0, 0.8, 4.0, 5, 10  # at full strength; in pixels of 28


@dataclass(frozen=True, eq=False)
class Made:
    """Pictures (n, d); with the originals (n, d) when each was made from one."""

    x: Tensor
    original: Tensor | None = None


class Pictures:
    """A set, parted: `real` is what a model learns from, `perfect` what a perfect one makes."""

    metrics = PICTURES

    def __init__(self, name: str, n: int, seed: int) -> None:
        self.name, self.n, self.rng = name, n, generator(seed)
        self.shape, self.reader, self.parts = images.load(name).shape, reader(name), parts(name)
        known = self.parts
        self.real = known.seen[torch.randperm(len(known.seen), generator=self.rng)[:n]]
        self.order = torch.randperm(len(known.fresh), generator=self.rng)
        self.perfect = known.fresh[self.order[:n]]
        self.noise = torch.randn(self.perfect.shape, generator=self.rng)
        self.lottery = torch.rand(n, generator=self.rng).argsort()
        self.seen = self.reader.see(self.real)
        self.scale = picture_scale(name, n)

    def spoilt(self, damage: str, strength: float) -> Made:
        """The perfect set, spoilt; strength 0 leaves it alone, 1 goes to the end."""
        return getattr(self, f"_{damage}")(strength)

    def measure(self, made: Made) -> np.ndarray:
        """The values (metrics,); NaN for metrics of pairs when there are none."""
        x = made.x
        values = _marks(self.seen, self.real, self.reader.see(x), x, self.perfect)
        return np.array([*values, *self._pairs(made)])

    def _pairs(self, made: Made) -> tuple[float, float]:
        if made.original is None:
            return np.nan, np.nan
        return _gaps(self.name, made.x, made.original)

    def _blur(self, strength: float) -> Made:
        sigma = BLUR * strength * fine(self.shape)
        return Made(blurred(self.perfect, self.shape, sigma), self.perfect)

    def _noise(self, strength: float) -> Made:
        return Made((self.perfect + NOISE * strength * self.noise).clamp(0, 1), self.perfect)

    def _shift(self, strength: float) -> Made:
        """To the right, in whole pixels."""
        by = round(SHIFT * strength * fine(self.shape))
        moved = pad(self.perfect.view(-1, *self.shape), (by, 0))[:, :, : self.shape[1]]
        return Made(moved.reshape(self.perfect.shape), self.perfect)

    def _drop(self, strength: float) -> Made:
        """Without some classes; the others fill the gap with fresh pictures."""
        lost = round(LOST * strength)
        left = self.order[self.parts.fresh_labels[self.order] >= lost]
        return Made(self.parts.fresh[left[: self.n]])

    def _alike(self, strength: float) -> Made:
        """Copies of fewer and fewer pictures: all of them, then ten."""
        count = round(self.n * (LEFT / self.n) ** strength)
        return Made(self.perfect[torch.arange(self.n) % count])

    def _memorise(self, strength: float) -> Made:
        """A share of exact copies of what was learnt from."""
        copied = self.lottery[: round(self.n * strength)]
        x = self.perfect.clone()
        x[copied] = self.real[copied]
        return Made(x)


def _marks(
    seen: Seen, real: Tensor, looks: Seen, made: Tensor, unseen: Tensor
) -> tuple[float, ...]:
    """All metrics without pairs, in the order of PICTURES."""
    share = shares(seen.features, looks.features)
    return (
        frechet_distance(seen.features, looks.features),
        kernel_distance(seen.features, looks.features),
        inception_score(looks.probabilities),
        share.precision,
        share.recall,
        share.density,
        share.coverage,
        novelty(made, real, unseen),
    )


def _gaps(name: str, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Pixel error and feature gap of pairs."""
    layers = [reader(name).layers(z[:PAIRS]) for z in (x, y)]
    return (x - y).square().mean().item(), perceptual_distance(*layers).mean().item()


def fine(shape: tuple[int, ...]) -> float:
    """How much less damage an image of this shape takes than one of 28 x 28."""
    return (shape[0] / 28) ** 0.5


def blurred(x: Tensor, shape: tuple[int, ...], sigma: float) -> Tensor:
    """Images (n, d) smeared by a Gaussian of so many pixels."""
    if sigma < 0.05:
        return x
    half = int(3 * sigma) + 1
    kernel = torch.exp(-0.5 * (torch.arange(-half, half + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    wide = conv2d(x.view(-1, 1, *shape), kernel, padding=(0, half))
    return conv2d(wide, kernel.mT, padding=(half, 0)).flatten(1)


@lru_cache(maxsize=32)
def picture_scale(name: str, n: int) -> Scale:
    """The floors for n pictures. A few seconds, once, where they are not shipped."""
    values = shipped(name, n)
    return scale(PICTURES, picture_values(name, n) if values is None else values)


def picture_values(name: str, n: int) -> np.ndarray:
    """Every metric (SETS, metrics) of pairs of real sets of n pictures that share none."""
    known, rng = parts(name), generator(12345)
    pool = torch.cat([known.seen, known.fresh])
    looks = reader(name).see(pool)
    values = []
    for _ in range(SETS):
        order = torch.randperm(len(pool), generator=rng)
        a, b = order[:n], order[n : 2 * n]
        one, other = (Seen(looks.features[rows], looks.probabilities[rows]) for rows in (a, b))
        unseen = pool[order[-n:]]
        found = _marks(one, pool[a], other, pool[b], unseen)
        values.append(np.array([*found, *_gaps(name, pool[a], pool[b])]))
    return np.stack(values)
