"""A grid of lines in noise space, refined wherever a flow stretches them.

A smooth map keeps a line connected, but it may take two close points of it far apart. Joining them
by a straight segment would be wrong, so points are inserted between them until no gap is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.scene import frozen

LINES, POINTS = 11, 41  # in each direction, and points of each line before it is refined
REACH = 2.5  # standard deviations
GAP, BETWEEN, REFINEMENTS = 0.12, 5, 3  # widest gap; points inserted into one; how often
MOST = 4000  # points in all, so that a frame stays small


@dataclass(frozen=True, eq=False)
class Grid:
    """Points (n, 2) of noise along lines, and the number of the line of each (n,)."""

    noise: Tensor
    line: Tensor

    def drawn(self, x: Tensor) -> np.ndarray:
        """The transformed points x (n, 2) as one broken line, with NaN between lines."""
        ends = np.flatnonzero(np.diff(self.line.numpy())) + 1
        return frozen(np.insert(x.detach().numpy(), ends, np.nan, axis=0))


def lattice(points: int = POINTS) -> Grid:
    """Vertical and horizontal lines; between neighbours lies the same share of the noise."""
    across = torch.special.ndtri(torch.arange(1, LINES + 1) / (LINES + 1))
    along = torch.linspace(-REACH, REACH, points)
    upward = torch.stack(torch.meshgrid(across, along, indexing="ij"), -1)
    z = torch.cat([upward, upward.flip(-1)]).reshape(-1, 2)
    return Grid(z, torch.arange(2 * LINES).repeat_interleave(points))


@torch.no_grad()
def refined(inverse: Callable[[Tensor], Tensor]) -> tuple[Grid, Tensor]:
    """A grid without gaps in data space, and its points (n, 2) there."""
    grid = lattice()
    x = inverse(grid.noise)
    share = torch.arange(1, BETWEEN + 1) / (BETWEEN + 1)
    for _ in range(REFINEMENTS):
        wide = (x[1:] - x[:-1]).norm(dim=1) > GAP
        at = torch.nonzero(wide & (grid.line[1:] == grid.line[:-1])).flatten()
        if not len(at) or len(x) + BETWEEN * len(at) > MOST:
            break
        new = torch.lerp(grid.noise[at, None], grid.noise[at + 1, None], share[:, None]).reshape(
            -1, 2
        )
        order = torch.cat([torch.arange(len(x)), (at[:, None] + share).flatten()]).argsort()
        line = torch.cat([grid.line, grid.line[at].repeat_interleave(BETWEEN)])[order]
        grid = Grid(torch.cat([grid.noise, new])[order], line)
        x = torch.cat([x, inverse(new)])[order]
    return grid, x
