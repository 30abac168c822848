r"""Four ways to tell a transformer where a symbol stands; without any, attention sees a set.

Sinusoidal: fixed waves are added to the embedding, $\sin$ and $\cos$ of $t / 10000^{2i/d}$
(Vaswani et al. 2017). Learnt: a vector for each place is added (GPT-2). Rotary: queries and keys
are turned by an angle that grows with the place, so that a score depends on the distance alone.

Su et al. (2021), RoFormer, https://arxiv.org/abs/2104.09864
"""

import torch
from torch import Tensor

POSITIONS: dict[str, str] = {
    "rotary": "rotary",
    "learnt": "learnt",
    "sinusoidal": "waves",
    "none": "none",
}


def table(places: int, width: int) -> Tensor:
    """Waves of growing length, (places, width): sines first, then cosines."""
    speeds = 10_000.0 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(places)[:, None] * speeds
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def rotation(places: int, size: int) -> Tensor:
    """Cosines and sines of the turn at each place, (2, places, size / 2)."""
    speeds = 10_000.0 ** (-torch.arange(0, size, 2) / size)
    angles = torch.arange(places)[:, None] * speeds
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Turn the pairs (x_i, x_{i + size/2}) of the vectors (..., places, size)."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cosine - b * sine, a * sine + b * cosine], dim=-1)
