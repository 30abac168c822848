"""What a snapshot adds to a chart."""

import numpy as np

from explorer.scene import Limits


def level(x: Limits, y: float) -> np.ndarray:
    """A horizontal line (2, 2)."""
    return np.array([[x[0], y], [x[1], y]], np.float32)


def point(x: float, y: float) -> np.ndarray:
    """One point (1, 2): what a snapshot adds to a curve."""
    return np.array([[x, y]], np.float32)
