"""The run: a failure beside its remedy from one seed."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan_failures.config import NONE, Config, Setup
from explorer.concepts.gan_failures.diagnosis import RULES, early
from explorer.concepts.gan_failures.measure import FIGURES, Evaluation
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.shared.adversarial.panels import CELLS, cells
from explorer.config import frame_steps
from explorer.nets import freeze, generator, weights
from explorer.scene import frozen

FRAMES, ARROWS = 40, 40


@dataclass(frozen=True, eq=False)
class Side:
    """One GAN as it stands: what is drawn of it, and what was measured."""

    setup: Setup
    samples: np.ndarray  # (COUNTED, 2) as they are shown: averaged, if there is an average
    arrows_at: np.ndarray  # (ARROWS, 2)
    arrows: np.ndarray  # (ARROWS, 2) minus the gradient that G gets there
    output: np.ndarray  # (CELLS, CELLS) D(x), 0 fake, 1 real
    figures: np.ndarray  # (figures,) of now
    modes: np.ndarray  # (modes, FRAMES + 1) share of each mode in every snapshot; 0 to come
    autocorrelation: np.ndarray  # (lags,) of the mean gradient over the last steps
    early_accuracy: float  # pair accuracy a tenth into the run
    failing: bool  # by the rule of the failure
    diverged: bool

    def figure(self, name: str) -> float:
        """One of FIGURES."""
        return float(self.figures[FIGURES.index(name)])


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The failure, and beside it the same GAN with the remedy, if there is one."""

    step: int
    config: Config
    real: np.ndarray  # (COUNTED, 2)
    training_points: np.ndarray  # (n, 2) all that the failing GAN has, if they are counted
    before: Side
    after: Side | None


@dataclass(frozen=True, eq=False)
class Model:
    """The trained GANs of one setup, those that were shown last; samples are the first seed's."""

    gan: RemediedGAN

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n samples (n, 2)."""
        z = torch.randn(1, n, self.gan.config.latent_size, generator=generator(seed))
        return freeze(self.gan.averaged()(z.expand(len(self.gan.seeds), -1, -1))[0])

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name, with a first dimension for the seed."""
        parts = {"generator": self.gan.generator, "discriminator": self.gan.discriminator}
        return {
            f"{part}.{name}": array
            for part, module in parts.items()
            for name, array in weights(module).items()
        }


class Recorder:
    """Measures the GANs of some seeds in training, and keeps what was measured."""

    def __init__(self, setup: Setup, seeds: Sequence[int]) -> None:
        self.gan = RemediedGAN(setup, seeds)
        self.evaluation = Evaluation(self.gan)
        self.rows: list[np.ndarray] = []
        self.shares: list[Tensor] = []

    def take(self) -> tuple[Tensor, Tensor, Tensor]:
        """Measure; samples of the trained and of the averaged weights, and minus gradients."""
        fake, shown, arrows, figures = self.evaluation.take()
        self.rows.append(figures)
        self.shares.append(self.evaluation.share)
        return fake, shown, arrows

    def side(self, failure: str) -> Side:
        """The first seed as it stands."""
        fake, shown, arrows = self.take()
        modes = torch.zeros(self.shares[0].shape[1], FRAMES + 1)
        modes[:, : len(self.shares)] = torch.stack([share[0] for share in self.shares], 1)
        history, groups = np.stack(self.rows), self.evaluation.reference.groups
        return Side(
            self.gan.setup,
            freeze(shown[0]),
            freeze(fake[0, :ARROWS]),
            freeze(arrows[0, :ARROWS]),
            freeze(self.gan.map(cells(), fake)[0].view(CELLS, CELLS)),
            frozen(history[-1, 0]),
            freeze(modes),
            frozen(self.gan.autocorrelation()[:, 0]),
            float(early(history, "pair_accuracy")[0]),
            bool(RULES[failure](history, groups)[0]),
            not bool(self.evaluation.alive[0]),
        )


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Train the failing GAN and the one with the remedy, step by step, from the same seed."""
    failing, remedied = config.setup(NONE), config.setup()
    before = Recorder(failing, [config.seed])
    after = Recorder(remedied, [config.seed]) if remedied != failing else None
    both = [before] if after is None else [before, after]
    real, points = freeze(before.evaluation.real[0]), before.gan.training_points
    few = frozen(np.zeros((0, 2), np.float32)) if points is None else freeze(points[0])
    shown = frame_steps(config.steps, FRAMES)
    for step in range(config.steps + 1):
        if step == shown[0]:
            shown = shown[1:]
            sides = [each.side(config.failure) for each in both]
            yield Snapshot(step, config, real, few, sides[0], sides[1] if after else None)
        if step < config.steps:
            for each in both:
                each.gan.train_step()
    return Model(both[-1].gan)


def measured(setup: Setup, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The figures of every seed in every snapshot of a run: (snapshots, s, figures).

    And the autocorrelation of the mean gradient over its last steps, (lags, s).
    """
    recorder, steps = Recorder(setup, seeds), setup.gan.steps
    shown = set(frame_steps(steps, FRAMES))
    for step in range(steps + 1):
        if step in shown:
            recorder.take()
        if step < steps:
            recorder.gan.train_step()
    return np.stack(recorder.rows), recorder.gan.autocorrelation()
