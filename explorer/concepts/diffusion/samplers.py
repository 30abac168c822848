r"""From noise to data: every sampler takes any denoiser `denoise(x, s) -> E[x0 | x = x0 + s eps]`.

All walk down a ladder of noise strengths s_1 > s_2 > ... > 0 with x = x0 + s eps. With the
denoiser's guess D of x0 and so (x - D) / s of the noise, one rung leads to

    DDPM    D + (s'/s)^2 (x - D) + s' sqrt(1 - s'^2/s^2) z      fresh noise z at every rung
    DDIM    D + (s'/s)   (x - D)                                no fresh noise (eta in between)
    Euler   x_t + (t' - t) (alpha'(t) D + sigma'(t) (x - D)/s)  the flow in the schedule's own time
    Heun    the mean slope of both ends of the rung, at two evaluations

Along the straight path, Euler is flow matching's sampler, and equals DDIM on the same ladder.

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

# x (n, d), strength of all or of each (n, 1) -> (n, d)
Denoise: TypeAlias = Callable[[Tensor, Tensor | float], Tensor]

SAMPLERS: dict[str, str] = {
    "heun": "Heun",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "euler": "Euler (probability flow)",
    "flow": "flow matching",
}


@dataclass(frozen=True, eq=False)
class Rung:
    """A stop on the way from noise to data."""

    strength: float
    x: Tensor  # (n, d) in the form x0 + s eps
    guess: Tensor  # (n, d) the denoiser's guess that led away from here; at the end, x itself
    evaluations: int  # of the denoiser so far


def step(
    x: Tensor, guess: Tensor, s: float, to: float, eta: float, rng: Generator | None
) -> Tensor:
    """One rung from strength s to `to` < s: DDPM for eta = 1, DDIM for eta = 0."""
    fresh = eta * to * sqrt(1 - (to / s) ** 2)
    kept = sqrt(to**2 - fresh**2)
    x = guess + kept / s * (x - guess)
    if fresh > 0:
        x = x + fresh * torch.randn(x.shape, generator=rng)
    return x


def heun(denoise: Denoise, x: Tensor, guess: Tensor, s: float, to: float) -> Tensor:
    """One rung along the mean of the slopes at both ends."""
    slope = (x - guess) / s
    ahead = x + (to - s) * slope
    if to == 0:
        return ahead
    return x + (to - s) / 2 * (slope + (ahead - denoise(ahead, to)) / to)


def euler(x: Tensor, guess: Tensor, schedule: Schedule, t: Tensor, to: Tensor) -> Tensor:
    """One rung of Euler's method in the schedule's own time and form.

    Not for an exploding schedule: its time is its strength, and Euler's step is that of DDIM.
    """
    here, there = schedule.path(t), schedule.path(to)
    alpha, sigma, alpha_rate, sigma_rate = (float(v) for v in here)
    eps = (x - guess) * alpha / sigma
    x_t = alpha * x + float(to - t) * (alpha_rate * guess + sigma_rate * eps)
    return x_t / float(there.alpha)


def start(shape: tuple[int, ...], schedule: Schedule, rng: Generator) -> Tensor:
    """Pure noise of the schedule's largest strength."""
    return schedule.ladder(1)[0] * torch.randn(shape, generator=rng)


@torch.no_grad()
def walk(
    denoise: Denoise,
    x: Tensor,
    schedule: Schedule,
    rungs: int,
    sampler: str = "heun",
    eta: float = 0.0,
    rng: Generator | None = None,
) -> Iterator[Rung]:
    """Lead x (n, d), noise of the first strength of the ladder, down to data, rung by rung."""
    times, ladder = schedule.times(rungs), schedule.ladder(rungs)
    evaluations = 0
    for (t, t_next), (s, to) in zip(pairwise(times), pairwise(ladder)):
        guess = denoise(x, s)
        evaluations += 1
        yield Rung(s, x, guess, evaluations)
        if sampler == "heun":
            x = heun(denoise, x, guess, s, to)
            evaluations += to > 0
        elif sampler in ("euler", "flow") and not schedule.exploding:
            x = euler(x, guess, schedule, t, t_next)
        else:
            x = step(x, guess, s, to, {"ddpm": 1.0, "ddim": eta}.get(sampler, 0.0), rng)
    yield Rung(0.0, x, x, evaluations)


def final(rungs: Iterator[Rung]) -> Tensor:
    """Where a walk ends."""
    *_, last = rungs
    return last.x


@torch.no_grad()
def glance(denoise: Denoise, z: Tensor, top: float, bottom: float, rungs: int) -> Tensor:
    """Where standard normal z (n, d) leads in a few steps of Heun: for a look at a run.

    The ladder is short: it begins at a strength `top` at which data of unit size can't be told
    from normal ones of that size, and the last step removes noise of strength `bottom` at once.
    """
    low, high = bottom ** (1 / 3), top ** (1 / 3)
    ladder = [(high + (low - high) * i / (rungs - 1)) ** 3 for i in range(rungs)]
    x = sqrt(1 + top**2) * z
    for s, to in pairwise([*ladder, 0.0]):
        x = heun(denoise, x, denoise(x, s), s, to)
    return x


def clipped(denoise: Denoise, box: float) -> Denoise:
    """A denoiser whose guess can't leave [-box, box], in which all data lie."""
    return lambda x, s: denoise(x, s).clamp(-box, box)


def guided(conditional: Denoise, free: Denoise, strength: float) -> Denoise:
    """Away from the free guess, through the conditional one, and on: free + w (cond - free).

    Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
    """
    if strength == 1:
        return conditional

    def denoise(x: Tensor, s: Tensor | float) -> Tensor:
        base = free(x, s)
        return base + strength * (conditional(x, s) - base)

    return denoise
