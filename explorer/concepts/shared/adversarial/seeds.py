"""The same settings from nine seeds, trained side by side: was it luck?"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.shared.adversarial.config import Settings
from explorer.concepts.shared.adversarial.measure import COUNTED, FAR, coverage, plane_reference
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.panels import FAKE, REAL, cloud, plane_panel
from explorer.config import frame_steps
from explorer.nets import freeze
from explorer.scene import Reading, Scene, frozen
from explorer.truth.intervals import wilson

SEEDS, SHOWN, FRAMES = 9, 256, 10  # points of each seed; snapshots


@dataclass(frozen=True)
class NineSeeds:
    """Which run; its seed is the first of nine."""

    train: Settings = field(default_factory=Settings)


@dataclass(frozen=True, eq=False)
class Seeds:
    """The samples of every seed after `step` training steps."""

    step: int
    seeds: tuple[int, ...]
    groups: int  # modes to cover; 0: the data have none
    real: np.ndarray  # (SHOWN, 2)
    samples: np.ndarray  # (s, SHOWN, 2)
    covered: np.ndarray  # (s,) modes
    diverged: np.ndarray  # (s,) bool


@torch.no_grad()
def finite_samples(model: GAN, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Samples (s, n, 2) of the trained and of the averaged weights, and which seeds have not
    diverged (s,); a seed that has is shown at the origin."""
    both = model.generator(z), model.averaged()(z)
    alive = torch.stack([x.abs().amax((1, 2)) < FAR for x in both]).all(0)
    fake, averaged = (torch.where(alive[:, None, None], x, torch.zeros(())) for x in both)
    return fake, averaged, alive


def compare_seeds(model: GAN, frames: int = FRAMES) -> Generator[Seeds, None, GAN]:
    """Train every seed of `model`."""
    reference, steps = plane_reference(model.config.dataset), model.config.steps
    real, z = freeze(reference.real[:SHOWN]), model.evaluation_noise(COUNTED)
    shown = frame_steps(steps, frames)
    for step in range(steps + 1):
        if step == shown[0]:
            shown = shown[1:]
            _, samples, alive = finite_samples(model, z)
            covered = frozen(coverage(samples, reference)[0].sum(1).numpy())
            some = freeze(samples[:, :SHOWN])
            yield Seeds(step, model.seeds, reference.groups, real, some, covered, freeze(~alive))
        if step < steps:
            model.train_step()
    return model


def nine_seeds(config: NineSeeds) -> Generator[Seeds, None, GAN]:
    """A GAN from nine seeds at once; the first is its own."""
    seeds = range(config.train.seed, config.train.seed + SEEDS)
    return (yield from compare_seeds(GAN(config.train, seeds)))


def seeds_scene(s: Seeds) -> Scene:
    """Each seed in its own square."""
    panels = []
    for seed, samples, count, diverged in zip(s.seeds, s.samples, s.covered, s.diverged):
        marks = [cloud(REAL, "real", s.real, True), cloud(FAKE, "model", samples, True)]
        caption = f"{count} of {s.groups} modes covered" if s.groups else ""
        caption = "diverged" if diverged else caption
        square = plane_panel(f"Seed {seed}", marks, caption)
        panels.append(replace(square, span=0.75))  # three in a row also on a telephone
    rows = (3,) * (len(panels) // 3)
    return Scene(panels, step=s.step, rows=rows, sentence=sentence(s), readings=readings(s))


def readings(s: Seeds) -> list[Reading]:
    """How sure one may be, from as many seeds as there are."""
    if not s.groups:
        return []
    full, many = float((s.covered == s.groups).sum()), len(s.seeds)
    worst = float(s.covered.min())
    return [
        Reading("seeds with all modes", full, (many, many), f"all {many}", better="high"),
        Reading("modes in the worst seed", worst, (s.groups, s.groups), f"all {s.groups}",
                better="high"),
    ]  # fmt: skip


def sentence(s: Seeds) -> str:
    """How many seeds have all modes, and what that says about the next seed."""
    lost = int(s.diverged.sum())
    ended = f" {lost} diverged: a lower learning rate takes smaller steps." if lost else ""
    if not s.groups:
        return f"{len(s.seeds)} seeds after {s.step:,} training steps.{ended}"
    full, worst = int((s.covered == s.groups).sum()), int(s.covered.min())
    low, high = wilson(full, len(s.seeds))
    return (
        f"{full} of {len(s.seeds)} seeds cover all {s.groups} modes at this step, the worst "
        f"{worst}. With so few seeds the true share may be {low:.0%} to {high:.0%} (95 % interval)."
        f"{ended}"
    )
