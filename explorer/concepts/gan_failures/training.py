"""The runs: a failure beside its cure from one seed, or nine seeds of one of them at once."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts import gan
from explorer.concepts.gan.density import CELLS, cells
from explorer.concepts.gan_failures.config import NONE, Config
from explorer.concepts.gan_failures.game import Games, Rules
from explorer.concepts.gan_failures.gauge import FIGURES, Gauge
from explorer.config import frame_steps
from explorer.nets import freeze, generator, weights
from explorer.scene import frozen

FRAMES, SEEDS, ARROWS = 40, 9, 40
SHOWN = 256  # points of each seed in the wall


@dataclass(frozen=True, eq=False)
class Side:
    """One game as it stands: what is drawn of it, and what was measured so far."""

    rules: Rules
    made: np.ndarray  # (POINTS, 2) as they are shown: averaged, if there is an average
    arrows_at: np.ndarray  # (ARROWS, 2)
    arrows: np.ndarray  # (ARROWS, 2) the slope that G gets there
    belief: np.ndarray  # (CELLS, CELLS) D's, 0 made up, 1 real
    history: np.ndarray  # (looks so far, figures)
    modes: np.ndarray  # (modes, FRAMES + 1) share of each mode at every look; 0 to come
    turning: np.ndarray  # (lags,) how the arrows of the last rounds turn round
    diverged: bool

    def figure(self, name: str) -> np.ndarray:
        """A figure at all looks so far."""
        return self.history[:, FIGURES.index(name)]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The failure, and beside it the same game with the cure, if there is one."""

    step: int
    config: Config
    real: np.ndarray  # (POINTS, 2)
    kept: np.ndarray  # (shots, 2) all the real points of the failing game, if they are counted
    before: Side
    after: Side | None


@dataclass(frozen=True, eq=False)
class Model:
    """The trained players of the game that was shown last: with the cure, if there is one."""

    games: Games

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n made-up points (n, 2)."""
        z = torch.randn(1, n, self.games.config.noise_size, generator=generator(seed))
        return freeze(self.games.shown()(z)[0])

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name."""
        parts = {"generator": self.games.forger, "judge": self.games.judge}
        return {
            f"{part}.{name}": array
            for part, module in parts.items()
            for name, array in weights(module).items()
        }


class Player:
    """Plays the games of some seeds, and takes a look now and then."""

    def __init__(self, rules: Rules, seeds: Sequence[int]) -> None:
        self.games = Games(rules, seeds)
        self.gauge = Gauge(self.games)
        self.rows: list[np.ndarray] = []
        self.shares: list[Tensor] = []

    def look(self) -> tuple[Tensor, Tensor, Tensor]:
        """Take the figures; the points as they are played and as they are shown, and slopes."""
        made, shown, pull, figures = self.gauge.take()
        self.rows.append(figures)
        self.shares.append(self.gauge.share)
        return made, shown, pull

    def play(self, frames: int) -> Generator[tuple[int, Tensor], None, None]:
        """Play to the end; at every look the round, and the points as they are shown."""
        steps = self.games.config.steps
        shown = frame_steps(steps, frames)
        for step in range(steps + 1):
            if step == shown[0]:
                shown = shown[1:]
                yield step, self.look()[1]
            if step < steps:
                self.games.round()

    def side(self) -> Side:
        """A look at the first seed."""
        made, shown, pull = self.look()
        rules, width = self.games.rules, FRAMES + 1
        modes = torch.zeros(self.shares[0].shape[1], width)
        modes[:, : len(self.shares)] = torch.stack([share[0] for share in self.shares], 1)
        return Side(
            rules, freeze(shown[0]), freeze(made[0, :ARROWS]), freeze(pull[0, :ARROWS]),
            freeze(self.games.map(cells(), made)[0].view(CELLS, CELLS)),
            frozen(np.stack([row[0] for row in self.rows])), freeze(modes),
            frozen(self.games.turning()[:, 0]),
            not bool(self.gauge.alive[0]),
        )  # fmt: skip


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Play the failing game and the cured one, round by round, from the same seed."""
    before = Player(config.rules(NONE), [config.seed])
    cured = config.rules()
    after = Player(cured, [config.seed]) if cured != config.rules(NONE) else None
    both = [before] if after is None else [before, after]
    real, kept = freeze(before.gauge.real[0]), before.games.kept
    few = frozen(np.zeros((0, 2), np.float32)) if kept is None else freeze(kept[0])
    shown = frame_steps(config.steps, FRAMES)
    for step in range(config.steps + 1):
        if step == shown[0]:
            shown = shown[1:]
            sides = [player.side() for player in both]
            yield Snapshot(step, config, real, few, sides[0], sides[1] if after else None)
        if step < config.steps:
            for player in both:
                player.games.round()
    return Model(both[-1].games)


@dataclass(frozen=True, eq=False)
class Wall:
    """The same game from nine seeds."""

    step: int
    steps: int
    seeds: tuple[int, ...]
    groups: int  # modes that there are
    real: np.ndarray  # (SHOWN, 2)
    made: np.ndarray  # (s, SHOWN, 2)
    history: np.ndarray  # (looks so far, s, figures)


def play_wall(rules: Rules, seeds: Sequence[int], frames: int) -> Generator[Wall, None, Games]:
    """Play one game from every seed."""
    player = Player(rules, seeds)
    real, groups = freeze(player.gauge.real[0, :SHOWN]), player.gauge.rule.groups
    steps, seeds = rules.game.steps, tuple(seeds)
    for step, points in player.play(frames):
        history = frozen(np.stack(player.rows))
        yield Wall(step, steps, seeds, groups, real, freeze(points[:, :SHOWN]), history)
    return player.games


def wall(config: Config) -> Generator[Wall, None, Games]:
    """The cured game (the failing one, without a cure) from nine seeds at once."""
    seeds = range(config.seed, config.seed + SEEDS)
    return (yield from play_wall(config.rules(), seeds, FRAMES))


def nine_seeds(config: gan.Config) -> Generator[Wall, None, Games]:
    """A game of the page about GANs from nine seeds at once; the first is the visitor's own."""
    seeds = range(config.seed, config.seed + SEEDS)
    return (yield from play_wall(Rules(config), seeds, FRAMES // 4))


def measured(rules: Rules, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """What was measured of the game from every seed: (looks, s, figures).

    And how the arrows of its last rounds turn, (lags, s).
    """
    player = Player(rules, seeds)
    for _ in player.play(FRAMES):
        continue
    return np.stack(player.rows), player.games.turning()
