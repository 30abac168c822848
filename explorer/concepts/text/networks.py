r"""Networks that guess the next symbol: a fixed window, a memory, and attention.

Each has the same two doors. `forward` takes texts (n, places) and guesses at every place at once,
to learn and to be judged; `begin` and `read` take one symbol after the other, to write.

Bengio et al. (2003), A Neural Probabilistic Language Model
Hochreiter and Schmidhuber (1997), Long Short-Term Memory
Karpathy (2022), makemore, https://github.com/karpathy/makemore
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.concepts.text.lstm import Recurrence, cell
from explorer.concepts.transformer.network import Shape, Transformer
from explorer.nets import linear

Dropout: TypeAlias = Callable[[Tensor], Tensor] | None
CONTEXT = 64  # symbols that the transformer can look back


class Window(nn.Module):
    """A fixed context: the last `span` symbols as vectors, side by side, through one layer."""

    def __init__(self, size: int, hidden: int, rng: Generator, span: int = 8) -> None:
        super().__init__()
        self.span, width = span, 24
        self.embed = nn.Parameter(torch.randn(size, width, generator=rng) / 2)
        self.mix = linear(span * width, 3 * hidden, rng)
        self.read_out = linear(3 * hidden, size, rng)

    def forward(self, symbols: Tensor, drop: Dropout = None) -> Tensor:
        """Logits (n, places, size); before the start stand line breaks."""
        padded = functional.pad(symbols, (self.span - 1, 0))
        return self._guess(padded.unfold(1, self.span, 1), drop)

    def _guess(self, windows: Tensor, drop: Dropout = None) -> Tensor:
        x = self.embed[windows].flatten(-2)
        h = functional.silu(self.mix(x if drop is None else drop(x)))
        return self.read_out(h if drop is None else drop(h))

    def begin(self, n: int) -> Tensor:
        return torch.zeros(n, self.span, dtype=torch.int64)

    def read(self, symbols: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        memory = torch.cat([memory[:, 1:], symbols[:, None]], dim=1)
        return self._guess(memory).log_softmax(-1), memory


class LSTM(nn.Module):
    """A memory c that is written, kept and read through gates; see `cell`.

    A symbol enters as a row of a table, which is what a matrix makes of one-hot inputs.
    """

    def __init__(self, size: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.hidden, bound = hidden, hidden**-0.5
        self.enter = nn.Parameter(torch.randn(size, 4 * hidden, generator=rng) * 0.5)
        self.again = nn.Parameter(torch.empty(4 * hidden, hidden))
        nn.init.uniform_(self.again, -bound, bound, generator=rng)
        with torch.no_grad():
            self.enter[:, hidden : 2 * hidden] += 1.0  # at first, keep what is in memory
        self.read_out = linear(hidden, size, rng)

    def forward(self, symbols: Tensor, drop: Dropout = None) -> Tensor:
        """Logits (n, places, size) of texts (n, places) that start with an empty memory."""
        h = Recurrence.apply(self.enter[symbols.T], self.again)  # (places, n, hidden)
        return self.read_out(h if drop is None else drop(h)).transpose(0, 1)

    def begin(self, n: int) -> tuple[Tensor, Tensor]:
        return torch.zeros(n, self.hidden), torch.zeros(n, self.hidden)

    def read(
        self, symbols: Tensor, memory: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        h, c, _ = cell(self.enter[symbols], *memory, self.again)
        return self.read_out(h).log_softmax(-1), (h, c)


class Attentive(nn.Module):
    """The transformer of the next page, small: it looks back at up to 64 symbols."""

    def __init__(self, size: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        width = max(16, hidden // 16 * 16)
        self.net = Transformer(Shape(size, width, 4, 2, CONTEXT), rng)

    def forward(self, symbols: Tensor, drop: Dropout = None) -> Tensor:
        return self.net(symbols, drop=drop)

    def begin(self, n: int) -> dict[str, Any]:
        return {"cache": [[], []], "text": torch.empty(n, 0, dtype=torch.int64)}

    def read(self, symbols: Tensor, memory: dict[str, Any]) -> tuple[Tensor, dict[str, Any]]:
        """When the context is full the older half is forgotten and the rest is read again."""
        text = torch.cat([memory["text"], symbols[:, None]], dim=1)
        cache, fresh = [list(layer) for layer in memory["cache"]], symbols[:, None]
        if text.shape[1] > CONTEXT:
            text = text[:, -CONTEXT // 2 :]
            cache, fresh = [[], []], text
        logits = self.net(fresh, cache=cache)[:, -1]
        return logits.log_softmax(-1), {"cache": cache, "text": text}


Network: TypeAlias = Window | LSTM | Attentive
NETWORKS: dict[str, type[Window] | type[LSTM] | type[Attentive]] = {
    "window": Window,
    "lstm": LSTM,
    "transformer": Attentive,
}
