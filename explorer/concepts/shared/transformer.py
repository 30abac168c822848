r"""A decoder-only transformer, small enough to read in one sitting.

Every position of the sequence carries a vector, its residual stream. Each layer adds two things to
it: the outputs of attention heads, and what an MLP computes from the result.

$$\text{head}_i = \sum_{j \le i} \text{softmax}_j(q_i \cdot k_j / \sqrt{d}) \, v_j$$

Vaswani et al. (2017), Attention Is All You Need, https://arxiv.org/abs/1706.03762
Xiong et al. (2020), norms before each part, https://arxiv.org/abs/2002.04745
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.concepts.shared.positions import rotate, rotations, sinusoids
from explorer.nets import Blank


@dataclass(frozen=True)
class Shape:
    """The size of a transformer; `width` must be a multiple of 2 x `heads`."""

    tokens: int  # in the vocabulary
    width: int = 64
    heads: int = 4
    layers: int = 2
    context: int = 32  # positions that can be attended to, at most
    position_encoding: str = "rotary"  # a key of POSITION_ENCODINGS
    causal_mask: bool = True
    mlp: bool = True  # after the attention of each layer

    @property
    def head_dim(self) -> int:
        return self.width // self.heads


@dataclass(eq=False)
class Trace:
    """What one forward pass computes on its way, layer by layer."""

    q: list[Tensor] = field(default_factory=list)  # each (batch, heads, positions, head_dim)
    k: list[Tensor] = field(default_factory=list)
    v: list[Tensor] = field(default_factory=list)
    scores: list[Tensor] = field(default_factory=list)  # (batch, heads, positions, positions)
    attention: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)  # (batch, heads, positions, head_dim)
    stream: list[Tensor] = field(default_factory=list)  # (batch, positions, width), layers + 1


class Norm(nn.Module):
    """Scale a vector to length sqrt(width), then each component by a learnt gain (RMSNorm)."""

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
        self.output = matrix(shape.width, shape.width, rng, (2 * shape.layers) ** -0.5)

    def forward(
        self,
        x: Tensor,
        rotation: tuple[Tensor, Tensor] | None,
        active: Tensor | None = None,
        trace: Trace | None = None,
        cache: list[Tensor] | None = None,
    ) -> Tensor:
        """What the heads add to each position, (batch, positions, width).

        `rotation` holds cosines and sines of rotary positions; `active` (heads,) is 0 for ablated
        heads; `cache` holds keys and values of earlier positions, and is extended.
        """
        batch, positions, width = x.shape
        split = self.qkv(x).view(batch, positions, 3, self.shape.heads, self.shape.head_dim)
        q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)
        if rotation is not None:
            q, k = rotate(q, *rotation), rotate(k, *rotation)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
            cache[:] = [k, v]
        if trace is None:
            causal = self.shape.causal_mask and positions > 1
            mask = None
            if causal and k.shape[2] > positions:  # PyTorch's own mask ends at the first key
                mask, causal = ~later(positions, k.shape[2]), False
            with torch.autocast("cpu", enabled=False):  # in bfloat16 its gradient is slow
                outputs = functional.scaled_dot_product_attention(
                    q.float(), k.float(), v.float(), mask, is_causal=causal
                )
        else:
            scores, weights = attend(q, k, self.shape.causal_mask)
            outputs = weights @ v
            trace.q.append(q)
            trace.k.append(k)
            trace.v.append(v)
            trace.scores.append(scores)
            trace.attention.append(weights)
            trace.outputs.append(outputs)
        if active is not None:
            outputs = outputs * active[:, None, None]
        return self.output(outputs.transpose(1, 2).reshape(batch, positions, width))


def attend(q: Tensor, k: Tensor, causal: bool = True) -> tuple[Tensor, Tensor]:
    """Scores and attention weights of queries (..., m, d) over keys (..., n, d): (..., m, n) each.

    The last query stands at the position of the last key; with `causal`, later keys are masked.
    """
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if causal:
        scores = scores.masked_fill(later(*scores.shape[-2:]), -torch.inf)
    return scores, scores.softmax(dim=-1)


def later(m: int, n: int) -> Tensor:
    """Which of n positions lie after each of the last m, (m, n)."""
    return torch.ones(m, n, dtype=torch.bool).triu(n - m + 1)


class Layer(nn.Module):
    """Attention between positions, then an MLP at each position; both add to the stream."""

    def __init__(self, shape: Shape, rng: Generator) -> None:
        super().__init__()
        self.attention_norm = Norm(shape.width)
        self.attention = Attention(shape, rng)
        self.has_mlp = shape.mlp
        if shape.mlp:
            self.mlp_norm = Norm(shape.width)
            self.mlp_up = matrix(shape.width, 4 * shape.width, rng)
            self.mlp_down = matrix(4 * shape.width, shape.width, rng, (8 * shape.layers) ** -0.5)

    def mlp(self, x: Tensor) -> Tensor:
        """What the MLP adds at each position."""
        hidden = functional.gelu(self.mlp_up(self.mlp_norm(x)), approximate="tanh")
        return self.mlp_down(hidden)


class Transformer(nn.Module):
    """Tokens (batch, positions) of int64 in, logits of the next token at each position out."""

    rotation: Tensor
    sinusoids: Tensor

    def __init__(self, shape: Shape, rng: Generator) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.tokens, shape.width, generator=rng))
        if shape.position_encoding == "learnt":
            start = 0.3 * torch.randn(shape.context, shape.width, generator=rng)
            self.position_embedding = nn.Parameter(start)
        elif shape.position_encoding == "sinusoidal":
            fixed = sinusoids(shape.context, shape.width)
            self.register_buffer("sinusoids", fixed, persistent=False)
        elif shape.position_encoding == "rotary":
            fixed = rotations(shape.context, shape.head_dim)
            self.register_buffer("rotation", fixed, persistent=False)
        self.stack = [Layer(shape, rng) for _ in range(shape.layers)]
        self.layers = nn.ModuleList(self.stack)
        self.final_norm = Norm(shape.width)
        self.unembedding = matrix(shape.width, shape.tokens, rng)

    def forward(
        self,
        tokens: Tensor,
        active: Tensor | None = None,
        trace: Trace | None = None,
        cache: Sequence[list[Tensor]] | None = None,
        dropout: Callable[[Tensor], Tensor] | None = None,
    ) -> Tensor:
        """Logits (batch, positions, tokens). `active` (layers, heads + 1) is 0 for ablated parts.

        The last column of `active` is the MLP of the layer. `cache` has one list a layer: pass
        empty ones at the start of a text, and afterwards only what is new of it.
        """
        start = cache[0][0].shape[2] if cache and cache[0] else 0
        end = start + tokens.shape[1]
        if end > self.shape.context:
            raise ValueError(f"tokens must be {self.shape.context} at most. Got {end} instead.")
        x = self.embed(tokens, start, end)
        rotation = None
        if self.shape.position_encoding == "rotary":
            rotation = self.rotation[0, start:end], self.rotation[1, start:end]
        for index, layer in enumerate(self.stack):
            if trace is not None:
                trace.stream.append(x)
            own = None if active is None else active[index]
            past = None if cache is None else cache[index]
            heads = None if own is None else own[:-1]
            new = layer.attention(layer.attention_norm(x), rotation, heads, trace, past)
            x = x + (new if dropout is None else dropout(new))
            if layer.has_mlp:
                new = layer.mlp(x)
                new = new if own is None else new * own[-1]
                x = x + (new if dropout is None else dropout(new))
        if trace is not None:
            trace.stream.append(x)
        return self.logits(x)

    def embed(self, tokens: Tensor, start: int, end: int) -> Tensor:
        """The residual stream before the first layer."""
        x = self.embedding[tokens]
        if self.shape.position_encoding == "learnt":
            x = x + self.position_embedding[start:end]
        elif self.shape.position_encoding == "sinusoidal":
            x = x + self.sinusoids[start:end]
        return x

    def logits(self, x: Tensor) -> Tensor:
        """Logits of a residual stream, as if it were the last one: also the logit lens."""
        return self.unembedding(self.final_norm(x))


class Dropout:
    """Dropout with a generator of its own: what is set to zero can be repeated."""

    def __init__(self, share: float, rng: Generator) -> None:
        self.share, self.rng = share, rng

    def __call__(self, x: Tensor) -> Tensor:
        kept = torch.rand(x.shape, generator=self.rng) >= self.share
        return x * kept / (1 - self.share)


def matrix(fan_in: int, fan_out: int, rng: Generator, scale: float = 1.0) -> nn.Linear:
    """A linear map without bias, normal with standard deviation scale / sqrt(fan_in)."""
    layer = Blank(fan_in, fan_out, bias=False)
    nn.init.normal_(layer.weight, std=scale * fan_in**-0.5, generator=rng)
    return layer
