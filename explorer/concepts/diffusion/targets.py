r"""What the network is asked for. Every choice turns its answer F into a guess of x0:

    D(x, s) = skip(s) x + out(s) F(inside(s) x, ln s),      x = x0 + s eps

so the answer that would be right is (x0 - skip x) / out, and the loss is always

    E | F - (x0 - skip x) / out |^2,

an average of numbers of unit size, whatever the noise strength. For data of unit size (all data
here) Karras' choice is the velocity of Salimans and Ho with its sign turned; it differs from
noise prediction where it matters: a small error in F stays a small error in D at every strength.

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

Coefficient: TypeAlias = Callable[[Tensor], Tensor]  # of the strength s


@dataclass(frozen=True)
class Target:
    """One column of the table: three functions of the strength, and the name of the answer."""

    label: str
    skip: Coefficient
    out: Coefficient
    inside: Coefficient
    answer: str  # LaTeX: what F estimates
    guess: str  # LaTeX: how it becomes a guess of x0

    def right_answer(self, x0: Tensor, x: Tensor, s: Tensor) -> Tensor:
        """What F should say about x = x0 + s eps, (n, d)."""
        return (x0 - self.skip(s) * x) / self.out(s)


def _unit(s: Tensor) -> Tensor:
    """Scales x to unit size."""
    return (1 + s**2).rsqrt()


TARGETS: dict[str, Target] = {
    "edm": Target(
        "data and noise mixed (EDM)",
        lambda s: 1 / (1 + s**2),
        lambda s: s * (1 + s**2).rsqrt(),
        _unit,
        r"F \approx (s\,x_0 - \epsilon) / \sqrt{1+s^2}",
        r"D = \frac{x}{1+s^2} + \frac{s}{\sqrt{1+s^2}}\,F",
    ),
    "noise": Target(
        "the noise (DDPM)",
        torch.ones_like,
        lambda s: -s,
        _unit,
        r"F \approx \epsilon",
        r"D = x - s\,F",
    ),
    "data": Target(
        "the data",
        torch.zeros_like,
        torch.ones_like,
        _unit,
        r"F \approx x_0",
        r"D = F",
    ),
    "flow": Target(
        "the velocity (flow matching)",
        lambda s: 1 / (1 + s),
        lambda s: -s / (1 + s),
        lambda s: 1 / (1 + s),
        r"F \approx \epsilon - x_0",
        r"D = \frac{x - s\,F}{1+s}",
    ),
}
