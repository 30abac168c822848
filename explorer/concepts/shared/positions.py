r"""Position encodings: what tells a transformer where a token stands. Attention sees a set.

Sinusoidal: fixed $\sin$ and $\cos$ of $t / 10000^{2i/d}$ are added to the embedding (Vaswani et al.
2017). Learnt: a vector for each position is added (GPT-2). Rotary: queries and keys are rotated by
an angle that grows with the position, so that a score depends on the distance alone.

Su et al. (2021), RoFormer, https://arxiv.org/abs/2104.09864
"""

import torch
from torch import Tensor

POSITION_ENCODINGS: dict[str, str] = {
    "rotary": "rotary",
    "learnt": "learnt",
    "sinusoidal": "sinusoidal",
    "none": "none",
}


def sinusoids(positions: int, width: int) -> Tensor:
    """Sines, then cosines, of falling frequency: (positions, width)."""
    frequencies = 10_000.0 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(positions)[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def rotations(positions: int, head_dim: int) -> Tensor:
    """Cosines and sines of the rotation at each position, (2, positions, head_dim / 2)."""
    frequencies = 10_000.0 ** (-torch.arange(0, head_dim, 2) / head_dim)
    angles = torch.arange(positions)[:, None] * frequencies
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotate the pairs (x_i, x_{i + head_dim/2}) of the vectors (..., positions, head_dim)."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cosine - b * sine, a * sine + b * cosine], dim=-1)
