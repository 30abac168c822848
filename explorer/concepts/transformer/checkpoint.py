"""The text model that is shipped: its shape, its file and how good it is.

`benchmarks/transformer_checkpoint.py` trained it, with seed 0. On all held-out chapters it needs
1.977 bits per character (`benchmarks/transformer.py`).
"""

from pathlib import Path

import numpy as np
import torch

from explorer.concepts.shared.transformer import Shape, Transformer
from explorer.data.text import CASED
from explorer.nets import generator

FILE = Path(__file__).parents[3] / "assets" / "transformer" / "moby_dick.npz"
SHAPE = Shape(len(CASED), width=192, heads=6, layers=4, context=128)
# Bits of the best n-gram on the pieces on which runs are evaluated: Kneser-Ney of order 7 of the
# book, and of order 5 of the names.
NGRAM_PIECES = {"moby": 1.978, "names": 2.879}


def save(net: Transformer, file: Path) -> None:
    """Write the weights as plain arrays of 16 bits."""
    arrays = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    np.savez_compressed(file, **arrays)


def load() -> Transformer:
    """The shipped model, a fresh copy to be fine-tuned."""
    net = Transformer(SHAPE, generator(0))
    with np.load(FILE, allow_pickle=False) as archive:
        net.load_state_dict({n: torch.from_numpy(archive[n].astype(np.float32)) for n in archive})
    return net
