"""The comparison run: one process that trains every model in turns, by equal shares of its budget.

Always the model with the least progress goes on, as far as its next snapshot. So all of them move
together, and what happens depends on the config alone.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from itertools import islice
from math import ceil, nan
from typing import Any

import numpy as np

from explorer.concepts.arena.config import Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.learner import TILES
from explorer.concepts.arena.measure import FRESH, SETS, STAGES, Evaluation, Scores, evaluation_of
from explorer.config import frame_steps
from explorer.data import images, plane
from explorer.nets import generator
from explorer.scene import frozen

FRAMES, REAL = 400, 400
EMPTY = frozen(np.zeros((0, 2), np.float32))


@dataclass(frozen=True, eq=False)
class FamilyState:
    """One family at a step of the comparison."""

    key: str
    done: float  # progress, the evaluation included
    samples: np.ndarray  # of its first model: (n, 2), or (n, h, w[, 3]) uint8
    distance: float  # now, of few samples; NaN before there are any, and of images
    curve: np.ndarray  # new since the last snapshot (k, 1 + models): progress, distance of each
    scores: tuple[Scores, ...]  # of those models that are evaluated
    failed: str = ""  # why its first model was given up

    @property
    def label(self) -> str:
        return FAMILIES[self.key].label


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All families after `step` steps of the comparison."""

    step: int
    config: Config
    real: np.ndarray
    states: tuple[FamilyState, ...]

    @property
    def over(self) -> bool:
        return self.step == self.config.steps


@dataclass(eq=False)
class Candidate:
    """One model of the comparison: in training, then in its evaluation."""

    key: str
    number: int  # which of the seeds
    config: Any
    evaluation: Evaluation
    training: float  # the share of its progress that is training
    source: Generator[Any, None, Any] | None = None
    evaluating: Generator[None, None, Scores] | None = None
    done: float = 0.0
    samples: np.ndarray = field(default_factory=lambda: EMPTY)
    curve: list[tuple[float, float]] = field(default_factory=list)
    model: Any = None
    scores: Scores | None = None
    failed: str = ""
    seconds: float = 0.0

    @property
    def over(self) -> bool:
        return self.scores is not None or bool(self.failed)

    def advance(self) -> None:
        """As far as the next snapshot; after the last one, part by part through the evaluation."""
        if self.evaluating is not None:
            try:
                next(self.evaluating)
                self.done += (1 - self.training) / (STAGES + 1)
            except StopIteration as end:
                self.scores, self.done = end.value, 1.0
            return
        family, start = FAMILIES[self.key], time.thread_time()
        if self.source is None:
            self.source = family.train(self.config)
        try:
            snapshot = next(self.source)
        except StopIteration as end:
            self.model = end.value
            self.seconds += time.thread_time() - start
            self.evaluating = self.evaluation.score(
                self.key, self.model, self.config, self.number, self.seconds
            )
            return
        except FloatingPointError as error:
            self.failed, self.done = str(error), 1.0
            return
        self.seconds += time.thread_time() - start
        share = snapshot.step / self.config.steps
        self.done = self.training * share
        self.samples = family.samples(snapshot)
        if not self.evaluation.of_images:
            self.curve.append((share, self.evaluation.live_distance(self.samples)))


@dataclass(frozen=True, eq=False)
class Model:
    """All the models that were compared."""

    config: Config
    models: dict[str, tuple[Any, ...]]
    scores: dict[str, tuple[Scores, ...]]

    @property
    def best(self) -> str:
        """The family whose samples are nearest to the data."""
        return min(self.scores, key=lambda key: np.mean([s.distance for s in self.scores[key]]))

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n samples of the best family."""
        return self.models[self.best][0].sample(n, seed)

    def weights(self) -> dict[str, np.ndarray]:
        """Those of every model, by family and number."""
        return {
            f"{key}.{number}.{name}": value
            for key, models in self.models.items()
            for number, model in enumerate(models)
            for name, value in model.weights().items()
        }


def start(config: Config) -> Snapshot:
    """The data, before any training."""
    states = tuple(FamilyState(key, 0.0, EMPTY, nan, EMPTY, ()) for key in config.included)
    return Snapshot(0, config, shown(config), states)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Run the comparison; the first snapshot shows the data before any training."""
    evaluation = evaluation_of(config.dataset)
    candidates = [
        Candidate(key, number, config.run(key, number), evaluation, config.training)
        for number in range(config.seeds)
        for key in config.included
    ]
    first = start(config)
    states, plotted = (
        {state.key: state for state in first.states},
        dict.fromkeys(config.included, 0),
    )
    preparing = evaluation.prepare()
    yield first
    frames = frame_steps(config.steps, FRAMES)[1:]
    for step in frames:
        moved = set()
        for _ in islice(preparing, ceil(SETS / len(frames))):
            pass
        while waiting := [candidate for candidate in candidates if not candidate.over]:
            if sum(each.done for each in candidates) / len(candidates) >= step / config.steps:
                break
            candidate = min(waiting, key=lambda each: each.done)
            candidate.advance()
            moved.add(candidate.key)
        for key, state in states.items():
            states[key] = replace(state, curve=EMPTY)
            if key in moved:
                own = [each for each in candidates if each.key == key]
                states[key] = state_of(key, own, plotted[key])
                plotted[key] += len(states[key].curve)
        yield Snapshot(step, config, first.real, tuple(states.values()))
    return Model(config, *(collected(candidates, config, what) for what in ("model", "scores")))


def collected(candidates: list[Candidate], config: Config, what: str) -> dict[str, tuple[Any, ...]]:
    """The models, or the scores, of those that are evaluated, by family."""
    evaluated = [candidate for candidate in candidates if candidate.scores]
    found = {
        key: tuple(getattr(candidate, what) for candidate in evaluated if candidate.key == key)
        for key in config.included
    }
    return {key: values for key, values in found.items() if values}


def state_of(key: str, candidates: list[Candidate], plotted: int) -> FamilyState:
    """A family as its models stand now; `plotted` points of its curve were in earlier snapshots.

    A point is plotted once every model that has not failed has one there.
    """
    curves = [each.curve for each in candidates if not each.failed]
    common = min(map(len, curves), default=0)
    rows = [
        (curves[0][at][0], *(curve[at][1] for curve in curves)) for at in range(plotted, common)
    ]
    longest = max(len(each.curve) for each in candidates)
    last = [each.curve[-1][1] for each in candidates if len(each.curve) == longest > 0]
    return FamilyState(
        key,
        float(np.mean([each.done for each in candidates])),
        candidates[0].samples,
        float(np.mean(last)) if last else nan,
        frozen(np.array(rows, np.float32)) if rows else EMPTY,
        tuple(each.scores for each in candidates if each.scores),
        candidates[0].failed,
    )


def shown(config: Config) -> np.ndarray:
    """Real data to be shown; where they are few, those that all first models learn from."""
    evaluation = evaluation_of(config.dataset)
    if evaluation.of_images:
        return frozen(images.load(evaluation.dataset).pixels(evaluation.fresh[:TILES]))
    known = plane.get(config.training_data(0)).known
    if known is not None:
        return frozen(known[0].numpy())
    return frozen(evaluation.real(REAL, generator(FRESH + 10 + config.seed)).numpy())
