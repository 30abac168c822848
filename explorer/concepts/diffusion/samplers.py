r"""From noise to data: samplers, for any denoiser `denoise(x, sigma) -> E[x0 | x]`.

All go down a list of noise levels sigma_1 > sigma_2 > ... > 0 with x = x0 + sigma eps. With the
denoised estimate D of x0 and so (x - D) / sigma of the noise, a step from sigma to sigma' gives

    DDPM    D + (sigma'/sigma)^2 (x - D) + sigma' sqrt(1 - sigma'^2/sigma^2) z   with fresh noise z
    DDIM    D + (sigma'/sigma)   (x - D)                          no fresh noise (eta: in between)
    Euler   x_t + (t' - t) (d_alpha D + d_sigma (x - D)/sigma)    the ODE in the schedule's own time
    Heun    the mean derivative of both ends of the step, at two evaluations

Along the straight path, Euler is flow matching's sampler, and equals DDIM at the same noise levels.

Ho et al. (2020), DDPM, https://arxiv.org/abs/2006.11239
Song, Meng and Ermon (2021), DDIM, https://arxiv.org/abs/2010.02502
Song et al. (2021), the probability-flow ODE, https://arxiv.org/abs/2011.13456
Karras et al. (2022), Heun, https://arxiv.org/abs/2206.00364
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TypeAlias

import torch
from torch import Generator, Tensor

from explorer.concepts.diffusion.schedules import Schedule

# x (n, d), noise level of all or of each (n, 1) -> (n, d)
Denoise: TypeAlias = Callable[[Tensor, Tensor | float], Tensor]

SAMPLERS: dict[str, str] = {
    "heun": "Heun",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "euler": "Euler (probability flow)",
    "flow": "flow matching",
}


@dataclass(frozen=True, eq=False)
class State:
    """Where the reverse process stands before a step."""

    noise_level: float
    x: Tensor  # (n, d) in the form x0 + sigma eps
    denoised: Tensor  # (n, d) the denoised estimate from which the step starts; at the end, x
    evaluations: int  # of the denoiser so far


def ddim(
    x: Tensor, denoised: Tensor, sigma: float, to: float, eta: float, rng: Generator | None
) -> Tensor:
    """One step from noise level sigma to `to` < sigma: DDPM for eta = 1, DDIM for eta = 0."""
    fresh = eta * to * sqrt(1 - (to / sigma) ** 2)
    kept = sqrt(to**2 - fresh**2)
    x = denoised + kept / sigma * (x - denoised)
    if fresh > 0:
        x = x + fresh * torch.randn(x.shape, generator=rng)
    return x


def heun(denoise: Denoise, x: Tensor, denoised: Tensor, sigma: float, to: float) -> Tensor:
    """One step along the mean of the derivatives dx/d sigma at both ends."""
    derivative = (x - denoised) / sigma
    euler_step = x + (to - sigma) * derivative
    if to == 0:
        return euler_step
    at_the_end = (euler_step - denoise(euler_step, to)) / to
    return x + (to - sigma) / 2 * (derivative + at_the_end)


def euler(x: Tensor, denoised: Tensor, schedule: Schedule, t: Tensor, to: Tensor) -> Tensor:
    """One step of Euler's method in the schedule's own time and form.

    Not for an exploding schedule: its time is its noise level, and Euler's step is that of DDIM.
    """
    here, there = schedule.path(t), schedule.path(to)
    alpha, sigma, d_alpha, d_sigma = (float(v) for v in here)
    eps = (x - denoised) * alpha / sigma
    x_t = alpha * x + float(to - t) * (d_alpha * denoised + d_sigma * eps)
    return x_t / float(there.alpha)


def pure_noise(shape: tuple[int, ...], schedule: Schedule, rng: Generator) -> Tensor:
    """Noise of the schedule's highest level."""
    return schedule.noise_levels(1)[0] * torch.randn(shape, generator=rng)


@torch.no_grad()
def reverse_process(
    denoise: Denoise,
    x: Tensor,
    schedule: Schedule,
    steps: int,
    sampler: str = "heun",
    eta: float = 0.0,
    rng: Generator | None = None,
) -> Iterator[State]:
    """From x (n, d), pure noise, down to data: every state on the way."""
    times, levels = schedule.times(steps), schedule.noise_levels(steps)
    evaluations = 0
    for (t, t_next), (sigma, to) in zip(pairwise(times), pairwise(levels)):
        denoised = denoise(x, sigma)
        evaluations += 1
        yield State(sigma, x, denoised, evaluations)
        if sampler == "heun":
            x = heun(denoise, x, denoised, sigma, to)
            evaluations += to > 0
        elif sampler in ("euler", "flow") and not schedule.exploding:
            x = euler(x, denoised, schedule, t, t_next)
        else:
            x = ddim(x, denoised, sigma, to, {"ddpm": 1.0, "ddim": eta}.get(sampler, 0.0), rng)
    yield State(0.0, x, x, evaluations)


def final(states: Iterator[State]) -> Tensor:
    """The samples (n, d) with which a reverse process ends."""
    *_, last = states
    return last.x


@torch.no_grad()
def few_step_sample(denoise: Denoise, z: Tensor, top: float, bottom: float, steps: int) -> Tensor:
    """Samples (n, d) from standard normal z by a few steps of Heun: for a snapshot.

    They begin at a noise level `top` at which data of unit variance can't be told from normal ones
    of that variance, and the last step removes noise of level `bottom` at once.
    """
    low, high = bottom ** (1 / 3), top ** (1 / 3)
    levels = [(high + (low - high) * i / (steps - 1)) ** 3 for i in range(steps)]
    x = sqrt(1 + top**2) * z
    for sigma, to in pairwise([*levels, 0.0]):
        x = heun(denoise, x, denoise(x, sigma), sigma, to)
    return x


def clipped(denoise: Denoise, box: float) -> Denoise:
    """A denoiser whose estimate is clipped to [-box, box], in which all data lie."""
    return lambda x, sigma: denoise(x, sigma).clamp(-box, box)


def guided(conditional: Denoise, unconditional: Denoise, scale: float) -> Denoise:
    """Classifier-free guidance: unconditional + w (conditional - unconditional).

    Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
    """
    if scale == 1:
        return conditional

    def denoise(x: Tensor, sigma: Tensor | float) -> Tensor:
        base = unconditional(x, sigma)
        return base + scale * (conditional(x, sigma) - base)

    return denoise
