r"""Autoregressive, one coordinate after the other, in the plane: p(x, y) = p(x) p(y | x).

Each coordinate is cut into BINS equal parts and a distribution over them is learnt: for x one
logit per bin, for y a network of x. It is what a language model does, with two tokens per point,
and its likelihood is exact: the probability of the bins, over their size.

van den Oord et al. (2016), Pixel recurrent networks, https://arxiv.org/abs/1601.06759
"""

from math import log, pi

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from explorer.concepts.arena.learner import Config, Source
from explorer.nets import generator, mlp, weights
from explorer.optim import Adam, Average, cosine

BINS, EXTENT, FREQUENCIES, BATCH, LEARNING_RATE = 128, 3.2, 12, 384, 8e-3
WIDTH = 2 * EXTENT / BINS


class Pair(nn.Module):
    """Logits of x, and a network from x to the logits of y."""

    def __init__(self, hidden: int, rng: torch.Generator) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.zeros(BINS))
        self.second = mlp([1 + 2 * FREQUENCIES, hidden, hidden, BINS], rng)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (n, BINS) of both coordinates of points whose first is x (n,)."""
        angle = (pi / EXTENT) * x[:, None] * torch.arange(1.0, FREQUENCIES + 1)
        features = torch.cat([x[:, None], angle.cos(), angle.sin()], dim=1)
        return self.first.expand(len(x), BINS), self.second(features)


def bins(x: Tensor) -> Tensor:
    """The bin of every number; what lies outside belongs to the outermost."""
    return ((x + EXTENT) / WIDTH).long().clamp(0, BINS - 1)


class Binned:
    """The pair in training and its averaged weights, which are the model."""

    def __init__(self, config: Config) -> None:
        self.config, self.source, self.rng = config, Source(config), generator(config.seed)
        self.net, self.shown = (Pair(config.size, generator(config.seed)) for _ in range(2))
        self.adam = Adam(self.net.parameters(), LEARNING_RATE)
        self.average = Average(self.adam)

    def update(self, step: int) -> None:
        """Raise the probability of a batch's bins."""
        points = self.source.batch(BATCH, self.rng)
        self.adam.rate = cosine(step, self.config.steps, LEARNING_RATE)
        first, second = self.net(points[:, 0])
        loss = cross_entropy(first, bins(points[:, 0])) + cross_entropy(second, bins(points[:, 1]))
        self.adam.descend(loss)
        self.average.update()

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n points (n, 2): a bin of x, then one of y, and a place in each."""
        self.average.copy_to(self.shown)
        rng = generator(seed)
        place = torch.rand(n, 2, generator=rng)
        x = torch.multinomial(self.shown.first.softmax(0), n, replacement=True, generator=rng)
        at = (x + place[:, 0]) * WIDTH - EXTENT
        y = torch.multinomial(self.shown(at)[1].softmax(1), 1, generator=rng)[:, 0]
        return self.source.samples(torch.stack([at, (y + place[:, 1]) * WIDTH - EXTENT], dim=1))

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), of points (n, 2)."""
        self.average.copy_to(self.shown)
        both = zip(self.shown(x[:, 0]), (bins(x[:, 0]), bins(x[:, 1])))
        each = [-cross_entropy(logits, wanted, reduction="none") for logits, wanted in both]
        return each[0] + each[1] - 2 * log(WIDTH)

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights."""
        self.average.copy_to(self.shown)
        return weights(self.shown)
