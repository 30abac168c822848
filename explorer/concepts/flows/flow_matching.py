r"""A continuous flow: a velocity that carries noise to data, trained by flow matching.

Straight lines x_t = (1 - t) x0 + t eps join data to noise. The network learns their mean velocity

    v(x, t) = E[eps - x0 | x_t = x],   by the loss  E | v(x_t, t) - (eps - x0) |^2.

The density changes along each trajectory (the instantaneous change of variables):

    dx/dt = v(x, t),    d/dt log p(x(t)) = -div v,    log p_0(x(0)) = log N(x(1)) + int_0^1 div v dt

In the plane the divergence is exact: two derivatives, no random trace estimate.

Chen et al. (2018), Neural ordinary differential equations, https://arxiv.org/abs/1806.07366
Lipman et al. (2023), Flow matching, https://arxiv.org/abs/2210.02747
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.flows.coupling import log_normal
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.noise_level_net import PlaneNet
from explorer.concepts.shared.plane_view import (
    VIEW,
    broken_line,
    framed,
    in_reach,
    pale_density,
    resolution,
    shortened,
)
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, Average, cosine
from explorer.scene import Arrows, Curve, Panel, Points, Reading, Scene, plane_grid
from explorer.truth.floors import Floor, reference

Velocity: TypeAlias = Callable[[Tensor, float], Tensor]  # x (n, 2), t -> (n, 2)
FIRST, LAST = 1e-3, 0.999  # times that are trained on; the rest is a thousandth of the way
FRAMES, POINTS, PAIRS, ARROWS, CELLS = 40, 200, 30, 13, 44
TIME, PACE = 0.5, 0.3  # of the arrows: when, and their length for each unit of velocity


@dataclass(frozen=True)
class FlowMatchingConfig:
    """A training run: data, size of the network, how long."""

    dataset: str = c.data("moons", plane.DATASETS, plane.check)
    fourier_features: int = c.integer(32, 0, 64, 8)
    hidden: int = c.integer(96, 4, 256, 4)
    learning_rate: float = c.number(5e-3, 1e-4, 1.0, log=True)
    batch: int = c.integer(288, 8, 512, 8)
    steps: int = c.steps(3000, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


class VelocityModel:
    """A trained velocity: what the other families promise, too."""

    def __init__(self, config: FlowMatchingConfig, network: PlaneNet) -> None:
        self.config, self.network = config, network

    def velocity(self, x: Tensor, t: Tensor | float) -> Tensor:
        """v(x, t), (n, 2), for x (n, 2) at one time or at times (n, 1)."""
        if not isinstance(t, Tensor):
            t = torch.full((len(x), 1), t, dtype=x.dtype)
        return self.network(x, (t / (1 - t)).log())

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n generated points (n, 2)."""
        return freeze(solve(self.velocity, noise(n, seed), 25))

    def log_density(self, x: Tensor, steps: int = 40) -> Tensor:
        """log p(x), (n,), for x (n, 2)."""
        return log_density(self.velocity, x, steps)

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights of the network."""
        return weights(self.network)


def exact(dist: Distribution) -> Velocity:
    """The velocity that a perfect network would have learnt, from the exact score."""

    def velocity(x: Tensor, t: float) -> Tensor:
        sigma, u = t / (1 - t), x / (1 - t)  # u = x0 + sigma eps
        denoised = u + sigma**2 * dist.noised(1, sigma).score(u)
        return (u - denoised) / sigma - denoised

    return velocity


def with_divergence(v: Velocity, x: Tensor, t: float) -> tuple[Tensor, Tensor]:
    """Velocity (n, 2) and its divergence (n,), by one derivative for each coordinate."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        velocity = v(x, t)
        parts = [
            torch.autograd.grad(velocity[:, i].sum(), x, retain_graph=i == 0)[0][:, i]
            for i in (0, 1)
        ]
    return velocity.detach(), parts[0] + parts[1]


@torch.no_grad()
def log_density(v: Velocity, x: Tensor, steps: int = 40, start: float = FIRST) -> Tensor:
    """log p_t(x) at time `start`, (n,), for x (n, 2): along each trajectory to noise, by Heun."""
    total = torch.zeros(len(x))
    for t, later in pairwise(times(steps, start, LAST)):
        dt = later - t
        here, divergence = with_divergence(v, x, t)
        there, divergence_there = with_divergence(v, x + dt * here, later)
        x = x + dt / 2 * (here + there)
        total = total + dt / 2 * (divergence + divergence_there)
    return total + log_normal(x)


def times(steps: int, start: float, end: float) -> list[float]:
    """Times from start to end, closer to each other towards both: there velocities change most."""
    angle = np.linspace(0, np.pi, steps + 1)
    return [float(t) for t in start + (end - start) * (1 - np.cos(angle)) / 2]


@torch.no_grad()
def solve(v: Velocity, z: Tensor, steps: int) -> Tensor:
    """Where noise z (n, 2) is carried, by Heun's method."""
    for t, sooner in pairwise(times(steps, LAST, FIRST)):
        here = v(z, t)
        z = z + (sooner - t) / 2 * (here + v(z + (sooner - t) * here, sooner))
    return z


def noise(n: int, seed: int) -> Tensor:
    """Standard normal points (n, 2)."""
    return torch.randn(n, 2, generator=generator(seed))


@dataclass(frozen=True, eq=False)
class Fixed:
    """What stays the same during a run."""

    real: np.ndarray  # (POINTS, 2)
    pairs: np.ndarray  # (PAIRS, 2, 2) straight lines from noise to data
    grid: np.ndarray  # (ARROWS^2, 2)
    exact: np.ndarray  # (ARROWS^2, 2) exact velocity towards data at time TIME, scaled
    density: np.ndarray  # (CELLS, CELLS) exact, at time TIME
    best_loss: float  # of the exact velocity
    floor: Floor  # of the distance of so many samples


@dataclass(frozen=True, eq=False)
class FlowMatchingSnapshot:
    """What the network has learnt after `step` training steps."""

    step: int
    config: FlowMatchingConfig
    fixed: Fixed
    learnt: np.ndarray  # (ARROWS^2, 2) learnt velocity towards data at time TIME, scaled
    samples: np.ndarray  # (POINTS, 2)
    loss: float  # on held-out lines
    distance: float  # of the samples to the data, sliced Wasserstein


class Evaluation:
    """The held-out lines of a run, the exact velocity, and how a network compares."""

    def __init__(self, config: FlowMatchingConfig) -> None:
        self.config, rng = config, generator(config.seed + 1)
        dist, velocity = plane.get(config.dataset), exact(plane.get(config.dataset))
        levels = FIRST + (LAST - FIRST) * torch.rand(16, 1, generator=rng)
        self.t = levels.repeat_interleave(16, dim=0)  # (256, 1)
        x0 = dist.sample(len(self.t), rng)
        eps = torch.randn(x0.shape, generator=rng)
        self.x, self.target = (1 - self.t) * x0 + self.t * eps, eps - x0
        best = [velocity(x, t) for x, t in zip(self.x.split(16), levels.flatten().tolist())]
        self.grid = torch.from_numpy(plane_grid(VIEW, VIEW, ARROWS))
        self.noise = torch.randn(POINTS, 2, generator=rng)
        self.reference = reference(config.dataset, POINTS, 32)
        there = dist.noised(1 - TIME, max(TIME, resolution(CELLS)))
        cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
        self.fixed = Fixed(
            real=freeze(dist.sample(POINTS, rng)),
            pairs=freeze(torch.stack([eps, x0], 1)[::8][:PAIRS]),
            grid=freeze(self.grid),
            exact=freeze(-PACE * velocity(self.grid, TIME)),
            density=freeze(there.log_density(cells).exp().reshape(CELLS, CELLS)),
            best_loss=(torch.cat(best) - self.target).square().mean().item(),
            floor=self.reference.floor,
        )

    @torch.no_grad()
    def snapshot(self, step: int, model: VelocityModel) -> FlowMatchingSnapshot:
        """What a network has learnt by now."""
        error = model.velocity(self.x, self.t) - self.target
        samples = in_reach(solve(model.velocity, self.noise, 10))
        return FlowMatchingSnapshot(
            step=step,
            config=self.config,
            fixed=self.fixed,
            learnt=freeze(-PACE * model.velocity(self.grid, TIME)),
            samples=freeze(samples),
            loss=finite(error.square().mean().item(), step),
            distance=self.reference.distance(samples),
        )


def match(config: FlowMatchingConfig) -> Generator[FlowMatchingSnapshot, None, VelocityModel]:
    """Train a velocity by flow matching; its weights are averaged (EMA)."""
    rng, dist = generator(config.seed), plane.get(config.dataset)
    network = PlaneNet(config.hidden, config.fourier_features, rng)
    averaged = PlaneNet(config.hidden, config.fourier_features, generator(config.seed))
    optimizer = Adam(network.parameters(), config.learning_rate)
    model, average = VelocityModel(config, network), Average(optimizer)
    evaluation, frames = Evaluation(config), set(c.frame_steps(config.steps, FRAMES))
    trained = VelocityModel(config, averaged)
    for step in range(config.steps + 1):
        if step in frames:
            average.copy_to(averaged)
            yield evaluation.snapshot(step, trained)
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate)
            x0 = dist.sample(config.batch, rng)
            t = FIRST + (LAST - FIRST) * torch.rand(config.batch, 1, generator=rng)
            eps = torch.randn(x0.shape, generator=rng)
            error = model.velocity((1 - t) * x0 + t * eps, t) - (eps - x0)
            optimizer.descend(error.square().mean())
            average.update()
    return trained


def flow_matching_scene(s: FlowMatchingSnapshot) -> Scene:
    """Training by flow matching."""
    steps = (0.0, float(s.config.steps))
    data = Points("training data", "real", s.fixed.real, size=1.5, opacity=0.35)
    panels = [
        Panel(
            "Lines from noise to data",
            [
                data,
                Curve("lines", "neutral", broken_line(s.fixed.pairs), width=1, label=""),
            ],
            caption="Random pairs of noise and data, joined: x_t = (1 − t) x₀ + t ε.",
        ),
        Panel(
            "Velocity halfway",
            [
                pale_density("exact density", s.fixed.density),
                Arrows("exact velocity", "truth", s.fixed.grid, shortened(s.fixed.exact)),
                Arrows("learnt velocity", "model", s.fixed.grid, shortened(s.learnt)),
            ],
            caption=f"At t = {TIME:g}, towards data: the mean over all lines through a place.",
        ),
        Panel(
            "Samples",
            [data, Points("samples", "model", s.samples, opacity=0.9, interpolated=True)],
            caption="Noise, carried along the learnt velocity.",
        ),
        Panel(
            "Loss",
            [
                Curve("network", "model", point(s.step, s.loss), grows=True),
                Curve("exact velocity", "truth", level(steps, s.fixed.best_loss)),
            ],
            "chart",
            xlim=steps,
            ylim=(0, 2.2),
            xlabel="training step",
            ylabel="mean squared error",
            caption="On held-out lines. Lines cross, so it cannot become zero.",
        ),
    ]
    reading = Reading(
        "distance to the data", s.distance, s.fixed.floor.interval, "as many fresh points",
        help="Sliced Wasserstein distance of the samples from the data.", usual=s.fixed.floor.mean,
    )  # fmt: skip
    sentence = f"Loss {s.loss:.2f}, that of the exact velocity is {s.fixed.best_loss:.2f}."
    return Scene(
        [framed(panel) for panel in panels],
        step=s.step,
        readings=[reading],
        sentence=sentence if s.step else "Untrained: the velocity leads nowhere yet.",
    )
