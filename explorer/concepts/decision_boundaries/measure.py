"""The data with the exact reference (Bayes classifier, densities), and the measures of a model.

Noise is added to a data set of the plane until its classes overlap (exact, because it stays in its
family); what is shown or measured of the truth is computed once for all runs on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from contourpy import contour_generator
from torch import Generator, Tensor

from explorer.concepts.shared.labelled_plane import noised
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator
from explorer.scene import Limits, frozen, plane_grid
from explorer.truth.floors import Reference, reference
from explorer.truth.plane import Estimate, integral, posterior, posterior_from_one

LIMITS = plane.LIMITS
WIDE = (-6.0, 6.0)  # limits of the wide plane, to see models far from all data
CELLS = 40  # of a map of the plane, per side
WIDE_CELLS = 36
TEST = 2000  # fresh points: the test set
SHOWN = 256  # points of each kind in a picture
COMPARED = 6000  # samples whose distance from the data is measured
DIRECTIONS = 16  # of it; many samples reveal a missing mode, more directions hardly help
FINE = 120  # cells per side for the exact lines
COORDINATES = 96  # values of the coordinate that is observed when the other is missing
COORDINATE_LIMITS = (-3.6, 3.6)
CONTOURS = (0.5, 0.9)  # share of a class inside each of its contours
FAINT = -40.0  # log-densities are clipped here
INLIERS = 0.99  # share of the data inside the region of inliers: the rest are false positives


@dataclass(frozen=True, eq=False)
class Problem:
    """A distribution with labels, and everything exact about it. One object per problem."""

    source: Distribution
    classes: int
    error: Estimate  # of the Bayes classifier
    test: Tensor  # (TEST, 2)
    test_posterior: Tensor  # (TEST, classes), exact
    grid: Tensor  # (CELLS^2, 2)
    posterior: Tensor  # (CELLS^2, classes), exact
    wide: Tensor  # (WIDE_CELLS^2, 2)
    outside: Tensor  # (WIDE_CELLS^2,) bool: practically no data ever fall there
    coordinate: Tensor  # (COORDINATES,) values of one coordinate
    partial_posterior: Tensor  # (2, COORDINATES, classes), exact, from coordinate 0 (or 1)
    coordinate_mass: Tensor  # (2, COORDINATES) share of the data in each cell
    partial_error: tuple[float, float]  # of the Bayes classifier that observes one coordinate
    reference: Reference  # for the distance of COMPARED samples from the data
    fresh: np.ndarray  # (SHOWN, 2) fresh points of the data
    fresh_classes: np.ndarray  # (SHOWN,)
    predicted: np.ndarray  # (CELLS, CELLS) class predicted by the Bayes classifier
    confidence: np.ndarray  # (CELLS, CELLS) its posterior probability
    mass_below: np.ndarray  # (CELLS, CELLS) share of the data where p(x) is lower
    boundary: np.ndarray  # (k, 2) lines, broken by NaN
    contours: np.ndarray  # (k, 2) contours around `CONTOURS` of each class
    wide_density: np.ndarray  # (WIDE_CELLS, WIDE_CELLS) exact log p(x)
    wide_confidence: np.ndarray  # (WIDE_CELLS, WIDE_CELLS)
    region: np.ndarray  # (k, 2) contour around `INLIERS` of the data


@lru_cache(maxsize=16)
@torch.no_grad()
def problem(dataset: str, classes: int, overlap: float) -> Problem:
    """Everything exact about a problem. About 0.2 s, once per process."""
    source = noised(dataset, classes, overlap)
    rng = generator(20_010)  # the same fresh points for every run, so that runs can be compared
    test = source.sample(TEST, rng)
    shown, shown_classes = source.sample_labelled(SHOWN, rng)
    grid, wide = (
        torch.from_numpy(plane_grid(limits, limits, n))
        for limits, n in ((LIMITS, CELLS), (WIDE, WIDE_CELLS))
    )
    cell = (COORDINATE_LIMITS[1] - COORDINATE_LIMITS[0]) / COORDINATES
    coordinate = COORDINATE_LIMITS[0] + cell * (torch.arange(COORDINATES) + 0.5)
    joint = [
        source.class_log_marginal(coordinate, axis) + source.class_log_prior for axis in (0, 1)
    ]
    mass = torch.stack([each.exp().sum(1) * cell for each in joint])
    partial = torch.stack([posterior_from_one(source, coordinate, axis) for axis in (0, 1)])
    missing = (mass * (1 - partial.amax(2))).sum(1).tolist()
    exact = posterior(source, grid)
    fine = source.class_log_density(torch.from_numpy(plane_grid(LIMITS, LIMITS, FINE)))
    levels = source.log_density(test).sort().values
    threshold = levels[round((1 - INLIERS) * TEST)].item()
    wide_density = source.log_density(wide)
    return Problem(
        source=source,
        classes=source.classes,
        error=_bayes_error(source),
        test=test,
        test_posterior=posterior(source, test),
        grid=grid,
        posterior=exact,
        wide=wide,
        outside=wide_density < levels[0] - 2,
        coordinate=coordinate,
        partial_posterior=partial,
        coordinate_mass=mass,
        partial_error=(missing[0], missing[1]),
        reference=reference(source, COMPARED, DIRECTIONS),
        fresh=freeze(shown),
        fresh_classes=freeze(shown_classes),
        predicted=as_grid(exact.argmax(1).to(torch.uint8)),
        confidence=as_grid(exact.amax(1)),
        mass_below=as_grid(mass_outside(source.log_density(grid)[:, None])[0]),
        boundary=boundary(fine + source.class_log_prior),
        contours=contours(fine),
        wide_density=as_grid(wide_density.clamp(min=FAINT)),
        wide_confidence=as_grid(posterior(source, wide).amax(1)),
        region=level_line(wide_density, threshold, WIDE),
    )


def _bayes_error(source: Distribution) -> Estimate:
    """The error of the Bayes classifier, by quadrature, with a bound on what that misses."""

    def f(x: Tensor) -> Tensor:
        joint = (source.class_log_density(x) + source.class_log_prior).exp()
        return joint.sum(1) - joint.amax(1)

    return integral(f, n=240)


def labelled(source: Distribution, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
    """Draw n labelled points (n, 2), (n,) in the order of their arrival.

    Two of every class come first, so that every model can start; the rest by chance.
    """
    first = [source.given(label).sample(2, rng) for label in range(source.classes)]
    x, y = source.sample_labelled(n - 2 * source.classes, rng)
    labels = torch.arange(source.classes).repeat_interleave(2)
    return torch.cat([*first, x]), torch.cat([labels, y])


def expected_error(p: Tensor, exact: Tensor) -> Tensor:
    """The probability that the likeliest class of `p` (n, classes) is wrong, point by point (n,).

    The label at x is random, but its exact posterior is known: its expectation has the mean of an
    error counted on drawn labels and less noise, and no model beats the Bayes error by luck.
    """
    return 1 - exact.gather(1, p.argmax(1, keepdim=True))[:, 0]


def mass_outside(log_density: Tensor) -> Tensor:
    """For each column of log-densities on a grid (n, k): the mass where it is lower, (k, n).

    1 at the peak, 0 far out; the line at 0.1 surrounds the smallest region that holds 90 %.
    """
    density = (log_density - log_density.amax(0)).exp().T
    values, order = density.sort(dim=1)
    total = values.cumsum(1)
    share = total / total[:, -1:].clamp(min=1e-30)
    return torch.empty_like(share).scatter_(1, order, share).float()


def boundary(joint: Tensor, limits: Limits = LIMITS) -> np.ndarray:
    """The lines (k, 2) between the classes, from log p(x, y) on a grid (n, classes).

    Each class draws its line to the classes after it, so that none is drawn twice.
    """
    joint = joint.clamp(min=-1e4)
    lines = []
    for label in range(joint.shape[1] - 1):
        rest = joint[:, label:]
        margin = (rest[:, 0] - rest[:, 1:].amax(1)).clamp(-50, 50)
        if label:
            margin[joint[:, :label].amax(1) > rest.amax(1)] = torch.nan
        lines += level_lines(margin, [0.0], limits)
    return joined(lines)


def contours(class_log_density: Tensor, limits: Limits = LIMITS) -> np.ndarray:
    """The contours (k, 2) around `CONTOURS` of each class, from log p(x | y) on a grid.

    Shares of a class do not change by a constant, so log p(x, y) gives the same lines.
    """
    levels = [1 - share for share in CONTOURS]
    outside = mass_outside(class_log_density)
    return joined([line for each in outside for line in level_lines(each, levels, limits)])


def level_lines(values: Tensor, levels: Sequence[float], limits: Limits) -> list[np.ndarray]:
    """Where values on a square grid (n,) cross one of the levels: lines, each (k, 2)."""
    side = round(len(values) ** 0.5)
    grid = values.clamp(min=-1e4).view(side, side).numpy()
    found = contour_generator(*_axes(limits, side), grid)
    return [np.asarray(line) for level in levels for line in found.lines(level)]


@lru_cache(maxsize=8)
def _axes(limits: Limits, side: int) -> tuple[np.ndarray, np.ndarray]:
    """The coordinates of a square grid, each (side, side)."""
    x, y = plane_grid(limits, limits, side).astype(np.float64).T
    return frozen(x.reshape(side, side)), frozen(y.reshape(side, side))


def level_line(values: Tensor, level: float, limits: Limits) -> np.ndarray:
    """Where values on a square grid (n,) cross a level: one line (k, 2), broken by NaN."""
    return joined(level_lines(values, [level], limits))


def joined(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Several lines as one, broken by NaN."""
    gap = np.full((1, 2), np.nan, np.float32)
    parts = [part for line in lines if len(line) for part in (line, gap)]
    whole = np.concatenate(parts[:-1]) if parts else np.empty((0, 2))
    return frozen(whole.astype(np.float32))


def as_bytes(share: Tensor) -> Tensor:
    """Shares 0..1 as uint8 0..255, which is precise enough for a picture."""
    return (255 * share).round().to(torch.uint8)


def as_grid(values: Tensor) -> np.ndarray:
    """Values on a square grid (..., n * n) as arrays (..., n, n)."""
    side = round(values.shape[-1] ** 0.5)
    return freeze(values.view(*values.shape[:-1], side, side))


def partial_error(p: Tensor, truth: Problem) -> float:
    """The error of predicting from one coordinate by p (2, COORDINATES, classes), the mean over
    which one is missing. Exact but for the width of the cells."""
    chosen = p.argmax(2, keepdim=True)
    right = truth.partial_posterior.gather(2, chosen)[..., 0]
    return (truth.coordinate_mass * (1 - right)).sum().item() / 2
