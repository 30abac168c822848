"""Panels of the plane: training data, samples, D(x) as ground colour, gradients as arrows."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from explorer.scene import Arrows, Field, Mark, Panel, Points, Role, plane_grid

LIMITS = (-2.5, 2.5)  # of the pictures; all data have unit standard deviation
CELLS = 40  # of a map, in each direction
ARROW, LONGEST = 1.0, 0.7  # length of an arrow for a gradient of one; the longest
CONTRAST = (0.25, 0.75)  # D(x) that is drawn in full colour
MEANING = f"fake: D(x) ≤ {CONTRAST[0]} | real: D(x) ≥ {CONTRAST[1]}"
REAL, FAKE = "training data", "generated"


@lru_cache(maxsize=1)
def cells() -> Tensor:
    """Where maps are evaluated: centres of the cells of a picture, (CELLS^2, 2)."""
    return torch.from_numpy(plane_grid(LIMITS, LIMITS, CELLS))


def plane_panel(
    title: str, marks: Sequence[Mark], caption: str = "", active: bool = False
) -> Panel:
    """A panel of the plane in which the data lie."""
    return Panel(title, marks, xlim=LIMITS, ylim=LIMITS, caption=caption, active=active)


def discriminator_field(name: str, output: np.ndarray) -> Field:
    """D(x) (CELLS, CELLS) in 0..1 as ground colour."""
    return Field(name, output, *CONTRAST, meaning=MEANING)


def cloud(name: str, role: Role, xy: np.ndarray, small: bool = False) -> Points:
    """Points, those of the data paler than the samples that lie on them."""
    real = role == "real"
    size = 1.5 if small else 2 if real else 2.5
    return Points(name, role, xy, size=size, opacity=0.45 if real else 0.8, interpolated=not real)


def arrows(at: np.ndarray, gradient: np.ndarray) -> Arrows:
    """Gradients as arrows of one scale for the whole run; only the longest are cut."""
    uv = gradient * ARROW
    length = np.linalg.norm(uv, axis=1, keepdims=True)
    return Arrows("gradient", "rival", at, uv * np.minimum(1, LONGEST / (length + 1e-9)), True)


def along(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The points (n, 2) of a curve."""
    return np.stack([np.atleast_1d(x), np.atleast_1d(y)], axis=1).astype(np.float32)
