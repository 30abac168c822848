r"""What the network predicts. Each parameterisation turns its output F into an estimate of x0:

    D(x, sigma) = c_skip(sigma) x + c_out(sigma) F(c_in(sigma) x, ln sigma),   x = x0 + sigma eps

so the network's target is (x0 - c_skip x) / c_out, and the loss is always

    E | F - (x0 - c_skip x) / c_out |^2,

an average of numbers of unit size, whatever the noise level. For data of unit variance (all data
here) Karras' choice is the velocity of Salimans and Ho with its sign turned; it differs from
noise prediction where it matters: a small error of F stays a small error of D at every noise level.

Ho et al. (2020), predict the noise, https://arxiv.org/abs/2006.11239
Salimans and Ho (2022), predict the velocity, https://arxiv.org/abs/2202.00512
Karras et al. (2022), table 1, https://arxiv.org/abs/2206.00364
Lipman et al. (2023), flow matching, https://arxiv.org/abs/2210.02747
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

Coefficient: TypeAlias = Callable[[Tensor], Tensor]  # of the noise level


@dataclass(frozen=True)
class Parameterisation:
    """One column of the table: three functions of the noise level, and what F predicts."""

    label: str
    c_skip: Coefficient
    c_out: Coefficient
    c_in: Coefficient

    def target(self, x0: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
        """What F should be at x = x0 + sigma eps, (n, d)."""
        return (x0 - self.c_skip(sigma) * x) / self.c_out(sigma)


def _unit(sigma: Tensor) -> Tensor:
    """Scales x to unit variance."""
    return (1 + sigma**2).rsqrt()


PARAMETERISATIONS: dict[str, Parameterisation] = {
    "edm": Parameterisation(
        "F (EDM)",
        lambda sigma: 1 / (1 + sigma**2),
        lambda sigma: sigma * (1 + sigma**2).rsqrt(),
        _unit,
    ),
    "epsilon": Parameterisation(
        "the noise ε",
        torch.ones_like,
        lambda sigma: -sigma,
        _unit,
    ),
    "x0": Parameterisation(
        "the data x₀",
        torch.zeros_like,
        torch.ones_like,
        _unit,
    ),
    "velocity": Parameterisation(
        "the velocity v",
        lambda sigma: 1 / (1 + sigma),
        lambda sigma: -sigma / (1 + sigma),
        lambda sigma: 1 / (1 + sigma),
    ),
}
