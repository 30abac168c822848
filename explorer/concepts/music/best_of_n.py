r"""Best of n: write n melodies and take the one with the highest reward. Nothing is trained.

Against a fresh melody the best of n wins with probability $n / (n + 1)$: of n + 1 melodies each is
equally likely to be the best, whatever the reward. Its distribution is away from the reference by

$$\mathrm{KL} \le \log n - \frac{n - 1}{n}$$

with equality where no two melodies have the same probability and reward. The expected reward of the
best of n is computed from the order statistics of many melodies.

Beirami et al. (2024), Theoretical Guarantees on the Best-of-n Alignment Policy,
https://arxiv.org/abs/2401.01879
"""

from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np

from explorer import config as c
from explorer.concepts.music.optimum import frontier, reference, sampled
from explorer.concepts.music.reward import RewardConfig, notes
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.rules import counts
from explorer.concepts.shared.percent import percent
from explorer.scene import Bars, Curve, Panel, Points, Reading, Scene, frozen

MANY = 8192  # melodies that are written
BINS = 40


@dataclass(frozen=True)
class BestOfNConfig:
    """The rules by which the best is chosen, and the largest n. A step is a doubling of n."""

    base: RewardConfig = field(default_factory=RewardConfig)
    most: int = c.choice(64, (16, 64, 256))
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def sizes(self) -> tuple[int, ...]:
        """1, 2, 4, ..., most."""
        return tuple(2**k for k in range(self.most.bit_length()))

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return self.base.reads


@dataclass(frozen=True, eq=False)
class BestOfN:
    """The best of `step` melodies."""

    step: int
    config: BestOfNConfig
    frontier: np.ndarray  # (m, 2) KL and reward of the best policies
    points: np.ndarray  # (sizes so far, 2) bound of the KL, and expected reward
    wins: np.ndarray  # (sizes,) share of wins against a fresh melody; NaN of sizes still to come
    error: float  # standard error of the last of them
    edges: np.ndarray  # (BINS + 1,) of the histograms
    density: tuple[np.ndarray, np.ndarray]  # (BINS,) of the rewards of one melody, and of the best
    highest: float  # density of the largest n, which is the steepest
    melody: np.ndarray  # notes of the best of the first n


@dataclass(frozen=True, eq=False)
class Best:
    """The rewards (MANY,) of all melodies, sorted."""

    rewards: np.ndarray


def bound(n: int) -> float:
    """The largest KL that the best of n can have from what it was chosen from, in nats.

    >>> bound(1), round(bound(64), 3)
    (0.0, 3.175)
    """
    return float(np.log(n) - (n - 1) / n)


def shares(n: int, count: int) -> np.ndarray:
    """(count,) the probability that the best of n is the i-th smallest of so many, drawn with
    replacement: (i / count)^n - ((i - 1) / count)^n."""
    return np.diff((np.arange(count + 1) / count) ** n)


def win_rate(rewards: np.ndarray, n: int, rng: np.random.Generator) -> tuple[float, float]:
    """How often the best of n beats the next melody, in separate groups, and the standard error.

    Of equal rewards a coin decides.
    """
    groups = len(rewards) // (n + 1)
    split = rewards[: groups * (n + 1)].reshape(groups, n + 1)
    best, fresh = split[:, :n].max(axis=1), split[:, n]
    ties = (split[:, :n] == best[:, None]).sum(axis=1)  # the coin has a side for each of them
    tossed = rng.random(groups) < ties / (ties + 1)
    wins = np.where(best == fresh, tossed, best > fresh)
    return float(wins.mean()), float(wins.std() / np.sqrt(groups))


def choose(config: BestOfNConfig) -> Generator[BestOfN, None, Best]:
    """Double n until it is the largest."""
    rng = np.random.default_rng(config.seed)
    melodies = sampled(reference(), MANY, rng)
    rewards = counts(melodies) @ np.array(config.base.weights)
    ordered = frozen(np.sort(rewards))
    edges = frozen(np.linspace(np.quantile(rewards, 0.01), ordered[-1] + 0.1, BINS + 1))
    known = frontier(config.base.weights)
    highest = float(_histogram(ordered, shares(config.most, MANY), edges).max())
    points, wins, error = list[list[float]](), np.full(len(config.sizes), np.nan), 0.0
    for at, n in enumerate(config.sizes):
        share = shares(n, MANY)
        points.append([bound(n), float(share @ ordered)])
        wins[at], error = win_rate(rewards, n, rng)
        yield BestOfN(
            n,
            config,
            known,
            frozen(np.array(points)),
            frozen(wins),
            error,
            edges,
            (_histogram(ordered, shares(1, MANY), edges), _histogram(ordered, share, edges)),
            highest,
            notes(melodies[int(rewards[:n].argmax())]),
        )
    return Best(ordered)


def _histogram(ordered: np.ndarray, share: np.ndarray, edges: np.ndarray) -> np.ndarray:
    found, _ = np.histogram(ordered, edges, weights=share)
    return frozen(found / np.diff(edges))


def choose_scene(s: BestOfN) -> Scene:
    """What the best of n costs, how often it wins, and how it sounds."""
    sizes = s.config.sizes
    low = float(s.frontier[0, 1])
    right = 1.15 * bound(sizes[-1])
    inside = s.frontier[s.frontier[:, 0] <= right, 1]
    room = 0.1 * (float(inside.max()) - low)
    against = Panel(
        "Reward against KL",
        [Curve("best for each KL", "truth", s.frontier.astype(np.float32), label=""),
         Curve("best of n", "model", s.points.astype(np.float32), width=1.5, label=""),
         Points("best of n, each n", "model", s.points.astype(np.float32), size=4, opacity=1.0)],
        "chart", (0.0, right), (low - room, float(inside.max()) + room),
        "KL from the reference, nats (upper bound)", "reward", span=1.5,
        caption="Dashed: the frontier. Points: n = 1, 2, 4, ...",
    )  # fmt: skip
    exact = np.array([n / (n + 1) for n in sizes], np.float32)
    won = Panel(
        "Wins against a fresh melody",
        [Bars("measured", "model", np.nan_to_num(s.wins).astype(np.float32), list(map(str, sizes))),
         Bars("n / (n + 1)", "truth", exact, list(map(str, sizes)))],
        "chart", (-0.5, len(sizes) - 0.5), (0.0, 1.0), "n", "share of wins", span=1.6,
        caption="Dashed: the closed form, whatever the reward.",
    )  # fmt: skip
    middle = (s.edges[1:] + s.edges[:-1]) / 2
    spread = Panel(
        "Distribution of the reward",
        [Curve("one melody", "rival", np.stack([middle, s.density[0]], 1).astype(np.float32)),
         Curve("best of n", "model", np.stack([middle, s.density[1]], 1).astype(np.float32))],
        "chart", (float(s.edges[0]), float(s.edges[-1])), (0.0, 1.1 * s.highest), "reward",
        "density", span=1.5, caption="The larger n, the further to the right.",
    )  # fmt: skip
    n, reward = s.step, float(s.points[-1, 1])
    best = float(np.interp(bound(n), s.frontier[:, 0], s.frontier[:, 1]))
    rate, closed = float(s.wins[sizes.index(n)]), n / (n + 1)
    half = 2.58 * max(s.error, np.sqrt(closed * (1 - closed) / (MANY // (n + 1))))
    return Scene(
        [against, won, spread,
         roll("Best of n", [Part("best", "model", s.melody)], 40.0, span=3.0,
              caption="The one with the highest reward among the first n.")],
        step=n, rows=(3, 1), unit="n =",
        readings=[
            Reading("share of wins", 100 * rate,
                    (100 * max(0.0, closed - half), 100 * min(1.0, closed + half)),
                    "n / (n + 1), 99 %", "%", "neither", "In separate groups of n + 1 melodies."),
            Reading("reward", reward, (best, best), "frontier at the bound of the KL", "", "high",
                    "Expected reward of the best of n."),
        ],
        sentence=(
            f"The best of {n} beats a fresh melody in {percent(rate)} of all cases (closed form "
            f"{percent(closed)}). Its reward is {reward:.2f}, at a KL of at most {bound(n):.2f} "
            f"nats; a fine-tuned policy could have {best:.2f} there. Every melody costs {n}."
        ),
        sounds=[heard(f"best of {n}", "model", s.melody, panel=3, tempo=120)],
    )  # fmt: skip
