"""From noise to a picture: the ODE of flow matching, solved by the midpoint method, and guidance.

Training joins noise eps and a picture z0 by straight lines z_t = (1 - t) z0 + t eps; the network
learns their mean velocity v(z, t, c) = E[eps - z0 | z_t = z, c]. Sampling follows dz/dt = v from
t = 1 to 0. On the way z - t v is the denoised estimate of z0.

Lipman et al. (2023), Flow matching, https://arxiv.org/abs/2210.02747
Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

Velocity: TypeAlias = Callable[[Tensor, float], Tensor]  # z (n, dim), t -> (n, dim)


@dataclass(frozen=True, eq=False)
class State:
    """Where sampling stands before a step, or at its end."""

    t: float
    point: Tensor  # (n, dim), z_t
    denoised: Tensor  # (n, dim) the estimate of z0


@torch.no_grad()
def trajectory(velocity: Velocity, z: Tensor, steps: int) -> Iterator[State]:
    """From noise z (n, dim) at t = 1 to pictures at t = 0: every state on the way."""
    h = 1 / steps
    for k in range(steps):
        t = 1 - k * h
        v = velocity(z, t)
        yield State(t, z, z - t * v)
        z = z - h * velocity(z - h / 2 * v, t - h / 2)
    yield State(0.0, z, z)


def final(states: Iterator[State]) -> Tensor:
    """The points (n, dim) at which a trajectory ends."""
    *_, last = states
    return last.point


def guided(conditional: Velocity, unconditional: Velocity, weight: float) -> Velocity:
    """Classifier-free guidance: v_none + w (v_caption - v_none); at w = 1 the caption's own."""
    if weight == 1:
        return conditional

    def velocity(z: Tensor, t: float) -> Tensor:
        none = unconditional(z, t)
        return none + weight * (conditional(z, t) - none)

    return velocity
