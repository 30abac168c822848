"""From caption to condition, and from condition, noisy point and time to a velocity.

The text encoder turns the values that a caption gives into one vector, the condition; a value that
it does not give has an embedding of its own. The condition and the time scale and shift every block
of the network (adaptive layer norm).

Peebles and Xie (2023), adaptive layer norm, https://arxiv.org/abs/2212.09748
"""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import layer_norm, silu

from explorer.concepts.shared.modulated_block import Block, modulation
from explorer.concepts.shared.noise_level_net import NoiseLevelFeatures
from explorer.data.shapes import World
from explorer.nets import linear

WORD, CONDITION = 24, 64  # numbers in a word embedding and in a condition
BLOCKS = 3
TIME = 8.0  # times lie in 0..1, the features suit about 0..8


class WordEncoder(nn.Module):
    """An embedding for every word; those of a caption side by side, or added."""

    first: Tensor
    unsaid: Tensor

    def __init__(self, world: World, summed: bool, rng: Generator) -> None:
        super().__init__()
        rows = torch.tensor([0, *(size + 1 for size in world.sizes)])  # the last of each: not said
        self.register_buffer("first", rows.cumsum(0)[:-1])
        self.register_buffer("unsaid", torch.tensor(world.sizes))
        width = CONDITION if summed else WORD
        weights = torch.randn(int(rows.sum()), width, generator=rng)
        self.embedding = nn.Embedding(len(weights), weights.shape[1], _weight=weights)
        count = len(world.sizes)
        self.projection = None if summed else linear(WORD * count, CONDITION, rng)

    def forward(self, values: Tensor) -> Tensor:
        """Conditions (n, CONDITION) of rows of values (n, a), -1 where nothing is said."""
        found = self.words(values)
        if self.projection is None:
            return found.sum(1)
        return self.projection(found.flatten(1))

    def words(self, values: Tensor) -> Tensor:
        """The embeddings (n, a, width) of the words of each caption."""
        rows = torch.where(values < 0, self.unsaid, values) + self.first
        return self.embedding(rows)


class CaptionEncoder(nn.Module):
    """One embedding per caption, the control: a caption never shown has an untrained one."""

    def __init__(self, world: World, rng: Generator) -> None:
        super().__init__()
        self.world = world
        weights = torch.randn(len(world.captions) + 1, CONDITION, generator=rng)  # last: unsaid
        self.embedding = nn.Embedding(len(weights), weights.shape[1], _weight=weights)

    def forward(self, values: Tensor) -> Tensor:
        """Conditions (n, CONDITION); a caption that leaves a value open counts as none at all."""
        number = self.world.number(values.clamp(min=0))
        number = number.masked_fill((values < 0).any(1), len(self.world.captions))
        return self.embedding(number)

    def words(self, values: Tensor) -> Tensor:
        """The embedding (n, 1, CONDITION) of each caption."""
        return self(values)[:, None]


def text_encoder(kind: str, world: World, rng: Generator) -> WordEncoder | CaptionEncoder:
    """A text encoder of one of `config.ENCODERS`, untrained."""
    if kind == "caption":
        return CaptionEncoder(world, rng)
    return WordEncoder(world, kind == "summed", rng)


class VelocityNet(nn.Module):
    """The velocity v(z, t, caption) (n, dim). At first no block changes anything.

    A picture of several parts goes through the same layers part by part; each is told which part it
    is, and after every block the mean of all parts, so that they agree.
    """

    def __init__(
        self,
        dim: int,
        hidden: int,
        encoder: WordEncoder | CaptionEncoder,
        rng: Generator,
        parts: int = 1,
    ) -> None:
        super().__init__()
        self.encoder, self.parts = encoder, parts
        self.features = NoiseLevelFeatures(8, 0.25)
        self.time = linear(16, CONDITION, rng)
        self.middle = linear(CONDITION, CONDITION, rng)
        self.modulation = modulation(CONDITION, hidden, BLOCKS, rng)
        self.first = linear(dim // parts, hidden, rng)
        self.blocks = nn.ModuleList([Block(hidden, rng) for _ in range(BLOCKS)])
        self.last = linear(hidden, dim // parts, rng, scale=0.0)
        if parts > 1:
            self.part = nn.Parameter(torch.randn(parts, CONDITION, generator=rng))
            self.mixing = nn.ModuleList([linear(hidden, hidden, rng, 0.0) for _ in range(BLOCKS)])

    def forward(self, z: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        """v (n, dim) for points z (n, dim) at times t (n, 1) under conditions (n, CONDITION)."""
        known = self.time(self.features(TIME * t)) + condition
        if self.parts > 1:
            known = (known[:, None] + self.part).flatten(0, 1)
        conditions = self.modulation(silu(self.middle(silu(known)))).chunk(3 * BLOCKS, dim=1)
        h = self.first(z.view(len(known), -1))
        for i, block in enumerate(self.blocks):
            h = block(h, *conditions[3 * i : 3 * i + 3])
            if self.parts > 1:
                mean = h.view(len(z), self.parts, -1).mean(1)
                h = h + self.mixing[i](mean).repeat_interleave(self.parts, 0)
        return self.last(layer_norm(h, h.shape[1:])).view(z.shape)
