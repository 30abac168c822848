r"""Interpolation between two or four images: between their latent codes, or of their pixels.

    linear (lerp):     z(t) = (1 - t) a + t b
    spherical (slerp): z(t) = r(t) [sin((1 - t) w) a / |a| + sin(t w) b / |b|] / sin w

where w is the angle between the codes a and b, and r(t) = (1 - t) |a| + t |b|. In many dimensions
nearly all of the prior's mass lies in a shell of radius sqrt(latent_dim): lerp crosses a region of
little mass, slerp does not.

White (2016), Sampling Generative Networks, https://arxiv.org/abs/1609.04468
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.latent_space.measure import (
    ACTIVE,
    CHOICES,
    MAPPED,
    dataset,
    evaluation_subset,
)
from explorer.concepts.latent_space.model import TrainedVAE
from explorer.nets import freeze
from explorer.scene import frozen

SIDE = 5  # images along a side of the sheet between four corners
STRIP = 7  # images of each kind of interpolation in the strip between two


@dataclass(frozen=True)
class InterpolationConfig:
    """Between the first two test images; or around the sheet between four, back to the first."""

    first: int = c.choice(1, range(CHOICES))
    second: int = c.choice(9, range(CHOICES))
    four: bool = c.flag(False)
    third: int = c.choice(0, range(CHOICES))
    fourth: int = c.choice(6, range(CHOICES))
    frames: int = 72

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "frames", 1, 400)

    @property
    def images(self) -> list[int]:
        """Numbers of the test images."""
        return [self.first, self.second, *([self.third, self.fourth] if self.four else [])]


@dataclass(frozen=True, eq=False)
class Path:
    """Everything that is the same in all frames."""

    four: bool
    flat: bool  # whether the map shows the whole latent space
    active: int  # latent dimensions that carry information
    means: np.ndarray  # (m, 2) posterior means of test images, on the map
    labels: np.ndarray  # (m,)
    lines: np.ndarray  # (2, frames + 1, 2) lerp and slerp, on the map
    strip: np.ndarray  # (3 * STRIP or SIDE * SIDE, h, w[, 3]) uint8
    t: np.ndarray  # (frames + 1,)
    distance: np.ndarray  # (3, frames + 1) to the nearest training image: lerp, slerp, pixels
    test_distance: tuple[float, float]  # of test images, 5th and 95th percentile
    norm: np.ndarray  # (2, frames + 1) of the code, over its active dimensions
    prior_norm: tuple[float, float]  # of codes of the prior, exact 5th and 95th percentile


@dataclass(frozen=True, eq=False)
class InterpolationSnapshot:
    """The images at one t."""

    step: int
    path: Path
    images: np.ndarray  # (3, h, w[, 3]) uint8: lerp, slerp, pixels
    latent_codes: np.ndarray  # (2, 2) lerp and slerp, on the map


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Linear interpolation from a to b (k,) at t (n,): (n, k)."""
    t = t[:, None]
    return torch.where(t < 0.5, a + t * (b - a), b - (1 - t) * (b - a))  # exact at both ends


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Spherical linear interpolation from a to b (k,) at t (n,); the norm changes linearly.

    Where it is not defined (codes in line with the origin) it is `lerp`.
    """
    norm_a, norm_b = a.norm(), b.norm()
    if min(norm_a, norm_b) < 1e-8:
        return lerp(a, b, t)
    unit_a, unit_b = a / norm_a, b / norm_b
    angle = torch.atan2((unit_a - unit_b).norm(), (unit_a + unit_b).norm()) * 2
    if angle.sin() < 1e-4:
        return lerp(a, b, t)
    s = t[:, None]
    direction = (((1 - s) * angle).sin() * unit_a + (s * angle).sin() * unit_b) / angle.sin()
    return ((1 - s) * norm_a + s * norm_b) * direction


@torch.no_grad()
def interpolate(
    config: InterpolationConfig, model: TrainedVAE
) -> Generator[InterpolationSnapshot, None, Path]:
    """One frame for each t. Returns what all frames share."""
    name, vae, projection = model.config.dataset, model.vae, model.projection
    data, subset = dataset(name), evaluation_subset(name)
    x = subset.images[config.images]
    corners = vae.encode(x).mean
    t = torch.linspace(0, 1, config.frames + 1)
    legs = [(0, 1), (1, 3), (3, 2), (2, 0)] if config.four else [(0, 1)]
    leg = (t * len(legs)).long().clamp(max=len(legs) - 1)
    z = torch.zeros(2, len(t), corners.shape[1])
    of_pixels = torch.zeros(len(t), x.shape[1])
    for i, (a, b) in enumerate(legs):
        here = leg == i
        s = t[here] * len(legs) - i
        z[0, here] = lerp(corners[a], corners[b], s)
        z[1, here] = slerp(corners[a], corners[b], s)
        of_pixels[here] = lerp(x[a], x[b], s)
    images = torch.stack([*(vae.decode(each) for each in z), of_pixels])  # (3, frames + 1, d)
    if config.four:
        strip = vae.decode(bilinear(corners, SIDE))
    else:
        strip = images[:, torch.linspace(0, config.frames, STRIP).round().long()].flatten(0, 1)
    means = vae.encode(subset.images).mean
    in_use = means.var(0) > ACTIVE  # the others are near zero for every image
    active = max(1, int(in_use.sum()))
    path = Path(
        four=config.four,
        flat=model.config.latent_dim <= 2,
        active=active,
        means=freeze(projection.project(means[:MAPPED])),
        labels=subset.labels[:MAPPED],
        lines=freeze(projection.project(z)),
        strip=frozen(data.pixels(strip)),
        t=freeze(t),
        distance=freeze(nearest(images.flatten(0, 1), data.train).reshape(3, -1)),
        test_distance=percentiles(nearest(subset.images[:200], data.train)),
        norm=freeze(z[:, :, in_use].norm(dim=2)),
        prior_norm=(norm_quantile(0.05, active), norm_quantile(0.95, active)),
    )
    pixels = data.pixels(images.flatten(0, 1)).reshape(3, len(t), *data.shape)
    for step in range(len(t)):
        yield InterpolationSnapshot(step, path, frozen(pixels[:, step]), path.lines[:, step])
    return path


def bilinear(corners: Tensor, side: int) -> Tensor:
    """Codes (side * side, k) between four (4, k), row by row, with the four in the corners."""
    t = torch.linspace(0, 1, side)
    left, right = lerp(corners[0], corners[2], t), lerp(corners[1], corners[3], t)
    return torch.cat([lerp(a, b, t) for a, b in zip(left, right)])


def nearest(x: Tensor, train: Tensor) -> Tensor:
    """Distance (n,) of images (n, d) to the nearest training image."""
    return torch.cdist(x, train).min(dim=1).values


def percentiles(values: Tensor) -> tuple[float, float]:
    """The 5th and the 95th percentile."""
    low, high = torch.quantile(values, torch.tensor([0.05, 0.95])).tolist()
    return low, high


def norm_quantile(share: float, latent_dim: int) -> float:
    """The norm below which this share of N(0, I) lies: exact, by bisection."""
    half, low, high = torch.tensor(latent_dim / 2), 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        below = torch.special.gammainc(half, torch.tensor(middle**2 / 2)).item()
        low, high = (middle, high) if below < share else (low, middle)
    return low
