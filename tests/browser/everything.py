"""A process and a scene with every kind of mark, for the player's tests and measurements."""

import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from explorer.scene import Scene, Sound
from tests.draw.scenes import demo, growing

FRAMES = 150
SCALE = np.array([[at, 1, 60 + at] for at in range(4)], np.float32)
CHORD = np.array([[0, 2, 60], [0, 2, 64]], np.float32)


@dataclass(frozen=True)
class Config:
    """`cost` is what a snapshot takes in CPU milliseconds; the first one is `late` by so many."""

    seed: int = 0
    steps: int = 300
    cost: int = 30
    fails: int = -1  # at this frame
    late: int = 0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment; `noise` only makes every snapshot different."""

    step: int
    noise: np.ndarray  # (8,)


def process(config: Config) -> Generator[Snapshot, None, str]:
    """Burn CPU time as training does, holding the interpreter about half of the time."""
    rng = np.random.default_rng(config.seed)
    time.sleep(config.late / 1000)
    for i in range(FRAMES + 1):
        end = time.thread_time() + config.cost / 1000
        while time.thread_time() < end:
            np.dot(rng.random((60, 60)), rng.random((60, 60)))
        if i == config.fails:
            raise FloatingPointError(
                "The loss is not a number any more: the learning rate is too high. Try a tenth."
            )
        yield Snapshot(i * config.steps // FRAMES, rng.random(8))
    return "a model"


def again(config: Config, model: str) -> Generator[Snapshot, None, str]:
    """A short process that builds upon the model of the first."""
    yield from (Snapshot(i, np.zeros(8)) for i in range(20))
    return f"{model}, used"


@lru_cache(maxsize=512)
def _drawn(step: int) -> Scene:
    return demo(max(1, step))


def scene(snapshot: Snapshot, view: str = "all") -> Scene:
    """Everything, or two panels of it, or curves that grow by a point in every frame."""
    if view == "growing":
        return growing(snapshot.step)
    whole = _drawn(snapshot.step)
    if view == "all":
        return whole
    heard = [Sound("scale", "model", SCALE, panel=0), Sound("chord", "real", CHORD)]
    two = [whole.panels[1], whole.panels[4]]
    return replace(whole, panels=two, rows=(), flows=[], sounds=heard)
