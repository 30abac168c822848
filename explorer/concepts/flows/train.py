"""Maximum-likelihood training of a flow of points of the plane; of images in `train_images`."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer.concepts.flows import train_images
from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Flow, log_normal
from explorer.concepts.flows.grid import refined
from explorer.concepts.flows.measure import Scores, gap, support_level, total_mass
from explorer.concepts.flows.model import ImageModel, PlaneModel, untrained
from explorer.concepts.flows.train_images import ImageSnapshot
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.plane_view import VIEW
from explorer.config import frame_steps
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.optim import Adam, cosine
from explorer.scene import plane_grid

FRAMES = 50
POINTS, CELLS = 256, 44  # in a frame: points, cells along a side of a field
HELD_OUT, FINAL_POINTS = 1024, 10_000  # held-out points that score a frame, and the end
LOWEST = -9.0  # log-densities are cut off there


@dataclass(frozen=True, eq=False)
class Fixed:
    """What stays the same during a run."""

    real: np.ndarray  # (POINTS, 2)
    classes: np.ndarray  # (POINTS,) int
    density: np.ndarray  # (CELLS, CELLS) exact
    log_density: np.ndarray  # (CELLS, CELLS) exact, cut off below
    peak: float  # the 95 % quantile of the exact density where data are
    normal_gap: float  # gap of a standard normal, with which training starts


@dataclass(frozen=True, eq=False)
class PlaneSnapshot:
    """What the flow does to the plane after `step` training steps."""

    step: int
    config: Config
    fixed: Fixed
    as_noise: np.ndarray  # (POINTS, 2) the real points, transformed to noise
    samples: np.ndarray  # (POINTS, 2) fixed points of noise, transformed to data
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise, transformed to data
    density: np.ndarray  # (CELLS, CELLS) learnt
    log_density: np.ndarray  # (CELLS, CELLS) learnt, cut off below
    log_det: np.ndarray  # (CELLS, CELLS) log-determinant of the whole flow
    scores: Scores


Snapshot = PlaneSnapshot | ImageSnapshot


class Evaluation:
    """The held-out points of a run, their exact density, and how a flow compares."""

    def __init__(self, config: Config) -> None:
        rng = generator(config.seed + 1)
        self.config, self.dist = config, plane.get(config.dataset)
        self.real, classes = self.dist.sample_labelled(POINTS, rng)
        self.held_out = self.dist.sample(FINAL_POINTS, rng)
        self.noise = torch.randn(FINAL_POINTS, 2, generator=rng)
        self.cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
        self.level = support_level(self.dist, self.held_out)
        logs = self.dist.log_density(self.cells).reshape(CELLS, CELLS)
        self.exact = self.dist.log_density(self.held_out)
        self.fixed = Fixed(
            real=freeze(self.real),
            classes=freeze(classes),
            density=freeze(logs.exp()),
            log_density=freeze(logs.clamp(min=LOWEST)),
            peak=self.exact.quantile(0.95).exp().item(),
            normal_gap=gap(self.exact, log_normal(self.held_out)),
        )

    @torch.no_grad()
    def snapshot(self, step: int, flow: Flow) -> PlaneSnapshot:
        """What a flow does by now."""
        last = step == self.config.steps
        held_out = self.held_out if last else self.held_out[:HELD_OUT]
        noise = self.noise if last else self.noise[:POINTS]
        x = torch.cat([self.real, held_out, self.cells])
        z, log_det = x, torch.zeros(len(x))
        for layer in flow.forward_steps(x):
            z, log_det = layer.x, log_det + layer.log_det
        logs = log_det + log_normal(z)
        _, own, field = logs.split([len(self.real), len(held_out), len(self.cells)])
        field = field.reshape(CELLS, CELLS)
        finite(own.mean().item(), step)
        samples = flow.inverse(noise)
        grid, transformed = refined(flow.inverse)
        outside = (self.dist.log_density(samples) < self.level).double().mean().item()
        return PlaneSnapshot(
            step=step,
            config=self.config,
            fixed=self.fixed,
            as_noise=freeze(z[: len(self.real)]),
            samples=freeze(samples[:POINTS]),
            mesh=grid.drawn(transformed),
            density=freeze(field.exp()),
            log_density=freeze(field.clamp(min=LOWEST)),
            log_det=freeze(log_det[-len(self.cells) :].reshape(CELLS, CELLS)),
            scores=Scores(
                gap(self.exact[: len(own)], own),
                outside,
                len(samples),
                total_mass(flow) if last else None,
            ),
        )


def train(config: Config) -> Generator[Snapshot, None, PlaneModel | ImageModel]:
    """Train a flow of points or of images."""
    if config.of_images:
        return (yield from train_images.train(config))
    return (yield from _train(config))


def _train(config: Config) -> Generator[PlaneSnapshot, None, PlaneModel]:
    rng = generator(config.seed)
    flow = untrained(config, 2, rng)
    optimizer = Adam(flow.parameters(), config.learning_rate)
    evaluation, frames = Evaluation(config), set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in frames:
            yield evaluation.snapshot(step, flow)
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate)
            x = evaluation.dist.sample(config.batch, rng)
            optimizer.descend(-flow.log_density(x).mean())
    return PlaneModel(config, flow)
