"""Unlimited small faces whose attributes are known, and no real person among them.

A face is composed from the layers of a pixel-art atlas, in a fixed order and from white:
out = out * (1 - alpha) + base + weight * colour. What is not an attribute (clothes, eyes, colours,
the cut of the hair) varies freely.

Layers: DiceBear "Pixel Art", https://www.dicebear.com/styles/pixel-art (CC0 1.0)
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

SHAPE = (16, 16, 3)
ATLAS = Path(__file__).parents[2] / "assets" / "data" / "pixel_faces_atlas.npz"
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "glasses": ("no glasses", "glasses"),
    "hat": ("no hat", "hat"),
    "hair": ("short", "long"),
    "mouth": ("sad", "happy"),
    "skin": tuple(f"tone {i}" for i in range(1, 9)),  # light to dark
}
# Each part: the attribute that chooses among its variants, and the variants of each value.
# Of the mouths only those that a person, too, would call sad or happy.
SAD = tuple(f"mouth/sad{i}" for i in ("01", "02", "03", "08", "09"))
HAPPY = tuple(f"mouth/happy{i}" for i in ("06", "07", "08", "09", "10", "11"))
PARTS: dict[str, tuple[str | None, tuple[tuple[str, ...], ...]]] = {
    "skin": (None, (("skin/",),)),
    "clothing": (None, (("clothing/",),)),
    "eyes": (None, (("eyes/",),)),
    "glasses": ("glasses", ((), ("glasses/dark",))),
    "mouth": ("mouth", (SAD, HAPPY)),
    "hair": ("hair", (("hair/short",), ("hair/long",))),
    "hat": ("hat", ((), ("hat/",))),
}
CHUNK = 1000  # faces composed at once: bounds the memory


def compose(attributes: Mapping[str, str] | None = None, seed: int = 0) -> np.ndarray:
    """One face (16, 16, 3) uint8 with the given attributes; `seed` chooses everything else.

    Attributes that are not given take their first value. ValueError for an unknown one. Two faces
    of one seed differ in nothing but their attributes.

    >>> compose({"hat": "hat", "mouth": "happy"}).shape
    (16, 16, 3)
    """
    values = []
    given = dict(attributes or {})
    for name, choices in ATTRIBUTES.items():
        value = given.pop(name, choices[0])
        if value not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}. Got {value!r} instead.")
        values.append(choices.index(value))
    if given:
        known = ", ".join(ATTRIBUTES)
        raise ValueError(f"attributes must be among {known}. Got {', '.join(given)} instead.")
    return composed(torch.tensor([values]), torch.Generator().manual_seed(seed))[0]


def labelled(n: int, rng: Generator) -> tuple[np.ndarray, Tensor]:
    """n random faces (n, 16, 16, 3) uint8 and the value of each attribute (n, 5) int64.

    The attributes are independent of each other and even, in the order of `ATTRIBUTES`.
    """
    columns = [torch.randint(len(c), (n,), generator=rng) for c in ATTRIBUTES.values()]
    values = torch.stack(columns, dim=1)
    return composed(values, rng), values


def composed(values: Tensor, rng: Generator) -> np.ndarray:
    """Faces (n, 16, 16, 3) uint8 with the attribute values (n, 5); `rng` chooses the rest."""
    n = len(values)
    rest = torch.rand(n, 2 * len(PARTS), generator=rng).numpy()  # a variant and a colour a part
    chosen = values.numpy()
    faces = np.empty((n, *SHAPE), np.uint8)
    for start in range(0, n, CHUNK):
        part = slice(start, start + CHUNK)
        faces[part] = _paint(chosen[part], rest[part])
    return faces


def _paint(values: np.ndarray, rest: np.ndarray) -> np.ndarray:
    layers, variants, palettes = _atlas()
    n, names = len(values), list(ATTRIBUTES)
    out = np.ones((n, *SHAPE), np.float32)
    for place, (part, (attribute, _)) in enumerate(PARTS.items()):
        value = values[:, names.index(attribute)] if attribute else np.zeros(n, np.int64)
        table, sizes = variants[part]
        layer = layers[table[value, (rest[:, 2 * place] * sizes[value]).astype(np.int64)]]
        palette = palettes[part]
        if part == "skin":
            tone = values[:, names.index("skin")]
        else:
            tone = (rest[:, 2 * place + 1] * len(palette)).astype(np.int64)
        base, weight, alpha = layer[..., :3], layer[..., 3:4], layer[..., 4:]
        out = out * (1 - alpha) + base + weight * palette[tone][:, None, None]
    return np.rint(255 * out.clip(0, 1)).astype(np.uint8)


@cache
def _atlas() -> tuple[np.ndarray, dict[str, tuple[np.ndarray, np.ndarray]], dict[str, np.ndarray]]:
    """Layers (141, 16, 16, 5), the last one empty; each part's layers by value; its palette."""
    with np.load(ATLAS) as file:
        names = [str(name) for name in file["names"]]
        layers = np.concatenate([file["layers"], np.zeros((1, 16, 16, 5), np.uint8)])
        palettes = {part: file[f"palette_{part}Color"].astype(np.float32) / 255 for part in PARTS}
    empty = [len(names)]
    variants = {}
    for part, (_, prefixes) in PARTS.items():
        rows = [
            [i for i, name in enumerate(names) if name.startswith(prefix)] or empty
            for prefix in prefixes
        ]
        sizes = np.array([len(row) for row in rows])
        table = np.array([row + [row[0]] * (max(sizes) - len(row)) for row in rows])
        variants[part] = table, sizes
    return layers.astype(np.float32) / 255, variants, palettes
