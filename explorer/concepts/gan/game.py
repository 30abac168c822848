"""The game itself: one update of the judge, one update of the forger."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from explorer.concepts.gan.config import Config
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.network import Forger, Judge, Norm
from explorer.data import images, plane
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine

CHUNK = 64  # batches that are drawn at once: drawing has a price per call
Draw = Callable[[int, Generator], Tensor]


class Stream:
    """Batches of `size` rows from `draw(n, rng)`, drawn many at a time."""

    def __init__(self, draw: Draw, size: int, rng: Generator) -> None:
        self.draw, self.size, self.rng = draw, size, rng
        self.waiting: list[Tensor] = []

    def next(self) -> Tensor:
        if not self.waiting:
            self.waiting = list(self.draw(CHUNK * self.size, self.rng).split(self.size))
        return self.waiting.pop()


def real_data(config: Config) -> tuple[Draw, int]:
    """How to draw real rows, and their size: points (n, 2), or images with pixels in -1..1."""
    if not config.of_images:
        return plane.get(config.dataset).sample, 2
    train = 2 * images.load(config.dataset).train - 1
    return lambda n, rng: train[torch.randint(len(train), (n,), generator=rng)], train.shape[1]


@dataclass(frozen=True, eq=False)
class Moment:
    """Everything that a game needs to be taken up again, after `step` rounds."""

    step: int
    judged: int
    forger: tuple[Tensor, ...]  # weights, and Adam's two averages, each one vector
    judge: tuple[Tensor, ...]
    average: Tensor
    norms: tuple[Norm, ...]  # of the judge's matrices, with spectral norm


class Game:
    """Both players, their optimisers, and where their batches come from."""

    def __init__(self, config: Config) -> None:
        self.config, self.loss, self.step, self.judged = config, LOSSES[config.loss], 0, 0
        draw, dim = real_data(config)
        self.rng = rng = generator(config.seed)
        self.forger = Forger(
            [config.noise_size, config.hidden, config.hidden, dim], rng, config.of_images
        )
        self.judge = Judge(
            [dim, config.d_hidden, config.d_hidden, 1],
            rng,
            fourier=config.fourier,
            zoom=config.zoom,
            spectral=config.regulariser == "spectral",
        )
        betas = (config.beta1, config.beta2)
        self.forger_adam = Adam(self.forger.parameters(), config.learning_rate, betas)
        self.judge_adam = Adam(self.judge.parameters(), config.learning_rate * config.d_rate, betas)
        self.average = Average(self.forger_adam, config.keep)
        self.real = Stream(draw, config.batch, rng)
        self.noise = Stream(self.draw_noise, config.batch, rng)

    def draw_noise(self, n: int, rng: Generator) -> Tensor:
        return torch.randn(n, self.config.noise_size, generator=rng)

    @torch.no_grad()  # the gradients are written out by hand
    def round(self) -> None:
        """The judge's updates, then one of the forger.

        The forger answers for the made-up points that the judge saw last: it has not changed
        since, so its activations still hold and are computed once for both.
        """
        self.set_rates()
        for _ in range(self.config.d_updates):
            real, made = self.real.next(), self.forger.activations(self.noise.next())
            self.judge_update(real, made[-1])
        self.forger_update(made, real)
        if self.config.keep:
            self.average.update()
        self.step += 1

    def set_rates(self) -> None:
        """The learning rates of this round."""
        config, rate = self.config, self.config.learning_rate
        if config.fade:
            rate = cosine(min(self.step, config.steps), config.steps, rate)
        self.forger_adam.rate, self.judge_adam.rate = rate, rate * config.d_rate

    def judge_update(self, real: Tensor, made: Tensor) -> None:
        """One step of D towards telling `real` (n, d) from `made` (n, d)."""
        judge, n = self.judge, len(real)
        acts = judge.activations(torch.cat([real, made]))
        at_real, at_made = self.loss.judge_slopes(*acts[-1][:, 0].split(n))
        judge.backward(acts, torch.cat([at_real, at_made]).div_(n)[:, None])
        if self.config.penalty != "none" and self.judged % self.config.lazy == 0:
            self.penalise(acts, real, made)
        if judge.spectral:
            judge.through_norm()
        self.judge_adam.step()
        if judge.spectral:
            judge.normalise()
        self.judged += 1

    def penalise(self, acts: list[Tensor], real: Tensor, made: Tensor) -> None:
        """Add the gradient of the penalty on D's slope g; paid seldom, it is paid in full.

        R1: gamma/2 mean |g|^2 over the real points, R2: over the made-up ones,
        gradient penalty: gamma mean (|g| - 1)^2 at random places between the two.
        Lazy payment: Karras et al. (2020), StyleGAN2, https://arxiv.org/abs/1912.04958
        """
        kind, n = self.config.penalty, len(real)
        gamma = self.config.gamma * self.config.lazy
        if kind in ("r1", "r2"):
            acts = [layer[:n] if kind == "r1" else layer[n:] for layer in acts]
        elif kind == "gp":
            share = torch.rand(n, 1, generator=self.rng)
            acts = self.judge.activations(torch.lerp(made, real, share))
        layers, g = self.judge.slopes(acts, torch.ones_like(acts[-1]))
        if kind == "gp":
            push = (2 * gamma / n) * g * (1 - 1 / (g.norm(dim=1, keepdim=True) + 1e-12))
        else:
            push = (gamma / n) * g
        self.judge.penalise_slope(acts, layers, push)

    def forger_update(self, made: list[Tensor], real: Tensor) -> None:
        """One step of G; `made` are its activations, `real` concerns the relativistic loss only."""
        self.forger.backward(made, self.pull(made[-1], real) / len(real))
        self.forger_adam.step()

    def pull(self, made: Tensor, real: Tensor) -> Tensor:
        """The slope of the forger's loss at each made-up point (n, d): downhill is its way."""
        n = len(made)
        if self.loss.needs_real:
            acts = self.judge.activations(torch.cat([made, real]))
            b, a = acts[-1][:, 0].split(n)
            acts = [layer[:n] for layer in acts]
        else:
            acts = self.judge.activations(made)
            a = b = acts[-1][:, 0]
        return self.judge.slopes(acts, self.loss.forger_slope(a, b)[:, None])[1]

    def moment(self) -> Moment:
        """A copy of where the game stands."""
        judge = self.judge
        return Moment(
            self.step,
            self.judged,
            _copies(self.forger_adam),
            _copies(self.judge_adam),
            self.average.value.clone(),
            judge.norms() if judge.spectral else (),
        )

    @torch.no_grad()
    def take_up(self, moment: Moment) -> None:
        """Go on from `moment`; batches are drawn anew, from a seed that depends on the step."""
        self.step, self.judged = moment.step, moment.judged
        turns = (
            (self.forger_adam, moment.forger, moment.step),
            (self.judge_adam, moment.judge, moment.judged),
        )
        for adam, (value, mean, square), count in turns:
            adam.flat.value.copy_(value)
            adam.mean.copy_(mean)
            adam.square.copy_(square)
            adam.count = count
        self.average.value.copy_(moment.average)
        self.average.count = moment.step
        if self.judge.spectral:
            self.judge.set_norms(moment.norms)
        self.rng.manual_seed(self.config.seed + 1_000_003 * (moment.step + 1))
        self.real.waiting, self.noise.waiting = [], []


def _copies(adam: Adam) -> tuple[Tensor, ...]:
    return adam.flat.value.clone(), adam.mean.clone(), adam.square.clone()
