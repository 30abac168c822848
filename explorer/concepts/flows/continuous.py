r"""A flow without layers: a velocity that carries noise to data, and the density along the way.

Flow matching learns the mean velocity v(x, t) = E[noise - data | x] along the straight lines
x_t = (1 - t) data + t noise; it is the network of the page on diffusion. The density changes with
the points (the instantaneous change of variables, Chen et al. 2018):

    dx/dt = v(x, t),    d/dt log p(x(t)) = -div v,    log p_0(x(0)) = log N(x(1)) + int_0^1 div v dt

In the plane the divergence is exact: two derivatives, no random trace.

Chen et al. (2018), Neural ordinary differential equations, https://arxiv.org/abs/1806.07366
Lipman et al. (2023), Flow matching, https://arxiv.org/abs/2210.02747
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from explorer.concepts import diffusion
from explorer.concepts.diffusion import schedules
from explorer.concepts.diffusion.plane import PlaneModel
from explorer.concepts.flows.coupling import log_normal
from explorer.data.plane import Distribution
from explorer.nets import generator

Velocity: TypeAlias = Callable[[Tensor, float], Tensor]  # x (n, 2), t -> (n, 2)
FIRST, LAST = 1e-3, 0.999  # where the network has practised; the rest is a thousandth of the way
FASTER = 3  # steps of flow matching in the time of one step of a flow of splines


def training(dataset: str, steps: int, seed: int) -> diffusion.Config:
    """Flow matching for about as long as a flow of layers with so many steps."""
    return diffusion.usual(
        dataset, objective="flow", schedule="straight", steps=FASTER * steps, seed=seed
    )


def learnt(model: PlaneModel) -> Velocity:
    """The velocity that a denoiser stands for."""
    return lambda x, t: _velocity(lambda u, s: model.denoiser(u, s), x, t)


def exact(dist: Distribution) -> Velocity:
    """The velocity that a perfect network would have learnt, from the exact score."""
    return lambda x, t: _velocity(lambda u, s: u + s**2 * dist.noised(1, s).score(u), x, t)


def _velocity(denoise: Callable[[Tensor, float], Tensor], x: Tensor, t: float) -> Tensor:
    """E[noise - data | x_t = x], by way of x_t / (1 - t) = data + s noise with s = t / (1 - t)."""
    s = t / (1 - t)
    u = x / (1 - t)
    return schedules.velocity(u, denoise(u, s), s)


def with_divergence(v: Velocity, x: Tensor, t: float) -> tuple[Tensor, Tensor]:
    """Velocity (n, 2) and its divergence (n,), by one derivative for each coordinate."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        speed = v(x, t)
        parts = [
            torch.autograd.grad(speed[:, i].sum(), x, retain_graph=i == 0)[0][:, i] for i in (0, 1)
        ]
    return speed.detach(), parts[0] + parts[1]


@torch.no_grad()
def log_density(v: Velocity, x: Tensor, steps: int = 40, start: float = FIRST) -> Tensor:
    """log p_t(x) at time `start`, (n,), for x (n, 2): along each point's way to noise, by Heun."""
    total, times = torch.zeros(len(x)), ladder(steps, start, LAST)
    for t, later in pairwise(times):
        dt = later - t
        speed, spread = with_divergence(v, x, t)
        ahead, spread_ahead = with_divergence(v, x + dt * speed, later)
        x = x + dt / 2 * (speed + ahead)
        total = total + dt / 2 * (spread + spread_ahead)
    return total + log_normal(x)


def ladder(steps: int, start: float, end: float) -> list[float]:
    """Times from start to end, closer to each other towards both: there velocities change most."""
    angle = np.linspace(0, np.pi, steps + 1)
    return [float(t) for t in start + (end - start) * (1 - np.cos(angle)) / 2]


@dataclass(frozen=True, eq=False)
class Continuous:
    """A trained velocity as a model: what the other families promise, too."""

    model: PlaneModel

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n new points (n, 2)."""
        return self.model.sample(n, seed)

    def log_density(self, x: Tensor, steps: int = 40) -> Tensor:
        """log p(x), (n,), for x (n, 2)."""
        return log_density(learnt(self.model), x, steps)

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights of the network."""
        return self.model.weights()


@torch.no_grad()
def carried(v: Velocity, z: Tensor, steps: int) -> Tensor:
    """Where noise z (n, 2) is carried, by Heun."""
    for t, sooner in pairwise(ladder(steps, LAST, FIRST)):
        speed = v(z, t)
        z = z + (sooner - t) / 2 * (speed + v(z + (sooner - t) * speed, sooner))
    return z


def straightness(path: Tensor) -> float:
    """Length of the straight line over length of the path (times, n, 2), mean over points."""
    along = (path[1:] - path[:-1]).norm(dim=2).sum(0)
    return ((path[-1] - path[0]).norm(dim=1) / along.clamp(min=1e-6)).mean().item()


def noise(n: int, seed: int) -> Tensor:
    """Where n points begin, (n, 2)."""
    return torch.randn(n, 2, generator=generator(seed))
