"""Learning to bend the plane until data become noise, where the exact density is known.

Nothing but the likelihood is trained: the mean of log p over fresh points is raised, and how far it
stays below that of the exact density is the Kullback-Leibler divergence, in nats.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.plane import EMPTY, VIEW, finite, grown
from explorer.concepts.flows import build
from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Flow
from explorer.concepts.flows.grid import refined
from explorer.config import frame_steps
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, cosine
from explorer.scene import plane_grid
from explorer.truth.plane import integral

FRAMES = 50
POINTS, CELLS = 256, 44  # in a frame: points, cells along a side of a field
KEPT, EXAM = 1024, 10_000  # points kept aside that judge a frame, and the end
MASS = 200  # cells along a side of the quadrature of the total mass
OUTSIDE = 0.002  # share of real points that counts as lying off the data


class PlaneModel:
    """A trained flow of points."""

    def __init__(self, config: Config, flow: Flow) -> None:
        self.config, self.flow = config, flow

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for x (n, 2)."""
        return self.flow.log_density(x)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n new points (n, 2)."""
        return freeze(self.flow.made_of(torch.randn(n, 2, generator=generator(seed))))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights, a checkpoint."""
        return weights(self.flow)


@dataclass(frozen=True, eq=False)
class Fixed:
    """What stays the same during a run."""

    real: np.ndarray  # (POINTS, 2)
    classes: np.ndarray  # (POINTS,) int
    density: np.ndarray  # (CELLS, CELLS) exact
    log_density: np.ndarray  # (CELLS, CELLS) exact, cut off below
    peak: float  # the 99 % quantile of the exact density where data are


@dataclass(frozen=True)
class Marks:
    """How good the flow is; a perfect one has gap 0, mass 1 and OUTSIDE of its points off."""

    gap: float  # nats: mean of exact minus learnt log-density over real points kept aside
    stray: float  # share of made-up points where hardly any real point lies
    judged: int  # made-up points that were judged
    mass: float | None = None  # integral of the learnt density; at the end


@dataclass(frozen=True, eq=False)
class PlaneSnapshot:
    """How the plane is bent after `step` updates."""

    step: int
    config: Config
    fixed: Fixed
    as_noise: np.ndarray  # (POINTS, 2) where the real points go
    samples: np.ndarray  # (POINTS, 2) where fixed points of noise go
    mesh: np.ndarray  # (n, 2) the lines of the grid of noise, carried to the data
    density: np.ndarray  # (CELLS, CELLS) learnt
    log_density: np.ndarray  # (CELLS, CELLS) learnt, cut off below
    stretch: np.ndarray  # (CELLS, CELLS) log-determinant of the whole way to noise
    gaps: np.ndarray  # (frames so far, 2) step and gap
    marks: Marks


LOWEST = -9.0  # log-densities are cut off there


class Judge:
    """Everything about a data set that stays the same during a run, and the marks it gives."""

    def __init__(self, config: Config) -> None:
        rng = generator(config.seed + 1)
        self.config, self.dist = config, plane.get(config.dataset)
        self.real, classes = self.dist.sample_labelled(POINTS, rng)
        self.kept = self.dist.sample(EXAM, rng)
        self.noise = torch.randn(EXAM, 2, generator=rng)
        self.cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
        self.level = off_level(self.dist, self.kept)
        logs = self.dist.log_density(self.cells).reshape(CELLS, CELLS)
        self.exact = self.dist.log_density(self.kept)
        self.fixed = Fixed(
            real=freeze(self.real),
            classes=freeze(classes),
            density=freeze(logs.exp()),
            log_density=freeze(logs.clamp(min=LOWEST)),
            peak=self.exact.quantile(0.95).exp().item(),
        )

    def marks(self, flow: Flow, logs: Tensor, samples: Tensor, exam: bool) -> Marks:
        """The marks for learnt log-densities of the first of the kept points, and samples."""
        off = (self.dist.log_density(samples) < self.level).double().mean().item()
        gap = (self.exact[: len(logs)].double() - logs.double()).mean().item()
        mass = integral(lambda x: flow.log_density(x).exp(), n=MASS).value if exam else None
        return Marks(gap, off, len(samples), mass)


def off_level(dist: Distribution, real: Tensor) -> float:
    """The log-density below which OUTSIDE of the real points lie."""
    return dist.log_density(real).quantile(OUTSIDE).item() - 1e-4


@torch.no_grad()
def look(step: int, flow: Flow, judge: Judge, before: PlaneSnapshot | None) -> PlaneSnapshot:
    """How the plane is bent now."""
    exam = step == judge.config.steps
    kept = judge.kept if exam else judge.kept[:KEPT]
    made = judge.noise if exam else judge.noise[:POINTS]
    asked = torch.cat([judge.real, kept, judge.cells])
    z, total = asked, torch.zeros(len(asked))
    for layer in flow.to_noise(asked):
        z, total = layer.x, total + layer.log_det
    logs = total - 0.5 * (z * z).sum(1) - float(np.log(2 * np.pi))
    _, own, field = logs.split([len(judge.real), len(kept), len(judge.cells)])
    field = field.reshape(CELLS, CELLS)
    finite(own.mean().item(), step)
    samples = flow.made_of(made)
    grid, bent = refined(flow.made_of)
    marks = judge.marks(flow, own, samples, exam)
    return PlaneSnapshot(
        step=step,
        config=judge.config,
        fixed=judge.fixed,
        as_noise=freeze(z[: len(judge.real)]),
        samples=freeze(samples[:POINTS]),
        mesh=grid.drawn(bent),
        density=freeze(field.exp()),
        log_density=freeze(field.clamp(min=LOWEST)),
        stretch=freeze(total[-len(judge.cells) :].reshape(CELLS, CELLS)),
        gaps=grown(before.gaps if before else EMPTY, step, marks.gap),
        marks=marks,
    )


def train(config: Config) -> Generator[PlaneSnapshot, None, PlaneModel]:
    """Raise the likelihood of points of the plane."""
    rng = generator(config.seed)
    flow = build.flow(config, 2, rng)
    optimizer = Adam(flow.parameters(), config.learning_rate)
    judge = Judge(config)
    frames = set(frame_steps(config.steps, FRAMES))
    snapshot: PlaneSnapshot | None = None
    for step in range(config.steps + 1):
        if step in frames:
            snapshot = look(step, flow, judge, snapshot)
            yield snapshot
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate)
            loss = -flow.log_density(judge.dist.sample(config.batch, rng)).mean()
            optimizer.descend(loss)
    return PlaneModel(config, flow)
