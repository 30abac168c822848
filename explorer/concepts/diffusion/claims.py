"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np

from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.edit import editing, example
from explorer.concepts.diffusion.measure import Scores
from explorer.concepts.diffusion.measure_images import ImageScores
from explorer.data import plane
from explorer.experiment import Measures, Outcome
from explorer.nets import generator


def in_floors(run: Outcome) -> float:
    """Distance to the data, in units of what as many real points score."""
    scores = run.last.scores
    return scores.distance / scores.distance_floor.mean if isinstance(scores, Scores) else nan


def high_quality(run: Outcome) -> float:
    scores = run.last.scores
    known = isinstance(scores, Scores) and scores.high_quality is not None
    return scores.high_quality if known else nan


def modes(run: Outcome) -> float:
    scores = run.last.scores
    known = isinstance(scores, Scores) and scores.modes is not None
    return scores.modes if known else nan


def of_images(name: str, floor: int = -1) -> Callable[[Outcome], float]:
    """A score of images; with `floor`, the lower (0) or upper (1) end of its noise floor."""

    def measured(run: Outcome) -> float:
        scores = run.last.scores
        value = getattr(scores, name) if isinstance(scores, ImageScores) else None
        return nan if value is None else value if floor < 0 else value[floor]

    return measured


def from_the_mean(run: Outcome) -> float:
    """How far samples lie from the mean of the data (root mean square), by that of the data."""
    x = plane.get(run.before.config.dataset).sample(5000, generator(2024)).numpy()
    gaps = [((each - x.mean(0)) ** 2).sum(1).mean() for each in (run.last.x, x)]
    return float(np.sqrt(gaps[0] / gaps[1]))


def exact_loss(run: Outcome) -> float:
    """The loss of the exact denoiser on the held-out points; of images, it is not known."""
    fixed = getattr(run.last, "fixed", None)
    return fixed.best_loss if fixed else nan


def drawn(config: Config) -> dict[str, Any]:
    """What the page gives to the editing when nobody has drawn: an image of the data."""
    picture = {"drawing": editing(example(config.dataset))} if config.of_images else {}
    return {"seed": config.seed, **picture}


IMAGES: Measures = {
    "class_accuracy": of_images("accuracy"),
    "coverage": of_images("coverage"),
    "novelty": of_images("novelty"),  # 1: as far from the training images as held-out ones
    "lowest_novelty_of_new_images": of_images("novelty_floor", 0),
}
TRAINING: Measures = {
    **IMAGES,
    "modes": modes,
    "high_quality": high_quality,
    "distance": in_floors,
    "score_error": lambda run: getattr(run.last, "score_error", nan),  # relative, squared
    "loss": lambda run: run.last.loss,
    "loss_of_the_exact_denoiser": exact_loss,
    "loss_if_memorised": lambda run: getattr(run.last, "memorised_loss", nan),
}
REVERSE: Measures = {
    **IMAGES,
    "modes": modes,
    "high_quality": high_quality,
    "distance": in_floors,
    "from_the_mean": lambda run: nan if run.before.config.of_images else from_the_mean(run),
}
EDITING: Measures = {
    "change": lambda run: run.last.change,  # of the known pixels, 0 to 1
    "change_by_the_autoencoder": lambda run: run.last.least_change,
    "classes": lambda run: len(set(run.last.classes)),
}
