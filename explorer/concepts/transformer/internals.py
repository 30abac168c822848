"""What a network computes while it reads one text: attention, predictions, logit lens."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.shared.transformer import Trace, Transformer
from explorer.concepts.transformer.model import vocabulary
from explorer.nets import freeze


@dataclass(frozen=True, eq=False)
class Internals:
    """One text in one network. Positions are those of the text without its last token."""

    read: str  # the tokens that were read
    next: str  # the token that really follows each of them; as long as `read`
    certain: np.ndarray  # (positions,) bool: whether what follows is certain
    attention: np.ndarray  # (layers, heads, positions, positions) float32
    predictions: np.ndarray  # (positions, tokens) probabilities of the next token
    lens: np.ndarray  # (layers + 1, positions) probability of what follows, after each layer
    tops: np.ndarray  # (layers + 1, positions) number of the most probable token there
    map: np.ndarray  # (tokens, 2) the embeddings, on their two principal components


@torch.no_grad()
def inspect(
    net: Transformer,
    row: Tensor,
    certain: Tensor,
    dataset: str,
    last: Internals | None = None,
    active: Tensor | None = None,
) -> Internals:
    """Read a row (positions + 1,); `last` keeps the map from turning between two of them.

    `active` ablates parts, see `Transformer.forward`.
    """
    trace, known = Trace(), vocabulary(dataset)
    logits = net(row[None, :-1], active, trace)[0]
    streams = torch.stack(trace.stream)[:, 0]
    lens = net.logits(streams).softmax(-1)
    text = "".join(known[number] for number in row.tolist())
    before = None if last is None else torch.from_numpy(last.map.copy())
    return Internals(
        text[:-1],
        text[1:],
        freeze(certain),
        freeze(torch.stack(trace.attention)[:, 0]),
        freeze(logits.softmax(-1)),
        freeze(lens.gather(-1, row[1:].expand(len(streams), -1)[..., None])[..., 0]),
        freeze(lens.argmax(-1)),
        freeze(principal_plane(net.embedding.detach(), before)),
    )


def principal_plane(vectors: Tensor, last: Tensor | None = None) -> Tensor:
    """Vectors (n, width) on their two principal components, (n, 2).

    These are known up to rotation and reflection: they are aligned with `last` (Procrustes), so
    that points move only when the vectors do.
    """
    centred = vectors - vectors.mean(0)
    u, s, _ = torch.linalg.svd(centred, full_matrices=False)
    xy = u[:, :2] * s[:2]
    if last is None:
        return xy
    left, _, right = torch.linalg.svd(xy.T @ last)
    return xy @ (left @ right)
