"""All the numbers of one head while it reads one text, as plain lists for the page."""

from typing import Any

import torch
from torch import Tensor

from explorer.concepts.transformer.learn import symbols
from explorer.concepts.transformer.looking import LookConfig, read
from explorer.concepts.transformer.network import Trace
from explorer.concepts.transformer.panels import sign
from explorer.concepts.transformer.train import Model


@torch.no_grad()
def numbers(config: LookConfig, model: Model) -> dict[str, Any]:
    """Queries, keys, values and what the head brings (n, d), scores and attention (n, n).

    Queries and keys are those that meet: after the turn of rotary positions. Masked scores are
    None. `at` is the last certain place and where the head looks from there.
    """
    net, known = model.net, symbols(config.dataset)
    layer = min(config.layer, net.shape.layers) - 1
    head = min(config.head, net.shape.heads) - 1
    row, judged = read(config.dataset, config.text)
    trace = Trace()
    net(row[None, :-1], trace=trace)
    weights = trace.attention[layer][0, head]
    place = int(judged.nonzero()[-1]) if judged.any() else len(weights) - 1
    found: dict[str, Any] = {
        name: rounded(part[layer][0, head])
        for name, part in (("q", trace.q), ("k", trace.k), ("v", trace.v), ("out", trace.brought))
    }
    scores = rounded(trace.scores[layer][0, head])
    return found | {
        "title": f"Head {layer + 1}.{head + 1}, number by number",
        "symbols": [sign(known[number]) for number in row[:-1].tolist()],
        "scores": [[None if s == float("-inf") else s for s in line] for line in scores],
        "weights": rounded(weights),
        "at": [place, int(weights[place].argmax())],
    }


def rounded(values: Tensor) -> list[list[float]]:
    """Nested lists of a matrix, to four digits after the point: they travel as text."""
    return [[round(value, 4) for value in line] for line in values.tolist()]
