"""What the tests of runs train: a process that costs and breaks as it is told."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from explorer.runs import Job


@dataclass(frozen=True)
class Config:
    """What a process of these tests does."""

    seed: int = 0
    steps: int = 20
    cost: float = 0.002
    breaks: str = ""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment."""

    step: int
    values: np.ndarray  # (3,)


SHARED = np.zeros(1000)
log: list[tuple[int, int]] = []  # seed and step of every snapshot that was computed


def train(config: Config) -> Generator[Snapshot, None, str]:
    rng = np.random.default_rng(config.seed)
    values = rng.normal(size=3)
    for step in range(config.steps + 1):
        time.sleep(config.cost)
        log.append((config.seed, step))
        if step == 5 and config.breaks and not (config.breaks == "once" and log.count(log[-1]) > 1):
            values = wrong(config.breaks)
        yield Snapshot(step, values + step)
    return f"model {config.seed}"


def work(config: Config) -> Generator[Snapshot, None, str]:
    """As `train`, but it costs seconds of the processor."""
    for step in range(config.steps + 1):
        end = time.thread_time() + config.cost
        while time.thread_time() < end:
            pass
        yield Snapshot(step, SHARED)
    return f"model {config.seed}"


def wrong(how: str) -> np.ndarray:
    if how == "infinity":
        return np.full(3, np.inf)
    if how == "nan":
        return np.full(3, np.nan)
    raise {
        "diverges": FloatingPointError("The loss is not a number. Lower the learning rate."),
        "memory": MemoryError(),
        "mistake": KeyError("weights"),
        "exit": SystemExit(),
        "once": SystemExit(),
    }[how]


def use(config: Config, model: str) -> Generator[Snapshot, None, str]:
    for step in range(3):
        yield Snapshot(step, SHARED)
    return f"{model}, used"


def until(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait for something; False if it took longer."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def ended(watched: Job, seconds: float = 60) -> bool:
    """Wait for the end of a run, as a viewer who polls."""
    end = time.monotonic() + seconds
    while not watched.ended and time.monotonic() < end:
        watched.renew("viewer")
        watched.wait_for(10**6, 0.1)
    return watched.ended
