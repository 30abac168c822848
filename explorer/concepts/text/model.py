r"""Networks that predict the next token: a fixed window, an LSTM, and a transformer.

Each works in two ways. `forward` takes texts (n, positions) and predicts at every position at once,
for training and evaluation; `initial_state` and `step` take one token after the other, to generate.

Bengio et al. (2003), A Neural Probabilistic Language Model
Hochreiter and Schmidhuber (1997), Long Short-Term Memory
Karpathy (2022), makemore, https://github.com/karpathy/makemore
"""

from typing import Any, TypeAlias

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.concepts.shared.lstm import LSTM, Mask
from explorer.concepts.shared.transformer import Shape, Transformer
from explorer.nets import linear

CONTEXT = 64  # tokens that the transformer can attend to


class Window(nn.Module):
    """A fixed context: embeddings of the last `span` tokens, side by side, through one layer."""

    def __init__(self, size: int, hidden: int, rng: Generator, span: int = 8) -> None:
        super().__init__()
        self.span, width = span, 24
        self.embedding = nn.Parameter(torch.randn(size, width, generator=rng) / 2)
        self.hidden = linear(span * width, 3 * hidden, rng)
        self.output = linear(3 * hidden, size, rng)

    def forward(self, tokens: Tensor, dropout: Mask = None) -> Tensor:
        """Logits (n, positions, size); before the start stand line breaks."""
        padded = functional.pad(tokens, (self.span - 1, 0))
        return self.logits(padded.unfold(1, self.span, 1), dropout)

    def logits(self, windows: Tensor, dropout: Mask = None) -> Tensor:
        """Logits (..., size) after windows of tokens (..., span)."""
        x = self.embedding[windows].flatten(-2)
        h = functional.silu(self.hidden(x if dropout is None else dropout(x)))
        return self.output(h if dropout is None else dropout(h))

    def initial_state(self, n: int) -> Tensor:
        return torch.zeros(n, self.span, dtype=torch.int64)

    def step(self, tokens: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        state = torch.cat([state[:, 1:], tokens[:, None]], dim=1)
        return self.logits(state).log_softmax(-1), state


class Attentive(nn.Module):
    """The transformer of the next page, small: it attends to the last 64 tokens at most."""

    def __init__(self, size: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        width = max(16, hidden // 16 * 16)
        self.net = Transformer(Shape(size, width, 4, 2, CONTEXT), rng)

    def forward(self, tokens: Tensor, dropout: Mask = None) -> Tensor:
        return self.net(tokens, dropout=dropout)

    def initial_state(self, n: int) -> dict[str, Any]:
        return {"cache": [[], []], "text": torch.empty(n, 0, dtype=torch.int64)}

    def step(self, tokens: Tensor, state: dict[str, Any]) -> tuple[Tensor, dict[str, Any]]:
        """When the context is full, its older half is left out and the rest is read again."""
        text = torch.cat([state["text"], tokens[:, None]], dim=1)
        cache, new = [list(layer) for layer in state["cache"]], tokens[:, None]
        if text.shape[1] > CONTEXT:
            text = text[:, -CONTEXT // 2 :]
            cache, new = [[], []], text
        logits = self.net(new, cache=cache)[:, -1]
        return logits.log_softmax(-1), {"cache": cache, "text": text}


Network: TypeAlias = Window | LSTM | Attentive
KINDS: dict[str, type[Window] | type[LSTM] | type[Attentive]] = {
    "window": Window,
    "lstm": LSTM,
    "transformer": Attentive,
}
