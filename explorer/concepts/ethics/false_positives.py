"""How often does the detector accuse real text? Measured on Moby-Dick, beside the exact share."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.measure import binomial, p_values
from explorer.concepts.ethics.train import Model
from explorer.concepts.ethics.watermark import Watermark, detect
from explorer.concepts.shared.percent import in_percent, percent
from explorer.scene import Curve, Panel, Points, Reading, Scene, frozen
from explorer.truth.floors import central

LEVELS = np.geomspace(1e-3, 1.0, 31)
READ = 0.01  # the level of the readings
FRAMES = 20


@dataclass(frozen=True)
class FalsePositivesConfig:
    """How many real texts are tested, each with a key of its own."""

    texts: int = c.integer(4000, 200, 20_000, log=True)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class FalsePositivesSnapshot:
    """After `step` texts."""

    step: int
    tokens: int
    once: np.ndarray  # (levels,) share of the texts with p <= level, each pair counted once
    naive: np.ndarray  # (levels,) the same with every repetition counted
    exact: np.ndarray  # (levels,) what the first must be on average


def search_real_text(
    config: FalsePositivesConfig, model: Model
) -> Generator[FalsePositivesSnapshot, None, None]:
    """Test pieces of the half of the book that was kept back."""
    mark, length = model.mark, model.config.steps
    real, rng = model.language.real, np.random.default_rng(model.config.seed)
    sums = np.zeros((3, len(LEVELS)))
    part = config.texts // FRAMES
    yield FalsePositivesSnapshot(0, length, *(frozen(each) for each in sums))
    for frame in range(FRAMES):
        first = rng.integers(0, len(real) - length - mark.context, part)
        texts = real[first[:, None] + np.arange(length + mark.context)]
        keys = rng.integers(0, 2**31, (part, 1)).astype(np.uint64)
        for row, once in enumerate((True, False)):
            scores, counts = detect(texts, mark, keys, once)
            p = p_values((scores * counts).sum(1), counts.sum(1), mark)
            sums[row] += (p[:, None] <= LEVELS).sum(0)
            if once:
                sums[2] += sum(size(int(n), mark) for n in counts.sum(1))
        done = part * (frame + 1)
        yield FalsePositivesSnapshot(done, length, *(frozen(each / done) for each in sums))


def size(n: int, mark: Watermark) -> np.ndarray:
    """The exact probabilities (levels,) of p <= level for n tokens without a watermark.

    Counts are whole numbers: for the green list most levels cannot be reached exactly.
    """
    if mark.scheme == "gumbel":
        return LEVELS
    tails = np.append(binomial(n, mark.gamma), 0.0)[::-1]  # rising
    return tails[np.searchsorted(tails, LEVELS, side="right") - 1]


def false_positives_scene(s: FalsePositivesSnapshot) -> Scene:
    """The share of real texts below each level, on logarithmic axes."""
    limits = (1e-3, 1.0)
    marks = [Curve("exact", "truth", _curve(s.exact) if s.step else _curve(LEVELS))]
    shown = []
    if s.step:
        marks.append(Curve("repetitions counted", "rival", _curve(s.naive)))
        shown = [Points("each pair counted once", "real", _curve(s.once), size=3.5)]
    panel = Panel(
        "Real texts taken for marked ones", [*marks, *shown], "chart", limits, (5e-4, 1.0),
        "level of the test", "share of the texts", log_x=True, log_y=True,
        caption="Points on the dashed line: the test gives as many false positives as it says.",
    )  # fmt: skip
    return Scene([panel], step=s.step, unit="text", readings=_readings(s), sentence=_sentence(s))


def _curve(share: np.ndarray) -> np.ndarray:
    return frozen(np.stack([LEVELS, np.maximum(share, 4e-4)], 1).astype(np.float32))


def _at(share: np.ndarray) -> float:
    return float(share[int(np.abs(LEVELS - READ).argmin())])


def _readings(s: FalsePositivesSnapshot) -> list[Reading]:
    if not s.step:
        return []
    drawn = np.random.default_rng(0).binomial(s.step, _at(s.exact), 4000) / s.step
    floor = in_percent(central(drawn))
    return [
        Reading("false positives", 100 * _at(s.once), floor, "exact", "%", "neither",
                f"Real texts with p ≤ {READ:g}, each pair of context and token counted once."),
        Reading("repetitions counted", 100 * _at(s.naive), floor, "exact", "%", "neither",
                "The same if a phrase that comes back counts every time."),
    ]  # fmt: skip


def _sentence(s: FalsePositivesSnapshot) -> str:
    if not s.step:
        return "Real texts are tested, each with a key of its own."
    once, naive = (f"{100 * _at(each):.1f} %" for each in (s.once, s.naive))
    return (
        f"Of {s.step:,} real texts of {s.tokens} tokens {once} are accused at a level of "
        f"{percent(READ)}; {naive} if repetitions are counted, which are not independent."
    )
