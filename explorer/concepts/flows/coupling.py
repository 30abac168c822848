r"""Coupling layers: one half of the numbers stays and determines how the other half is transformed.

Each coupling can be inverted exactly, because the half that determines it is still there. Its
Jacobian is triangular, so its log-determinant is a sum of log-derivatives, and

    log p(x) = log N(f(x); 0, I) + sum over layers of log |det of layer|.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
"""

from collections.abc import Iterator, Sequence
from math import log, pi
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from explorer.concepts.flows.univariate import affine, spline
from explorer.nets import mlp


class Step(NamedTuple):
    """Where points (n, d) are, and the log-determinant (n,) of the layer that brought them."""

    x: Tensor
    log_det: Tensor


class Coupling(nn.Module):
    """One layer: the numbers at `fixed` stay, those at `transformed` depend on them.

    The conditioner network gets, beside each fixed number, `fourier_features` sines and cosines of
    it: fine detail. It starts as the identity.
    """

    frequencies: Tensor
    fixed: Tensor
    transformed: Tensor
    order: Tensor

    def __init__(
        self,
        fixed: Sequence[int],
        transformed: Sequence[int],
        bins: int,
        hidden: int,
        fourier_features: int,
        rng: Generator,
    ) -> None:
        super().__init__()
        self.bins, self.each = bins, 3 * bins - 1 if bins else 2
        self.register_buffer("frequencies", torch.arange(1.0, fourier_features + 1))
        self.register_buffer("fixed", torch.tensor(fixed))
        self.register_buffer("transformed", torch.tensor(transformed))
        self.register_buffer("order", torch.argsort(torch.tensor([*fixed, *transformed])))
        inputs, outputs = len(fixed) * (1 + 2 * fourier_features), len(transformed) * self.each
        self.conditioner = mlp([inputs, hidden, hidden, outputs], rng, zero_last=True)

    def forward(self, x: Tensor, inverse: bool = False) -> Step:
        """From data towards noise, or the inverse, for x (n, d)."""
        fixed, transformed = x[:, self.fixed], x[:, self.transformed]
        angle = (fixed[..., None] * self.frequencies).flatten(1)
        raw = self.conditioner(torch.cat([fixed, angle.sin(), angle.cos()], dim=1))
        function = spline if self.bins else affine
        there = function(transformed, raw.view(*transformed.shape, self.each), inverse)
        x = torch.cat([fixed, there.value], dim=1)[:, self.order]
        return Step(x, there.log_derivative.sum(1))


class Flow(nn.Module):
    """A composition of layers between data and standard normal noise."""

    def __init__(self, layers: Sequence[nn.Module], dim: int) -> None:
        super().__init__()
        self.layers, self.dim = nn.ModuleList(layers), dim

    def forward_steps(self, x: Tensor) -> Iterator[Step]:
        """Layer by layer from data to noise."""
        for layer in self.layers:
            step = layer(x)
            x = step.x
            yield step

    def inverse_steps(self, z: Tensor) -> Iterator[Step]:
        """Layer by layer from noise to data."""
        for layer in reversed(self.layers):
            step = layer(z, inverse=True)
            z = step.x
            yield step

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for x (n, d): the change of variables."""
        total = torch.zeros(len(x))
        for step in self.forward_steps(x):
            x, total = step.x, total + step.log_det
        return total + log_normal(x)

    def inverse(self, z: Tensor) -> Tensor:
        """The data (n, d) of noise z (n, d)."""
        for step in self.inverse_steps(z):
            z = step.x
        return z


def log_normal(z: Tensor) -> Tensor:
    """log N(z; 0, I), (n,), for z (n, d)."""
    return -0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * log(2 * pi)
