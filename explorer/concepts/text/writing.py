"""Writing with any rung: one symbol after the other, drawn from its chances."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Generator, Tensor

from explorer.data.text import Corpus

LONGEST = 24  # symbols of a line


class Writer(Protocol):
    """What every rung can do: read one symbol more, and say what may follow."""

    def begin(self, n: int) -> Any:
        """What n readers remember before the first symbol."""
        ...

    def read(self, symbols: Tensor, memory: Any) -> tuple[Tensor, Any]:
        """Log chances (n, size) after symbols (n,), and the memory then."""
        ...


@torch.no_grad()
def write(writer: Writer, n: int, length: int, rng: Generator, lines: bool) -> Tensor:
    """n texts (n, length) from nothing; with `lines`, a row is breaks from its first one on."""
    symbols, memory = torch.zeros(n, dtype=torch.int64), writer.begin(n)
    made, over = [], torch.zeros(n, dtype=torch.bool)
    for _ in range(length):
        logs, memory = writer.read(symbols, memory)
        symbols = torch.multinomial(logs.exp(), 1, generator=rng)[:, 0]
        if lines:
            symbols = symbols.masked_fill(over, 0)
            over = over | (symbols == 0)
        made.append(symbols)
        if lines and bool(over.all()):
            made += [symbols] * (length - len(made))
            break
    return torch.stack(made, dim=1)


@torch.no_grad()
def follow(writer: Writer, numbers: Sequence[int]) -> Tensor:
    """Log chances (len + 1, size) of what follows each place of a text, the start included."""
    memory, found = writer.begin(1), []
    for number in [0, *numbers]:
        logs, memory = writer.read(torch.tensor([number]), memory)
        found.append(logs[0])
    return torch.stack(found)


def texts(corpus: Corpus, rows: Tensor) -> list[str]:
    """Rows of symbols as words; of lines, up to the first break."""
    found = [corpus.decode(row) for row in rows.tolist()]
    return [text.split("\n", 1)[0] for text in found] if corpus.lines else found
