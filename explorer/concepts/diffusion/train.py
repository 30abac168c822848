"""Training a denoiser: of points of the plane here, of images in `train_images`."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion import train_images
from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.measure import (
    DIRECTIONS,
    Scores,
    exact_denoised,
    noised_points,
    scores,
)
from explorer.concepts.diffusion.model import ImageModel, PlaneModel
from explorer.concepts.diffusion.network import Denoiser
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.diffusion.samplers import few_step_sample, final, reverse_process
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.train_images import ImageSnapshot
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.noise_level_net import PlaneNet
from explorer.concepts.shared.plane_view import VIEW, in_reach
from explorer.config import frame_steps
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.optim import Adam, Average, cosine
from explorer.scene import contour, frozen, plane_grid

FRAMES = 72
SIGMA = 0.25  # the noise level at which the pictures show denoised estimates
POINTS, SAMPLES = 256, 200  # in a frame; all frames cost a seventh of the training
FEW_STEPS = (3.0, 0.03, 6)  # first and last noise level, and steps, of the samples in a frame
SIDE, CELLS = 26, 48  # cells along a side of the error map and of the exact density
FINAL_SAMPLES = 6000  # of the trained model: a lost mode of the ring is ten floors away


@dataclass(frozen=True, eq=False)
class Fixed:
    """What stays the same during a run."""

    real: np.ndarray  # (POINTS, 2)
    noised: np.ndarray  # (POINTS, 2) the same points at noise level SIGMA
    denoised: np.ndarray  # (POINTS, 2) the exact E[x0 | x]
    arrows_at: np.ndarray  # (SIDE^2 / 4, 2)
    exact_arrows: np.ndarray  # (SIDE^2 / 4, 2) sigma^2 times the exact score
    density: np.ndarray  # (CELLS, CELLS) exact, of the noised data
    outline: np.ndarray  # (n, 2) the line within which 99 % of the noised data lie
    best_loss: float  # of the exact denoiser: nothing can be expected below


@dataclass(frozen=True, eq=False)
class PlaneSnapshot:
    """What the network has learnt after `step` training steps, beside what is true."""

    step: int
    config: Config
    fixed: Fixed
    denoised: np.ndarray  # (POINTS, 2) the network's estimates for the noised points
    arrows: np.ndarray  # (SIDE^2 / 4, 2) sigma^2 times the learnt score
    error: np.ndarray  # (SIDE, SIDE) of the denoised estimate, in units of SIGMA
    samples: np.ndarray  # (SAMPLES, 2)
    scores: Scores  # of the samples; in the last snapshot of FINAL_SAMPLES samples
    loss: float  # on held-out noised points
    score_error: float  # relative squared error of the learnt score
    error_by_level: np.ndarray  # (levels, 2) noise level and relative squared error of the score


Snapshot = PlaneSnapshot | ImageSnapshot


class Evaluation:
    """The held-out points of a run, what is exactly true of them, and how a denoiser compares."""

    def __init__(self, config: Config) -> None:
        self.config, rng = config, generator(config.seed + 1)
        self.dist = plane.get(config.dataset)
        noised_dist = self.dist.noised(1, SIGMA)
        real = self.dist.sample(POINTS, rng)
        self.noised = real + SIGMA * torch.randn(real.shape, generator=rng)
        self.grid = torch.from_numpy(plane_grid(VIEW, VIEW, SIDE))
        self.exact = SIGMA**2 * noised_dist.score(self.grid)
        self.held_out, best_loss = self._held_out(rng)
        cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
        logs = noised_dist.log_density(cells).reshape(CELLS, CELLS)
        outline = noised_dist.log_density(self.noised).quantile(0.01).item()
        self.fixed = Fixed(
            real=freeze(real),
            noised=freeze(self.noised),
            denoised=freeze(exact_denoised(self.dist, self.noised, SIGMA)),
            arrows_at=freeze(every_other(self.grid)),
            exact_arrows=freeze(every_other(self.exact)),
            density=freeze(logs.exp()),
            outline=frozen(contour("outline", "truth", logs.numpy(), outline, VIEW, VIEW).xy),
            best_loss=best_loss,
        )
        self.noised_points = noised_points(self.dist, 48, rng)
        self.noise = torch.randn(FINAL_SAMPLES, 2, generator=rng)

    def _held_out(self, rng: torch.Generator) -> tuple[tuple[Tensor, Tensor, Tensor], float]:
        """Points, noise levels and noise that are never trained on; the exact denoiser's loss."""
        target = PARAMETERISATIONS[self.config.prediction].target
        levels = SCHEDULES[self.config.schedule].draw(16, rng)
        sigma = levels.repeat_interleave(16, dim=0)  # (256, 1)
        x0 = self.dist.sample(len(sigma), rng)
        eps = torch.randn(x0.shape, generator=rng)
        x = x0 + sigma * eps
        exact = [
            exact_denoised(self.dist, points, level)
            for points, level in zip(x.split(16), levels.flatten().tolist())
        ]
        error = target(torch.cat(exact), x, sigma) - target(x0, x, sigma)
        return (x0, sigma, eps), error.square().mean().item()

    @torch.no_grad()
    def snapshot(self, step: int, denoiser: Denoiser) -> PlaneSnapshot:
        """What a denoiser has learnt by now."""
        last, schedule = step == self.config.steps, SCHEDULES["karras"]
        loss = finite(denoiser.loss(*self.held_out).item(), step)
        if last:
            x = schedule.noise_levels(1)[0] * self.noise
            samples = final(reverse_process(denoiser, x, schedule, 25))
        else:
            samples = few_step_sample(denoiser, self.noise[:SAMPLES], *FEW_STEPS)
        samples = in_reach(samples)
        both = denoiser(torch.cat([self.noised, self.grid]), SIGMA)
        denoised, there = both.split([len(self.noised), len(self.grid)])
        learnt = there - self.grid
        error, by_level = self.noised_points.errors(denoiser)
        directions = 64 if last else DIRECTIONS
        return PlaneSnapshot(
            step=step,
            config=self.config,
            fixed=self.fixed,
            denoised=freeze(denoised),
            arrows=freeze(every_other(learnt)),
            error=freeze((learnt - self.exact).norm(dim=1).reshape(SIDE, SIDE) / SIGMA),
            samples=freeze(samples[:SAMPLES]),
            scores=scores(self.config.dataset, self.dist, samples, directions),
            loss=loss,
            score_error=error,
            error_by_level=by_level,
        )


def every_other(x: Tensor) -> Tensor:
    """Of vectors on the SIDE x SIDE grid, those of every other row and column."""
    return x.reshape(SIDE, SIDE, 2)[::2, ::2].reshape(-1, 2)


def train(config: Config) -> Generator[Snapshot, None, PlaneModel | ImageModel]:
    """Train a denoiser of points or of images; its weights are averaged (EMA)."""
    if config.of_images:
        return (yield from train_images.train(config))
    return (yield from _train(config))


def _train(config: Config) -> Generator[PlaneSnapshot, None, PlaneModel]:
    rng, schedule = generator(config.seed), SCHEDULES[config.schedule]
    size = config.hidden, config.fourier_features
    denoiser = Denoiser(PlaneNet(*size, rng), config.prediction)
    averaged = Denoiser(PlaneNet(*size, generator(config.seed)), config.prediction)
    optimizer = Adam(denoiser.parameters(), config.learning_rate)
    average = Average(optimizer)
    evaluation, frames = Evaluation(config), set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in frames:
            average.copy_to(averaged)
            yield evaluation.snapshot(step, averaged)
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate)
            x0 = evaluation.dist.sample(config.batch, rng)
            sigma = schedule.draw(config.batch, rng)
            eps = torch.randn(x0.shape, generator=rng)
            optimizer.descend(denoiser.loss(x0, sigma, eps))
            average.update()
    return PlaneModel(config, averaged)
