"""Labelled data of the plane whose classes overlap as much as one asks for, exactly known."""

from math import sqrt

from explorer.data import plane
from explorer.data.mixture import Mixture
from explorer.data.plane import Distribution
from explorer.data.squares import Squares


def check(dataset: str) -> None:
    """Raise ValueError unless the data set exists and has at least two classes."""
    if plane.get(dataset).classes < 2:
        raise ValueError(
            "dataset must have at least two classes. Got a drawing of one stroke instead: "
            "draw a second stroke, each is a class."
        )


def noised(dataset: str, classes: int, overlap: float) -> Distribution:
    """The data set with noise of size `overlap`; its groups form at most `classes` classes."""
    source = plane.get(dataset)
    if overlap:  # shrunk as much as the noise widens it, so that it still fills the plane
        source = source.noised(1 / sqrt(1 + overlap**2), overlap / sqrt(1 + overlap**2))
    if source.classes <= classes:
        return source
    groups = source.groups % classes
    if isinstance(source, Squares):
        return Squares(source.centres, source.side, groups, source.alpha, source.sigma)
    return Mixture(source.means, source.covariances, source.weights, groups)
