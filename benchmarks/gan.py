"""The GAN: how good its default run is, and how fast its updates are.

Seconds are CPU seconds of this thread. The rate is measured beside the same update written with
autograd and `torch.optim.Adam`, in turns within one run, so that a busy machine slows both alike.
"""

import time
from collections.abc import Callable
from dataclasses import astuple, replace

import numpy as np
import torch
from torch import nn

from benchmarks.row import Row
from explorer.concepts.gan import Config, Game, Model, train
from explorer.concepts.gan.look import Look
from explorer.concepts.gan.measure import image_yardstick
from explorer.concepts.gan.training import FRAMES
from explorer.config import frame_steps
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import mode_coverage, sliced_wasserstein
from explorer.truth.floors import noise_floor

SAMPLES, SEEDS, MANY = 10_000, range(3), range(10)
GAN_LAB = Config(
    loss="nonsaturating", regulariser="none", d_updates=2, batch=150, hidden=8, d_hidden=8
)
PLAIN = Config(regulariser="none", keep=0.0, fade=False, steps=200_000)


def rows() -> list[Row]:
    found = default_runs()
    found += other_data()
    found.append(digits())
    found += rates()
    return found


def default_runs() -> list[Row]:
    """The ring over ten seeds; the first three give the figures of the bar."""
    dist, scores, seconds, looking = plane.get("ring"), [], [], []
    floor = noise_floor("sliced_wasserstein", "ring", SAMPLES).mean
    for seed in MANY:
        model, spent = timed(Config(seed=seed))
        made = model.sample(SAMPLES, 100 + seed)
        scores.append((*astuple(mode_coverage(made, dist)), distance(made, "ring")))
        seconds.append(spent)
        if seed in SEEDS:
            looking.append(share_of_looks(Config(seed=seed)))
    modes, _, quality, distances = (list(column) for column in zip(*scores))
    good = noise_floor("high_quality", "ring", SAMPLES).mean
    return [
        Row("GAN ring: seconds", seconds[:3], 6.0, floor="-", note="default run, looks included"),
        Row("GAN ring: modes", modes[:3], 8, "high", "8"),
        Row("GAN ring: SWD", distances[:3], 0.060, "low", f"{floor:.4f}"),
        Row("GAN ring: HQ", quality[:3], 0.80, "high", f"{good:.3f}"),
        Row("GAN ring: modes, 10 seeds", modes, 8, "high", "8", "no failure"),
        Row("GAN ring: SWD, 10 seeds", distances, 0.060, "low", f"{floor:.4f}"),
        Row("GAN ring: HQ, 10 seeds", quality, 0.80, "high", f"{good:.3f}"),
        Row("GAN: share of time for looks", looking, 0.15, "low", "0"),
    ]


def other_data() -> list[Row]:
    """The same defaults on every other distribution of the plane; the bar is the old recipe's."""
    bars = {"moons": 0.031, "spiral": 0.038, "checkerboard": 0.054, "grid": 0.053}
    found = []
    for name in plane.DATASETS:
        if name == "ring":
            continue
        models = [timed(Config(dataset=name, seed=seed))[0] for seed in SEEDS]
        made = [model.sample(SAMPLES, 100 + seed) for seed, model in zip(SEEDS, models)]
        distances = [distance(points, name) for points in made]
        floor = noise_floor("sliced_wasserstein", name, SAMPLES).mean
        bar = bars.get(name, 0.060)
        found.append(Row(f"GAN {name}: SWD", distances, bar, "low", f"{floor:.4f}"))
        if name == "grid":
            dist = plane.get(name)
            modes = [mode_coverage(points, dist).modes for points in made]
            found.append(Row("GAN grid: modes", modes, 17, "high", "25"))
    return found


def digits() -> Row:
    rule = image_yardstick("digits")
    marks = []
    for seed in SEEDS:
        model, _ = timed(Config(dataset="digits", seed=seed))
        marks.append(
            rule.marks(torch.from_numpy(model.sample(len(rule.real), 100 + seed).copy())).distance
        )
    return Row("GAN digits: Fréchet (pixels)", marks, 0.25, "low", f"{rule.typical:.3f}")


def rates() -> list[Row]:
    """Rounds a CPU second, in turns of a quarter of a second each."""
    ours, theirs = Game(PLAIN), Autograd(PLAIN)
    lab = Game(replace(GAN_LAB, fade=False, keep=0.0))
    penalised, double = Game(replace(PLAIN, regulariser="r1")), Autograd(PLAIN, gamma=0.2)
    fast, slow, small, r1, r1_double = [], [], [], [], []
    for _ in range(8):
        fast.append(rate(ours.round))
        slow.append(rate(theirs.round))
        small.append(rate(lab.round))
        r1.append(rate(penalised.round))
        r1_double.append(rate(double.round))
    return [
        Row(
            "GAN step: ratio to torch.optim.Adam",
            [a / b for a, b in zip(fast[1:], slow[1:])],
            1.25,
            "high",
            note=f"{np.median(fast):.0f} against {np.median(slow):.0f} a second",
        ),
        Row(
            "GAN step with R1: the same ratio",
            [a / b for a, b in zip(r1[1:], r1_double[1:])],
            1.25,
            "high",
            note=f"{np.median(r1):.0f} against {np.median(r1_double):.0f} a second",
        ),
        Row("GAN Lab's default: rounds a second", small[1:], 420, "high", note="GAN Lab: 42"),
    ]


class Autograd:
    """The same round with autograd, `torch.optim.Adam` and a fresh forward for the generator."""

    def __init__(self, config: Config, gamma: float = 0.0) -> None:
        rng = generator(config.seed)
        width = config.hidden

        def net(out: int) -> nn.Sequential:
            return nn.Sequential(
                nn.Linear(2, width), nn.LeakyReLU(0.2), nn.Linear(width, width),
                nn.LeakyReLU(0.2), nn.Linear(width, out),
            )  # fmt: skip

        self.forger, self.judge, self.gamma = net(2), net(1), gamma
        rate, betas = config.learning_rate, (config.beta1, config.beta2)
        self.forger_adam = torch.optim.Adam(self.forger.parameters(), rate, betas)
        self.judge_adam = torch.optim.Adam(self.judge.parameters(), rate, betas)
        self.draw, self.batch, self.rng = plane.get(config.dataset).sample, config.batch, rng

    def round(self) -> None:
        softplus = nn.functional.softplus
        real = self.draw(self.batch, self.rng)
        z = torch.randn(self.batch, 2, generator=self.rng)
        made = (z + self.forger(z)).detach()
        if self.gamma:
            real.requires_grad_()
        a = self.judge(real)
        loss = softplus(-a).mean() + softplus(self.judge(made)).mean()
        if self.gamma:
            (g,) = torch.autograd.grad(a.sum(), real, create_graph=True)
            loss = loss + self.gamma / 2 * g.square().sum(1).mean()
        self.judge_adam.zero_grad()
        loss.backward()
        self.judge_adam.step()
        z = torch.randn(self.batch, 2, generator=self.rng)
        loss = softplus(-self.judge(z + self.forger(z))).mean()
        self.forger_adam.zero_grad()
        loss.backward()
        self.forger_adam.step()


def rate(step: Callable[[], None], seconds: float = 0.25) -> float:
    """How often `step` runs in a CPU second."""
    start, count = time.thread_time(), 0
    while time.thread_time() - start < seconds:
        step()
        count += 1
    return count / (time.thread_time() - start)


def timed(config: Config) -> tuple[Model, float]:
    """A run, and its CPU seconds."""
    start = time.thread_time()
    _, model = finish(train(config))
    return model, time.thread_time() - start


def share_of_looks(config: Config) -> float:
    """Which share of a run's CPU seconds its snapshots took, by a stopwatch around each."""
    game, steps = Game(config), frame_steps(config.steps, FRAMES)
    look, looking, start = Look(game, len(steps)), 0.0, time.thread_time()
    for step in range(config.steps + 1):
        if step in steps:
            before = time.thread_time()
            look.take()
            looking += time.thread_time() - before
        game.round()
    return looking / (time.thread_time() - start)


def distance(made: np.ndarray, dataset: str) -> float:
    return sliced_wasserstein(made, plane.get(dataset).sample(SAMPLES, generator(999)))
