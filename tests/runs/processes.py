"""What the tests of runs train, and the clock by which they do it: time passes as a test says."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from threading import Event

import numpy as np

from explorer.runs import Job
from explorer.runs.job import Clock
from explorer.runs.pool import Pool


class Watch(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = self.busy = 0.0

    def now(self) -> float:
        return self.seconds

    def worked(self) -> float:
        return self.busy

    def passes(self, seconds: float, busy: bool = True) -> None:
        """Let time pass; `busy`, the processor works all the while."""
        self.seconds += seconds
        self.busy += seconds * busy


@dataclass(frozen=True)
class Config:
    """What a process of these tests does."""

    seed: int = 0
    steps: int = 20
    cost: float = 0.002  # seconds of a snapshot
    breaks: str = ""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state at one step."""

    step: int
    values: np.ndarray  # (3,)


SHARED = np.zeros(1000)
clock = Watch()
gate = Event()  # what `held` waits for
log: list[tuple[int, int]] = []  # seed and step of every snapshot that was computed


def train(config: Config) -> Generator[Snapshot, None, str]:
    rng = np.random.default_rng(config.seed)
    values = rng.normal(size=3)
    for step in range(config.steps + 1):
        clock.passes(config.cost)
        log.append((config.seed, step))
        if step == 5 and config.breaks and not (config.breaks == "once" and log.count(log[-1]) > 1):
            values = wrong(config.breaks)
        yield Snapshot(step, values + step)
    return f"model {config.seed}"


def wait(config: Config) -> Generator[Snapshot, None, str]:
    """Costs time, but not the processor's."""
    for step in range(config.steps + 1):
        clock.passes(config.cost, busy=False)
        yield Snapshot(step, SHARED)
    return f"model {config.seed}"


def held(config: Config) -> Generator[Snapshot, None, str]:
    """As `train`, but its fifth snapshot takes until the gate is open."""
    for snapshot in train(config):
        if snapshot.step == 4:
            gate.wait(200)
        yield snapshot
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


def serve(pool: Pool, *wanted: Job, until: Callable[[], bool]) -> bool:
    """Let the pool work for viewers of some runs until something holds; False if it never does."""
    for _ in range(100_000):
        if until():
            return True
        for each in wanted:
            each.renew("viewer")
        if not pool.serve():
            break
    return until()


def ended(pool: Pool, *wanted: Job) -> bool:
    """Let the pool work until these runs have ended."""
    return serve(pool, *wanted, until=lambda: all(each.ended for each in wanted))
