"""Rare things and a good detector: how many of those it names are what it says?

Of all texts a share pi is generated. The detector finds a share `sensitivity` of those and lets a
share `specificity` of the others pass. By Bayes' rule, of those it names

    sensitivity pi / (sensitivity pi + (1 - specificity) (1 - pi))

are generated.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Panel, Points, Reading, Scene, frozen
from explorer.truth.floors import central

TEXTS, COLUMNS, FRAMES = 1000, 40, 25


@dataclass(frozen=True)
class BaseRateConfig:
    """How many texts are generated, and how good the detector is."""

    prevalence: float = c.number(0.01, 0.001, 0.5, log=True)
    sensitivity: float = c.number(0.9, 0.5, 1.0, 0.01)
    specificity: float = c.number(0.9, 0.5, 0.999, 0.001)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class BaseRateSnapshot:
    """After `step` texts."""

    step: int
    config: BaseRateConfig
    generated: np.ndarray  # (step,) bool
    named: np.ndarray  # (step,) bool: the detector says "generated"
    exact: float


def predictive_value(config: BaseRateConfig) -> float:
    """The share of the texts that the detector names which are generated.

    >>> round(predictive_value(BaseRateConfig()), 4)
    0.0833
    """
    true = config.sensitivity * config.prevalence
    return true / (true + (1 - config.specificity) * (1 - config.prevalence))


def screen(config: BaseRateConfig) -> Generator[BaseRateSnapshot, None, None]:
    """Test TEXTS texts, a few more in each frame."""
    rng = np.random.default_rng(config.seed)
    generated = rng.random(TEXTS) < config.prevalence
    hit = np.where(generated, config.sensitivity, 1 - config.specificity)
    named = rng.random(TEXTS) < hit
    for step in range(0, TEXTS + 1, TEXTS // FRAMES):
        yield BaseRateSnapshot(step, config, frozen(generated[:step]), frozen(named[:step]),
                               predictive_value(config))  # fmt: skip


def base_rate_scene(s: BaseRateSnapshot) -> Scene:
    """A point for each text, and the share of those named that are generated."""
    at = np.arange(s.step)
    xy = np.stack([at % COLUMNS, -(at // COLUMNS)], 1).astype(np.float32)
    groups = {
        "passed, by people": ("neutral", "dot", ~s.generated & ~s.named, 1.5),
        "named, by people": ("rival", "cross", ~s.generated & s.named, 3.5),
        "named, generated": ("model", "square", s.generated & s.named, 4.5),
        "passed, generated": ("real", "ring", s.generated & ~s.named, 4.5),
    }
    dots = Panel(
        f"{TEXTS:,} texts",
        [
            Points(name, role, frozen(xy[chosen]), size=size, shape=shape, opacity=0.9)  # type: ignore[arg-type]
            for name, (role, shape, chosen, size) in groups.items()
        ],
        xlim=(-1.0, float(COLUMNS)), ylim=(-TEXTS / COLUMNS, 1.0), span=1.6,
        caption="Crosses: people who are accused wrongly. Squares: generated texts that are found.",
    )  # fmt: skip
    share = np.geomspace(1e-3, 0.5, 60)
    values = [
        100 * predictive_value(BaseRateConfig(float(min(max(pi, 1e-3), 0.5)),
                               s.config.sensitivity, s.config.specificity))
        for pi in share
    ]  # fmt: skip
    curve = Panel(
        "Of the texts named, how many are generated?",
        [
            Curve("exact", "truth", frozen(np.stack([100 * share, values], 1).astype(np.float32)),
                  label=""),
            Points("here", "model", point(100 * s.config.prevalence, 100 * s.exact), size=5,
                   opacity=1.0),
            Curve("a coin", "neutral", level((0.1, 50.0), 50.0), dashed=True),
        ],
        "chart", (0.1, 50.0), (0.0, 100.0), "generated texts, % of all", "%", log_x=True,
        caption="Dashed: Bayes' rule for this detector.",
    )  # fmt: skip
    return Scene([dots, curve], step=s.step, unit="text", readings=_readings(s),
                 sentence=_sentence(s))  # fmt: skip


def _readings(s: BaseRateSnapshot) -> list[Reading]:
    named = int(s.named.sum())
    if not named:
        return []
    true = int((s.named & s.generated).sum())
    floor = central(np.random.default_rng(0).binomial(named, s.exact, 4000) / named)
    return [
        Reading("generated, of those named", 100 * true / named, (100 * floor[0], 100 * floor[1]),
                "Bayes' rule", "%", "neither", "True positives of all positives, so far."),
        Reading("wrongly accused", float(named - true), (0.0, 0.0), "a perfect detector", "people",
                "low", "Texts by people that the detector calls generated."),
    ]  # fmt: skip


def _sentence(s: BaseRateSnapshot) -> str:
    named, true = int(s.named.sum()), int((s.named & s.generated).sum())
    if not s.step:
        return f"By Bayes' rule {percent(s.exact)} of the texts that are named will be generated."
    return (
        f"Of {s.step} texts the detector names {named}; {true} of those are generated, "
        f"{named - true} were written by people. Exact share: {percent(s.exact)}."
    )
