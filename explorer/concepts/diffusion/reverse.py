"""The reverse process (sampling): from pure noise to data, noise level by noise level.

In the plane the exact density of the noised data is known at every noise level, and so is how far
the samples are from where those of the exact score would be.
"""

from collections.abc import Generator
from dataclasses import dataclass
from statistics import mean

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.diffusion.config import SCHEDULE_LABELS
from explorer.concepts.diffusion.measure import DIRECTIONS, Scores, coverage
from explorer.concepts.diffusion.measure_images import ImageScores, metrics
from explorer.concepts.diffusion.model import ImageModel, PlaneModel, classes_in_turn
from explorer.concepts.diffusion.samplers import (
    SAMPLERS,
    Denoise,
    State,
    clipped,
    pure_noise,
    reverse_process,
)
from explorer.concepts.diffusion.schedules import SCHEDULES, Schedule
from explorer.concepts.shared.image_grid import SHOWN, nearest
from explorer.concepts.shared.plane_view import VIEW, in_reach, resolution
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid
from explorer.truth.distances import projections, slices, sorted_distance
from explorer.truth.floors import Floor, noise_floor

POINTS, TRAJECTORIES, ARROWS, CELLS = 500, 16, 13, 40
IMAGES = 200  # images that are generated; some of them are shown
BOX = {"plane": 3.0, "digits": 3.0, "mnist": 4.0}  # no data lie outside +- this
LABELS = {-1: "all in turn"} | {n: str(n) for n in range(10)}


@dataclass(frozen=True)
class ReverseConfig:
    """How to sample: the sampler, its steps, class and guidance, clipping of the estimate."""

    sampler: str = c.choice("heun", SAMPLERS)
    schedule: str = c.choice("karras", SCHEDULE_LABELS)  # flow matching: always the straight path
    steps: int = c.integer(25, 1, 100)
    eta: float = c.number(0.0, 0.0, 1.0, 0.1)  # fresh noise in DDIM: 0 none, 1 as much as DDPM
    guidance: float = c.number(1.75, 0.0, 12.0, 0.25)  # only for images
    label: int = c.choice(-1, LABELS)  # the class of the images
    clip_denoised: bool = c.flag(False)  # clip the denoised estimate to the box of the data
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def path(self) -> Schedule:
        """The schedule whose noise levels are visited."""
        return SCHEDULES["straight" if self.sampler == "flow" else self.schedule]


@dataclass(frozen=True, eq=False)
class ReverseSnapshot:
    """A state of the reverse process. `step` counts the steps that were taken."""

    step: int
    config: ReverseConfig
    noise_level: float
    noise_levels: np.ndarray  # (steps + 1, 2) step and noise level
    evaluations: int  # of the network, for each sample


@dataclass(frozen=True, eq=False)
class PlaneReverseSnapshot(ReverseSnapshot):
    """Points x_t, in the schedule's form (an exploding one scaled to unit variance)."""

    x: np.ndarray  # (POINTS, 2)
    denoised: np.ndarray  # (POINTS, 2) where each would be if all noise were removed at once
    real: np.ndarray  # (POINTS, 2)
    moves: np.ndarray  # (TRAJECTORIES, 2, 2) of some points, from the state before to this one
    grid: np.ndarray  # (ARROWS^2, 2)
    learnt: np.ndarray  # (ARROWS^2, 2) score: a third of the way to the denoised estimate
    exact: np.ndarray  # (ARROWS^2, 2)
    density: np.ndarray  # (CELLS, CELLS) exact, of the data at this noise level
    distance: float  # to the exact noised data
    perfect: float  # the distance that as many exact samples have
    has_modes: bool
    scores: Scores | None = None  # at the end


@dataclass(frozen=True, eq=False)
class ImageReverseSnapshot(ReverseSnapshot):
    """Images x_t; pixels are uint8 (n, h, w)."""

    x: np.ndarray  # scaled to unit variance
    denoised: np.ndarray
    dataset: str
    in_latent_space: bool  # whether latent codes are denoised, not pixels
    accuracy: float  # share of denoised estimates classified as the class asked for
    real_accuracy: float  # of the classifier on real images
    nearest: np.ndarray  # at the end, the training image nearest to each sample
    scores: ImageScores | None = None  # at the end


def reverse(
    config: ReverseConfig, model: PlaneModel | ImageModel
) -> Generator[ReverseSnapshot, None, None]:
    """Sample with a trained model."""
    if isinstance(model, ImageModel):
        yield from _images(config, model)
    else:
        yield from _points(config, model)


def _states(config: ReverseConfig, denoise: Denoise, shape: tuple[int, int]) -> Generator[State]:
    rng, path = generator(config.seed), config.path
    x = pure_noise(shape, path, rng)
    states = reverse_process(denoise, x, path, config.steps, config.sampler, config.eta, rng)
    for state in states:
        if not state.x.isfinite().all():
            raise FloatingPointError(
                f"The reverse process diverged at noise level {state.noise_level:.3g}: its numbers "
                "overflowed. Clip the denoised estimate, or take more steps."
            )
        yield state


def _noise_levels(config: ReverseConfig) -> np.ndarray:
    levels = config.path.noise_levels(config.steps)
    return frozen(np.stack([np.arange(len(levels)), levels], 1).astype(np.float32))


def _points(
    config: ReverseConfig, model: PlaneModel
) -> Generator[PlaneReverseSnapshot, None, None]:
    name, path = model.config.dataset, config.path
    dist, box = plane.get(name), BOX["plane"]
    denoise: Denoise = clipped(model.denoise, box) if config.clip_denoised else model.denoise
    rng, u, levels = generator(config.seed + 1), slices(2, DIRECTIONS), _noise_levels(config)
    grid = torch.from_numpy(plane_grid(VIEW, VIEW, ARROWS))
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    shown_grid, real = freeze(grid), freeze(dist.sample(POINTS, rng))
    before: Tensor | None = None
    for step, state in enumerate(_states(config, denoise, (POINTS, 2))):
        sigma = state.noise_level
        alpha = path.alpha(sigma)
        there = dist.noised(alpha, alpha * sigma) if sigma else dist
        shade = dist.noised(alpha, max(alpha * sigma, resolution(CELLS)))
        sets = [projections(there.sample(POINTS, rng), u) for _ in range(4)]
        x = in_reach(alpha * state.x)
        learnt, exact = torch.zeros_like(grid), torch.zeros_like(grid)
        if sigma:
            learnt = (alpha * denoise(grid / alpha, sigma) - grid) / 3
            exact = (alpha * sigma) ** 2 * there.score(grid) / 3
        own, some = projections(x, u), x[:TRAJECTORIES]
        distance = mean([sorted_distance(own, other) for other in sets])
        yield PlaneReverseSnapshot(
            step=step,
            config=config,
            noise_level=sigma,
            noise_levels=levels,
            evaluations=state.evaluations,
            x=freeze(x),
            denoised=freeze(in_reach(state.denoised)),
            real=real,
            moves=freeze(torch.stack([some if before is None else before, some], 1)),
            grid=shown_grid,
            learnt=freeze(learnt),
            exact=freeze(exact),
            density=freeze(shade.log_density(cells).exp().reshape(CELLS, CELLS)),
            distance=distance,
            perfect=mean([sorted_distance(a, b) for a in sets for b in sets if a is not b]),
            has_modes=dist.modes is not None,
            scores=None if sigma else coverage(name, dist, x, distance, _floor(name)),
        )
        before = some


def _floor(name: str) -> Floor:
    return noise_floor("sliced_wasserstein", name, POINTS, None, DIRECTIONS)


def _images(
    config: ReverseConfig, model: ImageModel
) -> Generator[ImageReverseSnapshot, None, None]:
    name, chosen = model.config.dataset, model.images
    measured, shown = metrics(name), SHOWN[name]
    label = classes_in_turn(IMAGES) if config.label < 0 else torch.full((IMAGES,), config.label)
    denoise, levels = model.guided(label, config.guidance), _noise_levels(config)
    if config.clip_denoised:
        denoise = clipped(denoise, BOX[name])
    for step, state in enumerate(_states(config, denoise, (IMAGES, model.space.dim))):
        denoised = model.decode(state.denoised)
        ended = state.noise_level == 0
        near = nearest(denoised[:shown], chosen.train) if ended else denoised[:0]
        alpha = SCHEDULES["karras"].alpha(state.noise_level)
        right = measured.classifier.predict(denoised) == label
        yield ImageReverseSnapshot(
            step=step,
            config=config,
            noise_level=state.noise_level,
            noise_levels=levels,
            evaluations=state.evaluations,
            x=frozen(chosen.pixels(model.decode(alpha * state.x[:shown]))),
            denoised=frozen(chosen.pixels(denoised[:shown])),
            dataset=name,
            in_latent_space=model.in_latent_space,
            accuracy=right.double().mean().item(),
            real_accuracy=measured.classifier.accuracy,
            nearest=frozen(chosen.pixels(near)),
            scores=measured.scores(denoised, label) if ended else None,
        )
