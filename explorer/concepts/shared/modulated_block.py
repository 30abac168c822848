"""Residual blocks that are told their conditions by scale, shift and gate (adaptive layer norm).

Peebles and Xie (2023), Scalable diffusion models with transformers, https://arxiv.org/abs/2212.09748
"""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import layer_norm, silu

from explorer.nets import linear


class Block(nn.Module):
    """A residual layer with adaptive layer norm: scale, shift and gate come from outside."""

    def __init__(self, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.up = linear(hidden, hidden, rng)
        self.down = linear(hidden, hidden, rng)

    def forward(self, h: Tensor, scale: Tensor, shift: Tensor, gate: Tensor) -> Tensor:
        """h (n, hidden), each of the others (n, hidden)."""
        normal = torch.addcmul(shift, layer_norm(h, h.shape[1:]), scale)
        return torch.addcmul(h, gate, self.down(silu(self.up(normal))))


def modulation(width: int, hidden: int, blocks: int, rng: Generator) -> nn.Linear:
    """The layer from a condition (n, width) to all scales, shifts and gates, side by side.

    At first all scales are one, all shifts and gates zero: no block changes anything.
    """
    layer = linear(width, blocks * 3 * hidden, rng, scale=0.0)
    with torch.no_grad():
        layer.bias.view(blocks, 3, hidden)[:, 0] = 1
    return layer


def modulated(h: Tensor, blocks: nn.ModuleList, conditions: Tensor) -> Tensor:
    """h (n, hidden) through all blocks, under the output of `modulation`; normalised at the end."""
    parts = conditions.chunk(3 * len(blocks), dim=1)
    for i, block in enumerate(blocks):
        h = block(h, *parts[3 * i : 3 * i + 3])
    return layer_norm(h, h.shape[1:])
