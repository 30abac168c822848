"""What is real in the plane: named distributions that are known exactly.

Every one can be sampled, and tells its density and score, also under noise, so whatever a model
learns can be judged against the truth. All have mean zero and unit standard deviation (averaged
over both axes) and lie inside about [-3, 3] x [-3, 3].
"""

from collections.abc import Iterable
from functools import lru_cache
from math import pi
from typing import TypeAlias

import torch
from torch import Tensor

from explorer.data import strokes as _strokes
from explorer.data.mixture import Mixture, spherical
from explorer.data.squares import Squares

Distribution: TypeAlias = Mixture | Squares

LIMITS = _strokes.LIMITS
DRAWN, FEW = "drawn:", "few:"
MOST = 100_000  # points that may be known


def gaussians() -> Mixture:
    """Two classes, each one Gaussian with a covariance of its own: the boundary is a conic."""
    means = torch.tensor([[-0.7, -0.7], [0.7, 0.7]])
    covariances = torch.tensor([[[0.6, 0.4], [0.4, 0.5]], [[0.45, -0.25], [-0.25, 0.5]]])
    return Mixture(means, covariances, groups=torch.arange(2), separate=True).standardised()


def ring() -> Mixture:
    """Eight narrow Gaussians on a circle: the classic test for dropped modes."""
    centres = 2 * _circle(torch.arange(8) * (2 * pi / 8))
    return spherical(centres, 0.1, groups=torch.arange(8), separate=True).standardised()


def grid() -> Mixture:
    """Twenty-five narrow Gaussians on a 5 x 5 lattice: fine detail far apart."""
    axis = 2.0 * torch.arange(-2, 3)
    centres = torch.cartesian_prod(axis, axis)
    return spherical(centres, 0.1, groups=torch.arange(25), separate=True).standardised()


def moons() -> Mixture:
    """Two interleaved half circles, one class each."""
    angle = _steps(40) * pi
    upper = _circle(angle)
    lower = torch.tensor([1.0, 0.5]) - upper
    return _lines([upper, lower], 0.1)


def spiral() -> Mixture:
    """One line rolled up one and a half times; its inner and outer half are the two classes."""
    # The arc length of a spiral grows with the square of its angle: equal steps of the square.
    low, high = 1.5 * pi, 4.5 * pi
    angle = (low**2 + (high**2 - low**2) * _steps(160)).sqrt()
    line = angle[:, None] * _circle(angle)
    return _lines([line[:80], line[80:]], 0.5)


def pinwheel() -> Mixture:
    """Five bent arms, one class each."""
    radius = 0.3 + 2.2 * _steps(14)
    arms = [
        radius[:, None] * _circle(0.45 * radius + arm * (2 * pi / 5)) for arm in torch.arange(5)
    ]
    return _lines(arms, 0.12)


def circles() -> Mixture:
    """One circle inside another, one class each."""
    inner, outer = (_circle(_steps(count) * 2 * pi) for count in (40, 80))
    return _lines([0.5 * inner, outer], 0.06)


def checkerboard() -> Squares:
    """Every second square of a 4 x 4 board, filled evenly: sharp edges that nothing smooth can fit.

    The class of a square is the parity of its row.
    """
    cells = [(row, column) for row in range(4) for column in range(4) if (row + column) % 2 == 0]
    rows, columns = torch.tensor(cells).T
    side = (12 / 16) ** 0.5  # four of them make an interval of unit standard deviation
    centres = side * (torch.stack([columns, rows], dim=1) - 1.5)
    return Squares(centres, side, rows % 2)


def _circle(angle: Tensor) -> Tensor:
    """Points (n, 2) of the unit circle."""
    return torch.stack([angle.cos(), angle.sin()], dim=1)


def _steps(n: int) -> Tensor:
    """The middles of n equal parts of [0, 1]."""
    return (torch.arange(n) + 0.5) / n


def _lines(lines: list[Tensor], scale: float) -> Mixture:
    """Gaussians of standard deviation `scale` along lines of equal weight, one class each."""
    sizes = torch.tensor([len(line) for line in lines])
    groups = torch.arange(len(lines)).repeat_interleave(sizes)
    return spherical(torch.cat(lines), scale, 1 / sizes[groups], groups).standardised()


DATASETS: dict[str, Distribution] = {
    make.__name__: make()
    for make in (gaussians, ring, grid, moons, spiral, pinwheel, circles, checkerboard)
}


def get(name: str) -> Distribution:
    """The distribution called `name`, or a drawing "drawn:<code>"; ValueError if there is none.

    "few:<n>:<seed>:<name>" is the one called `name`, of which only n points are known (`few`).
    """
    if isinstance(name, str) and name.startswith(FEW):
        return _few(name)
    if isinstance(name, str) and name.startswith(DRAWN):
        return _decoded(name.removeprefix(DRAWN))
    if not isinstance(name, str) or name not in DATASETS:
        choices = ", ".join(DATASETS)
        raise ValueError(f"dataset must be one of {choices}, or a drawing. Got {name!r} instead.")
    return DATASETS[name]


def few(name: str, n: int, seed: int) -> str:
    """The name of a distribution of which n points are known: the same ones for whoever asks."""
    return f"{FEW}{n}:{seed}:{name}"


def check(name: str) -> None:
    """Raise ValueError unless there is a distribution called `name`."""
    get(name)


def encode_strokes(strokes: Iterable[_strokes.Stroke]) -> str:
    """The name of a drawing, for `get` and for the link; ValueError if it is empty."""
    return DRAWN + _strokes.encode(strokes)


def drawn(strokes: Iterable[_strokes.Stroke]) -> Mixture:
    """The distribution of points along strokes given in the units of the plane."""
    return _strokes.drawn(strokes)


@lru_cache(maxsize=64)
def _decoded(code: str) -> Mixture:
    return _strokes.drawn(_strokes.decode(code))


@lru_cache(maxsize=64)
def _few(name: str) -> Distribution:
    _, n, seed, whole = (*name.split(":", 3), "", "", "")[:4]
    if not (n.isdecimal() and seed.isdecimal() and 1 <= int(n) <= MOST):
        raise ValueError(f"few must be few:<points>:<seed>:<dataset>. Got {name!r} instead.")
    return get(whole).few(int(n), torch.Generator().manual_seed(int(seed)))
