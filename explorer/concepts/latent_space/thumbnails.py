"""Small pictures to choose by, painted by `python -m explorer.concepts.latent_space.thumbnails`.

Those of the data sets are stored, so that a page opens without loading every set.
"""

from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image

from explorer.concepts.latent_space import arithmetic
from explorer.concepts.latent_space.config import DATASETS
from explorer.concepts.latent_space.measure import CHOICES, dataset, evaluation_subset

FOLDER = Path(__file__).parents[3] / "assets" / "latent_space"
Pictures: TypeAlias = dict[str, dict[str, Image.Image]]  # field -> value -> picture
Labels: TypeAlias = dict[str, dict[str, str]]  # field -> value -> label
FIELDS = ("first", "second", "third", "fourth", "image")
IMAGES = {str(i): f"image {i + 1}" for i in range(CHOICES)}


@lru_cache(maxsize=1)
def datasets() -> dict[str, Image.Image]:
    """A picture of each data set; mode "L" is ink, everything else is colour."""
    return {name: Image.open(FOLDER / f"{name}.png").copy() for name in DATASETS}


@lru_cache(maxsize=8)
def controls(name: str, experiment: str) -> tuple[Pictures, Labels]:
    """Pictures and labels of the fields that choose an image, and labels of the attributes."""
    subset, classes = evaluation_subset(name), dataset(name).classes
    x = subset.images[:CHOICES]
    labels = {str(i): classes[k] for i, k in enumerate(subset.labels[:CHOICES])}
    if experiment == "arithmetic" and name == "faces":
        x, labels = arithmetic.choices(name)[0], IMAGES
    pictures = {str(i): Image.fromarray(each) for i, each in enumerate(dataset(name).pixels(x))}
    towards = "" if name == "faces" else "towards "
    attributes = {str(i): towards + each for i, each in enumerate(arithmetic.labels(name))}
    by_field = dict.fromkeys(FIELDS, labels) | {"attribute": attributes}
    return dict.fromkeys(FIELDS, pictures), by_field


def montage(name: str) -> Image.Image:
    """Four test images of a data set."""
    tiles = evaluation_subset(name).pixels[[1, 3, 4, 8]]
    rows = [np.concatenate(list(tiles[i : i + 2]), axis=1) for i in (0, 2)]
    return Image.fromarray(np.concatenate(rows))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DATASETS:
        montage(each).save(FOLDER / f"{each}.png", optimize=True)
