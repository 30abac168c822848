r"""The change of variables, term by term, for one point of the plane.

    log p(x) = log N(f(x); 0, I) + sum_l log |det of layer l|

A tiny square around the point is carried along: the log-determinant is the log of how much its
area grows, and the grown square holds the same share of noise as the small one of data.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer import config as check
from explorer.concepts.diffusion.plane import VIEW
from explorer.concepts.flows.bend import from_data as way_of
from explorer.concepts.flows.bend import moments
from explorer.concepts.flows.coupling import log_normal
from explorer.concepts.flows.plane import CELLS, POINTS, PlaneModel
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

SIDE, CORNERS = 0.02, 7  # of the square around the point: its side, and lines each way
REACH = 3.0


@dataclass(frozen=True)
class PointConfig:
    """The point that is followed."""

    x: float = 0.0
    y: float = 0.0

    def __post_init__(self) -> None:
        check.between(self, "x", -REACH, REACH)
        check.between(self, "y", -REACH, REACH)


@dataclass(frozen=True, eq=False)
class PointSnapshot:
    """The point on its way to noise. `step` counts frames; layers are numbered from the data."""

    step: int
    config: PointConfig
    layer: int
    share: float  # how much of the layer is done
    data: np.ndarray  # (POINTS, 2) real points
    density: np.ndarray  # (CELLS, CELLS) learnt
    peak: float  # where its colours end
    real: np.ndarray  # (POINTS, 2) the real points, on the same way
    trail: np.ndarray  # (stops so far, 2)
    square: np.ndarray  # (CORNERS, CORNERS, 2) around the point, in units of its first side
    reach: float  # how far the square ever gets, in these units
    log_det: float  # so far, also within a layer
    terms: np.ndarray  # (layers,) log-determinants of the layers passed, 0 for those to come
    final: np.ndarray  # (layers,) all of them
    noise: float  # log-density of noise where the point ends up
    exact: float  # exact log-density of the data at the point; may be minus infinity
    ended: bool

    @property
    def learnt(self) -> float:
        """The learnt log-density at the point: the sum of all terms."""
        return self.noise + float(self.final.sum())


@torch.no_grad()
def follow(config: PointConfig, model: PlaneModel) -> Generator[PointSnapshot, None, None]:
    """Follow a point and its neighbourhood from data to noise."""
    flow, dist = model.flow, plane.get(model.config.dataset)
    spot = torch.tensor([[config.x, config.y]])
    axis = torch.linspace(-SIDE / 2, SIDE / 2, CORNERS)
    square = spot + torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).reshape(-1, 2)
    real = dist.sample(POINTS, generator(0))
    way = way_of(flow, torch.cat([spot, square, real]))
    terms = way.log_dets[:, 0]
    offsets = (way.stops[:, 1 : 1 + len(square)] - way.stops[:, :1]) / SIDE
    exact = dist.log_density(spot).item()
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    density = freeze(flow.log_density(cells).exp().reshape(CELLS, CELLS))
    peak = dist.log_density(real).quantile(0.95).exp().item()
    order, data = moments(flow), freeze(real)
    trail: list[np.ndarray] = []
    for step, (number, share) in enumerate(order):
        at = way.at(number, share)
        trail.append(at[0].numpy())
        passed = torch.arange(len(terms)) < number + (share == 1)
        within = torch.log1p(share * terms[number].expm1()) if share < 1 else torch.zeros(())
        yield PointSnapshot(
            step=step,
            config=config,
            layer=number,
            share=share,
            data=data,
            density=density,
            peak=peak,
            real=freeze(at[1 + len(square) :]),
            trail=frozen(np.stack(trail)),
            square=freeze(((at[1 : 1 + len(square)] - at[:1]) / SIDE).reshape(CORNERS, CORNERS, 2)),
            reach=max(1.0, offsets.abs().max().item()),
            log_det=float(terms[passed].sum() + within),
            terms=freeze(torch.where(passed, terms, torch.zeros(()))),
            final=freeze(terms),
            noise=log_normal(way.stops[-1, :1]).item(),
            exact=max(exact, -1e30),
            ended=step == len(order) - 1,
        )
