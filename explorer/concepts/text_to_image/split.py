"""Which captions are shown in training: those of some pairs of colour and shape never are.

Held-out pairs are spread evenly over colours and shapes, so that every colour and every shape is
seen, in other company. The first of them is always the purple star.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.data.shapes import COLOURS, SHAPES, World
from explorer.nets import generator

FIRST = "purple", "star"


@dataclass(frozen=True, eq=False)
class Split:
    """Rows of values (n, a) of the captions that are shown, and of those that are not."""

    seen: Tensor
    unseen: Tensor


def held_out_pairs(count: int, seed: int) -> list[tuple[int, int]]:
    """So many pairs of colour and shape, along diagonals of a shuffled table of all of them."""
    rng = generator(seed)
    rows = _first(torch.randperm(len(COLOURS), generator=rng).tolist(), list(COLOURS), FIRST[0])
    columns = _first(torch.randperm(len(SHAPES), generator=rng).tolist(), SHAPES, FIRST[1])
    around = [(i % len(rows), (i + i // 24) % len(columns)) for i in range(count)]
    return [(rows[row], columns[column]) for row, column in around]


def _first(order: list[int], names: "list[str] | tuple[str, ...]", name: str) -> list[int]:
    """The order with this name moved to its beginning."""
    value = names.index(name)
    return [value, *(each for each in order if each != value)]


def split(world: World, held_out: int, seed: int) -> Split:
    """All captions of a world, parted."""
    pairs = torch.zeros(len(COLOURS), len(SHAPES), dtype=torch.bool)
    for colour, shape in held_out_pairs(held_out, seed):
        pairs[colour, shape] = True
    all_ = world.captions
    unseen = pairs[all_[:, world.column("colour")], all_[:, world.column("shape")]]
    return Split(all_[~unseen], all_[unseen])
