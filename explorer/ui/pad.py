"""Pads that follow the hand: a map of codes, strokes for a data set, a brush for an image."""

from collections.abc import Sequence

import numpy as np

from explorer.ui import link

Point = tuple[float, float]
Strokes = list[list[Point]]


def latent_pad(
    key: str,
    grid: np.ndarray,
    limits: tuple[Point, Point] | Point,
    points: np.ndarray | None = None,
    classes: np.ndarray | None = None,
    default: Point = (0.0, 0.0),
    names: Sequence[str] = (),
) -> Point:
    """A map to move on, with the decoded image beside it: `grid` is (rows, columns, h, w[, 3])."""

    def read(written: str) -> Point:
        x, y = (float(part) for part in written.split(","))
        return x, y

    return link.text(key, f"{default[0]:g},{default[1]:g}", read)


def draw_strokes(key: str) -> Strokes:
    """Strokes drawn by hand in the plane, in data units."""
    return []


def draw_image(
    key: str,
    shape: tuple[int, int] = (28, 28),
    start: np.ndarray | None = None,
    mask: bool = False,
) -> np.ndarray | None:
    """A grey image drawn by hand, uint8 (h, w); None while it is empty."""
    return start
