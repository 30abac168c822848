"""The inside of a network while it reads one text: what each part holds, as arrays."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.transformer.learn import symbols
from explorer.concepts.transformer.network import Trace, Transformer
from explorer.nets import freeze


@dataclass(frozen=True, eq=False)
class Inside:
    """One text in one network. Places are those of the text without its last symbol."""

    read: str  # the symbols that were read
    next: str  # the symbol that really follows each of them; as long as `read`
    judged: np.ndarray  # (places,) bool: whether what follows is certain
    attention: np.ndarray  # (layers, heads, places, places) float32
    guesses: np.ndarray  # (places, symbols) probabilities of the next symbol
    lens: np.ndarray  # (layers + 1, places) probability of what follows, read after each layer
    tops: np.ndarray  # (layers + 1, places) number of the likeliest symbol there
    map: np.ndarray  # (symbols, 2) the embeddings, by their two main directions


@torch.no_grad()
def look(
    net: Transformer,
    row: Tensor,
    judged: Tensor,
    dataset: str,
    last: Inside | None = None,
    keep: Tensor | None = None,
) -> Inside:
    """Read a row (places + 1,) and keep what can be seen; `last` keeps the map from turning.

    `keep` switches parts off, see `Transformer.forward`.
    """
    trace, known = Trace(), symbols(dataset)
    logits = net(row[None, :-1], keep, trace)[0]
    streams = torch.stack(trace.stream)[:, 0]
    read_out = net.logits(streams).softmax(-1)
    text = "".join(known[number] for number in row.tolist())
    return Inside(
        text[:-1],
        text[1:],
        freeze(judged),
        freeze(torch.stack(trace.attention)[:, 0]),
        freeze(logits.softmax(-1)),
        freeze(read_out.gather(-1, row[1:].expand(len(streams), -1)[..., None])[..., 0]),
        freeze(read_out.argmax(-1)),
        freeze(
            flat(net.embed.detach(), None if last is None else torch.from_numpy(last.map.copy()))
        ),
    )


def flat(embed: Tensor, last: Tensor | None = None) -> Tensor:
    """Vectors (n, width) in the plane of their two main directions, (n, 2).

    A plane has no preferred turn: it is turned, and mirrored if need be, onto `last` (Procrustes),
    so that points move only when the vectors do.
    """
    centred = embed - embed.mean(0)
    u, s, _ = torch.linalg.svd(centred, full_matrices=False)
    xy = u[:, :2] * s[:2]
    if last is None:
        return xy
    left, _, right = torch.linalg.svd(xy.T @ last)
    return xy @ (left @ right)
