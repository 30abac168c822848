"""Writing on: symbol after symbol, with the keys and values of the past kept or not."""

import torch
from torch import Generator, Tensor

from explorer.concepts.transformer.network import Transformer


@torch.no_grad()
def write_on(
    net: Transformer, text: Tensor, count: int, rng: Generator, temperature: float = 0.8
) -> Tensor:
    """Continue texts (n, places) by `count` symbols; returns the new ones, (n, count).

    When the context is full the older half is forgotten and the rest is read again.
    """
    made: list[Tensor] = []
    cache: list[list[Tensor]] = [[] for _ in range(net.shape.layers)]
    whole, fresh = text, text
    for _ in range(count):
        held = cache[0][0].shape[2] if cache[0] else 0
        if held + fresh.shape[1] > net.shape.context:
            cache = [[] for _ in range(net.shape.layers)]
            fresh = whole[:, -net.shape.context // 2 :]
        logits = net(fresh, cache=cache)[:, -1]
        fresh = draw(logits, rng, temperature)
        made.append(fresh)
        whole = torch.cat([whole, fresh], dim=1)
    return torch.cat(made, dim=1)


def draw(logits: Tensor, rng: Generator, temperature: float) -> Tensor:
    """One symbol for each row of logits (n, symbols): (n, 1). Temperature 0 takes the likeliest."""
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    return torch.multinomial((logits / temperature).softmax(-1), 1, generator=rng)
