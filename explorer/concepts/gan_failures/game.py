"""Many games at once: one for every seed, in step, none of them knowing of the others.

A round is that of `gan.Game`: the judge's updates, then one of the forger. What the cures change
in it stands in `cures`, each as a function of a few lines.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.concepts import gan
from explorer.concepts.gan.game import CHUNK, Draw, real_data
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.network import Judge
from explorer.concepts.gan_failures import cures
from explorer.concepts.gan_failures.crowd import Crowd, Deviation, Discrimination
from explorer.concepts.gan_failures.rotation import ROUNDS, correlation
from explorer.concepts.gan_failures.stack import Forgers, Judges, keep_memory
from explorer.config import between, one_of, whole
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine

CROWDS = ("none", "deviation", "discrimination")


@dataclass(frozen=True)
class Rules:
    """A game as on the page about GANs, and what the cures of this page add to it."""

    game: gan.Config = field(default_factory=gan.Config)
    matching: bool = False  # the forger matches the judge's mean features instead
    history: float = 0.0  # weight of the pull towards the average of all weights so far
    spectral: bool = False  # divide the judge's matrices by their largest singular value
    crowd: str = "none"  # what the judge sees of the whole batch
    pack: int = 1  # points that the judge sees together
    unroll: int = 0  # steps of the judge that the forger looks ahead
    foresight: float = 0.5  # size of these steps
    shots: int = 0  # different real points there are; 0: no end of them

    def __post_init__(self) -> None:
        one_of(self, "crowd", CROWDS)
        one_of(self, "matching", (True, False))
        one_of(self, "spectral", (True, False))
        between(self, "history", 0, 100)
        between(self, "foresight", 0, 100)
        whole(self, "pack", 1, 8)
        whole(self, "unroll", 0, 20)
        whole(self, "shots", 0, 100_000)
        if self.game.batch % self.pack:
            raise ValueError(
                f"pack must divide the batch of {self.game.batch}. Got {self.pack} instead."
            )
        if self.game.penalty != "none" and self.crowd != "none":
            raise ValueError(
                f"crowd must be none where a penalty is paid. Got {self.crowd!r} instead."
            )


class Batches:
    """The batches of every seed, (s, batch, d), each seed's drawn by its own generator."""

    def __init__(self, draws: Sequence[Callable[[int], Tensor]], size: int) -> None:
        self.draws, self.size = draws, size
        self.waiting: list[Tensor] = []

    def next(self) -> Tensor:
        if not self.waiting:
            drawn = [draw(CHUNK * self.size).view(CHUNK, self.size, -1) for draw in self.draws]
            self.waiting = list(torch.stack(drawn, dim=1).unbind())
        return self.waiting.pop()


class Games:
    """The games of several seeds, with the numbers that each would have alone."""

    def __init__(self, rules: Rules, seeds: Sequence[int]) -> None:
        self.rules, self.config, self.seeds = rules, rules.game, tuple(seeds)
        keep_memory()
        config = self.config
        self.loss, self.step, self.judged = LOSSES[config.loss], 0, 0
        self.arrows: deque[Tensor] = deque(maxlen=ROUNDS)  # mean slope at the points, by round
        single = [gan.Game(replace(config, seed=seed)) for seed in seeds]
        self.rngs = [game.rng for game in single]
        self.forger = Forgers([game.forger for game in single])
        self.judge = self._judges([game.judge for game in single])
        betas = (config.beta1, config.beta2)
        self.forger_adam = Adam(self.forger.parameters(), config.learning_rate, betas)
        self.judge_adam = Adam(self.judge.parameters(), config.learning_rate * config.d_rate, betas)
        self.average = Average(self.forger_adam, config.keep)
        self.mean_forger = Forgers([game.forger for game in single]) if config.keep else self.forger
        self.memories = [cures.Memory(adam) for adam in (self.forger_adam, self.judge_adam)]
        draw, _ = real_data(config)
        self.kept: Tensor | None = None  # all the real points there are (s, shots, d)
        if rules.shots:
            each = [draw(rules.shots, generator(seed + 5_000_011)) for seed in seeds]
            self.kept = torch.stack(each)
        real = [self._real(draw, index) for index in range(len(seeds))]
        noise = [_noise(rng, config.noise_size) for rng in self.rngs]
        few = draw(config.batch, generator(2024))
        self.some_real = few.expand(len(seeds), -1, -1)  # for looks; games never see them
        self.real, self.noise = Batches(real, config.batch), Batches(noise, config.batch)

    def _real(self, draw: Draw, index: int) -> Callable[[int], Tensor]:
        """How a seed draws real points: fresh ones, or again and again the same few."""
        rng = self.rngs[index]
        if self.kept is None:
            return lambda n: draw(n, rng)
        few = self.kept[index]
        return lambda n: few[torch.randint(len(few), (n,), generator=rng)]

    def _judges(self, judges: list[Judge]) -> Judges:
        config, rules = self.config, self.rules
        if rules.pack == 1 and rules.crowd == "none" and not rules.spectral:
            return Judges(judges)
        # Another judge, from a generator of its own: all else stays as it is without the cure.
        rngs = [generator(seed + 7_000_003) for seed in self.seeds]
        hidden, dim = config.d_hidden, judges[0].matrices[0].shape[1]
        crowd: Crowd | None = None
        if rules.crowd != "none":
            crowd = Deviation() if rules.crowd == "deviation" else Discrimination(hidden, rngs)
        extra = crowd.size if crowd else 0
        made = [
            cures.seeing(judge, dim * rules.pack, extra, rules.spectral, rng)
            for judge, rng in zip(judges, rngs)
        ]
        return Judges(made, rules.pack, crowd)

    @torch.no_grad()  # the gradients are written out by hand
    def round(self) -> None:
        """The judges' updates, then one of the forgers."""
        config, rate = self.config, self.config.learning_rate
        if config.fade:
            rate = cosine(min(self.step, config.steps), config.steps, rate)
        self.forger_adam.rate, self.judge_adam.rate = rate, rate * config.d_rate
        for _ in range(config.d_updates):
            real, made = self.real.next(), self.forger.activations(self.noise.next())
            self.judge_update(real, made[-1])
        slope = self.pull(made[-1], real)
        self.arrows.append(slope.mean(1))
        self.forger.backward(made, slope / config.batch)
        if self.rules.history:
            self.memories[0].pull_back(self.rules.history)
        self.forger_adam.step()
        if config.keep:
            self.average.update()
        self.step += 1

    def judge_update(self, real: Tensor, made: Tensor) -> None:
        """One step of every D towards telling `real` (s, n, d) from `made` (s, n, d)."""
        judge = self.judge
        acts = judge.activations(torch.cat([real, made], dim=1), groups=2)
        a, b = acts[-1][:, :, 0].chunk(2, dim=1)
        at_real, at_made = self.loss.judge_slopes(a, b)
        judge.backward(acts, torch.cat([at_real, at_made], dim=1).div_(a.shape[1])[:, :, None])
        if self.config.penalty != "none" and self.judged % self.config.lazy == 0:
            self.penalise(acts, real, made)
        if judge.spectral:
            judge.through_norm()
        if self.rules.history:
            self.memories[1].pull_back(self.rules.history)
        self.judge_adam.step()
        if judge.spectral:
            judge.normalise()
        self.judged += 1

    def penalise(self, acts: list[Tensor], real: Tensor, made: Tensor) -> None:
        """Add the gradient of the penalty on D's slope: R1, R2, both, or WGAN-GP's."""
        kind, n = self.config.penalty, acts[-1].shape[1] // 2
        gamma = self.config.gamma * self.config.lazy
        if kind in ("r1", "r2"):
            acts = [layer[:, :n] if kind == "r1" else layer[:, n:] for layer in acts]
        elif kind == "gp":
            shares = [torch.rand(real.shape[1], 1, generator=rng) for rng in self.rngs]
            acts = self.judge.activations(torch.lerp(made, real, torch.stack(shares)))
        layers, g = self.judge.slopes(acts, torch.ones_like(acts[-1]))
        size = cures.gradient_penalty if kind == "gp" else cures.zero_centred
        self.judge.penalise(acts, layers, size(g, gamma) / n)

    def pull(self, made: Tensor, real: Tensor) -> Tensor:
        """The slope of the forgers' loss at every made-up point (s, n, d), times n."""
        if self.rules.matching:
            return cures.feature_matching(self.judge, made, real)
        if self.rules.unroll:
            return cures.unrolled(
                self.judge, self.loss, made, real, self.rules.unroll, self.rules.foresight
            )
        if self.loss.needs_real:
            acts = self.judge.activations(torch.cat([made, real], dim=1), groups=2)
            b, a = acts[-1][:, :, 0].chunk(2, dim=1)
            slope = torch.cat([self.loss.forger_slope(a, b), torch.zeros_like(a)], dim=1)
        else:
            acts = self.judge.activations(made)
            b = acts[-1][:, :, 0]
            slope = self.loss.forger_slope(b, b)
        # A pack is one verdict for several points: its mean over packs, not over points.
        return self.judge.slopes(acts, self.rules.pack * slope[:, :, None])[1][:, : made.shape[1]]

    def turning(self) -> np.ndarray:
        """How the arrows of the last rounds turn, lag by lag, for every seed: (lags, s)."""
        if not self.arrows:
            return np.ones((1, len(self.seeds)))
        return correlation(torch.stack(list(self.arrows)).numpy())

    def shown(self) -> Forgers:
        """The forgers of averaged weights; those that play, without an average."""
        if self.config.keep:
            self.average.copy_to(self.mean_forger)
        return self.mean_forger

    @torch.no_grad()
    def map(self, x: Tensor, made: Tensor) -> Tensor:
        """Every judge's belief, 0 made up and 1 real, in single points x (n, 2): (s, n).

        In packs of a point and its copies; in a crowd like the made-up one. Where the loss leaves
        D's zero open it is put between real and made-up points, as in `gan.look`.
        """
        judge, config = self.judge, self.config
        each = x.expand(len(self.seeds), -1, -1)
        if judge.pack > 1:
            each = each.repeat_interleave(judge.pack, 1)
        said = judge.alone(each, made)
        centre, spread = torch.zeros(1, 1), torch.ones(1, 1)
        if config.loss in ("relativistic", "wasserstein"):
            a, b = self.opinions(self.some_real), self.opinions(made)
            centre = (a.mean(1, keepdim=True) + b.mean(1, keepdim=True)) / 2
            if config.loss == "wasserstein":
                spread = torch.cat([a, b], 1).std(1, keepdim=True) + 1e-6
        return self.loss.belief((said - centre) / spread)

    def opinions(self, x: Tensor) -> Tensor:
        """What every judge says of the points x (s, n, d), or of packs of them: (s, n / pack)."""
        return self.judge.activations(x)[-1][:, :, 0]


def _noise(rng: Generator, size: int) -> Callable[[int], Tensor]:
    return lambda n: torch.randn(n, size, generator=rng)
