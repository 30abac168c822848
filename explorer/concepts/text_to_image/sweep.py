"""Many short runs side by side: what if more pairs are held out, with another encoder, by luck?

Each run is a training run of its own, a third as long as the page's; everything but what is varied
stays as it is there.
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np

from explorer import config as c
from explorer.concepts.shared.percent import percent
from explorer.concepts.text_to_image.config import ENCODERS, Config
from explorer.concepts.text_to_image.train import frame_steps, training
from explorer.scene import Curve, Mark, Panel, Points, Reading, Scene, Text, frozen

VARIED: dict[str, str] = {
    "held_out": "held-out pairs",
    "encoder": "text encoder",
    "seed": "seed",
}
HELD_OUT, ENCODER_SEEDS = (3, 6, 12, 18, 24, 32, 40), 2
FRAMES = 8  # of each run
SHARE = 0.35  # of the page's training steps


@dataclass(frozen=True)
class SweepConfig:
    """Which settings, and what is varied."""

    base: Config = field(default_factory=Config)
    vary: str = c.choice("held_out", VARIED)
    seeds: int = c.integer(6, 2, 20)  # if they are varied

    def __post_init__(self) -> None:
        c.check(self)

    def runs(self) -> list[Config]:
        """The settings of every run."""
        base = replace(self.base, steps=max(1, round(SHARE * self.base.steps)))
        if self.vary == "held_out":
            return [replace(base, held_out=count) for count in HELD_OUT]
        if self.vary == "encoder":
            return [replace(base, encoder=kind, seed=base.seed + i)
                    for kind in ENCODERS for i in range(ENCODER_SEEDS)]  # fmt: skip
        return [replace(base, seed=base.seed + i) for i in range(self.seeds)]


@dataclass(frozen=True, eq=False)
class SweepSnapshot:
    """The runs so far; the last of them may still be going on."""

    step: int
    config: SweepConfig
    found: np.ndarray  # (runs so far, 2): joint accuracy of seen captions, and of unseen ones
    counts: tuple[int, ...]  # of pictures behind each
    done: int  # runs that have ended


def sweep(config: SweepConfig) -> Generator[SweepSnapshot, None, None]:
    """Train one after the other; some frames of each run are passed on."""
    found: list[tuple[float, float]] = []
    counts: list[int] = []
    step = 0
    for done, each in enumerate(config.runs()):
        found.append((0.0, 0.0))
        counts.append(0)
        for snapshot in training(each, frame_steps(each.steps, FRAMES)):
            found[-1] = snapshot.of_seen.joint, snapshot.of_unseen.joint
            counts[-1] = snapshot.of_unseen.count
            ended = snapshot.step == each.steps
            yield SweepSnapshot(
                step, config, frozen(np.array(found)), tuple(counts), done + ended
            )  # fmt: skip
            step += 1


def places(config: SweepConfig) -> list[float]:
    """Where each run stands on the axis."""
    if config.vary == "held_out":
        return [float(each.held_out) for each in config.runs()]
    if config.vary == "encoder":
        return [i // ENCODER_SEEDS + 0.16 * (i % ENCODER_SEEDS) for i in range(len(config.runs()))]
    return [float(each.seed - config.base.seed) for each in config.runs()]


def sweep_scene(s: SweepSnapshot) -> Scene:
    """Joint accuracy of seen and unseen captions in every run."""
    at = places(s.config)
    x = np.array(at[: len(s.found)])
    seen, unseen = (np.stack([x, s.found[:, i]], 1).astype(np.float32) for i in (0, 1))
    marks: list[Mark]
    if s.config.vary == "held_out":
        marks = [Curve("seen", "real", seen), Curve("never seen", "model", unseen)]
        xlim, xlabel = (0.0, 42.0), "held-out pairs of 48"
    else:
        marks = []
        xlim = (-0.5, max(at) + 0.5)
        xlabel = "text encoder" if s.config.vary == "encoder" else "seed"
    marks += [
        Points("seen captions", "real", seen, size=5, shape="ring", opacity=1.0),
        Points("captions never seen", "model", unseen, size=5, opacity=1.0),
    ]
    if s.config.vary == "encoder":
        marks += [Text(key, "neutral", (i + 0.08, 0.5), name)
                  for i, (key, name) in enumerate(ENCODERS.items())]  # fmt: skip
    over = f"{len(at)} runs, each with {s.config.runs()[0].steps:,} training steps."
    return Scene(
        [Panel("Accuracy at the end of each run", marks, "chart", xlim=xlim, ylim=(-0.04, 1.05),
               xlabel=xlabel, ylabel="share right in every attribute", span=2.0, caption=over)],
        step=s.step,
        unit="frame",
        readings=_readings(s),
        sentence=_sentence(s),
    )  # fmt: skip


def _ended(s: SweepSnapshot) -> np.ndarray:
    return s.found[: s.done]


def _readings(s: SweepSnapshot) -> list[Reading]:
    over = _ended(s)
    worst = 100 * float(np.nanmin(over[:, 1])) if len(over) else float("nan")
    best = 100 * float(np.nanmax(over[:, 1])) if len(over) else float("nan")
    return [
        Reading("never seen, best run", best, (100.0, 100.0), "real pictures", "%", "high"),
        Reading("never seen, worst run", worst, (100.0, 100.0), "real pictures", "%", "high"),
    ]


def _sentence(s: SweepSnapshot) -> str:
    over, runs = _ended(s), s.config.runs()
    if not len(over):
        return f"Run 1 of {len(runs)} is going on; each trains a network of its own."
    first, last = float(over[0, 1]), float(over[-1, 1])
    if s.done < len(runs):
        return f"{s.done} of {len(runs)} runs have ended."
    if s.config.vary == "held_out":
        return (
            f"With {HELD_OUT[0]} of 48 pairs held out {percent(first)} of unseen captions are "
            f"drawn as asked, with {HELD_OUT[-1]} only {percent(last)}. Composition needs company: "
            "each word has to be seen beside many others."
        )
    if s.config.vary == "encoder":
        means = over[:, 1].reshape(-1, ENCODER_SEEDS).mean(1)
        values = [f"{name} {percent(float(m))}" for name, m in zip(ENCODERS.values(), means)]
        return f"Captions never seen, mean of {ENCODER_SEEDS} seeds: {'; '.join(values)}."
    return (
        f"Over {len(runs)} seeds, {percent(float(over[:, 1].min()))} to "
        f"{percent(float(over[:, 1].max()))} of captions never seen are drawn as asked: each seed "
        "holds out other pairs and starts from other weights."
    )
