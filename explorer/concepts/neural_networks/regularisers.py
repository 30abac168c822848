"""Overfitting and its remedies: the same few points, the same nets, several seeds at once.

The L2 penalty keeps weights small, dropout sets random units to zero. What early stopping could
reach at best is the lowest test loss on the way: who stops does not know the test set.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from explorer import config as c
from explorer.concepts.neural_networks.config import DATA, Config
from explorer.concepts.neural_networks.measure import inputs, problem
from explorer.concepts.neural_networks.model import Trainer
from explorer.concepts.neural_networks.network import loss
from explorer.concepts.shared.charts import level
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.labelled_plane import check
from explorer.config import frame_steps
from explorer.scene import Bars, Curve, Panel, Reading, Role, Scene, frozen

SEEDS, FRAMES = 12, 60
KINDS: dict[str, tuple[str, Role]] = {
    "none": ("none", "model"),
    "l2": ("L2 penalty", "real"),
    "dropout": ("dropout", "rival"),
}


@dataclass(frozen=True)
class Regularisers:
    """Few, overlapping points; the penalty and the dropout that are tried against none."""

    dataset: str = c.data("moons", DATA, check)
    overlap: float = c.number(0.5, 0.0, 1.0, 0.05)
    points: int = c.integer(30, 10, 500, 10)
    l2: float = c.number(0.02, 0.0, 0.1, 0.005)
    dropout: float = c.number(0.3, 0.0, 0.8, 0.05)
    steps: int = c.steps(1500, 5000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Training and test losses of all seeds after `step` updates."""

    step: int
    config: Regularisers
    lowest: float  # test loss of the exact posterior
    test: dict[str, np.ndarray]  # by kind: (SEEDS,)
    train: dict[str, np.ndarray]
    best: dict[str, np.ndarray]  # by kind: (SEEDS,) the lowest test loss so far


def configured(config: Regularisers, kind: str) -> Config:
    """The training run of a kind."""
    base = Config(
        dataset=config.dataset, overlap=config.overlap, points=config.points, layers=3, units_1=8,
        units_2=8, units_3=8, learning_rate=0.02, steps=config.steps, seed=config.seed,
    )  # fmt: skip
    if kind == "l2":
        return replace(base, l2=config.l2)
    return replace(base, dropout=config.dropout) if kind == "dropout" else base


def regularisers(config: Regularisers) -> Generator[Snapshot, None, None]:
    """All kinds, each from the same seeds and on the same points."""
    seeds = range(config.seed, config.seed + SEEDS)
    trainers = {kind: Trainer(configured(config, kind), seeds) for kind in KINDS}
    known = problem(config.dataset, config.overlap)
    x, exact = inputs(known.test, ("x1", "x2"))[None], known.test_posterior
    best = {kind: np.full(SEEDS, np.inf) for kind in KINDS}
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in shown:
            test = {}
            for kind, trainer in trainers.items():
                z = trainer.network.outputs(x)
                both = [loss("cross_entropy", z, np.array(float(y))) for y in (0, 1)]
                test[kind] = frozen(((1 - exact) * both[0] + exact * both[1]).mean(-1))
                finite(float(test[kind].sum()), step)
                best[kind] = np.minimum(best[kind], test[kind])
            train = {kind: frozen(t.training_loss()) for kind, t in trainers.items()}
            kept = {kind: frozen(each) for kind, each in best.items()}
            yield Snapshot(step, config, known.lowest_loss["cross_entropy"], test, train, kept)
        for trainer in trainers.values():
            trainer.train_step()


def regularisers_scene(s: Snapshot) -> Scene:
    """Test and training loss with intervals, and where each kind ends."""
    ends = (0.0, float(s.config.steps))

    def chart(title: str, values: dict[str, np.ndarray], caption: str, high: float) -> Panel:
        lines = [Curve("exact posterior", "truth", level(ends, s.lowest))]
        for kind, (name, role) in KINDS.items():
            v = values[kind]
            half = 1.96 * v.std(ddof=1) / SEEDS**0.5
            xy = np.array([[s.step, v.mean()]], np.float32)
            band = np.array([[v.mean() - half, v.mean() + half]], np.float32)
            lines.append(Curve(name, role, xy, band=band, grows=True))
        return Panel(title, lines, "chart", ends, (0.0, high), "training step", "nats",
                     caption=caption)  # fmt: skip

    names = [name for name, _ in KINDS.values()]
    final = Panel(
        "Test loss: now, and the lowest on the way",
        [
            Bars("now", "model", means(s.test), names),
            Bars("lowest on the way", "neutral", means(s.best), names),
        ],
        "chart", None, (0.0, 3.0), "", "nats",
        caption="The lowest on the way is what early stopping could reach at best.",
    )  # fmt: skip
    none, l2, dropout = (float(s.test[kind].mean()) for kind in KINDS)
    reading = Reading(
        "test loss without a regulariser", none, (s.lowest, s.lowest), "exact posterior", "nats",
        help=f"Mean over {SEEDS} seeds: other points, other initial weights.",
    )  # fmt: skip
    text = (
        f"After {s.step:,} updates the mean test loss of {SEEDS} seeds is {none:.2f} without, "
        f"{l2:.2f} with the L2 penalty and {dropout:.2f} with dropout; the lowest there is, "
        f"{s.lowest:.2f}."
    )
    panels = [
        chart("Test loss", s.test, f"{s.config.points} training points; bands: 95 %.", 3.0),
        chart("Training loss", s.train, "Without a regulariser it goes to zero.", 1.0),
        final,
    ]
    return Scene(panels, s.step, (3,), (), [reading], text)


def means(values: dict[str, np.ndarray]) -> np.ndarray:
    """The mean of every kind."""
    return np.array([values[kind].mean() for kind in KINDS], np.float32)
