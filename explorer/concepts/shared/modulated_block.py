"""A residual block that is told its conditions by scale, shift and gate (adaptive layer norm).

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
