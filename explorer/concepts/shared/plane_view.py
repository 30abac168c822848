"""Pictures of the plane that several concepts draw: one window, densities, arrows, trajectories."""

from dataclasses import replace

import numpy as np
from torch import Tensor

from explorer.scene import Field, Panel, Role

VIEW = (-2.5, 2.5)  # limits of a picture of data
NOISE_VIEW = (-3.2, 3.2)  # limits of a picture of standard normal noise: it reaches further
LONGEST = 0.45  # of an arrow, in the units of the plane
FAR = 99.0
DENSITY = "low density | high density"  # what the ends of the colours mean


def resolution(cells: int) -> float:
    """The standard deviation of the finest detail that a field of so many cells a side can show."""
    return 0.6 * (VIEW[1] - VIEW[0]) / cells


def framed(panel: Panel) -> Panel:
    """A panel; one of the plane without limits of its own gets those of all pictures of data."""
    own = panel.kind != "plane" or panel.xlim != (-3.0, 3.0)
    return panel if own else replace(panel, xlim=VIEW, ylim=VIEW)


def in_reach(x: Tensor) -> Tensor:
    """Points (n, 2) that may have diverged: as far outside the picture as numbers stay sound."""
    return x.nan_to_num(FAR, FAR, -FAR).clamp(-FAR, FAR)


def pale_density(name: str, values: np.ndarray) -> Field:
    """An exact density, pale enough to read points on it."""
    high = max(1.6 * float(values.max()), 1e-9)
    return Field(name, values, 0.0, high, ("neutral", "truth"), meaning=DENSITY)


def density(name: str, values: np.ndarray, peak: float, role: Role) -> Field:
    """A density; colours end at `peak`."""
    return Field(name, values, 0.0, peak, ("neutral", role), meaning=DENSITY)


def shortened(arrows: np.ndarray, longest: float = LONGEST) -> np.ndarray:
    """The same arrows (n, 2), none longer than `longest`."""
    length = np.linalg.norm(arrows, axis=1, keepdims=True)
    return arrows * np.minimum(1, longest / np.maximum(length, 1e-9))


def broken_line(paths: np.ndarray) -> np.ndarray:
    """Paths (n, points, 2) as one line that is broken by NaN between them."""
    gap = np.full((len(paths), 1, 2), np.nan, np.float32)
    return np.concatenate([paths, gap], axis=1).reshape(-1, 2)


def circles(radii: tuple[float, ...] = (1.0, 2.0, 3.0)) -> np.ndarray:
    """Circles around the origin as one broken line (n, 2): 1, 2 and 3 standard deviations."""
    angle = np.linspace(0, 2 * np.pi, 61)
    unit = np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
    return broken_line(np.stack([r * unit for r in radii]))
