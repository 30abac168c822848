r"""A small conditional denoiser D(x, sigma), an estimate of E[x0 | x0 + sigma eps], and sampling.

    D(x, sigma) = x / (1 + sigma^2) + sigma / sqrt(1 + sigma^2) F(x / sqrt(1 + sigma^2), ln sigma)

for data of unit variance; F is a network with residual layers. Samples follow
dx / d sigma = (x - D) / sigma from noise to data, by Heun's method. Guidance replaces D by
D(x) + w (D(x | class) - D(x)).

Karras et al. (2022), https://arxiv.org/abs/2206.00364
Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import one_hot, silu

from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.modulated_block import Block, modulated, modulation
from explorer.concepts.shared.noise_level_net import NoiseLevelFeatures
from explorer.nets import generator, linear
from explorer.optim import Adam, Average, cosine

BLOCKS, EMBEDDING = 2, 32
EMA_DECAY, UNLABELLED = 0.998, 0.1
HIGHEST, LOWEST, STEPS = 20.0, 0.02, 18  # noise levels of sampling

Denoise = Callable[[Tensor, float], Tensor]


class Denoiser(nn.Module):
    """Points (n, dim), noise levels (n, 1), classes (n,) -> estimates (n, dim).

    Class `classes` means: none in particular. At first F is zero.
    """

    def __init__(self, dim: int, hidden: int, classes: int, rng: Generator) -> None:
        super().__init__()
        self.classes = classes
        self.features = NoiseLevelFeatures(8, 0.25)
        self.embedding = linear(16 + classes + 1, EMBEDDING, rng)
        self.modulation = modulation(EMBEDDING, hidden, BLOCKS, rng)
        self.first = linear(dim, hidden, rng)
        self.blocks = nn.ModuleList([Block(hidden, rng) for _ in range(BLOCKS)])
        self.last = linear(hidden, dim, rng, scale=0.0)

    def output(self, x: Tensor, sigma: Tensor, label: Tensor | None) -> Tensor:
        """The network F for x (n, dim) at noise levels (n, 1)."""
        if label is None:
            label = torch.full((len(x),), self.classes)
        condition = torch.cat([self.features(sigma.log()), one_hot(label, self.classes + 1)], dim=1)
        conditions = self.modulation(silu(self.embedding(condition)))
        h = self.first(x * (1 + sigma**2).rsqrt())
        return self.last(modulated(h, self.blocks, conditions))

    def forward(self, x: Tensor, sigma: float, label: Tensor | None = None) -> Tensor:
        """The denoised estimate."""
        level = torch.full((len(x), 1), sigma)
        return x / (1 + sigma**2) + sigma * (1 + sigma**2) ** -0.5 * self.output(x, level, label)

    def loss(self, x0: Tensor, sigma: Tensor, eps: Tensor, label: Tensor | None) -> Tensor:
        """The squared error of F at x0 + sigma eps: of unit size at every noise level."""
        x = x0 + sigma * eps
        target = (x0 - x / (1 + sigma**2)) * (1 + sigma**2).sqrt() / sigma
        return (self.output(x, sigma, label) - target).square().mean()

    def guided(self, label: Tensor, weight: float) -> Denoise:
        """The denoiser of a class, with guidance of this weight (1: none)."""

        def denoise(x: Tensor, sigma: float) -> Tensor:
            own = self(x, sigma, label)
            return own if weight == 1 else self(x, sigma).lerp(own, weight)

        return denoise


class Training:
    """A denoiser that learns data (n, dim) with classes (n,), step by step."""

    def __init__(
        self, data: Tensor, labels: Tensor, classes: int, hidden: int, steps: int, seed: int,
        learning_rate: float = 3e-3, batch: int = 64,
    ) -> None:  # fmt: skip
        self.data, self.labels, self.steps, self.batch = data, labels, steps, batch
        self.learning_rate, self.rng = learning_rate, generator(seed)
        shape = data.shape[1], hidden, classes
        self.net, self.averaged = (Denoiser(*shape, generator(seed)) for _ in range(2))
        self.optimizer = Adam(self.net.parameters(), learning_rate)
        self.average = Average(self.optimizer, EMA_DECAY)

    def update(self, step: int) -> None:
        """One training step; one label in ten is left out, as guidance needs."""
        rng, n = self.rng, self.batch
        rows = torch.randint(len(self.data), (n,), generator=rng)
        known = torch.rand(n, generator=rng) > UNLABELLED
        label = self.labels[rows].where(known, self.net.classes)
        sigma = (-0.5 + 1.2 * torch.randn(n, 1, generator=rng)).exp()
        eps = torch.randn(n, self.data.shape[1], generator=rng)
        rate = cosine(step, self.steps, self.learning_rate)
        loss = self.net.loss(self.data[rows], sigma, eps, label)
        finite(loss.item(), step)
        self.optimizer.descend(loss, rate)
        self.average.update()

    def model(self) -> Denoiser:
        """The denoiser with averaged weights."""
        self.average.copy_to(self.averaged)
        return self.averaged


@torch.no_grad()
def sample(denoise: Denoise, noise: Tensor, steps: int = STEPS, score: float = 1.0) -> Tensor:
    """Samples (n, dim) from standard normal noise; the score is multiplied by `score`."""
    low, high = LOWEST ** (1 / 7), HIGHEST ** (1 / 7)
    levels = [(high + (low - high) * i / (steps - 1)) ** 7 for i in range(steps)]
    x = HIGHEST * noise
    for sigma, to in pairwise([*levels, 0.0]):
        derivative = score * (x - denoise(x, sigma)) / sigma
        euler = x + (to - sigma) * derivative
        if to:
            derivative = (derivative + score * (euler - denoise(euler, to)) / to) / 2
        x = x + (to - sigma) * derivative
    return x
