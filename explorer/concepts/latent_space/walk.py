r"""Walks between two or four images: through the codes, straight or along an arc, or in pixels.

    straight:  z(t) = (1 - t) a + t b
    arc:       z(t) = r(t) [sin((1 - t) w) a / |a| + sin(t w) b / |b|] / sin w

where w is the angle between the codes a and b, and r(t) = (1 - t) |a| + t |b|. In many dimensions
nearly all codes of the prior lie in a shell of radius sqrt(latent), so the straight line cuts
through a region that is almost empty, and the arc does not.

White (2016), Sampling Generative Networks, https://arxiv.org/abs/1609.04468
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space.plane import Plane
from explorer.concepts.latent_space.reference import ACTIVE, CHOICES, MAPPED, dataset, jury
from explorer.concepts.latent_space.trained import Trained
from explorer.nets import freeze
from explorer.scene import frozen

SIDE = 5  # images along a side of the sheet between four corners
STRIP = 7  # images of each way in the strip between two
WAYS = ("straight", "arc", "pixels")


@dataclass(frozen=True)
class Walk:
    """From the first image to the last; or round the sheet between four and back to the first.

    Images are numbers of the test images to choose from.
    """

    images: tuple[int, ...] = (3, 8)
    frames: int = 72

    def __post_init__(self) -> None:
        if len(self.images) not in (2, 4):
            raise ValueError(f"images must be two or four. Got {len(self.images)} instead.")
        if not all(isinstance(i, int) and 0 <= i < CHOICES for i in self.images):
            raise ValueError(
                f"images must be numbers from 0 to {CHOICES - 1}. Got {self.images} instead."
            )
        if not 1 <= self.frames <= 400:
            raise ValueError(f"frames must be between 1 and 400. Got {self.frames} instead.")


@dataclass(frozen=True, eq=False)
class Way:
    """Everything that is the same in all frames."""

    corners: int
    flat: bool  # whether the map shows all there is of a code
    used: int  # units that carry something
    codes: np.ndarray  # (m, 2) of test images, on the map
    labels: np.ndarray  # (m,)
    paths: np.ndarray  # (2, frames + 1, 2) straight and arc, on the map
    strip: np.ndarray  # (3 * STRIP or SIDE * SIDE, h, w[, 3]) uint8
    share: np.ndarray  # (frames + 1,) of the way
    strange: np.ndarray  # (3, frames + 1) distance to the nearest training image, by way
    strange_band: tuple[float, float]  # of test images, 5th and 95th percentile
    radius: np.ndarray  # (2, frames + 1) length of the code, over the units in use
    radius_band: tuple[float, float]  # of codes drawn from the prior, exact 5th and 95th percentile


@dataclass(frozen=True, eq=False)
class Stand:
    """One frame of the film."""

    step: int
    way: Way
    images: np.ndarray  # (3, h, w[, 3]) uint8, by way
    here: np.ndarray  # (2, 2) straight and arc, on the map


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The straight line from a to b (z,) at the shares t (n,): (n, z)."""
    t = t[:, None]
    return torch.where(t < 0.5, a + t * (b - a), b - (1 - t) * (b - a))  # exact at both ends


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The arc from a to b (z,) at the shares t (n,): (n, z); length changes evenly.

    Where no arc is defined (codes in line with the origin) it is the straight line.
    """
    long_a, long_b = a.norm(), b.norm()
    if min(long_a, long_b) < 1e-8:
        return lerp(a, b, t)
    unit_a, unit_b = a / long_a, b / long_b
    angle = torch.atan2((unit_a - unit_b).norm(), (unit_a + unit_b).norm()) * 2
    if angle.sin() < 1e-4:
        return lerp(a, b, t)
    s = t[:, None]
    direction = (((1 - s) * angle).sin() * unit_a + (s * angle).sin() * unit_b) / angle.sin()
    return ((1 - s) * long_a + s * long_b) * direction


@torch.no_grad()
def film(config: Walk, model: Trained) -> Generator[Stand, None, Way]:
    """The film: one frame for each share of the way. Returns what all frames share."""
    data, known = dataset(model.config.dataset), jury(model.config.dataset)
    x = known.images[list(config.images)]
    corners = model.vae.encode(x).mean
    share = torch.linspace(0, 1, config.frames + 1)
    legs = [(0, 1)] if len(x) == 2 else [(0, 1), (1, 3), (3, 2), (2, 0)]
    leg = (share * len(legs)).long().clamp(max=len(legs) - 1)
    codes = torch.zeros(2, len(share), corners.shape[1])
    faded = torch.zeros(len(share), x.shape[1])
    for i, (a, b) in enumerate(legs):
        own = leg == i
        t = share[own] * len(legs) - i
        codes[0, own] = lerp(corners[a], corners[b], t)
        codes[1, own] = slerp(corners[a], corners[b], t)
        faded[own] = lerp(x[a], x[b], t)
    straight, arc = (model.vae.decode(z) for z in codes)
    images = torch.stack([straight, arc, faded])  # (3, frames + 1, d)
    if len(x) == 2:
        places = torch.linspace(0, config.frames, STRIP).round().long()
        strip = images[:, places].reshape(-1, x.shape[1])
    else:
        strip = model.vae.decode(bilinear(corners, SIDE))
    means = model.vae.encode(known.images).mean
    in_use = means.var(0) > ACTIVE  # the others sit at zero and say nothing about the way
    used = max(1, int(in_use.sum()))
    way = Way(
        corners=len(x),
        flat=model.config.latent <= 2,
        used=used,
        codes=freeze(model.plane.onto(means[:MAPPED])),
        labels=known.labels[:MAPPED],
        paths=freeze(_onto(model.plane, codes)),
        strip=frozen(data.pixels(strip)),
        share=freeze(share),
        strange=freeze(nearest(images.reshape(-1, x.shape[1]), data.train).reshape(3, -1)),
        strange_band=band(nearest(known.images[:200], data.train)),
        radius=freeze(codes[:, :, in_use].norm(dim=2)),
        radius_band=(radius_quantile(0.05, used), radius_quantile(0.95, used)),
    )
    pixels = data.pixels(images.reshape(-1, x.shape[1])).reshape(3, len(share), *data.shape)
    for step in range(len(share)):
        yield Stand(step, way, frozen(pixels[:, step]), frozen(way.paths[:, step]))
    return way


def bilinear(corners: Tensor, side: int) -> Tensor:
    """Codes (side * side, z) between four (4, z), row by row, with the four in the corners."""
    t = torch.linspace(0, 1, side)
    left, right = lerp(corners[0], corners[2], t), lerp(corners[1], corners[3], t)
    return torch.cat([lerp(a, b, t) for a, b in zip(left, right)])


def nearest(x: Tensor, train: Tensor) -> Tensor:
    """Distance (n,) of images (n, d) to the nearest training image."""
    return torch.cdist(x, train).min(dim=1).values


def band(values: Tensor) -> tuple[float, float]:
    """The 5th and the 95th percentile."""
    low, high = torch.quantile(values, torch.tensor([0.05, 0.95])).tolist()
    return low, high


def radius_quantile(share: float, latent: int) -> float:
    """The length that this share of codes drawn from N(0, I) stays below: exact, by bisection."""
    half, low, high = torch.tensor(latent / 2), 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        below = torch.special.gammainc(half, torch.tensor(middle**2 / 2)).item()
        low, high = (middle, high) if below < share else (low, middle)
    return low


def _onto(plane: Plane, codes: Tensor) -> Tensor:
    return plane.onto(codes.reshape(-1, codes.shape[-1])).reshape(*codes.shape[:2], 2)
