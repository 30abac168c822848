r"""Six losses of generative adversarial networks, with their gradients written out by hand.

D(x) is the discriminator's output for a real sample (a logit, or the score of a critic), D(G(z))
its output for a fake one. Every entry gives the loss of the discriminator and of the generator,
their gradients with respect to these outputs, and the optimal discriminator for real density p and
generated density q, where it is known. `real` and `fake` are keywords: they cannot be swapped.

Goodfellow et al. (2014), Generative Adversarial Nets, https://arxiv.org/abs/1406.2661
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import softplus


class Pairwise(Protocol):
    """A value for every pair of outputs: D at a real sample, D at a fake one, both (..., n)."""

    def __call__(self, *, real: Tensor, fake: Tensor) -> Tensor: ...


class Gradients(Protocol):
    """The derivatives of such a value with respect to D(real) and D(fake), both (..., n)."""

    def __call__(self, *, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]: ...


@dataclass(frozen=True)
class Loss:
    """What the two networks minimise."""

    label: str
    discriminator: Pairwise
    discriminator_gradients: Gradients
    generator: Pairwise
    generator_gradient: Pairwise  # with respect to D(fake)
    probability: Callable[[Tensor], Tensor]  # D's output on a scale from 0 (fake) to 1 (real)
    optimal: Callable[[Tensor], Tensor] | None  # the optimal D for log p/q; None: unknown
    at_equilibrium: tuple[float, float]  # both losses where p = q and D is optimal
    needs_real: bool = False  # the generator's loss compares with real samples


LOG2 = 0.6931471805599453

NON_SATURATING = Loss(
    label="non-saturating",
    discriminator=lambda *, real, fake: softplus(-real) + softplus(fake),
    discriminator_gradients=lambda *, real, fake: (-(-real).sigmoid(), fake.sigmoid()),
    generator=lambda *, real, fake: softplus(-fake),
    generator_gradient=lambda *, real, fake: -(-fake).sigmoid(),
    probability=torch.sigmoid,
    optimal=lambda log_ratio: log_ratio,
    at_equilibrium=(2 * LOG2, LOG2),
)
MINIMAX = Loss(
    label="minimax",
    discriminator=NON_SATURATING.discriminator,
    discriminator_gradients=NON_SATURATING.discriminator_gradients,
    generator=lambda *, real, fake: -softplus(fake),
    generator_gradient=lambda *, real, fake: -fake.sigmoid(),
    probability=torch.sigmoid,
    optimal=lambda log_ratio: log_ratio,
    at_equilibrium=(2 * LOG2, -LOG2),
)
LEAST_SQUARES = Loss(
    label="least squares",
    discriminator=lambda *, real, fake: (real - 1).square() / 2 + fake.square() / 2,
    discriminator_gradients=lambda *, real, fake: (real - 1, fake),
    generator=lambda *, real, fake: (fake - 1).square() / 2,
    generator_gradient=lambda *, real, fake: fake - 1,
    probability=lambda output: output.clamp(0, 1),
    optimal=torch.sigmoid,
    at_equilibrium=(0.25, 0.125),
)
HINGE = Loss(
    label="hinge",
    discriminator=lambda *, real, fake: (1 - real).relu() + (1 + fake).relu(),
    discriminator_gradients=lambda *, real, fake: (
        -(real < 1).to(real.dtype),
        (fake > -1).to(fake.dtype),
    ),
    generator=lambda *, real, fake: -fake,
    generator_gradient=lambda *, real, fake: -fake.new_ones(fake.shape),
    probability=lambda output: ((output + 1) / 2).clamp(0, 1),
    optimal=torch.sign,
    at_equilibrium=(2.0, 0.0),
)
WASSERSTEIN = Loss(
    label="Wasserstein",
    discriminator=lambda *, real, fake: fake - real,
    discriminator_gradients=lambda *, real, fake: (
        -real.new_ones(real.shape),
        fake.new_ones(fake.shape),
    ),
    generator=lambda *, real, fake: -fake,
    generator_gradient=lambda *, real, fake: -fake.new_ones(fake.shape),
    probability=lambda output: (0.5 + output / 6).clamp(0, 1),  # of a critic of unit spread
    optimal=None,
    at_equilibrium=(0.0, 0.0),
)
RELATIVISTIC = Loss(
    label="relativistic",
    discriminator=lambda *, real, fake: softplus(fake - real),
    discriminator_gradients=lambda *, real, fake: (
        -(fake - real).sigmoid(),
        (fake - real).sigmoid(),
    ),
    generator=lambda *, real, fake: softplus(real - fake),
    generator_gradient=lambda *, real, fake: -(real - fake).sigmoid(),
    probability=torch.sigmoid,
    optimal=lambda log_ratio: log_ratio,
    at_equilibrium=(LOG2, LOG2),
    needs_real=True,
)

LOSSES: dict[str, Loss] = {
    "nonsaturating": NON_SATURATING,
    "minimax": MINIMAX,
    "leastsquares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
    "relativistic": RELATIVISTIC,
}
