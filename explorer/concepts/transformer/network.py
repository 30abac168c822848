r"""A decoder-only transformer, small enough to read in one sitting.

Every place of the sequence carries a vector, its residual stream. Each layer adds two things to it:
what attention brought from earlier places, and what a small network made of the result.

$$\text{head}_i = \sum_{j \le i} \text{softmax}_j(q_i \cdot k_j / \sqrt{d}) \, v_j$$

Vaswani et al. (2017), Attention Is All You Need, https://arxiv.org/abs/1706.03762
Xiong et al. (2020), norms before each part, https://arxiv.org/abs/2002.04745
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.concepts.transformer.positions import rotate, rotation, table
from explorer.nets import Blank


@dataclass(frozen=True)
class Shape:
    """The size of a transformer; `width` must be a multiple of 2 x `heads`."""

    symbols: int
    width: int = 64
    heads: int = 4
    layers: int = 2
    context: int = 32  # the most places that it can look at
    positions: str = "rotary"  # a key of POSITIONS
    causal: bool = True
    wide: bool = True  # with the networks after attention

    @property
    def size(self) -> int:
        """Numbers of a head."""
        return self.width // self.heads


@dataclass(eq=False)
class Trace:
    """What one forward pass leaves behind, layer by layer, for those who want to look."""

    q: list[Tensor] = field(default_factory=list)  # each (batch, heads, places, size)
    k: list[Tensor] = field(default_factory=list)
    v: list[Tensor] = field(default_factory=list)
    scores: list[Tensor] = field(default_factory=list)  # (batch, heads, places, places)
    attention: list[Tensor] = field(default_factory=list)
    brought: list[Tensor] = field(default_factory=list)  # (batch, heads, places, size)
    stream: list[Tensor] = field(default_factory=list)  # (batch, places, width), layers + 1


class Norm(nn.Module):
    """Scale a vector to length sqrt(width), then each number by a learnt gain (RMSNorm)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, self.gain.shape, self.gain, 1e-5)


class Attention(nn.Module):
    """Causal self-attention of several heads."""

    def __init__(self, shape: Shape, rng: Generator) -> None:
        super().__init__()
        self.shape = shape
        self.qkv = matrix(shape.width, 3 * shape.width, rng)
        self.out = matrix(shape.width, shape.width, rng, (2 * shape.layers) ** -0.5)

    def forward(
        self,
        x: Tensor,
        angles: tuple[Tensor, Tensor] | None,
        keep: Tensor | None = None,
        trace: Trace | None = None,
        cache: list[Tensor] | None = None,
    ) -> Tensor:
        """What the heads bring to each place, (batch, places, width).

        `angles` are the cosines and sines of rotary positions; `keep` (heads,) is 0 for heads that
        are switched off; `cache` holds keys and values of the places before, and is extended.
        """
        batch, places, width = x.shape
        split = self.qkv(x).view(batch, places, 3, self.shape.heads, self.shape.size)
        q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)
        if angles is not None:
            q, k = rotate(q, *angles), rotate(k, *angles)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
            cache[:] = [k, v]
        if trace is None:
            causal = self.shape.causal and places > 1
            mask = None
            if causal and k.shape[2] > places:  # PyTorch's own mask ends at the first key
                mask, causal = ~later(places, k.shape[2]), False
            with torch.autocast("cpu", enabled=False):  # in bfloat16 its gradient is slow
                brought = functional.scaled_dot_product_attention(
                    q.float(), k.float(), v.float(), mask, is_causal=causal
                )
        else:
            scores, weights = attend(q, k, self.shape.causal)
            brought = weights @ v
            trace.q.append(q)
            trace.k.append(k)
            trace.v.append(v)
            trace.scores.append(scores)
            trace.attention.append(weights)
            trace.brought.append(brought)
        if keep is not None:
            brought = brought * keep[:, None, None]
        return self.out(brought.transpose(1, 2).reshape(batch, places, width))


def attend(q: Tensor, k: Tensor, causal: bool = True) -> tuple[Tensor, Tensor]:
    """Scores and attention of queries (..., m, d) over keys (..., n, d): both (..., m, n).

    The last query stands at the place of the last key; with `causal`, none sees a later place.
    """
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if causal:
        scores = scores.masked_fill(later(*scores.shape[-2:]), -torch.inf)
    return scores, scores.softmax(dim=-1)


def later(m: int, n: int) -> Tensor:
    """Which of n places lie after each of the last m, (m, n)."""
    return torch.ones(m, n, dtype=torch.bool).triu(n - m + 1)


class Layer(nn.Module):
    """Attention between places, then a small network at each place; both add to the stream."""

    def __init__(self, shape: Shape, rng: Generator) -> None:
        super().__init__()
        self.before = Norm(shape.width)
        self.attention = Attention(shape, rng)
        self.wide = shape.wide
        if shape.wide:
            self.between = Norm(shape.width)
            self.up = matrix(shape.width, 4 * shape.width, rng)
            self.down = matrix(4 * shape.width, shape.width, rng, (8 * shape.layers) ** -0.5)

    def think(self, x: Tensor) -> Tensor:
        """What the network at each place adds."""
        return self.down(functional.gelu(self.up(self.between(x)), approximate="tanh"))


class Transformer(nn.Module):
    """Symbols (batch, places) of int64 in, logits of the next symbol at each place out."""

    angles: Tensor
    waves: Tensor

    def __init__(self, shape: Shape, rng: Generator) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.symbols, shape.width, generator=rng))
        if shape.positions == "learnt":
            start = 0.3 * torch.randn(shape.context, shape.width, generator=rng)
            self.places = nn.Parameter(start)
        elif shape.positions == "sinusoidal":
            self.register_buffer("waves", table(shape.context, shape.width), persistent=False)
        elif shape.positions == "rotary":
            self.register_buffer("angles", rotation(shape.context, shape.size), persistent=False)
        self.stack = [Layer(shape, rng) for _ in range(shape.layers)]
        self.layers = nn.ModuleList(self.stack)
        self.last = Norm(shape.width)
        self.read = matrix(shape.width, shape.symbols, rng)

    def forward(
        self,
        symbols: Tensor,
        keep: Tensor | None = None,
        trace: Trace | None = None,
        cache: Sequence[list[Tensor]] | None = None,
        drop: Callable[[Tensor], Tensor] | None = None,
    ) -> Tensor:
        """Logits (batch, places, symbols). `keep` (layers, heads + 1) is 0 for what is off.

        The last column of `keep` is the network of the layer. `cache` has one list a layer: pass
        empty ones at the start of a text, and afterwards only what is new of it.
        """
        start = cache[0][0].shape[2] if cache and cache[0] else 0
        end = start + symbols.shape[1]
        if end > self.shape.context:
            raise ValueError(f"symbols must be {self.shape.context} at most. Got {end} instead.")
        x = self.start(symbols, start, end)
        angles = None
        if self.shape.positions == "rotary":
            angles = self.angles[0, start:end], self.angles[1, start:end]
        for index, layer in enumerate(self.stack):
            if trace is not None:
                trace.stream.append(x)
            on = None if keep is None else keep[index]
            memory = None if cache is None else cache[index]
            heads = None if on is None else on[:-1]
            new = layer.attention(layer.before(x), angles, heads, trace, memory)
            x = x + (new if drop is None else drop(new))
            if layer.wide:
                new = layer.think(x)
                new = new if on is None else new * on[-1]
                x = x + (new if drop is None else drop(new))
        if trace is not None:
            trace.stream.append(x)
        return self.logits(x)

    def start(self, symbols: Tensor, start: int, end: int) -> Tensor:
        """The residual stream before the first layer."""
        x = self.embed[symbols]
        if self.shape.positions == "learnt":
            x = x + self.places[start:end]
        elif self.shape.positions == "sinusoidal":
            x = x + self.waves[start:end]
        return x

    def logits(self, x: Tensor) -> Tensor:
        """Read a residual stream as if it were the last: also the logit lens."""
        return self.read(self.last(x))


class Drop:
    """Dropout with a generator of its own: what is dropped can be repeated."""

    def __init__(self, share: float, rng: Generator) -> None:
        self.share, self.rng = share, rng

    def __call__(self, x: Tensor) -> Tensor:
        kept = torch.rand(x.shape, generator=self.rng) >= self.share
        return x * kept / (1 - self.share)


def matrix(fan_in: int, fan_out: int, rng: Generator, scale: float = 1.0) -> nn.Linear:
    """A linear map without offset, normal with standard deviation scale / sqrt(fan_in)."""
    layer = Blank(fan_in, fan_out, bias=False)
    nn.init.normal_(layer.weight, std=scale * fan_in**-0.5, generator=rng)
    return layer
