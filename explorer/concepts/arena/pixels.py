r"""Autoregressive, one pixel after the other: p(image) = prod_i p(pixel i | pixels before it).

The pixels that are known add up to a hidden state, and the distribution of every
pixel is computed from the state before it. In training all pixels are known, so all states are one
running sum; in sampling they come one by one.

    state_i = b + sum_{j < i} E_j f(pixel_j),      p(pixel_i) = softmax(V_i silu(state_i) + c_i)

Larochelle and Murray (2011), The neural autoregressive distribution estimator
"""

from math import pi

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, silu

from explorer.concepts.arena.learner import Config
from explorer.data.levels import levels
from explorer.nets import generator, weights
from explorer.optim import Adam, Average, cosine
from explorer.scene import frozen

BATCH, LEARNING_RATE, DECAY = {"digits": 64, "faces": 8}, 8e-3, 0.05
FEATURES = {"digits": 17, "faces": 5}  # of a level; as many as there are levels: all apart


class Chain(nn.Module):
    """What each pixel adds to the state, by features of its level, and how each pixel reads it.

    With as many features as levels every level has its own embedding; with fewer, they are the
    first cosines of the level, so that neighbouring levels are alike.
    """

    features: Tensor

    def __init__(
        self, dim: int, count: int, features: int, hidden: int, rng: torch.Generator
    ) -> None:
        super().__init__()
        place = (torch.arange(count) + 0.5) / count
        cosines = (pi * place[:, None] * torch.arange(features)).cos()
        self.register_buffer("features", torch.eye(count) if features == count else cosines)
        scale = 0.5 * dim**-0.5
        self.start = nn.Parameter(torch.zeros(hidden))
        self.adds = nn.Parameter(scale * torch.randn(dim, features, hidden, generator=rng))
        self.reads = nn.Parameter(hidden**-0.5 * torch.randn(dim, hidden, count, generator=rng))
        self.bias = nn.Parameter(torch.zeros(dim, count))

    def forward(self, level: Tensor) -> Tensor:
        """Logits (d, n, count) of every pixel, given levels (n, d) before it."""
        added = torch.bmm(self.features[level.T], self.adds)  # (d, n, hidden)
        state = self.start + added.cumsum(0) - added
        return torch.baddbmm(self.bias[:, None], silu(state), self.reads)


class Pixels:
    """The chain in training and its averaged weights, which are the model."""

    def __init__(self, config: Config) -> None:
        self.config, self.levels, self.rng = config, levels(config.dataset), generator(config.seed)
        self.train = self.levels.of(self.levels.data.train)
        size = self.levels.dim, self.levels.count, FEATURES[config.dataset], config.size
        self.net, self.shown = (Chain(*size, generator(config.seed)) for _ in range(2))
        self.adam = Adam(self.net.parameters(), LEARNING_RATE, decay=DECAY)
        self.average = Average(self.adam, 0.99)

    def update(self, step: int) -> None:
        """Raise the probability of a batch of images."""
        rows = torch.randint(len(self.train), (BATCH[self.config.dataset],), generator=self.rng)
        self.adam.rate = cosine(step, self.config.steps, LEARNING_RATE)
        self.adam.descend(-self._log_p(self.net, self.train[rows]).mean() / self.levels.dim)
        self.average.update()

    @staticmethod
    def _log_p(net: Chain, level: Tensor) -> Tensor:
        logits = net(level)
        each = cross_entropy(logits.flatten(0, 1), level.T.flatten(), reduction="none")
        return -each.view(level.shape[1], -1).sum(0)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n images (n, d) in 0..1."""
        self.average.copy_to(self.shown)
        net, rng = self.shown, generator(seed)
        level = torch.empty(n, self.levels.dim, dtype=torch.int64)
        state = net.start.expand(n, -1)
        for i in range(self.levels.dim):
            probabilities = (silu(state) @ net.reads[i] + net.bias[i]).softmax(1)
            level[:, i] = torch.multinomial(probabilities, 1, generator=rng)[:, 0]
            state = state + net.features[level[:, i]] @ net.adds[i]
        return frozen(self.levels.pixels(level).float().numpy())

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log P(image), (n,), of images (n, d) in 0..1: exact, of their levels."""
        self.average.copy_to(self.shown)
        return torch.cat([self._log_p(self.shown, part) for part in self.levels.of(x).split(64)])

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights."""
        self.average.copy_to(self.shown)
        return weights(self.shown)
