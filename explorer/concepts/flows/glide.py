"""Points gliding from noise to data along a learnt velocity, and their density on the way."""

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.diffusion.plane import EMPTY, VIEW, PlaneModel, grown, seen
from explorer.concepts.flows.continuous import (
    FIRST,
    LAST,
    carried,
    exact,
    learnt,
    log_density,
    noise,
    straightness,
    with_divergence,
)
from explorer.concepts.flows.coupling import log_normal
from explorer.concepts.flows.grid import lattice
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator
from explorer.scene import plane_grid

POINTS, TRAILS, ARROWS, CELLS = 400, 40, 12, 48
FINE = 121  # points of each line of the grid
KEPT = 400  # real points whose density is asked for
TINY = 60  # of Heun's steps: as good as endless ones
BLUR = 0.6 * (VIEW[1] - VIEW[0]) / CELLS  # a shade can't show what is finer than its cells
PACE = 0.3  # length of an arrow for each unit of speed


@dataclass(frozen=True)
class GlideConfig:
    """How many straight steps to take from noise to data."""

    rungs: int = 24
    seed: int = 0

    def __post_init__(self) -> None:
        check.whole(self, "rungs", 1, 100)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class Result:
    """What the finished flow says of the plane, whatever the steps of the points that are shown."""

    density: np.ndarray  # (CELLS, CELLS) learnt, by integrating each cell's way to noise
    exact: np.ndarray  # (CELLS, CELLS)
    peak: float  # where the colours end
    gap: float  # nats: mean of exact minus learnt log-density over real points


@dataclass(frozen=True, eq=False)
class GlideSnapshot:
    """A moment of the way. `step` counts the steps taken."""

    step: int
    config: GlideConfig
    time: float  # 1 is noise, 0 is data
    result: Result
    x: np.ndarray  # (POINTS, 2)
    trails: np.ndarray  # (TRAILS, stops so far, 2)
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise
    shade: np.ndarray  # (CELLS, CELLS) exact density at this time
    peak: float  # of the shade
    places: np.ndarray  # (ARROWS^2, 2)
    arrows: np.ndarray  # (ARROWS^2, 2) the learnt velocity towards data, scaled
    exact_arrows: np.ndarray  # (ARROWS^2, 2)
    summed: np.ndarray  # (stops so far, 2) time and mean log-density by the sum of divergences
    known: np.ndarray  # (stops so far, 2) time and mean exact log-density at the same points
    straight: float  # length of the straight line over that of the way so far, mean over points
    missed: float | None = None  # mean distance from where tiny steps lead; at the end


@torch.no_grad()
def finished(model: PlaneModel, dist: Distribution) -> Result:
    """The density that the velocity amounts to."""
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    real = dist.sample(KEPT, generator(3))
    logs = log_density(learnt(model), torch.cat([cells, real]))
    field, own = logs.split([len(cells), KEPT])
    known = dist.log_density(real)
    density = field.exp()
    return Result(
        density=freeze(density.reshape(CELLS, CELLS)),
        exact=freeze(dist.log_density(cells).exp().reshape(CELLS, CELLS)),
        peak=known.quantile(0.95).exp().item(),
        gap=(known.double() - own.double()).mean().item(),
    )


@torch.no_grad()
def glide(config: GlideConfig, model: PlaneModel) -> Generator[GlideSnapshot, None, None]:
    """Carry noise to data in so many of Euler's steps."""
    dist = plane.get(model.config.dataset)
    speed, truth = learnt(model), exact(dist)
    result = finished(model, dist)
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    places = torch.from_numpy(plane_grid(VIEW, VIEW, ARROWS))
    shown_places = freeze(places)
    z = noise(POINTS, config.seed)
    x, grid, total = z, lattice(FINE), log_normal(z)
    lines = grid.z
    target = carried(speed, z, TINY)
    path: list[Tensor] = []
    summed, known = EMPTY, EMPTY
    times = [float(t) for t in np.linspace(LAST, FIRST, config.rungs + 1)]
    for step, (t, sooner) in enumerate(pairwise([*times, FIRST])):
        path.append(x)
        there = dist.noised(1 - t, t)
        shade = dist.noised(1 - t, max(t, BLUR)).log_density(cells).exp()
        summed = grown(summed, t, total.mean().item())
        known = grown(known, t, there.log_density(x).clamp(min=-20).mean().item())
        ended = step == config.rungs
        way = torch.stack(path)
        yield GlideSnapshot(
            step=step,
            config=config,
            time=t,
            result=result,
            x=freeze(seen(x)),
            trails=freeze(seen(way[:, :TRAILS].transpose(0, 1))),
            mesh=grid.drawn(seen(lines)),
            shade=freeze(shade.reshape(CELLS, CELLS)),
            peak=max(1e-6, shade.max().item()),
            places=shown_places,
            arrows=freeze(-PACE * speed(places, t)),
            exact_arrows=freeze(-PACE * truth(places, t)),
            summed=summed,
            known=known,
            straight=straightness(way) if step else 1.0,
            missed=(x - target).norm(dim=1).mean().item() if ended else None,
        )
        if not ended:
            v, spread = with_divergence(speed, x, t)
            x, total = x + (sooner - t) * v, total + (t - sooner) * spread
            lines = lines + (sooner - t) * speed(lines, t)
