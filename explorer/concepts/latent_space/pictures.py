"""Small pictures to choose by, painted by `python -m explorer.concepts.latent_space.pictures`.

Those of the data sets are stored, so that a page opens without loading every set.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.concepts.latent_space.arithmetic import choices
from explorer.concepts.latent_space.config import DATASETS
from explorer.concepts.latent_space.reference import CHOICES, dataset, jury

FOLDER = Path(__file__).parents[3] / "assets" / "latent_space"


@lru_cache(maxsize=1)
def datasets() -> dict[str, Image.Image]:
    """A picture of each data set; mode "L" is ink, everything else is colour."""
    return {name: Image.open(FOLDER / f"{name}.png").copy() for name in DATASETS}


@lru_cache(maxsize=8)
def walkable(name: str) -> dict[str, Image.Image]:
    """The test images that a walk may start from, by number."""
    return _pictures(dataset(name).pixels(jury(name).images[:CHOICES]))


@lru_cache(maxsize=8)
def addable(name: str) -> dict[str, Image.Image]:
    """The images whose codes may be changed, by number."""
    return _pictures(dataset(name).pixels(choices(name)[0]))


@lru_cache(maxsize=8)
def labels(name: str) -> dict[str, str]:
    """What the images of `walkable` show, by number."""
    classes = dataset(name).classes
    return {str(i): classes[int(label)] for i, label in enumerate(jury(name).labels[:CHOICES])}


def numbers() -> dict[str, str]:
    """Labels of images that have no better name."""
    return {str(i): str(i + 1) for i in range(CHOICES)}


def montage(name: str) -> Image.Image:
    """Four test images of a data set."""
    tiles = dataset(name).pixels(jury(name).shown[[1, 3, 4, 8]])
    rows = [np.concatenate(list(tiles[i : i + 2]), axis=1) for i in (0, 2)]
    return Image.fromarray(np.concatenate(rows))


def _pictures(pixels: np.ndarray) -> dict[str, Image.Image]:
    return {str(i): Image.fromarray(image) for i, image in enumerate(pixels)}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DATASETS:
        montage(each).save(FOLDER / f"{each}.png", optimize=True)
