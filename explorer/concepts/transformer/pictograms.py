"""A small picture of each data set: where a perfect solution finds its answers; lines of a text."""

import numpy as np
import torch

from explorer.concepts.transformer.tasks import LENGTH, TASKS
from explorer.nets import generator

BLOCK = torch.arange(7)[None]  # that is repeated
QUESTION = torch.tensor([[7, 1, 5, 0, 6, 3, 2, 4]])


def pictograms() -> dict[str, np.ndarray]:
    """Grey levels (rows, columns) uint8 by data set."""
    found = {}
    for name, task in TASKS.items():
        rows = task.rows(QUESTION) if task.answer else BLOCK.repeat(1, 4)[:, :25]
        sources = task.sources(rows)[0].numpy()
        sources = sources[LENGTH:, :LENGTH] if task.answer else sources[:20, :20]
        found[name] = (255 * sources).astype(np.uint8)
    for name, seed, (least, most) in (("moby", 1, (16, 23)), ("names", 2, (6, 14))):
        page = np.zeros((24, 24), np.uint8)
        widths = torch.randint(least, most, (6,), generator=generator(seed))
        for line, width in enumerate(widths.tolist()):
            page[2 + 4 * line : 4 + 4 * line, 1 : 1 + width] = 255
        found[name] = page
    return found
