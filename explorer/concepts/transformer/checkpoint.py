"""The text model that is shipped: its shape, its file and its mark.

`benchmarks/transformer_checkpoint.py` made it, with seed 0. On all held-out chapters it needs 1.977
bits per character (`benchmarks/transformer.py`).
"""

from math import log
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explorer.concepts.transformer.corpus import ALPHABET
from explorer.concepts.transformer.network import Shape, Transformer
from explorer.nets import generator

FILE = Path(__file__).parents[3] / "assets" / "transformer" / "moby_dick.npz"
SHAPE = Shape(len(ALPHABET), width=192, heads=6, layers=4, context=128)
NGRAM = 2.025  # bits of the best n-gram (Kneser-Ney, order 7) on all held-out chapters
# and on the pieces that runs are judged on; of names, Kneser-Ney of order 5 that counted names
NGRAM_PIECES = {"moby": 1.978, "names": 2.879}


def save(net: Transformer, file: Path) -> None:
    """Write the weights as plain arrays of 16 bits."""
    arrays = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    np.savez_compressed(file, **arrays)


def load() -> Transformer:
    """The shipped model, anew for whoever trains it on."""
    net = Transformer(SHAPE, generator(0))
    with np.load(FILE, allow_pickle=False) as archive:
        net.load_state_dict({n: torch.from_numpy(archive[n].astype(np.float32)) for n in archive})
    return net


@torch.no_grad()
def bits(net: Transformer, text: Tensor, keep: Tensor | None = None, batch: int = 16) -> float:
    """Bits per symbol of a text, each symbol guessed from at least half a context before it.

    Windows overlap by half and only their second half counts, but for the start of the text.
    `keep` switches parts off, see `Transformer.forward`.
    """
    whole = net.shape.context
    half = whole // 2
    begun = torch.cat([text.new_zeros(1), text])  # a line break before the first symbol
    starts = range(0, max(1, len(text) - half), half)
    rows = [begun[start : start + whole + 1] for start in starts]
    total = losses(net, rows[0][None], keep)[:, :half].sum()
    for at in range(0, len(rows) - 1, batch):
        group = torch.stack(rows[:-1][at : at + batch])
        total = total + losses(net, group, keep)[:, half:].sum()
    last = losses(net, rows[-1][None], keep)
    return (total + last[:, half:].sum()).item() / len(text) / log(2)


def losses(net: Transformer, rows: Tensor, keep: Tensor | None = None) -> Tensor:
    """Nats of each symbol but the first of texts (batch, places + 1): (batch, places)."""
    logits = net(rows[:, :-1], keep).transpose(1, 2)
    return functional.cross_entropy(logits, rows[:, 1:], reduction="none")
