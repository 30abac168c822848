"""Model collapse: a model is trained on samples of itself, generation after generation."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.generations import Frequencies, Gaussians, Names
from explorer.config import frame_steps
from explorer.scene import frozen

FAMILIES: dict[str, str] = {
    "gaussian": "Gaussian",
    "frequencies": "words",
    "names": "names",
}
KINDS: dict[str, type[Gaussians] | type[Frequencies] | type[Names]] = {
    "gaussian": Gaussians,
    "frequencies": Frequencies,
    "names": Names,
}
STRATEGIES: dict[str, str] = {
    "replace": "replace",
    "mix": "mix",
    "accumulate": "accumulate",
}
FRAMES = 60
LINES = 12  # names that are shown


@dataclass(frozen=True)
class CollapseConfig:
    """What is refitted to samples of itself, how many of them, and what becomes of the real data.

    A step is a generation.
    """

    family: str = c.choice("gaussian", FAMILIES)
    strategy: str = c.choice("replace", STRATEGIES)
    real_share: float = c.number(0.1, 0.05, 0.9, 0.05)  # of real data in each generation, to "mix"
    samples: int = c.integer(20, 5, 5000, log=True)
    generations: int = c.integer(60, 2, 200)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @classmethod
    def usual(cls, family: str = "gaussian", **chosen: object) -> "CollapseConfig":
        """The numbers of samples and generations that suit a family, with what was chosen."""
        sizes = {"frequencies": (1000, 60), "names": (1000, 10)}
        samples, generations = sizes.get(family, (20, 60))
        suited = {"samples": samples, "generations": generations}
        return cls(family, **{**suited, **chosen})  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class CollapseSnapshot:
    """After `step` generations. What the values are, depends on the family; see `values_of`."""

    step: int
    config: CollapseConfig
    values: np.ndarray  # (2,)
    first: np.ndarray  # (2,) the same of the real data
    exact: np.ndarray  # (2,) their exact means; NaN where none is known
    shown: np.ndarray  # (2,) mean and deviation of one model, or frequencies (kinds,) falling
    start: np.ndarray  # the same of the real data
    lines: tuple[str, ...]  # names


def collapse(config: CollapseConfig) -> Generator[CollapseSnapshot, None, None]:
    """Refit one generation after the other."""
    share = config.real_share if config.strategy == "mix" else 0.0
    chain = KINDS[config.family](config.samples, share, np.random.default_rng(config.seed))
    exact = exact_of(chain, config)
    first, start = frozen(values_of(chain)), frozen(_shown(chain))
    frames = set(frame_steps(config.generations, FRAMES))
    for step in range(config.generations + 1):
        if step:
            chain.refit(config.strategy)
        if step in frames:
            yield CollapseSnapshot(
                step, config, frozen(values_of(chain)), first, frozen(exact[step]),
                frozen(_shown(chain)), start, _lines(chain),
            )  # fmt: skip


def values_of(chain: Gaussians | Frequencies | Names) -> np.ndarray:
    """Two figures. Normal distributions: the mean variance and the typical one.

    Frequencies: the probability that two words differ, and the share of the kinds that are left.
    Names: bits per character on held-out names, and the share of distinct ones.
    """
    if isinstance(chain, Gaussians):
        return np.array([chain.variance.mean(), np.exp(np.log(chain.variance).mean())])
    if isinstance(chain, Frequencies):
        return np.array([chain.diversity, (chain.p > 0).mean()])
    return np.array([chain.bits, chain.distinct])


def exact_of(chain: Gaussians | Frequencies | Names, config: CollapseConfig) -> np.ndarray:
    """The exact mean of both figures in each generation, (generations + 1, 2); NaN if unknown."""
    found = np.full((config.generations + 1, 2), np.nan)
    if not isinstance(chain, Names):
        found[:, 0] = chain.exact(config.strategy, config.generations)
    if isinstance(chain, Gaussians) and config.strategy == "replace":
        found[:, 1] = chain.typical(config.generations)
    return found


def _shown(chain: Gaussians | Frequencies | Names) -> np.ndarray:
    if isinstance(chain, Gaussians):
        return np.array([chain.mean[0], chain.variance[0] ** 0.5])
    return np.sort(chain.p[0])[::-1] if isinstance(chain, Frequencies) else np.zeros(0)


def _lines(chain: Gaussians | Frequencies | Names) -> tuple[str, ...]:
    if not isinstance(chain, Names):
        return ()
    return tuple(chain.corpus.decode(name[:-1]) or "–" for name in chain.names[:LINES])
