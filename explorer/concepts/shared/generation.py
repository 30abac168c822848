"""What every language model can do, and writing with it: one token after the other."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Generator, Tensor


class LanguageModel(Protocol):
    """A distribution over the next token, given all tokens before it."""

    def initial_state(self, n: int) -> Any:
        """The state of n copies before the first token."""
        ...

    def step(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Log probabilities (n, size) of what follows tokens (n,), and the state then."""
        ...


@torch.no_grad()
def generate(lm: LanguageModel, n: int, length: int, rng: Generator, lines: bool) -> Tensor:
    """n sampled texts (n, length); with `lines`, a row is line breaks from its first one on."""
    tokens, state = torch.zeros(n, dtype=torch.int64), lm.initial_state(n)
    found, over = [], torch.zeros(n, dtype=torch.bool)
    for _ in range(length):
        logs, state = lm.step(tokens, state)
        tokens = torch.multinomial(logs.exp(), 1, generator=rng)[:, 0]
        if lines:
            tokens = tokens.masked_fill(over, 0)
            over = over | (tokens == 0)
        found.append(tokens)
        if lines and bool(over.all()):
            found += [tokens] * (length - len(found))
            break
    return torch.stack(found, dim=1)


@torch.no_grad()
def predict(lm: LanguageModel, numbers: Sequence[int]) -> tuple[Tensor, Any]:
    """Log probabilities (len + 1, size) of what follows each position of a text, the start
    included; and the state after the text.
    """
    state, found = lm.initial_state(1), []
    for number in [0, *numbers]:
        logs, state = lm.step(torch.tensor([number]), state)
        found.append(logs[0])
    return torch.stack(found), state
