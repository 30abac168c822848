"""The denoiser D(x, sigma), an estimate of E[x0 | x], and the network for images inside it.

Images go through residual blocks whose layers are scaled and shifted by noise level and class.

Peebles and Xie (2023), adaptive layer norm, https://arxiv.org/abs/2212.09748
"""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import silu

from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS, Parameterisation
from explorer.concepts.shared.modulated_block import Block, modulated, modulation
from explorer.concepts.shared.noise_level_net import NoiseLevelFeatures
from explorer.nets import linear

BLOCKS, EMBEDDING = 2, 32  # of the network for images


class ImageNet(nn.Module):
    """A small network over images or their latent codes (n, d), conditioned on a class.

    Class `classes` means: none in particular. At first no block changes anything.
    """

    def __init__(self, dim: int, hidden: int, classes: int, rng: Generator) -> None:
        super().__init__()
        self.none = classes
        self.features = NoiseLevelFeatures(8, 0.25)
        self.noise_level = linear(16, EMBEDDING, rng)
        rows = torch.randn(classes + 1, EMBEDDING, generator=rng)
        self.label = nn.Embedding(classes + 1, EMBEDDING, _weight=rows)
        self.modulation = modulation(EMBEDDING, hidden, BLOCKS, rng)
        self.first = linear(dim, hidden, rng)
        self.blocks = nn.ModuleList([Block(hidden, rng) for _ in range(BLOCKS)])
        self.last = linear(hidden, dim, rng, scale=0.0)

    def forward(self, x: Tensor, log_sigma: Tensor, label: Tensor | None = None) -> Tensor:
        if label is None:
            label = torch.full((len(x),), self.none)
        embedding = silu(self.noise_level(self.features(log_sigma)) + self.label(label))
        return self.last(modulated(self.first(x), self.blocks, self.modulation(embedding)))


class Denoiser(nn.Module):
    """A network and what it predicts."""

    def __init__(self, network: nn.Module, prediction: str) -> None:
        super().__init__()
        self.network, self.prediction = network, prediction

    @property
    def parameterisation(self) -> Parameterisation:
        return PARAMETERISATIONS[self.prediction]

    def predict(self, x: Tensor, sigma: Tensor, label: Tensor | None = None) -> Tensor:
        """The network's output F for x (n, d) at noise levels sigma (n, 1)."""
        return self.network(self.parameterisation.c_in(sigma) * x, sigma.log(), label)

    def forward(self, x: Tensor, sigma: Tensor | float, label: Tensor | None = None) -> Tensor:
        """The denoised estimate of x (n, d) at noise levels sigma (n, 1), or one for all."""
        if not isinstance(sigma, Tensor):
            sigma = torch.full((len(x), 1), float(sigma))
        form = self.parameterisation
        return form.c_skip(sigma) * x + form.c_out(sigma) * self.predict(x, sigma, label)

    def loss(self, x0: Tensor, sigma: Tensor, eps: Tensor, label: Tensor | None = None) -> Tensor:
        """The squared error of F at x0 + sigma eps, averaged over batch and dimensions."""
        x = x0 + sigma * eps
        error = self.predict(x, sigma, label) - self.parameterisation.target(x0, x, sigma)
        return error.square().mean()
