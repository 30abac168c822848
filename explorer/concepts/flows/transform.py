r"""Layer by layer: the grid, the points and the density pass through the coupling layers.

In between, at share a of a layer f, stand y = (1 - a) x + a f(x). A coupling transforms its numbers
by increasing functions, and a mean of two increasing functions is increasing, so what is shown
between two layers is a flow, too, and its density is exact:

    log p(y) = log p_after(f(x)) + log f'(x) - log((1 - a) + a f'(x)).
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.flows.coupling import Coupling, Flow, log_normal
from explorer.concepts.flows.grid import refined
from explorer.concepts.flows.model import ImageModel, PlaneModel, from_box, to_box
from explorer.concepts.shared.image_grid import SHOWN, examples
from explorer.concepts.shared.plane_view import NOISE_VIEW
from explorer.data import plane
from explorer.data.levels import levels
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

DIRECTIONS: dict[str, str] = {
    "inverse": "inverse",
    "forward": "forward",
}
POINTS, CELLS = 256, 44
PARTS = 8  # frames in which a layer is passed
HALVINGS, REACH = 32, 24.0  # of the bisection that inverts a part of a layer


@dataclass(frozen=True)
class TransformConfig:
    """In which direction to go through the layers."""

    direction: str = c.choice("inverse", DIRECTIONS)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class TransformSnapshot:
    """A place between data and noise. Layers are numbered from the data, from 0."""

    step: int
    config: TransformConfig
    layer: int  # the one that is being passed
    layers: int
    share: float  # how much of it is applied, seen from the data: 0 before, 1 after
    passed: np.ndarray  # (layers,) mean log-determinant of the layers passed so far
    log_dets: np.ndarray  # (layers,) of all layers

    @property
    def done(self) -> float:
        """How much of the layer is passed, in this direction."""
        return self.share if self.config.direction == "forward" else 1 - self.share

    @property
    def ended(self) -> bool:
        """Whether all layers are passed."""
        last = 0 if self.config.direction == "inverse" else self.layers - 1
        return self.done == 1 and self.layer == last


@dataclass(frozen=True, eq=False)
class PlaneTransformSnapshot(TransformSnapshot):
    """Points, grid and density of the plane between two layers."""

    axis: int | None  # the coordinate that the layer transforms; None: both
    points: np.ndarray  # (POINTS, 2)
    classes: np.ndarray  # (POINTS,) int; of samples: the quarter of the noise they come from
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise
    density: np.ndarray  # (CELLS, CELLS) of the model at this place
    log_det: np.ndarray  # (CELLS, CELLS) log-determinant of this layer, over the points before it


@dataclass(frozen=True, eq=False)
class ImageTransformSnapshot(TransformSnapshot):
    """Images between two layers; pixels are uint8 (n, h, w)."""

    dataset: str
    start: np.ndarray
    now: np.ndarray
    transformed: np.ndarray  # (1, h, w) the pixels that this layer transforms


@dataclass(frozen=True, eq=False)
class Passage:
    """Points or images before and after every layer, from data to noise."""

    stops: Tensor  # (layers + 1, n, d)
    log_dets: Tensor  # (layers, n)

    def at(self, layer: int, share: float) -> Tensor:
        """Where the points are when `share` of a layer is applied, (n, d)."""
        return torch.lerp(self.stops[layer], self.stops[layer + 1], share)


def from_data(flow: Flow, x: Tensor) -> Passage:
    """The passage of data x (n, d)."""
    stops, log_dets = [x], []
    for step in flow.forward_steps(x):
        stops.append(step.x)
        log_dets.append(step.log_det)
    return Passage(torch.stack(stops), torch.stack(log_dets))


def from_noise(flow: Flow, z: Tensor) -> Passage:
    """The passage of noise z (n, d)."""
    stops, log_dets = [z], []
    for step in flow.inverse_steps(z):
        stops.append(step.x)
        log_dets.append(-step.log_det)
    return Passage(torch.stack(stops[::-1]), torch.stack(log_dets[::-1]))


def places(flow: Flow) -> list[tuple[int, float]]:
    """All (layer, share) from data to noise; layers that transform both numbers are one step."""
    found = []
    for number, layer in enumerate(flow.layers):
        parts = PARTS if isinstance(layer, Coupling) else 1
        found += [(number, part / parts) for part in range(parts)]
    return [*found, (len(flow.layers) - 1, 1.0)]


def log_density(flow: Flow, y: Tensor, number: int, share: float) -> Tensor:
    """The model's log-density (n,) at y (n, 2), when `share` of layer `number` is applied."""
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
    """Where points y (n, 2) were before `share` of a layer was applied, by bisection."""
    x, axis = y.clone(), int(layer.transformed[0])
    low, high = y[:, axis] - REACH, y[:, axis] + REACH
    for _ in range(HALVINGS):
        x[:, axis] = (low + high) / 2
        there = torch.lerp(x, layer(x).x, share)[:, axis]
        too_high = there > y[:, axis]
        low, high = torch.where(too_high, low, x[:, axis]), torch.where(too_high, x[:, axis], high)
    return x


@torch.no_grad()
def transform(
    config: TransformConfig, model: PlaneModel | ImageModel
) -> Generator[TransformSnapshot, None, None]:
    """Go through the layers of a trained flow, in either direction."""
    if isinstance(model, ImageModel):
        yield from _images(config, model)
    else:
        yield from _points(config, model)


def _snapshots(
    config: TransformConfig, flow: Flow, passage: Passage
) -> Generator[TransformSnapshot, None, None]:
    """Which layers are passed, frame by frame."""
    means = passage.log_dets.mean(1).numpy()
    numbers, order = np.arange(len(means)), places(flow)
    inverse, log_dets = config.direction == "inverse", frozen(means)
    for step, (layer, share) in enumerate(reversed(order) if inverse else order):
        passed = numbers > layer if inverse else numbers < layer
        passed[layer] |= share == (0 if inverse else 1)
        terms = frozen(np.where(passed, means, 0).astype(np.float32))
        yield TransformSnapshot(step, config, layer, len(means), share, terms, log_dets)


def _points(
    config: TransformConfig, model: PlaneModel
) -> Generator[PlaneTransformSnapshot, None, None]:
    flow, rng = model.flow, generator(config.seed)
    if config.direction == "inverse":
        z = torch.randn(POINTS, 2, generator=rng)
        passage, classes = from_noise(flow, z), (z[:, 0] > 0) + 2 * (z[:, 1] > 0).long()
    else:
        x, classes = plane.get(model.config.dataset).sample_labelled(POINTS, rng)
        passage = from_data(flow, x)
    grid, _ = refined(flow.inverse)
    lines = from_noise(flow, grid.noise)
    cells = torch.from_numpy(plane_grid(NOISE_VIEW, NOISE_VIEW, CELLS))
    maps = [freeze(layer(cells).log_det.reshape(CELLS, CELLS)) for layer in flow.layers]
    shown_classes = freeze(classes)
    for now in _snapshots(config, flow, passage):
        layer = flow.layers[now.layer]
        density = log_density(flow, cells, now.layer, now.share).exp()
        yield PlaneTransformSnapshot(
            **vars(now),
            axis=int(layer.transformed[0]) if isinstance(layer, Coupling) else None,
            points=freeze(passage.at(now.layer, now.share)),
            classes=shown_classes,
            mesh=grid.drawn(lines.at(now.layer, now.share)),
            density=freeze(density.reshape(CELLS, CELLS)),
            log_det=maps[now.layer],
        )


def _images(
    config: TransformConfig, model: ImageModel
) -> Generator[ImageTransformSnapshot, None, None]:
    name, flow, rng, chosen = model.config.dataset, model.flow, generator(config.seed), model.images
    if config.direction == "inverse":
        passage = from_noise(flow, torch.randn(SHOWN[name], flow.dim, generator=rng))
    else:
        passage = from_data(flow, to_box(levels(name).dequantised(examples(chosen), rng)))
    ends = passage.stops[-1 if config.direction == "inverse" else 0]
    start = frozen(chosen.pixels(from_box(ends)))
    for now in _snapshots(config, flow, passage):
        layer = flow.layers[now.layer]
        transformed = torch.zeros(flow.dim)
        transformed[layer.transformed if isinstance(layer, Coupling) else slice(None)] = 1
        yield ImageTransformSnapshot(
            **vars(now),
            dataset=name,
            start=start,
            now=frozen(chosen.pixels(from_box(passage.at(now.layer, now.share)))),
            transformed=frozen(chosen.pixels(transformed[None])),
        )
