"""The same settings from nine seeds, side by side: other points, other initial weights."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np

from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.measure import (
    CELLS,
    LIMITS,
    Problem,
    expected_error,
    grid_inputs,
    inputs,
)
from explorer.concepts.neural_networks.model import Trainer
from explorer.concepts.neural_networks.network import probability
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.percent import percent
from explorer.config import frame_steps
from explorer.scene import Curve, Field, Panel, Reading, Scene, frozen

SEEDS, FRAMES = 9, 12


@dataclass(frozen=True)
class NineSeeds:
    """Which run; its seed is the first of nine."""

    train: Config = field(default_factory=Config)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The outputs and test errors of every seed after `step` updates."""

    step: int
    seeds: tuple[int, ...]
    problem: Problem
    outputs: np.ndarray  # (SEEDS, CELLS, CELLS) p(y = 1 | x)
    errors: np.ndarray  # (SEEDS,)


def nine_seeds(config: NineSeeds) -> Generator[Snapshot, None, None]:
    """Train all of them; the first one is the run itself."""
    c = config.train
    seeds = tuple(range(c.seed, c.seed + SEEDS))
    trainer, shown = Trainer(c, seeds), set(frame_steps(c.steps, FRAMES))
    known = trainer.problem
    grid, test = grid_inputs(CELLS, c.features)[None], inputs(known.test, c.features)[None]
    for step in range(c.steps + 1):
        if step in shown:
            finite(float(trainer.training_loss().sum()), step)
            outputs = probability(c.loss, trainer.network.outputs(grid))
            errors = expected_error(trainer.network.outputs(test), known.test_posterior)
            square = outputs.reshape(SEEDS, CELLS, CELLS).astype(np.float32)
            yield Snapshot(step, seeds, known, frozen(square), frozen(errors))
        if step < c.steps:
            trainer.train_step()


def nine_seeds_scene(s: Snapshot) -> Scene:
    """Each seed in its own square."""
    panels = []
    for seed, output, error in zip(s.seeds, s.outputs, s.errors):
        meaning = "class 0 | class 1"
        shown = Field("p(y = 1 | x)", output, 0.0, 1.0, ("model", "real"), meaning=meaning)
        line = Curve("Bayes boundary", "truth", s.problem.boundary, width=1.2, label="")
        caption = f"test error {percent(float(error))}"
        square = Panel(f"Seed {seed}", [shown, line], "plane", LIMITS, LIMITS, caption=caption)
        panels.append(replace(square, span=0.75))  # three in a row also on a telephone
    low = s.problem.lowest_error
    middle, worst = float(np.median(s.errors)), float(s.errors.max())
    readings = [
        Reading("test error, median of nine", middle, (low, low), "Bayes error"),
        Reading("test error of the worst seed", worst, (low, low), "Bayes error"),
    ]
    text = (
        f"After {s.step:,} updates the nine test errors lie between "
        f"{percent(float(s.errors.min()))} and {percent(worst)}; the Bayes error is {percent(low)}."
    )
    return Scene(panels, s.step, (3, 3, 3), (), readings, text)
