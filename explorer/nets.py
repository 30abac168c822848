"""Small shared building blocks. Their initial weights come from the generator that is passed.

PyTorch's global generator is shared by the threads of all visitors, so a run that used it could
not be repeated.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Generator, Tensor, nn

torch.set_num_threads(1)  # whoever imported torch before `explorer` set the thread limits


def generator(seed: int) -> Generator:
    """A random generator of one's own."""
    return torch.Generator().manual_seed(seed)


class Blank(nn.Linear):
    """A fully connected layer without initial weights: `nn.Linear` would draw global ones."""

    def reset_parameters(self) -> None:
        # nn.utils.skip_init does the same but imports sympy: a second, once in every process.
        pass


def linear(fan_in: int, fan_out: int, rng: Generator, scale: float = 1.0) -> nn.Linear:
    """A fully connected layer, uniform in +-scale/sqrt(fan_in) as PyTorch's own."""
    layer = Blank(fan_in, fan_out)
    bound = scale * fan_in**-0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=rng)
    return layer


def mlp(
    sizes: Sequence[int],
    rng: Generator,
    activation: Callable[[], nn.Module] = nn.SiLU,
    zero_last: bool = False,
) -> nn.Sequential:
    """Fully connected layers of the given sizes with an activation between them.

    `zero_last` starts the last layer at zero, for a residual network that begins as the identity.
    """
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [linear(fan_in, fan_out, rng), activation()]
    if zero_last:
        for parameter in layers[-2].parameters():
            nn.init.zeros_(parameter)
    return nn.Sequential(*layers[:-1])


class Fourier(nn.Module):
    """Fixed random Fourier features: x (n, d) -> [x, cos(2 pi x W), sin(2 pi x W)].

    They let a small network follow fine detail in the plane.
    Tancik et al. (2020), Fourier Features, https://arxiv.org/abs/2006.10739
    """

    weights: Tensor

    def __init__(self, dim: int, features: int, scale: float, rng: Generator) -> None:
        super().__init__()
        self.register_buffer("weights", scale * torch.randn(dim, features, generator=rng))
        self.size = dim + 2 * features

    def forward(self, x: Tensor) -> Tensor:
        angle = x @ self.weights
        return torch.cat([x, angle.cos(), angle.sin()], dim=1)


def freeze(tensor: Tensor) -> np.ndarray:
    """Copy a tensor into a read-only array: snapshots are shared between visitors."""
    array = tensor.detach().numpy().copy()
    array.setflags(write=False)
    return array


def weights(module: nn.Module) -> dict[str, np.ndarray]:
    """All parameters and buffers of a module by name, as arrays: a checkpoint."""
    return {name: freeze(value) for name, value in module.state_dict().items()}
