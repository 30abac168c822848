"""The two networks, and the denoiser made of one: `denoise(x, s)` is the guess E[x0 | x].

Both see the noise strength through a few waves of ln s, which lets a small network behave
differently at every strength. In the plane, fixed random waves of x carry the fine detail. Images
go through residual blocks whose layers are scaled and shifted by strength and class.

Tancik et al. (2020), Fourier features, https://arxiv.org/abs/2006.10739
Peebles and Xie (2023), adaptive layer norm, https://arxiv.org/abs/2212.09748
"""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import layer_norm, silu

from explorer.concepts.diffusion.targets import TARGETS, Target
from explorer.nets import linear, mlp

BLOCKS, CONDITION = 2, 32  # of the network for images


class Waves(nn.Module):
    """ln s (n, 1) -> cos and sin of its multiples, (n, 2 count)."""

    frequencies: Tensor

    def __init__(self, count: int, slowest: float) -> None:
        super().__init__()
        self.register_buffer("frequencies", slowest * torch.arange(1.0, count + 1))

    def forward(self, log_s: Tensor) -> Tensor:
        angle = log_s * self.frequencies
        return torch.cat([angle.cos(), angle.sin()], dim=1)


class PlaneNet(nn.Module):
    """A small network over points of the plane."""

    directions: Tensor

    def __init__(self, hidden: int, features: int, rng: Generator) -> None:
        super().__init__()
        self.register_buffer("directions", 3 * torch.randn(2, features, generator=rng))
        self.waves = Waves(4, 0.5)
        self.layers = mlp([2 + 2 * features + 8, hidden, hidden, hidden, 2], rng)

    def forward(self, x: Tensor, log_s: Tensor, label: Tensor | None = None) -> Tensor:
        angle = x @ self.directions
        return self.layers(torch.cat([x, angle.cos(), angle.sin(), self.waves(log_s)], dim=1))


class Block(nn.Module):
    """A residual layer, steered from outside: normalised, scaled, shifted, and let in by a gate."""

    def __init__(self, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.up, self.down = linear(hidden, hidden, rng), linear(hidden, hidden, rng)

    def forward(self, h: Tensor, scale: Tensor, shift: Tensor, gate: Tensor) -> Tensor:
        normal = torch.addcmul(shift, layer_norm(h, h.shape[1:]), scale)
        return torch.addcmul(h, gate, self.down(silu(self.up(normal))))


class ImageNet(nn.Module):
    """A small network over images or their codes (n, d), one class of which may be asked for.

    Class `classes` means: none in particular. At first no block changes anything.
    """

    def __init__(self, dim: int, hidden: int, classes: int, rng: Generator) -> None:
        super().__init__()
        self.none = classes
        self.waves = Waves(8, 0.25)
        self.strength = linear(16, CONDITION, rng)
        rows = torch.randn(classes + 1, CONDITION, generator=rng)
        self.meaning = nn.Embedding(classes + 1, CONDITION, _weight=rows)
        self.steer = linear(CONDITION, BLOCKS * 3 * hidden, rng, scale=0.0)  # all blocks at once
        with torch.no_grad():
            self.steer.bias.view(BLOCKS, 3, hidden)[:, 0] = 1  # scales
        self.first = linear(dim, hidden, rng)
        self.blocks = nn.ModuleList([Block(hidden, rng) for _ in range(BLOCKS)])
        self.last = linear(hidden, dim, rng, scale=0.0)

    def forward(self, x: Tensor, log_s: Tensor, label: Tensor | None = None) -> Tensor:
        if label is None:
            label = torch.full((len(x),), self.none)
        condition = silu(self.strength(self.waves(log_s)) + self.meaning(label))
        steering = self.steer(condition).chunk(3 * BLOCKS, dim=1)
        h = self.first(x)
        for i, block in enumerate(self.blocks):
            h = block(h, *steering[3 * i : 3 * i + 3])
        return self.last(layer_norm(h, h.shape[1:]))


class Denoiser(nn.Module):
    """A network and what it is asked for."""

    def __init__(self, network: nn.Module, objective: str) -> None:
        super().__init__()
        self.network, self.objective = network, objective

    @property
    def target(self) -> Target:
        return TARGETS[self.objective]

    def answer(self, x: Tensor, s: Tensor, label: Tensor | None = None) -> Tensor:
        """The network's answer F for x (n, d) at strengths s (n, 1)."""
        return self.network(self.target.inside(s) * x, s.log(), label)

    def forward(self, x: Tensor, s: Tensor | float, label: Tensor | None = None) -> Tensor:
        """The guess E[x0 | x] for x (n, d) at strengths s (n, 1), or one for all."""
        if not isinstance(s, Tensor):
            s = torch.full((len(x), 1), float(s))
        return self.target.skip(s) * x + self.target.out(s) * self.answer(x, s, label)

    def loss(self, x0: Tensor, s: Tensor, eps: Tensor, label: Tensor | None = None) -> Tensor:
        """The squared error of F at x0 + s eps, averaged over batch and dimensions."""
        x = x0 + s * eps
        gap = self.answer(x, s, label) - self.target.right_answer(x0, x, s)
        return gap.square().mean()
