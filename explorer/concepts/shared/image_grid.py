"""Grids of small images, and how far generated images are from those that were trained on."""

from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from explorer.data.images import ImageSet
from explorer.scene import Images, Mark, Panel, Role, Text
from explorer.truth.floors import central

Interval: TypeAlias = tuple[float, float]
SHOWN = {"digits": 20, "mnist": 9}  # images in a grid
COLUMNS = {"digits": 5, "mnist": 3}


def image_grid(
    title: str,
    name: str,
    role: Role,
    pixels: np.ndarray,
    columns: int,
    caption: str,
    wait: str = "",
    span: float = 1.0,
) -> Panel:
    """A panel of images; while there are none, words that say what it waits for."""
    marks: list[Mark] = [Images(name, role, pixels, columns)] if len(pixels) else []
    if not marks and wait:
        marks = [Text("waiting", "neutral", (0.0, 0.0), wait)]
    return Panel(title, marks, "images", caption=caption, span=span)


def examples(chosen: ImageSet) -> Tensor:
    """As many held-out images as a grid shows, class by class in turn, (n, d)."""
    classes = [chosen.test[chosen.test_labels == c] for c in range(10)]
    return torch.stack([classes[i % 10][i // 10] for i in range(SHOWN[chosen.name])])


def novelty(samples: Tensor, held_out: Tensor, training: Tensor) -> tuple[float, Interval]:
    """Mean distance of `samples` (n, d) to the nearest of `training`, over that of `held_out`.

    With the interval in which n held-out ones lie. Memorised training images score near 0.
    """
    distances = distances_between(held_out, training).min(1).values.numpy()
    unit = float(distances.mean())
    drawn = np.random.default_rng(0).choice(distances / unit, (2000, len(samples))).mean(1)
    own = distances_between(samples, training).min(1).values.mean().item()
    return own / unit, central(drawn)


def distances_between(x: Tensor, y: Tensor) -> Tensor:
    """Distances (n, m) between images (n, d) and (m, d)."""
    return torch.cdist(x, y, compute_mode="use_mm_for_euclid_dist")


def nearest(x: Tensor, among: Tensor) -> Tensor:
    """The image of `among` nearest to each of x (n, d)."""
    return among[distances_between(x, among).argmin(1)]
