"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable
from math import exp, nan
from statistics import median
from typing import Any

import numpy as np
import torch

from explorer.concepts.flows.config import Config
from explorer.concepts.flows.measure import OUTSIDE
from explorer.data import plane
from explorer.experiment import Measures, Outcome
from explorer.nets import generator

NOISE = 1000  # points of noise that are followed


def score(name: str) -> Callable[[Outcome], float]:
    """A score of points; of images there is none."""
    return lambda run: getattr(getattr(run.last, "scores", None), name, nan)


def of_images(name: str) -> Callable[[Outcome], float]:
    """A figure of images; of points there is none."""
    return lambda run: getattr(run.last, name, nan)


def untouched_coordinates(run: Outcome) -> float:
    """How many coordinates of the samples are, point by point, those of the noise."""
    if run.config.of_images:
        return nan
    noise = torch.randn(NOISE, 2, generator=generator(run.config.seed))
    with torch.no_grad():
        moved = (run.model.flow.inverse(noise) - noise).abs().amax(0)
    return float((moved < 1e-4).sum())


def bridge(run: Outcome) -> float:
    """The learnt density halfway between a mode and its nearest neighbour, over that at both
    modes: the median of all modes."""
    modes = None if run.config.of_images else plane.get(run.config.dataset).modes
    if modes is None:
        return nan
    apart = torch.cdist(modes, modes) + 1e9 * torch.eye(len(modes))
    others = modes[apart.argmin(1)]
    with torch.no_grad():
        logs = run.model.flow.log_density(torch.cat([(modes + others) / 2, modes, others]))
    between, here, there = logs.view(3, -1)
    return median((between - (here + there) / 2).exp().tolist())


def spread(run: Outcome) -> float:
    """How far the ends of the trajectories lie from the mean of the data (root mean square), by
    how far the data do."""
    data = plane.get(run.before.config.dataset).sample(5000, generator(2024)).numpy()
    gaps = [((each - data.mean(0)) ** 2).sum(1).mean() for each in (run.last.x, data)]
    return float(np.sqrt(gaps[0] / gaps[1]))


def shared(config: Config) -> dict[str, Any]:
    """What the page gives to flow matching: it is of points only."""
    return {"dataset": "moons" if config.of_images else config.dataset, "seed": config.seed}


TRAINING: Measures = {
    "gap": score("gap"),  # nats to the exact density
    "outside": score("outside"),  # share of samples outside the data
    "outside_of_real_points": lambda run: OUTSIDE,
    "mass": score("mass"),
    "untouched_coordinates": untouched_coordinates,
    "bridge": bridge,
    "bits": of_images("bits"),  # a pixel, of held-out images
    "bits_of_training_images": of_images("train_bits"),
    "bits_of_independent_pixels": of_images("independent_bits"),
    "distance_to_training_images": of_images("novelty"),
    "highest_of_real_images": lambda run: (getattr(run.last, "novelty_floor", None) or (nan, nan))[
        1
    ],
}
POINT: Measures = {
    "density": lambda run: exp(run.last.learnt),  # by the sum of all terms
    "exact_density": lambda run: exp(run.last.exact),
}
MATCHING: Measures = {
    "distance": lambda run: run.last.distance / run.last.fixed.floor.mean,
    "loss": lambda run: run.last.loss,
    "loss_of_the_exact_velocity": lambda run: run.last.fixed.best_loss,
}
TRAJECTORY: Measures = {
    "length": lambda run: run.last.length,  # 1: straight lines
    "error_of_the_steps": lambda run: run.last.error,
    "gap": lambda run: run.last.density.gap,
    "spread": spread,  # 0: at the mean of the data, 1: as the data
}
