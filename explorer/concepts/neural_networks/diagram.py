"""The diagram of a network: a map for every unit, a link for every weight."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from explorer.concepts.neural_networks.config import FEATURES, Config
from explorer.scene import Links, Maps, Mark, Panel, Role, Text

TILE = 0.78  # height of a map; units of a layer lie 1 apart
NEGATIVE: Role = "model"
POSITIVE: Role = "real"
MEANING = "output −1 | 1"
FEWEST = 4.0  # rows that the diagram leaves room for


def places(sizes: Sequence[int]) -> list[np.ndarray]:
    """Where the units of each layer lie: (units, 2) for each; inputs are layer 0, at the left."""
    apart = column_width(sizes)
    return [
        np.stack([np.full(n, apart * k), (n - 1) / 2.0 - np.arange(n)], 1).astype(np.float32)
        for k, n in enumerate(sizes)
    ]


def rows_of(sizes: Sequence[int]) -> float:
    """Rows of the diagram."""
    return max(FEWEST, float(max(sizes)))


def column_width(sizes: Sequence[int]) -> float:
    """How far apart two layers lie: a diagram is about twice as wide as high."""
    return max(1.3, (2.0 * rows_of(sizes) - 1.2) / max(1, len(sizes) - 1))


def unit_name(config: Config, layer: int, unit: int) -> str:
    """How a unit is called: an input by its feature, a hidden one as "unit 2 of layer 1"."""
    if layer == 0:
        return FEATURES[config.features[unit]]
    if layer == len(config.sizes) - 1:
        return "output"
    return f"unit {unit + 1} of layer {layer}"


def link_names(config: Config) -> tuple[str, ...]:
    """The name of every weight, in the order of `links`."""
    return tuple(
        f"weight from {unit_name(config, k, a)} to {unit_name(config, k + 1, b)}"
        for k in range(len(config.sizes) - 1)
        for a in range(config.sizes[k])
        for b in range(config.sizes[k + 1])
    )


def links(config: Config, weights: np.ndarray, name: str = "weights", high: float = 3.0) -> Links:
    """All weights (n,) as links, between the edges of the maps."""
    at = places(config.sizes)
    pairs = [
        (a, b)
        for left, right in pairwise(at)
        for a in left
        for b in right
    ]  # fmt: skip
    start, end = (np.stack(each).astype(np.float32) for each in zip(*pairs))
    edge = np.array([TILE / 2, 0], np.float32)
    way = end - start - 2 * edge
    meaning = f"{name}: negative | positive"
    return Links(name, start + edge, way, weights, high, link_names(config), meaning=meaning)


def maps(
    config: Config, values: np.ndarray, name: str = "output of a unit", meaning: str = MEANING
) -> Maps:
    """The maps (units, rows, columns) of inputs, hidden units and output."""
    sizes = config.sizes
    names = tuple(unit_name(config, k, i) for k, n in enumerate(sizes) for i in range(n))
    return Maps(
        name, "rival", values, np.concatenate(places(sizes)), TILE, -1.0, 1.0, names,
        (NEGATIVE, POSITIVE), meaning,
    )  # fmt: skip


def titles(config: Config) -> list[Mark]:
    """The name of each column, above it."""
    sizes = config.sizes
    top = rows_of(sizes) / 2 + 0.12
    names = ["inputs", *(f"layer {k}" for k in range(1, len(sizes) - 1)), "output"]
    width = column_width(sizes)
    return [
        Text(f"column {k}", "neutral", (width * k, top), name) for k, name in enumerate(names)
    ]  # fmt: skip


def panel(config: Config, title: str, marks: Sequence[Mark], caption: str) -> Panel:
    """A panel with the limits of the diagram."""
    rows, right = rows_of(config.sizes), column_width(config.sizes) * (len(config.sizes) - 1)
    return Panel(
        title, marks, "plane", (-0.62, right + 0.62), (-rows / 2 - 0.05, rows / 2 + 0.45),
        caption=caption, span=2.2,
    )  # fmt: skip
