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
from explorer.concepts.gan import GAN, Config, Model, train
from explorer.concepts.gan.measure_images import image_reference
from explorer.concepts.gan.record import Recorder
from explorer.concepts.gan.train import FRAMES
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
PLAIN = Config(regulariser="none", ema_decay=0.0, lr_decay=False)


def rows() -> list[Row]:
    found = default_runs()
    found += other_data()
    found.append(digits())
    found += speeds()
    return found


def default_runs() -> list[Row]:
    """The ring over ten seeds; the first three give the figures of the bar."""
    dist, scores, seconds, taking = plane.get("ring"), [], [], []
    floor = noise_floor("sliced_wasserstein", "ring", SAMPLES).mean
    for seed in MANY:
        model, spent = timed(Config(seed=seed))
        samples = model.sample(SAMPLES, 100 + seed)
        scores.append((*astuple(mode_coverage(samples, dist)), distance(samples, "ring")))
        seconds.append(spent)
        if seed in SEEDS:
            taking.append(share_of_snapshots(Config(seed=seed)))
    modes, _, quality, distances = (list(column) for column in zip(*scores))
    good = noise_floor("high_quality", "ring", SAMPLES).mean
    return [
        Row(
            "GAN ring: seconds", seconds[:3], 6.0, floor="-", note="default run, snapshots included"
        ),
        Row("GAN ring: modes", modes[:3], 8, "high", "8"),
        Row("GAN ring: SWD", distances[:3], 0.060, "low", f"{floor:.4f}"),
        Row("GAN ring: HQ", quality[:3], 0.80, "high", f"{good:.3f}"),
        Row("GAN ring: modes, 10 seeds", modes, 8, "high", "8", "no failure"),
        Row("GAN ring: SWD, 10 seeds", distances, 0.060, "low", f"{floor:.4f}"),
        Row("GAN ring: HQ, 10 seeds", quality, 0.80, "high", f"{good:.3f}"),
        Row("GAN: share of time for snapshots", taking, 0.15, "low", "0"),
    ]


def other_data() -> list[Row]:
    """The same defaults on every other distribution of the plane; the bar is the old recipe's."""
    bars = {"moons": 0.031, "spiral": 0.038, "checkerboard": 0.054, "grid": 0.053}
    found = []
    for name in plane.DATASETS:
        if name == "ring":
            continue
        models = [timed(Config(dataset=name, seed=seed))[0] for seed in SEEDS]
        samples = [model.sample(SAMPLES, 100 + seed) for seed, model in zip(SEEDS, models)]
        distances = [distance(points, name) for points in samples]
        floor = noise_floor("sliced_wasserstein", name, SAMPLES).mean
        bar = bars.get(name, 0.060)
        found.append(Row(f"GAN {name}: SWD", distances, bar, "low", f"{floor:.4f}"))
        if name == "grid":
            dist = plane.get(name)
            modes = [mode_coverage(points, dist).modes for points in samples]
            found.append(Row("GAN grid: modes", modes, 17, "high", "25"))
    return found


def digits() -> Row:
    rule = image_reference("digits")
    scores = []
    for seed in SEEDS:
        model, _ = timed(Config(dataset="digits", seed=seed))
        scores.append(
            rule.scores(torch.from_numpy(model.sample(len(rule.real), 100 + seed).copy())).distance
        )
    return Row("GAN digits: Fréchet (pixels)", scores, 0.25, "low", f"{rule.typical:.3f}")


def speeds() -> list[Row]:
    """Training steps a CPU second, in turns of a quarter of a second each."""
    ours, theirs = GAN(PLAIN), Autograd(PLAIN)
    lab = GAN(replace(GAN_LAB, lr_decay=False, ema_decay=0.0))
    penalised, double = GAN(replace(PLAIN, regulariser="r1")), Autograd(PLAIN, gamma=0.2)
    fast, slow, small, r1, r1_double = [], [], [], [], []
    for _ in range(8):
        fast.append(speed(ours.train_step))
        slow.append(speed(theirs.train_step))
        small.append(speed(lab.train_step))
        r1.append(speed(penalised.train_step))
        r1_double.append(speed(double.train_step))
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
        Row("GAN Lab's default: steps a second", small[1:], 420, "high", note="GAN Lab: 42"),
    ]


class Autograd:
    """The same step with autograd, `torch.optim.Adam` and a fresh forward for the generator."""

    def __init__(self, config: Config, gamma: float = 0.0) -> None:
        rng = generator(config.seed)
        width = config.hidden

        def net(out: int) -> nn.Sequential:
            return nn.Sequential(
                nn.Linear(2, width), nn.LeakyReLU(0.2), nn.Linear(width, width),
                nn.LeakyReLU(0.2), nn.Linear(width, out),
            )  # fmt: skip

        self.generator, self.discriminator, self.gamma = net(2), net(1), gamma
        rate, betas = config.learning_rate, (config.beta1, config.beta2)
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), rate, betas)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), rate, betas)
        self.draw, self.batch, self.rng = plane.get(config.dataset).sample, config.batch, rng

    def train_step(self) -> None:
        softplus = nn.functional.softplus
        real = self.draw(self.batch, self.rng)
        z = torch.randn(self.batch, 2, generator=self.rng)
        fake = (z + self.generator(z)).detach()
        if self.gamma:
            real.requires_grad_()
        a = self.discriminator(real)
        loss = softplus(-a).mean() + softplus(self.discriminator(fake)).mean()
        if self.gamma:
            (g,) = torch.autograd.grad(a.sum(), real, create_graph=True)
            loss = loss + self.gamma / 2 * g.square().sum(1).mean()
        self.discriminator_adam.zero_grad()
        loss.backward()
        self.discriminator_adam.step()
        z = torch.randn(self.batch, 2, generator=self.rng)
        loss = softplus(-self.discriminator(z + self.generator(z))).mean()
        self.generator_adam.zero_grad()
        loss.backward()
        self.generator_adam.step()


def speed(step: Callable[[], None], seconds: float = 0.25) -> float:
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


def share_of_snapshots(config: Config) -> float:
    """Which share of a run's CPU seconds its snapshots took, by a stopwatch around each."""
    gan, steps = GAN(config), frame_steps(config.steps, FRAMES)
    recorder, taking, start = Recorder(gan), 0.0, time.thread_time()
    for step in range(config.steps + 1):
        if step in steps:
            before = time.thread_time()
            recorder.take()
            taking += time.thread_time() - before
        gan.train_step()
    return taking / (time.thread_time() - start)


def distance(samples: np.ndarray, dataset: str) -> float:
    return sliced_wasserstein(samples, plane.get(dataset).sample(SAMPLES, generator(999)))
