r"""Noise schedules: how fast data become noise, and the forms in which papers write it.

At time t in [0, 1] a point x0 has become

    x_t = alpha(t) x0 + sigma(t) eps,   eps ~ N(0, I).

Dividing by alpha gives the one form in which everything here computes, x = x0 + sigma eps, whose
noise level is sigma = sigma(t) / alpha(t), noise over signal. A schedule only says which noise
levels are visited, and how often.

Ho et al. (2020), the linear schedule, https://arxiv.org/abs/2006.11239
Nichol and Dhariwal (2021), the cosine schedule, https://arxiv.org/abs/2102.09672
Karras et al. (2022), noise levels in powers of 1/7, https://arxiv.org/abs/2206.00364
Lipman et al. (2023), the straight path, https://arxiv.org/abs/2210.02747
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi
from typing import NamedTuple

import torch
from torch import Tensor

SIGMA_MIN, SIGMA_MAX, RHO = 0.01, 20.0, 7.0
BETA_MIN, BETA_MAX = 0.1, 20.0  # of Ho et al., in continuous time
LOG_NORMAL = (-1.4, 1.3)  # mean and deviation of ln sigma for points, whose detail is fine
OFFSET = 0.008  # of Nichol and Dhariwal


class Path(NamedTuple):
    """alpha and sigma at time t, and their derivatives: all of the shape of t."""

    alpha: Tensor
    sigma: Tensor
    d_alpha: Tensor  # d alpha / dt
    d_sigma: Tensor  # d sigma / dt


def _preserving(alpha: Tensor, d_alpha: Tensor) -> Path:
    """The path that keeps alpha^2 + sigma^2 = 1: data of unit variance keep it."""
    sigma = (1 - alpha**2).clamp(min=0).sqrt()
    return Path(alpha, sigma, d_alpha, -alpha * d_alpha / sigma.clamp(min=1e-12))


def _linear(t: Tensor) -> Path:
    beta = BETA_MIN + (BETA_MAX - BETA_MIN) * t
    alpha = (-(BETA_MAX - BETA_MIN) * t**2 / 4 - BETA_MIN * t / 2).exp()
    return _preserving(alpha, -beta * alpha / 2)


def _cosine(t: Tensor) -> Path:
    speed = pi / 2 / (1 + OFFSET)
    start = torch.tensor(speed * OFFSET, dtype=t.dtype).cos()
    angle = speed * (t + OFFSET)
    return _preserving(angle.cos() / start, -speed * angle.sin() / start)


def _straight(t: Tensor) -> Path:
    return Path(1 - t, t, -torch.ones_like(t), torch.ones_like(t))


def _karras(t: Tensor) -> Path:
    low, high = SIGMA_MIN ** (1 / RHO), SIGMA_MAX ** (1 / RHO)
    root = low + (high - low) * t
    one = torch.ones_like(t)
    return Path(one, root**RHO, torch.zeros_like(t), RHO * root ** (RHO - 1) * (high - low))


def _geometric(t: Tensor) -> Path:
    growth = log(SIGMA_MAX / SIGMA_MIN)
    sigma = SIGMA_MIN * (growth * t).exp()
    return Path(torch.ones_like(t), sigma, torch.zeros_like(t), growth * sigma)


@dataclass(frozen=True)
class Schedule:
    """Noise levels from time `first` (hardly any noise) to `last` (hardly anything else).

    Training draws its times uniformly, except with a `log_normal` schedule: that one draws ln sigma
    from a normal distribution, to train most where there is most to learn, and uses its path for
    sampling only.
    """

    label: str
    path: Callable[[Tensor], Path]
    first: float
    last: float
    log_normal: bool = False

    @property
    def exploding(self) -> bool:
        """Whether the data keep their size and the variance of the noise explodes."""
        return bool(self.path(torch.ones(1)).alpha == 1)

    def alpha(self, sigma: float) -> float:
        """The factor that brings x = x0 + sigma eps into the schedule's own form.

        An exploding schedule is scaled to unit variance instead, so that it can be shown.
        """
        form = straight if self is SCHEDULES["straight"] else variance_preserving
        return form(torch.tensor(sigma, dtype=torch.float64))[0].item()

    def noise_level(self, t: Tensor) -> Tensor:
        """Noise over signal, sigma(t) / alpha(t)."""
        alpha, sigma, *_ = self.path(t)
        return sigma / alpha

    def times(self, steps: int) -> Tensor:
        """`steps` + 1 times (float64) of the reverse process: from `last` to `first`, and t = 0."""
        down = torch.linspace(self.last, self.first, steps, dtype=torch.float64)
        return torch.cat([down, torch.zeros(1, dtype=torch.float64)])

    def noise_levels(self, steps: int) -> list[float]:
        """The noise levels at those times; the last one is exactly zero."""
        return [*self.noise_level(self.times(steps)[:-1]).tolist(), 0.0]

    def draw(
        self, n: int, rng: torch.Generator, log_normal: tuple[float, float] = LOG_NORMAL
    ) -> Tensor:
        """Noise levels (n, 1) of a training batch; `log_normal`: mean and deviation of ln sigma."""
        if self.log_normal:
            mean, deviation = log_normal
            return (mean + deviation * torch.randn(n, 1, generator=rng)).exp()
        t = self.first + (self.last - self.first) * torch.rand(n, 1, generator=rng)
        return self.noise_level(t)


SCHEDULES: dict[str, Schedule] = {
    "karras": Schedule("Karras (2022)", _karras, 0.0, 1.0, log_normal=True),
    "linear": Schedule("linear (2020)", _linear, 1e-3, 1.0),
    "cosine": Schedule("cosine (2021)", _cosine, 1e-3, 0.999),
    "straight": Schedule("straight path (2023)", _straight, 1e-3, 0.999),
    "geometric": Schedule("geometric (2019)", _geometric, 0.0, 1.0),
}


# The forms. In each x_t = alpha x0 + sigma_t eps, and sigma = sigma_t / alpha is the noise level.


def variance_preserving(sigma: Tensor) -> tuple[Tensor, Tensor]:
    """(alpha, sigma_t) of a noise level with alpha^2 + sigma_t^2 = 1, as DDPM writes it."""
    alpha = (1 + sigma**2).rsqrt()
    return alpha, sigma * alpha


def straight(sigma: Tensor) -> tuple[Tensor, Tensor]:
    """(alpha, sigma_t) of a noise level with alpha + sigma_t = 1, as flow matching writes it."""
    alpha = 1 / (1 + sigma)
    return alpha, sigma * alpha


def score(x: Tensor, denoised: Tensor, sigma: Tensor | float) -> Tensor:
    """Tweedie's formula: gradient of log p_sigma at x from the denoised estimate E[x0 | x]."""
    return (denoised - x) / sigma**2


def noise(x: Tensor, denoised: Tensor, sigma: Tensor | float) -> Tensor:
    """The estimate of eps that goes with a denoised estimate of x0."""
    return (x - denoised) / sigma


def velocity(x: Tensor, denoised: Tensor, sigma: Tensor | float) -> Tensor:
    """The estimate of eps - x0, the velocity along the straight path."""
    return noise(x, denoised, sigma) - denoised


def denoised_from_score(x: Tensor, gradient: Tensor, sigma: Tensor | float) -> Tensor:
    """Inverse of `score`: E[x0 | x] = x + sigma^2 grad log p_sigma(x)."""
    return x + sigma**2 * gradient


def denoised_from_noise(x: Tensor, eps: Tensor, sigma: Tensor | float) -> Tensor:
    """Inverse of `noise`."""
    return x - sigma * eps


def denoised_from_velocity(x: Tensor, v: Tensor, sigma: Tensor | float) -> Tensor:
    """Inverse of `velocity`."""
    return (x - sigma * v) / (1 + sigma)
