"""The race: one process that lets every model learn in turns, by equal shares of the budget.

Always the model that is furthest behind goes on, as far as its next look at itself. So all of
them move together, and what happens depends on the config alone.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import islice
from math import ceil
from typing import Any

import numpy as np

from explorer.concepts.arena.config import Config
from explorer.concepts.arena.exam import FRESH, SETS, STAGES, Exam, Marks, exam
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.learner import TILES
from explorer.config import frame_steps
from explorer.data import images, plane
from explorer.nets import generator
from explorer.scene import frozen

FRAMES, REAL = 400, 400
EMPTY = frozen(np.zeros((0, 2), np.float32))


@dataclass(frozen=True, eq=False)
class Entry:
    """One family at a moment of the race."""

    key: str
    done: float  # share of its way, the exam included
    samples: np.ndarray  # of its first model: (n, 2), or (n, h, w[, 3]) uint8
    curves: np.ndarray  # (looks so far, 1 + models): share done, distance of each model
    marks: tuple[Marks, ...]  # of those models that are through
    failed: str = ""  # why its first model gave up

    @property
    def label(self) -> str:
        return FAMILIES[self.key].label


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All families after `step` steps of the race."""

    step: int
    config: Config
    real: np.ndarray
    entries: tuple[Entry, ...]

    @property
    def over(self) -> bool:
        return self.step == self.config.steps


@dataclass(eq=False)
class Lane:
    """One model on its way."""

    key: str
    number: int  # which of the seeds
    config: Any
    judge: Exam
    learning: float  # share of the way that is the budget
    source: Generator[Any, None, Any] | None = None
    sitting: Generator[None, None, Marks] | None = None
    done: float = 0.0
    samples: np.ndarray = field(default_factory=lambda: EMPTY)
    curve: list[tuple[float, float]] = field(default_factory=list)
    model: Any = None
    marks: Marks | None = None
    failed: str = ""
    seconds: float = 0.0

    @property
    def over(self) -> bool:
        return self.marks is not None or bool(self.failed)

    def advance(self) -> None:
        """As far as the next look; after the last one, part by part through the exam."""
        if self.sitting is not None:
            try:
                next(self.sitting)
                self.done += (1 - self.learning) / (STAGES + 1)
            except StopIteration as end:
                self.marks, self.done = end.value, 1.0
            return
        family, start = FAMILIES[self.key], time.thread_time()
        if self.source is None:
            self.source = family.train(self.config)
        try:
            snapshot = next(self.source)
        except StopIteration as end:
            self.model = end.value
            self.seconds += time.thread_time() - start
            self.sitting = self.judge.marks(
                self.key, self.model, self.config, self.number, self.seconds
            )
            return
        except FloatingPointError as error:
            self.failed, self.done = str(error), 1.0
            return
        self.seconds += time.thread_time() - start
        share = snapshot.step / self.config.steps
        self.done = self.learning * share
        self.samples = family.made(snapshot)
        if not self.judge.of_images:
            self.curve.append((share, self.judge.glance(self.samples)))


@dataclass(frozen=True, eq=False)
class Model:
    """All the models that took part."""

    config: Config
    models: dict[str, tuple[Any, ...]]
    marks: dict[str, tuple[Marks, ...]]

    @property
    def winner(self) -> str:
        """The family whose samples are nearest to the data."""
        return min(self.marks, key=lambda key: np.mean([m.distance for m in self.marks[key]]))

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n samples of the winner."""
        return self.models[self.winner][0].sample(n, seed)

    def weights(self) -> dict[str, np.ndarray]:
        """Those of every model, by family and number."""
        return {
            f"{key}.{number}.{name}": value
            for key, models in self.models.items()
            for number, model in enumerate(models)
            for name, value in model.weights().items()
        }


def line_up(config: Config) -> Generator[Snapshot, None, None]:
    """Everybody at the start: what is seen before the visitor has staked a prediction."""
    yield start(config)


def start(config: Config) -> Snapshot:
    """The data, and nobody on the way."""
    entries = tuple(Entry(key, 0.0, EMPTY, EMPTY, ()) for key in config.racing)
    return Snapshot(0, config, shown(config), entries)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Run the race; the first snapshot shows the data and nobody on the way."""
    judge = exam(config.dataset)
    lanes = [
        Lane(key, number, config.run(key, number), judge, config.learning)
        for number in range(config.seeds)
        for key in config.racing
    ]
    first = start(config)
    real, entries = first.real, {entry.key: entry for entry in first.entries}
    preparing = judge.prepare()
    yield first
    frames = frame_steps(config.steps, FRAMES)[1:]
    for step in frames:
        moved = set()
        for _ in islice(preparing, ceil(SETS / len(frames))):
            pass
        while waiting := [lane for lane in lanes if not lane.over]:
            if sum(lane.done for lane in lanes) / len(lanes) >= step / config.steps:
                break
            lane = min(waiting, key=lambda each: each.done)
            lane.advance()
            moved.add(lane.key)
        entries |= {key: entry(key, [la for la in lanes if la.key == key]) for key in moved}
        yield Snapshot(step, config, real, tuple(entries.values()))
    return Model(config, *(collected(lanes, config, what) for what in ("model", "marks")))


def collected(lanes: list[Lane], config: Config, what: str) -> dict[str, tuple[Any, ...]]:
    """The models, or the marks, of those that are through, by family."""
    through = [lane for lane in lanes if lane.marks]
    found = {
        key: tuple(getattr(lane, what) for lane in through if lane.key == key)
        for key in config.racing
    }
    return {key: values for key, values in found.items() if values}


def entry(key: str, lanes: list[Lane]) -> Entry:
    """A family as its models stand now."""
    looks = max(len(lane.curve) for lane in lanes)
    curves = np.full((looks, 1 + len(lanes)), np.nan, np.float32)
    for number, lane in enumerate(lanes, start=1):
        if lane.curve:
            own = np.array(lane.curve, np.float32)
            curves[: len(own), 0], curves[: len(own), number] = own.T
    return Entry(
        key,
        float(np.mean([lane.done for lane in lanes])),
        lanes[0].samples,
        frozen(curves) if looks else EMPTY,
        tuple(lane.marks for lane in lanes if lane.marks),
        lanes[0].failed,
    )


def shown(config: Config) -> np.ndarray:
    """Real data, for the eye; where they are few, those that all first models learn from."""
    judge = exam(config.dataset)
    if judge.of_images:
        return frozen(images.load(judge.dataset).pixels(judge.fresh[:TILES]))
    known = plane.get(config.learnt(0)).known
    if known is not None:
        return frozen(known[0].numpy())
    return frozen(judge.real(REAL, generator(FRESH + 10 + config.seed)).numpy())
