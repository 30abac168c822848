"""How sure may one be? The same reward and penalty, learnt from five seeds side by side."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np

from explorer import config as c
from explorer.concepts.music.optimum import evaluate, optimum, reference
from explorer.concepts.music.reward import Policy, Reinforce, RewardConfig, described
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.shared.charts import level
from explorer.config import frame_steps
from explorer.scene import Bars, Curve, Mark, Panel, Reading, Scene, frozen

SEEDS, FRAMES, BEATS = 5, 10, 24.0
STUDENT = 2.776  # of a 95 % interval from five values


@dataclass(frozen=True)
class FiveSeedsConfig:
    """The rules and the penalty; training from seed, seed + 1, ..., each for so many steps."""

    base: RewardConfig = field(default_factory=RewardConfig)
    steps: int = c.steps(300, 2000)

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return self.base.reads

    def of(self, number: int) -> RewardConfig:
        """The config of one of them."""
        return replace(self.base, steps=self.steps, seed=self.base.seed + number)


@dataclass(frozen=True, eq=False)
class FiveSeeds:
    """All policies after `step` updates."""

    step: int
    config: FiveSeedsConfig
    objectives: np.ndarray  # (SEEDS,)
    best: float  # J*
    start: float  # J of the reference
    different: np.ndarray  # (SEEDS,) share of different melodies
    melodies: tuple[np.ndarray, ...]  # notes of a melody of each


@dataclass(frozen=True, eq=False)
class Policies:
    """The policy of every seed."""

    each: tuple[Policy, ...]


def train_five(config: FiveSeedsConfig) -> Generator[FiveSeeds, None, Policies]:
    """One update of each, again and again."""
    base = config.base
    learners = [Reinforce(config.of(number)) for number in range(SEEDS)]
    _, best = optimum(base.weights, base.beta)
    start = evaluate(reference(), base.weights).objective(base.beta)
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in shown:
            values = [evaluate(each.policy, base.weights) for each in learners]
            written = [described(each.policy, each.config.seed) for each in learners]
            yield FiveSeeds(
                step,
                config,
                frozen(np.array([value.objective(base.beta) for value in values])),
                best,
                start,
                frozen(np.array([share for _, share in written])),
                tuple(melody for melody, _ in written),
            )
        if step < config.steps:
            for each in learners:
                each.update()
    return Policies(tuple(Policy(frozen(each.policy)) for each in learners))


def interval(values: np.ndarray) -> tuple[float, float]:
    """The mean of five values, and half of its 95 % interval (Student 1908)."""
    return float(values.mean()), float(STUDENT * values.std(ddof=1) / np.sqrt(len(values)))


def five_scene(s: FiveSeeds) -> Scene:
    """The objective of every seed, how different their melodies are, and one melody of each."""
    end, room = s.config.steps, 0.1 * max(s.best - s.start, 1e-3)
    labels = [str(s.config.of(number).seed) for number in range(SEEDS)]
    curves: list[Mark] = [Curve("optimum J*", "truth", level((0, end), s.best))]
    curves += [
        Curve(f"seed {label}", "model", np.array([[s.step, value]], np.float32), width=1.5,
              label="", grows=True)
        for label, value in zip(labels, s.objectives.tolist())
    ]  # fmt: skip
    mean, half = interval(s.objectives)
    share = s.different.mean()
    return Scene(
        [
            Panel("Objective of every seed", curves, "chart", (0, end),
                  (s.start - room, s.best + room), "training step", "J", span=2.0,
                  caption="Five policies, the same settings, other random numbers."),
            Panel("Different melodies",
                  [Bars("share of 200", "model", s.different.astype(np.float32), labels)],
                  "chart", (-0.5, SEEDS - 0.5), (0.0, 1.0), "seed", "share", span=1.5,
                  caption="Low: the policy writes the same few again and again."),
            *(roll(f"Seed {label}", [Part("policy", "model", melody)], BEATS, span=1.0)
              for label, melody in zip(labels, s.melodies)),
        ],
        step=s.step, rows=(2, SEEDS),
        readings=[
            Reading("mean objective", mean, (s.best, s.best), "exact optimum J*", "", "high",
                    "Over five seeds."),
            Reading("half of its 95 % interval", half, (0.0, 0.0), "seeds all equal", "", "low",
                    "Student's interval of the mean over five seeds."),
        ],
        sentence=(
            f"Five seeds reach J = {mean:.2f} ± {half:.2f} of {s.best:.2f}. "
            f"On average {100 * share:.0f} % of 200 melodies differ."
        ),
        sounds=[heard(f"seed {label}", "model", melody, panel=2 + number, tempo=120)
                for number, (label, melody) in enumerate(zip(labels, s.melodies))],
    )  # fmt: skip
