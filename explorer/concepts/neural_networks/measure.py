"""The data with what is exact about it (Bayes classifier, Bayes error), and how nets are judged.

A test point counts with its exact posterior p(y | x) in the place of a drawn label: the expectation
is the same, the noise smaller, and no network beats the Bayes classifier by luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from explorer.concepts.neural_networks.network import loss
from explorer.concepts.shared.labelled_plane import noised
from explorer.concepts.shared.plane_view import VIEW as LIMITS
from explorer.data.plane import Distribution
from explorer.nets import generator
from explorer.scene import contour, frozen, plane_grid
from explorer.truth.plane import Estimate, integral, posterior

TEST = 2000  # fresh points: the test set
CELLS, SMALL = 40, 20  # cells per side of the map of the output, and of those of the units
FINE = 100


@dataclass(frozen=True, eq=False)
class Problem:
    """Two overlapping classes of points, and everything exact about them."""

    source: Distribution
    test: np.ndarray  # (TEST, 2)
    test_posterior: np.ndarray  # (TEST,) p(y = 1 | x), exact
    bayes: Estimate  # error of the Bayes classifier, by quadrature
    lowest_error: float  # the same on the test points: the lowest test error there is
    lowest_loss: dict[str, float]  # by kind, of a network that outputs the exact posterior
    posterior: np.ndarray  # (CELLS, CELLS) p(y = 1 | x)
    boundary: np.ndarray  # (k, 2) where it is one half


@lru_cache(maxsize=16)
@torch.no_grad()
def problem(dataset: str, overlap: float) -> Problem:
    """Everything exact about a data set. About 0.1 s, once per process."""
    source = noised(dataset, 2, overlap)
    test = source.sample(TEST, generator(20_010))  # the same for every run: they can be compared
    exact = posterior(source, test)[:, 1].double().numpy()

    def error(x: torch.Tensor) -> torch.Tensor:
        joint = (source.class_log_density(x) + source.class_log_prior).exp()
        return joint.sum(1) - joint.amax(1)

    grid, fine = (torch.from_numpy(plane_grid(LIMITS, LIMITS, n)) for n in (CELLS, FINE))
    on_fine = posterior(source, fine)[:, 1].view(FINE, FINE).numpy()
    line = contour("boundary", "truth", on_fine, 0.5, LIMITS, LIMITS)
    p = np.clip(exact, 1e-12, 1 - 1e-12)
    best = {"cross_entropy": np.log(p / (1 - p)), "squared": np.arctanh(2 * p - 1)}
    return Problem(
        source=source,
        test=frozen(test.double().numpy()),
        test_posterior=frozen(exact),
        bayes=integral(error, n=240),
        lowest_error=float(np.minimum(exact, 1 - exact).mean()),
        lowest_loss={kind: expected_loss(kind, z, exact) for kind, z in best.items()},
        posterior=frozen(posterior(source, grid)[:, 1].view(CELLS, CELLS).numpy()),
        boundary=frozen(line.xy),
    )


def expected_loss(kind: str, z: np.ndarray, exact: np.ndarray) -> float:
    """The mean loss of outputs z (n,) where y = 1 has the exact probabilities (n,)."""
    return float((exact * loss(kind, z, np.array(1.0)) + (1 - exact) * loss(kind, z, np.array(0.0)))
                 .mean())  # fmt: skip


def expected_error(z: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """The share (...) misclassified by the sign of outputs z (..., n)."""
    return np.where(z > 0, 1 - exact, exact).mean(-1)


def inputs(x: np.ndarray, features: Sequence[str]) -> np.ndarray:
    """The chosen features (..., n, k) of points (..., n, 2)."""
    x1, x2 = x[..., 0], x[..., 1]
    known = {
        "x1": x1,
        "x2": x2,
        "x1_squared": x1 * x1,
        "x2_squared": x2 * x2,
        "product": x1 * x2,
        "sin_x1": np.sin(2 * x1),
        "sin_x2": np.sin(2 * x2),
    }
    return np.stack([known[name] for name in features], axis=-1)


@lru_cache(maxsize=32)
def grid_inputs(cells: int, features: tuple[str, ...]) -> np.ndarray:
    """The features (cells^2, k) of the centres of a square grid over the plane."""
    return frozen(inputs(plane_grid(LIMITS, LIMITS, cells).astype(float), features))
