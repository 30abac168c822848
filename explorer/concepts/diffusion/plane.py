"""Learning to remove noise from points of the plane, where every right answer is known.

The data are a mixture of Gaussians (or squares), so the density of the noised data, its score and
the best possible guess E[x0 | x] = x + s^2 score(x) are exact at every noise strength s, and what
the network has learnt is compared with them while it learns.
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import isfinite

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.network import Denoiser, PlaneNet
from explorer.concepts.diffusion.samplers import Denoise, final, glance, start, walk
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.targets import TARGETS
from explorer.config import frame_steps
from explorer.data import plane
from explorer.data.plane import Distribution
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, Average, cosine
from explorer.scene import contour, frozen, plane_grid
from explorer.truth.distances import mode_coverage
from explorer.truth.floors import Floor, noise_floor, reference

FRAMES = 72
VIEW = (-2.5, 2.5)  # limits of every picture of the plane
SHOWN = 0.25  # the noise strength at which the pictures show what the network believes
POINTS, SAMPLES = 256, 200  # in a frame; all frames cost a seventh of the training
LOOK = (3.0, 0.03, 6)  # first and last strength, and steps, of the samples in a frame
SIDE, DENSITY = 26, 48  # cells along a side of the error map and of the exact density
LEVELS = np.geomspace(0.02, 5, 10)  # noise strengths at which the score is judged
DIRECTIONS = 32
FAR = 99.0
EXAM = 6000  # samples of the finished model: a lost mode of the ring is ten floors away
EMPTY = frozen(np.zeros((0, 2), np.float32))  # a curve before its first point


class PlaneModel:
    """A trained denoiser of points."""

    def __init__(self, config: Config, denoiser: Denoiser) -> None:
        self.config, self.denoiser = config, denoiser

    @torch.no_grad()
    def denoise(self, x: Tensor, s: Tensor | float) -> Tensor:
        """The guess E[x0 | x] for x = x0 + s eps, (n, 2)."""
        return self.denoiser(x, s)

    def sample(self, n: int, seed: int = 0, rungs: int = 25) -> np.ndarray:
        """n new points (n, 2), by Heun's method."""
        rng, schedule = generator(seed), SCHEDULES["karras"]
        x = start((n, 2), schedule, rng)
        return freeze(final(walk(self.denoise, x, schedule, rungs)))

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights, a checkpoint."""
        return weights(self.denoiser)


@dataclass(frozen=True, eq=False)
class Fixed:
    """What stays the same during a run."""

    real: np.ndarray  # (POINTS, 2)
    noised: np.ndarray  # (POINTS, 2) the same points under noise of strength SHOWN
    best_guess: np.ndarray  # (POINTS, 2) the exact E[x0 | x]
    arrows_at: np.ndarray  # (SIDE^2 / 4, 2)
    exact_arrows: np.ndarray  # (SIDE^2 / 4, 2) best guess minus place, which is s^2 score
    density: np.ndarray  # (DENSITY, DENSITY) exact, of the noised data
    edge: np.ndarray  # (n, 2) the line within which 99 % of the noised data lie
    best_loss: float  # of the exact denoiser: nothing can be expected below


@dataclass(frozen=True)
class Marks:
    """How good samples are, each figure with what a perfect model would get."""

    distance: float  # sliced Wasserstein-1 to fresh real points
    distance_floor: Floor
    high_quality: float | None = None  # share of samples on a mode, where there are modes
    high_quality_floor: Floor | None = None
    modes: int | None = None  # how many are covered
    of: int | None = None


@dataclass(frozen=True, eq=False)
class PlaneSnapshot:
    """What the network believes after `step` updates, beside what is true."""

    step: int
    config: Config
    fixed: Fixed
    guess: np.ndarray  # (POINTS, 2) the network's, for the noised points
    arrows: np.ndarray  # (SIDE^2 / 4, 2) guess minus place
    error: np.ndarray  # (SIDE, SIDE) how far the guess is from the best one, in units of SHOWN
    samples: np.ndarray  # (SAMPLES, 2)
    marks: Marks  # of the samples; in the last snapshot of EXAM samples
    losses: np.ndarray  # (frames so far, 2) step and loss on noised points kept aside
    level_errors: np.ndarray  # (levels, 2) strength and relative squared error of the score
    score_errors: np.ndarray  # (frames so far, 2) step and relative squared error of the score
    distances: np.ndarray  # (frames so far, 2) step and distance to the data, 1 for real points


class Judge:
    """Everything about a data set that stays the same during a run, and the marks it gives."""

    def __init__(self, config: Config) -> None:
        self.config, rng = config, generator(config.seed + 1)
        self.dist = plane.get(config.dataset)
        shown = self.dist.noised(1, SHOWN)
        real = self.dist.sample(POINTS, rng)
        self.noised = real + SHOWN * torch.randn(real.shape, generator=rng)
        self.places = torch.from_numpy(plane_grid(VIEW, VIEW, SIDE))
        self.pull = SHOWN**2 * shown.score(self.places)
        self.kept, best_loss = self._kept(rng)
        cells = torch.from_numpy(plane_grid(VIEW, VIEW, DENSITY))
        logs = shown.log_density(cells).reshape(DENSITY, DENSITY)
        edge = shown.log_density(self.noised).quantile(0.01).item()
        self.fixed = Fixed(
            real=freeze(real),
            noised=freeze(self.noised),
            best_guess=freeze(self.noised + SHOWN**2 * shown.score(self.noised)),
            arrows_at=freeze(every_other(self.places)),
            exact_arrows=freeze(every_other(self.pull)),
            density=freeze(logs.exp()),
            edge=frozen(contour("edge", "truth", logs.numpy(), edge, VIEW, VIEW).xy),
            best_loss=best_loss,
        )
        self.levels = levels(self.dist, 48, rng)
        self.noise = torch.randn(EXAM, 2, generator=rng)

    def _kept(self, rng: torch.Generator) -> tuple[tuple[Tensor, Tensor, Tensor], float]:
        """Points, strengths and noise that are never trained on, and the exact denoiser's loss."""
        target = TARGETS[self.config.objective]
        strengths = SCHEDULES[self.config.schedule].drawn(16, rng)
        s = strengths.repeat_interleave(16, dim=0)  # (256, 1)
        x0 = self.dist.sample(len(s), rng)
        eps = torch.randn(x0.shape, generator=rng)
        x = x0 + s * eps
        exact = [
            points + v**2 * self.dist.noised(1, v).score(points)
            for points, v in zip(x.split(16), strengths.flatten().tolist())
        ]
        gap = target.right_answer(torch.cat(exact), x, s) - target.right_answer(x0, x, s)
        return (x0, s, eps), gap.square().mean().item()

    def marks(self, samples: Tensor, exam: bool) -> Marks:
        """How good the samples are."""
        name, n = self.config.dataset, len(samples)
        rule = reference(name, n, 64 if exam else DIRECTIONS)
        distance, floor = rule.distance(samples), rule.floor
        if self.dist.modes is None:
            return Marks(distance, floor)
        covered = mode_coverage(samples, self.dist)
        good_floor = noise_floor("high_quality", name, n)
        return Marks(distance, floor, covered.high_quality, good_floor, covered.modes, covered.of)


@dataclass(frozen=True, eq=False)
class Levels:
    """Noised points (levels, n, 2) at each of LEVELS, and the exact guess for each."""

    x: Tensor
    guess: Tensor

    def errors(self, denoise: Denoise) -> tuple[float, np.ndarray]:
        """Relative squared error of the learnt score: over all levels, and (levels, 2) of each.

        At strength s the score enters with s^2, as in the likelihood bound of Song et al.
        (2021), https://arxiv.org/abs/2101.09258: sum s^2 |learnt - exact|^2 / sum s^2 |exact|^2.
        """
        s = torch.as_tensor(LEVELS, dtype=torch.float32)[:, None, None]
        flat = self.x.reshape(-1, 2)
        guess = denoise(flat, s.expand(*self.x.shape[:2], 1).reshape(-1, 1)).view_as(self.x)
        wrong = ((guess - self.guess) / s).square().sum((1, 2))
        size = ((self.guess - self.x) / s).square().sum((1, 2))
        each = np.stack([LEVELS, (wrong / size).numpy()], axis=1)
        return (wrong.sum() / size.sum()).item(), frozen(each.astype(np.float32))


def levels(dist: Distribution, n: int, rng: torch.Generator) -> Levels:
    """n noised points at each of LEVELS with their exact guesses."""
    points, guesses = [], []
    for s in LEVELS.tolist():
        x = dist.sample(n, rng) + s * torch.randn(n, 2, generator=rng)
        points.append(x)
        guesses.append(x + s**2 * dist.noised(1, s).score(x))
    return Levels(torch.stack(points), torch.stack(guesses))


@torch.no_grad()
def look(
    step: int, denoiser: Denoiser, judge: Judge, before: PlaneSnapshot | None
) -> PlaneSnapshot:
    """What the network believes now."""
    config, schedule = judge.config, SCHEDULES["karras"]
    exam = step == config.steps
    loss = finite(denoiser.loss(*judge.kept).item(), step)
    if exam:
        samples = final(walk(denoiser, schedule.ladder(1)[0] * judge.noise, schedule, 25))
    else:
        samples = glance(denoiser, judge.noise[:SAMPLES], *LOOK)
    samples = seen(samples)
    asked = denoiser(torch.cat([judge.noised, judge.places]), SHOWN)
    guess, there = asked.split([len(judge.noised), len(judge.places)])
    pull = there - judge.places
    error, level_errors = judge.levels.errors(denoiser)
    marks = judge.marks(samples, exam)
    return PlaneSnapshot(
        step=step,
        config=config,
        fixed=judge.fixed,
        guess=freeze(guess),
        arrows=freeze(every_other(pull)),
        error=freeze((pull - judge.pull).norm(dim=1).reshape(SIDE, SIDE) / SHOWN),
        samples=freeze(samples[:SAMPLES]),
        marks=marks,
        losses=grown(before.losses if before else EMPTY, step, loss),
        level_errors=level_errors,
        score_errors=grown(before.score_errors if before else EMPTY, step, error),
        distances=grown(
            before.distances if before else EMPTY, step, marks.distance / marks.distance_floor.mean
        ),
    )


def seen(x: Tensor) -> Tensor:
    """Points (n, 2) that may have flown off: as far outside the picture as numbers stay sound."""
    return x.nan_to_num(FAR, FAR, -FAR).clamp(-FAR, FAR)


def every_other(x: Tensor) -> Tensor:
    """Of vectors on the SIDE x SIDE places, those of every other row and column."""
    return x.reshape(SIDE, SIDE, 2)[::2, ::2].reshape(-1, 2)


def finite(loss: float, step: int) -> float:
    """The loss; FloatingPointError, to be read by the visitor, if it is no number."""
    if not isfinite(loss):
        raise FloatingPointError(
            f"The loss stopped being a number before step {step}: the updates were too large. "
            "Lower the learning rate."
        )
    return loss


def grown(curve: np.ndarray, x: float, y: float) -> np.ndarray:
    """A curve (n, 2) with one point more."""
    return frozen(np.concatenate([curve, np.array([[x, y]], np.float32)]))


def train(config: Config) -> Generator[PlaneSnapshot, None, PlaneModel]:
    """Train a denoiser on points; what is shown and returned is the average of its weights."""
    rng = generator(config.seed)
    schedule = SCHEDULES[config.schedule]
    denoiser = Denoiser(PlaneNet(config.hidden, config.features, rng), config.objective)
    shown = Denoiser(
        PlaneNet(config.hidden, config.features, generator(config.seed)), config.objective
    )
    optimizer = Adam(denoiser.parameters(), config.learning_rate)
    average = Average(optimizer)
    judge = Judge(config)
    frames = set(frame_steps(config.steps, FRAMES))
    snapshot: PlaneSnapshot | None = None
    for step in range(config.steps + 1):
        if step in frames:
            average.copy_to(shown)
            snapshot = look(step, shown, judge, snapshot)
            yield snapshot
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate)
            x0 = judge.dist.sample(config.batch, rng)
            s = schedule.drawn(config.batch, rng)
            eps = torch.randn(x0.shape, generator=rng)
            optimizer.descend(denoiser.loss(x0, s, eps))
            average.update()
    return PlaneModel(config, shown)
