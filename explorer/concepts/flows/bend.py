r"""Layer by layer: the grid, the points and the density pass through the couplings.

Halfway through a layer f stand y = (1 - a) x + a f(x). A coupling moves its numbers along rising
curves, and a mean of two rising curves rises, so what is shown between two layers is a flow, too:
nothing tears on the way, and its density is exact at every moment,

    log p(y) = log p_after(f(x)) + log f'(x) - log((1 - a) + a f'(x)).
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.flows.coupling import Coupling, Flow, log_normal
from explorer.concepts.flows.grid import refined
from explorer.concepts.flows.images import (
    SHOWN,
    ImageModel,
    dequantised,
    gathered,
    some,
    spread,
)
from explorer.concepts.flows.plane import POINTS, PlaneModel
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

WAYS: dict[str, str] = {"data": "noise to data", "noise": "data to noise"}
SIGHT = (-3.2, 3.2)  # limits of the pictures: noise reaches further than data
CELLS = 44
PARTS = 8  # frames in which a layer is passed
HALVINGS, REACH = 32, 24.0  # of the search for where a point came from


@dataclass(frozen=True)
class BendConfig:
    """Which way to go through the layers."""

    way: str = "data"  # a key of WAYS: where it leads
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "way", WAYS)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class Moment:
    """A moment on the way. `step` counts frames; layers are numbered from the data, from 0."""

    step: int
    config: BendConfig
    layer: int  # the one that is being passed
    layers: int
    share: float  # how much of it is done, seen from the data: 0 before, 1 after
    terms: np.ndarray  # (layers,) mean log-determinant of the layers passed so far
    final: np.ndarray  # (layers,) of all layers

    @property
    def done(self) -> float:
        """How much of the layer is done, seen from where the way began."""
        return self.share if self.config.way == "noise" else 1 - self.share

    @property
    def ended(self) -> bool:
        """Whether this is where the way leads."""
        return self.done == 1 and self.layer == (
            0 if self.config.way == "data" else self.layers - 1
        )


@dataclass(frozen=True, eq=False)
class PlaneMoment(Moment):
    """Points, grid and density of the plane on their way."""

    axis: int | None  # the coordinate that the layer moves; None: both
    points: np.ndarray  # (POINTS, 2)
    classes: np.ndarray  # (POINTS,) int; of made-up points: the quarter of the noise they come from
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise
    density: np.ndarray  # (CELLS, CELLS) of the model at this moment
    stretch: np.ndarray  # (CELLS, CELLS) log-determinant of this layer, over the points before it


@dataclass(frozen=True, eq=False)
class ImageMoment(Moment):
    """Images on their way; pixels are uint8 (SHOWN, h, w)."""

    start: np.ndarray
    now: np.ndarray
    moved: np.ndarray  # (1, h, w) the pixels that this layer moves


@dataclass(frozen=True, eq=False)
class Way:
    """Points or images on all their stops from data to noise."""

    stops: Tensor  # (layers + 1, n, d)
    log_dets: Tensor  # (layers, n)

    def at(self, layer: int, share: float) -> Tensor:
        """Where the points are when `share` of a layer is done, (n, d)."""
        return torch.lerp(self.stops[layer], self.stops[layer + 1], share)


def from_data(flow: Flow, x: Tensor) -> Way:
    """The way of data x (n, d)."""
    stops, dets = [x], []
    for step in flow.to_noise(x):
        stops.append(step.x)
        dets.append(step.log_det)
    return Way(torch.stack(stops), torch.stack(dets))


def from_noise(flow: Flow, z: Tensor) -> Way:
    """The way of noise z (n, d)."""
    stops, dets = [z], []
    for step in flow.to_data(z):
        stops.append(step.x)
        dets.append(-step.log_det)
    return Way(torch.stack(stops[::-1]), torch.stack(dets[::-1]))


def moments(flow: Flow) -> list[tuple[int, float]]:
    """All (layer, share) from data to noise; layers that move both numbers are passed at once."""
    found = []
    for number, layer in enumerate(flow.layers):
        parts = PARTS if isinstance(layer, Coupling) else 1
        found += [(number, part / parts) for part in range(parts)]
    return [*found, (len(flow.layers) - 1, 1.0)]


def log_density(flow: Flow, y: Tensor, number: int, share: float) -> Tensor:
    """The model's log-density (n,) at y (n, 2), when `share` of layer `number` is done."""
    layer = flow.layers[number]
    after, total = y, torch.zeros(len(y))
    if share < 1:
        x = before(layer, y, share) if isinstance(layer, Coupling) else y
        after, log_det = layer(x)
        total = log_det - torch.log1p(share * log_det.expm1())
    for later in flow.layers[number + 1 :]:
        after, log_det = later(after)
        total = total + log_det
    return total + log_normal(after)


def before(layer: Coupling, y: Tensor, share: float) -> Tensor:
    """Where points y (n, 2) were before `share` of a layer was done, by halving an interval."""
    x, axis = y.clone(), int(layer.moved[0])
    low, high = y[:, axis] - REACH, y[:, axis] + REACH
    for _ in range(HALVINGS):
        x[:, axis] = (low + high) / 2
        there = torch.lerp(x, layer(x).x, share)[:, axis]
        too_high = there > y[:, axis]
        low, high = torch.where(too_high, low, x[:, axis]), torch.where(too_high, x[:, axis], high)
    return x


@torch.no_grad()
def bend(
    config: BendConfig, model: PlaneModel | ImageModel
) -> Generator[PlaneMoment | ImageMoment, None, None]:
    """Go through the layers of a trained flow, either way."""
    if isinstance(model, ImageModel):
        yield from _images(config, model)
    else:
        yield from _points(config, model)


def _moments(config: BendConfig, flow: Flow, way: Way) -> Generator[Moment, None, None]:
    """Where the way stands, frame by frame."""
    means = way.log_dets.mean(1).numpy()
    numbers, order = np.arange(len(means)), moments(flow)
    to_data, final = config.way == "data", frozen(means)
    for step, (layer, share) in enumerate(reversed(order) if to_data else order):
        passed = numbers > layer if to_data else numbers < layer
        passed[layer] |= share == (0 if to_data else 1)
        terms = frozen(np.where(passed, means, 0).astype(np.float32))
        yield Moment(step, config, layer, len(means), share, terms, final)


def _points(config: BendConfig, model: PlaneModel) -> Generator[PlaneMoment, None, None]:
    flow, rng = model.flow, generator(config.seed)
    if config.way == "data":
        z = torch.randn(POINTS, 2, generator=rng)
        way, classes = from_noise(flow, z), (z[:, 0] > 0) + 2 * (z[:, 1] > 0).long()
    else:
        x, classes = plane.get(model.config.dataset).sample_labelled(POINTS, rng)
        way = from_data(flow, x)
    grid, _ = refined(flow.made_of)
    lines, cells = from_noise(flow, grid.z), torch.from_numpy(plane_grid(SIGHT, SIGHT, CELLS))
    maps = [freeze(layer(cells).log_det.reshape(CELLS, CELLS)) for layer in flow.layers]
    kinds = freeze(classes)
    for now in _moments(config, flow, way):
        layer = flow.layers[now.layer]
        density = log_density(flow, cells, now.layer, now.share).exp()
        yield PlaneMoment(
            **vars(now),
            axis=int(layer.moved[0]) if isinstance(layer, Coupling) else None,
            points=freeze(way.at(now.layer, now.share)),
            classes=kinds,
            mesh=grid.drawn(lines.at(now.layer, now.share)),
            density=freeze(density.reshape(CELLS, CELLS)),
            stretch=maps[now.layer],
        )


def _images(config: BendConfig, model: ImageModel) -> Generator[ImageMoment, None, None]:
    flow, rng, chosen = model.flow, generator(config.seed), model.images
    if config.way == "data":
        way = from_noise(flow, torch.randn(SHOWN, flow.dim, generator=rng))
    else:
        way = from_data(flow, spread(dequantised(some(chosen), model.config.dataset, rng)))
    ends = way.stops[-1 if config.way == "data" else 0]
    start = frozen(chosen.pixels(gathered(ends)))
    for now in _moments(config, flow, way):
        layer = flow.layers[now.layer]
        moved = torch.zeros(flow.dim)
        moved[layer.moved if isinstance(layer, Coupling) else slice(None)] = 1
        yield ImageMoment(
            **vars(now),
            start=start,
            now=frozen(chosen.pixels(gathered(way.at(now.layer, now.share)))),
            moved=frozen(chosen.pixels(moved[None])),
        )
