"""All the numbers of one head while it reads one text, as plain lists for the page."""

from typing import Any

import torch
from torch import Tensor

from explorer.concepts.shared.text_panel import sign
from explorer.concepts.shared.transformer import Trace
from explorer.concepts.transformer.attention import AttentionConfig, chosen_head, tokens
from explorer.concepts.transformer.model import vocabulary
from explorer.concepts.transformer.train import Model


@torch.no_grad()
def numbers(config: AttentionConfig, model: Model) -> dict[str, Any]:
    """Queries, keys, values and outputs of a head (n, d), scores and attention weights (n, n).

    Queries and keys are those after rotary positions. Masked scores are None. `at` is the last
    certain position and where the head attends most from there.
    """
    known = vocabulary(config.dataset)
    layer, head = chosen_head(config, model)
    row, certain = tokens(config.dataset, config.text)
    trace = Trace()
    model.net(row[None, :-1], trace=trace)
    weights = trace.attention[layer][0, head]
    position = int(certain.nonzero()[-1]) if certain.any() else len(weights) - 1
    found: dict[str, Any] = {
        name: rounded(part[layer][0, head])
        for name, part in (("q", trace.q), ("k", trace.k), ("v", trace.v), ("out", trace.outputs))
    }
    scores = rounded(trace.scores[layer][0, head])
    return found | {
        "title": f"Head {layer + 1}.{head + 1}, number by number",
        "tokens": [sign(known[number]) for number in row[:-1].tolist()],
        "scores": [[None if s == float("-inf") else s for s in line] for line in scores],
        "weights": rounded(weights),
        "at": [position, int(weights[position].argmax())],
    }


def rounded(values: Tensor) -> list[list[float]]:
    """Nested lists of a matrix, to four digits after the point: they travel as text."""
    return [[round(value, 4) for value in line] for line in values.tolist()]
