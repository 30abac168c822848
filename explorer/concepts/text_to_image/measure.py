"""How well pictures fit their captions: the exact parser reads each of them.

Every attribute is right or wrong by itself; a picture is right if all of them are. If errors of
different attributes are independent, the joint accuracy is the product of theirs.
"""

from dataclasses import dataclass
from math import nan, prod

from torch import Tensor

from explorer.data.shapes import World
from explorer.truth.intervals import wilson


@dataclass(frozen=True)
class Accuracy:
    """What the parser says about n pictures; NaN where there are none."""

    attributes: tuple[float, ...]  # share of pictures in which each attribute is the one asked for
    joint: float  # in which all are
    error: float  # root mean squared error per pixel to the nearest picture of the world
    count: int

    @property
    def product(self) -> float:
        """What the joint accuracy would be if attributes failed independently."""
        return prod(self.attributes)

    @property
    def interval(self) -> tuple[float, float]:
        """In which the true joint accuracy lies, with 95 %."""
        return wilson(round(self.joint * self.count), self.count) if self.count else (0.0, 1.0)


def correct(world: World, pictures: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
    """Which attributes (n, a) bool of pictures (n, d) are as asked (n, a), and errors (n,).

    Where nothing was asked (-1) every value is right.
    """
    read = world.read(pictures)
    return (read.values == asked) | (asked < 0), read.error


def accuracy(world: World, pictures: Tensor, asked: Tensor) -> Accuracy:
    """Of pictures (n, d) that were drawn for captions (n, a)."""
    if not len(pictures):
        return Accuracy((nan,) * asked.shape[1], nan, nan, 0)
    right, error = correct(world, pictures, asked)
    return Accuracy(
        tuple(right.double().mean(0).tolist()),
        right.all(1).double().mean().item(),
        error.mean().item(),
        len(pictures),
    )
