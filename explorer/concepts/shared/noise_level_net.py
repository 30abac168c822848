"""A network over points of the plane that is told the noise level: for diffusion and flow matching.

Sinusoidal features of ln sigma let a small network behave differently at every noise level; random
Fourier features of x, which stay fixed, let it follow fine detail.

Tancik et al. (2020), Fourier features, https://arxiv.org/abs/2006.10739
"""

import torch
from torch import Generator, Tensor, nn

from explorer.nets import mlp


class NoiseLevelFeatures(nn.Module):
    """ln sigma (n, 1) -> cosine and sine of its multiples, (n, 2 count)."""

    frequencies: Tensor

    def __init__(self, count: int, lowest: float) -> None:
        super().__init__()
        self.register_buffer("frequencies", lowest * torch.arange(1.0, count + 1))

    def forward(self, log_sigma: Tensor) -> Tensor:
        angle = log_sigma * self.frequencies
        return torch.cat([angle.cos(), angle.sin()], dim=1)


class PlaneNet(nn.Module):
    """x (n, 2) and ln sigma (n, 1) -> (n, 2), by three hidden layers."""

    frequencies: Tensor

    def __init__(self, hidden: int, fourier_features: int, rng: Generator) -> None:
        super().__init__()
        self.register_buffer("frequencies", 3 * torch.randn(2, fourier_features, generator=rng))
        self.noise_level = NoiseLevelFeatures(4, 0.5)
        self.layers = mlp([2 + 2 * fourier_features + 8, hidden, hidden, hidden, 2], rng)

    def forward(self, x: Tensor, log_sigma: Tensor, label: Tensor | None = None) -> Tensor:
        angle = x @ self.frequencies
        features = [x, angle.cos(), angle.sin(), self.noise_level(log_sigma)]
        return self.layers(torch.cat(features, dim=1))
