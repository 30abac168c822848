"""Generation: token after token, with the keys and values of earlier positions cached."""

import torch
from torch import Generator, Tensor

from explorer.concepts.shared.transformer import Transformer


@torch.no_grad()
def continue_text(
    net: Transformer, text: Tensor, count: int, rng: Generator, temperature: float = 0.8
) -> Tensor:
    """Continue texts (n, positions) by `count` tokens; returns the new ones, (n, count).

    When the context is full, its older half is left out and the rest is read again.
    """
    found: list[Tensor] = []
    cache: list[list[Tensor]] = [[] for _ in range(net.shape.layers)]
    whole, new = text, text
    for _ in range(count):
        cached = cache[0][0].shape[2] if cache[0] else 0
        if cached + new.shape[1] > net.shape.context:
            cache = [[] for _ in range(net.shape.layers)]
            new = whole[:, -net.shape.context // 2 :]
        logits = net(new, cache=cache)[:, -1]
        new = sample_token(logits, rng, temperature)
        found.append(new)
        whole = torch.cat([whole, new], dim=1)
    return torch.cat(found, dim=1)


def sample_token(logits: Tensor, rng: Generator, temperature: float) -> Tensor:
    """One token for each row of logits (n, tokens): (n, 1). Temperature 0: the most probable."""
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    return torch.multinomial((logits / temperature).softmax(-1), 1, generator=rng)
