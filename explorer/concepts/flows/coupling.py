r"""Flows made of couplings: half of the numbers stay, and say how the other half is moved.

Each coupling can be undone exactly, because the half that says how is still there. Its Jacobian
is triangular, so the log of its determinant is a sum of log slopes, and

    log p(x) = log N(f(x); 0, I) + sum over layers of log |det of layer|.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
"""

from collections.abc import Iterator, Sequence
from math import log, pi
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from explorer.concepts.flows.transforms import affine, spline
from explorer.nets import mlp


class Step(NamedTuple):
    """Where points (n, d) are, and the log-determinant (n,) of the layer that brought them."""

    x: Tensor
    log_det: Tensor


class Coupling(nn.Module):
    """One layer: the numbers at `kept` stay, those at `moved` go along curves that depend on them.

    The network sees, beside each kept number, `waves` sines and cosines of it: fine detail. It
    starts as the layer that moves nothing.
    """

    turns: Tensor
    kept: Tensor
    moved: Tensor
    back_in_order: Tensor

    def __init__(
        self,
        kept: Sequence[int],
        moved: Sequence[int],
        bins: int,
        hidden: int,
        waves: int,
        rng: Generator,
    ) -> None:
        super().__init__()
        self.bins, self.each = bins, 3 * bins - 1 if bins else 2
        self.register_buffer("turns", torch.arange(1.0, waves + 1))
        self.register_buffer("kept", torch.tensor(kept))
        self.register_buffer("moved", torch.tensor(moved))
        self.register_buffer("back_in_order", torch.argsort(torch.tensor([*kept, *moved])))
        inputs = len(kept) * (1 + 2 * waves)
        self.says = mlp([inputs, hidden, hidden, len(moved) * self.each], rng, zero_last=True)

    def forward(self, x: Tensor, back: bool = False) -> Step:
        """Towards noise, or `back` towards data, for x (n, d)."""
        kept, moved = x[:, self.kept], x[:, self.moved]
        angle = (kept[..., None] * self.turns).flatten(1)
        raw = self.says(torch.cat([kept, angle.sin(), angle.cos()], dim=1))
        curve = spline if self.bins else affine
        there = curve(moved, raw.view(*moved.shape, self.each), back)
        x = torch.cat([kept, there.value], dim=1)[:, self.back_in_order]
        return Step(x, there.log_slope.sum(1))


class Flow(nn.Module):
    """A chain of couplings between data and standard normal noise."""

    def __init__(self, layers: Sequence[nn.Module], dim: int) -> None:
        super().__init__()
        self.layers, self.dim = nn.ModuleList(layers), dim

    def to_noise(self, x: Tensor) -> Iterator[Step]:
        """Layer by layer from data to noise."""
        for layer in self.layers:
            step = layer(x)
            x = step.x
            yield step

    def to_data(self, z: Tensor) -> Iterator[Step]:
        """Layer by layer from noise back to data."""
        for layer in reversed(self.layers):
            step = layer(z, back=True)
            z = step.x
            yield step

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for x (n, d): the change of variables."""
        total = torch.zeros(len(x))
        for step in self.to_noise(x):
            x, total = step.x, total + step.log_det
        return total + log_normal(x)

    def made_of(self, z: Tensor) -> Tensor:
        """The data (n, d) that noise z (n, d) stands for."""
        for step in self.to_data(z):
            z = step.x
        return z


def log_normal(z: Tensor) -> Tensor:
    """log N(z; 0, I), (n,), for z (n, d)."""
    return -0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * log(2 * pi)
