r"""How fast data drown in noise: schedules, and the forms in which papers write them.

At time t in [0, 1] a point x0 has become

    x_t = alpha(t) x0 + sigma(t) eps,   eps ~ N(0, I).

Dividing by alpha gives the one form in which everything here computes, x = x0 + s eps, whose
noise strength is s = sigma / alpha. A schedule only says which strengths are visited, and how
often; the papers differ in nothing else.

Ho et al. (2020), the linear schedule, https://arxiv.org/abs/2006.11239
Nichol and Dhariwal (2021), the cosine schedule, https://arxiv.org/abs/2102.09672
Karras et al. (2022), strengths in powers of 1/7, https://arxiv.org/abs/2206.00364
Lipman et al. (2023), the straight path, https://arxiv.org/abs/2210.02747
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi
from typing import NamedTuple

import torch
from torch import Tensor

WEAKEST, STRONGEST, RHO = 0.01, 20.0, 7.0
BETA_LOW, BETA_HIGH = 0.1, 20.0  # of Ho et al., in continuous time
PRACTISE = (-1.4, 1.3)  # for points of the plane, whose detail is fine
OFFSET = 0.008  # of Nichol and Dhariwal


class Path(NamedTuple):
    """Where a schedule stands at time t, and how fast it moves: all of the shape of t."""

    alpha: Tensor
    sigma: Tensor
    alpha_rate: Tensor  # d alpha / dt
    sigma_rate: Tensor  # d sigma / dt


def _preserving(alpha: Tensor, alpha_rate: Tensor) -> Path:
    """The path that keeps alpha^2 + sigma^2 = 1: data of unit size stay of unit size."""
    sigma = (1 - alpha**2).clamp(min=0).sqrt()
    return Path(alpha, sigma, alpha_rate, -alpha * alpha_rate / sigma.clamp(min=1e-12))


def _linear(t: Tensor) -> Path:
    beta = BETA_LOW + (BETA_HIGH - BETA_LOW) * t
    alpha = (-(BETA_HIGH - BETA_LOW) * t**2 / 4 - BETA_LOW * t / 2).exp()
    return _preserving(alpha, -beta * alpha / 2)


def _cosine(t: Tensor) -> Path:
    rate = pi / 2 / (1 + OFFSET)
    start = torch.tensor(rate * OFFSET, dtype=t.dtype).cos()
    angle = rate * (t + OFFSET)
    return _preserving(angle.cos() / start, -rate * angle.sin() / start)


def _straight(t: Tensor) -> Path:
    return Path(1 - t, t, -torch.ones_like(t), torch.ones_like(t))


def _karras(t: Tensor) -> Path:
    low, high = WEAKEST ** (1 / RHO), STRONGEST ** (1 / RHO)
    root = low + (high - low) * t
    one = torch.ones_like(t)
    return Path(one, root**RHO, torch.zeros_like(t), RHO * root ** (RHO - 1) * (high - low))


def _geometric(t: Tensor) -> Path:
    growth = log(STRONGEST / WEAKEST)
    sigma = WEAKEST * (growth * t).exp()
    return Path(torch.ones_like(t), sigma, torch.zeros_like(t), growth * sigma)


@dataclass(frozen=True)
class Schedule:
    """A way through the noise, from time `first` (hardly any) to `last` (hardly anything else).

    Training draws its times evenly, except for a `log_normal` schedule: that one draws ln s from
    a normal distribution, to practise most where there is most to learn, and walks its ladder
    only afterwards.
    """

    label: str
    path: Callable[[Tensor], Path]
    first: float
    last: float
    formula: str  # LaTeX of alpha and sigma
    log_normal: bool = False

    @property
    def exploding(self) -> bool:
        """Whether the data keep their size and the noise grows past all bounds."""
        return bool(self.path(torch.ones(1)).alpha == 1)

    def shown(self, s: float) -> float:
        """The factor that brings x = x0 + s eps into the schedule's form, or to unit size.

        A cloud that grows without bounds can't be shown, so an exploding one is scaled down.
        """
        form = straight if self is SCHEDULES["straight"] else preserving
        return form(torch.tensor(s, dtype=torch.float64))[0].item()

    def strength(self, t: Tensor) -> Tensor:
        """Noise over signal, s = sigma / alpha."""
        alpha, sigma, *_ = self.path(t)
        return sigma / alpha

    def times(self, rungs: int) -> Tensor:
        """The `rungs` + 1 times (float64) of a walk from `last` to `first`, and the end, t = 0."""
        down = torch.linspace(self.last, self.first, rungs, dtype=torch.float64)
        return torch.cat([down, torch.zeros(1, dtype=torch.float64)])

    def ladder(self, rungs: int) -> list[float]:
        """The noise strengths at those times; the last one is exactly zero."""
        return [*self.strength(self.times(rungs)[:-1]).tolist(), 0.0]

    def drawn(
        self, n: int, rng: torch.Generator, practise: tuple[float, float] = PRACTISE
    ) -> Tensor:
        """Strengths (n, 1) for a batch to train on; `practise`: mean and deviation of ln s."""
        if self.log_normal:
            mean, deviation = practise
            return (mean + deviation * torch.randn(n, 1, generator=rng)).exp()
        t = self.first + (self.last - self.first) * torch.rand(n, 1, generator=rng)
        return self.strength(t)


SCHEDULES: dict[str, Schedule] = {
    "karras": Schedule(
        "Karras (2022)", _karras, 0.0, 1.0,
        r"\alpha = 1,\quad \sigma = (s_0^{1/7} + t\,(s_1^{1/7} - s_0^{1/7}))^7",
        log_normal=True,
    ),
    "linear": Schedule(
        "linear (2020)", _linear, 1e-3, 1.0,
        r"\alpha = e^{-\frac{1}{4}(\beta_1-\beta_0)t^2 - \frac{1}{2}\beta_0 t},"
        r"\quad \sigma = \sqrt{1 - \alpha^2}",
    ),
    "cosine": Schedule(
        "cosine (2021)", _cosine, 1e-3, 0.999,
        r"\alpha \propto \cos\frac{\pi}{2}\frac{t + 0.008}{1.008},"
        r"\quad \sigma = \sqrt{1 - \alpha^2}",
    ),
    "straight": Schedule(
        "straight path (2023)", _straight, 1e-3, 0.999, r"\alpha = 1 - t,\quad \sigma = t"
    ),
    "geometric": Schedule(
        "geometric (2019)", _geometric, 0.0, 1.0, r"\alpha = 1,\quad \sigma = s_0 (s_1/s_0)^t"
    ),
}  # fmt: skip


# The forms. In each x_t = alpha x0 + sigma eps, and s = sigma / alpha is the strength.


def preserving(s: Tensor) -> tuple[Tensor, Tensor]:
    """(alpha, sigma) of strength s with alpha^2 + sigma^2 = 1, as DDPM writes it."""
    alpha = (1 + s**2).rsqrt()
    return alpha, s * alpha


def straight(s: Tensor) -> tuple[Tensor, Tensor]:
    """(alpha, sigma) of strength s with alpha + sigma = 1, as flow matching writes it."""
    alpha = 1 / (1 + s)
    return alpha, s * alpha


def strength(alpha: Tensor, sigma: Tensor) -> Tensor:
    """The strength of any form: how much noise there is for each unit of signal."""
    return sigma / alpha


def score(x: Tensor, guess: Tensor, s: Tensor | float) -> Tensor:
    """Tweedie's formula: gradient of log p_s at x = x0 + s eps from the guess E[x0 | x]."""
    return (guess - x) / s**2


def noise(x: Tensor, guess: Tensor, s: Tensor | float) -> Tensor:
    """The guess of eps that goes with a guess of x0."""
    return (x - guess) / s


def velocity(x: Tensor, guess: Tensor, s: Tensor | float) -> Tensor:
    """The guess of eps - x0, the speed along the straight path."""
    return noise(x, guess, s) - guess


def guess_from_score(x: Tensor, grad: Tensor, s: Tensor | float) -> Tensor:
    """Inverse of `score`: E[x0 | x] = x + s^2 grad log p_s(x)."""
    return x + s**2 * grad


def guess_from_noise(x: Tensor, eps: Tensor, s: Tensor | float) -> Tensor:
    """Inverse of `noise`."""
    return x - s * eps


def guess_from_velocity(x: Tensor, v: Tensor, s: Tensor | float) -> Tensor:
    """Inverse of `velocity`."""
    return (x - s * v) / (1 + s)
