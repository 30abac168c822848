"""Slow motion: one update of the judge or of the generator at a time, before and after."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.gan import density
from explorer.concepts.gan.config import Config
from explorer.concepts.gan.game import Game
from explorer.concepts.gan.look import ARROWS, BINS, calibration, histogram
from explorer.concepts.gan.panels import BELIEFS, along, arrows, belief_field, cloud, plane_panel
from explorer.concepts.gan.training import MOMENTS, Model
from explorer.nets import freeze
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Flow,
    Mark,
    Panel,
    Points,
    Role,
    Scene,
    frozen,
)

POINTS = 200  # of the batch that are shown
MOVES = 12  # updates of a slow motion
TURNED = 0.25  # length that the typical move is drawn with
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Slow:
    """Which game, from which tenth of its run, and how many updates."""

    game: Config = field(default_factory=Config)
    start: int = c.choice(1, {tenth: f"{10 * tenth} %" for tenth in range(MOMENTS)})
    moves: int = MOVES

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "moves", 1, 100)
        if self.game.of_images:
            raise ValueError(
                "game must be about points in the plane, whose changes can be seen. "
                f"Got {self.game.dataset} instead."
            )


@dataclass(frozen=True, eq=False)
class Move:
    """One update, before (`done` is false) or after it, on one batch that stays the same."""

    step: int  # frames so far
    round: int  # of the game
    config: Config
    player: Literal["judge", "generator"]
    done: bool
    real: np.ndarray  # (POINTS, 2)
    before: np.ndarray  # (POINTS, 2) made up
    after: np.ndarray  # (POINTS, 2) the same noise, after the update
    slope: np.ndarray  # (POINTS, 2) downhill for the generator
    belief: np.ndarray  # (CELLS, CELLS) now
    change: np.ndarray  # (CELLS, CELLS) of the belief by this update
    scale: float  # largest change of belief in the first update of the judge
    magnified: int  # how many times too long moves are drawn
    verdict_real: tuple[np.ndarray, np.ndarray]  # before and after, (BINS,) each
    verdict_made: tuple[np.ndarray, np.ndarray]
    trust: tuple[float, float]  # mean belief in the made-up points, before and after
    right: tuple[float, float]  # share that the judge gets right
    losses: np.ndarray  # (updates so far + 1, 4): update, judge's, generator's, judge's before it


def updates(config: Slow, model: Model) -> Generator[Move, None, None]:
    """Take the game up again where `config.start` says, and play it one update at a time."""
    game = Game(config.game)
    game.take_up(model.moments[min(config.start, len(model.moments) - 1)])
    player = _Player(game)
    for _ in range(config.moves):
        yield from player.move()


class _Player:
    """Plays single updates and notes what each changed."""

    def __init__(self, game: Game) -> None:
        self.game, self.config = game, game.config
        self.turns, self.frames, self.scale, self.magnified = 0, 0, 0.0, 0
        self.rows: list[tuple[float, ...]] = []
        self.real, self.z = game.real.next(), game.noise.next()
        with torch.no_grad():
            self.zero = calibration(game, self.real, game.forger(self.z))

    def move(self) -> list[Move]:
        """The next update, as it stands before and after."""
        game = self.game
        judged = self.turns % (self.config.d_updates + 1) < self.config.d_updates
        if self.turns:
            self.real, self.z = game.real.next(), game.noise.next()
        with torch.no_grad():
            made = game.forger.activations(self.z)
            old = self._state(made[-1])
            slope = -game.pull(made[-1][:POINTS], self.real[:POINTS])
            game.set_rates()
            if judged:
                game.judge_update(self.real, made[-1])
            else:
                game.forger_update(made, self.real)
                game.step += 1
            self.turns += 1
            new = self._state(game.forger(self.z))
        moved = new.made[:POINTS] - old.made[:POINTS]
        if judged and not self.scale:
            self.scale = max(1e-6, (new.belief - old.belief).abs().amax().item())
        if not judged and not self.magnified:
            typical = moved.norm(dim=1).median().item() + 1e-9
            self.magnified = max((n for n in STEPS if n * typical <= TURNED), default=1)
        if not self.rows:
            self.rows.append((0, *old.losses, old.losses[0]))
        before_rows = frozen(np.array(self.rows, np.float32))
        self.rows.append((self.turns, *new.losses, old.losses[0]))
        frames = []
        for done in (False, True):
            now = new if done else old
            frames.append(
                Move(
                    step=self.frames,
                    round=game.step,
                    config=self.config,
                    player="judge" if judged else "generator",
                    done=done,
                    real=freeze(self.real[:POINTS]),
                    before=freeze(old.made[:POINTS]),
                    after=freeze(now.made[:POINTS]),
                    slope=freeze(slope),
                    belief=freeze(now.belief),
                    change=freeze(now.belief - old.belief),
                    scale=self.scale or 0.1,
                    magnified=self.magnified or 1,
                    verdict_real=(old.verdict_real, now.verdict_real),
                    verdict_made=(old.verdict_made, now.verdict_made),
                    trust=(old.trust, now.trust),
                    right=(old.right, now.right),
                    losses=frozen(np.array(self.rows, np.float32)) if done else before_rows,
                )
            )
            self.frames += 1
        return frames

    def _state(self, made: Tensor) -> "_State":
        game, (centre, spread) = self.game, self.zero
        a, b = game.judge(self.real)[:, 0], game.judge(made)[:, 0]
        says = [game.loss.belief((d - centre) / spread) for d in (a, b)]
        grid = game.loss.belief((game.judge(density.cells()) - centre) / spread)
        right = ((says[0] > 0.5).float().mean() + (says[1] < 0.5).float().mean()) / 2
        return _State(
            made,
            grid.view(density.CELLS, density.CELLS),
            histogram(says[0]),
            histogram(says[1]),
            says[1].mean().item(),
            right.item(),
            (game.loss.judge(a, b).mean().item(), game.loss.forger(a, b).mean().item()),
        )


@dataclass(frozen=True, eq=False)
class _State:
    made: Tensor
    belief: Tensor
    verdict_real: np.ndarray
    verdict_made: np.ndarray
    trust: float
    right: float
    losses: tuple[float, float]


def slow_scene(s: Move, view: str = "") -> Scene:
    """One update: the batch, the verdict on it, both losses, and what the update changed."""
    judged = s.player == "judge"
    role: Role = "rival" if judged else "model"
    flows = (
        Flow(0, 1, "batch", active=not s.done),
        Flow(1, 2, "verdict", "rival", active=not s.done),
        Flow(2, 3, "update", role, active=s.done),
    )
    panels = [_batch(s), _verdict(s), _losses(s), _changed(s)]
    return Scene(panels, step=s.step, flows=flows, sentence=_told(s), unit="frame")


def _batch(s: Move) -> Panel:
    marks: list[Mark] = [
        belief_field("the judge's belief", s.belief),
        cloud("real", "real", s.real),
        cloud("made up", "model", s.after),
    ]
    if s.player == "judge":
        return plane_panel("The batch", marks, "This batch trains the judge.", not s.done)
    if not s.done:
        marks.append(arrows(s.before[:ARROWS], s.slope[:ARROWS]))
    caption = (
        "After the step." if s.done else "Arrows: where the judge would find a point more real."
    )
    return plane_panel("The batch", marks, caption, not s.done)


def _verdict(s: Move) -> Panel:
    marks: list[Mark] = [
        Bars("real", "real", s.verdict_real[1], BELIEFS),
        Bars("made up", "model", s.verdict_made[1], BELIEFS),
    ]
    if s.done:
        before = (
            ("real before", -0.2, s.verdict_real[0]),
            ("made up before", 0.2, s.verdict_made[0]),
        )
        marks += [
            Curve(name, "neutral", along(np.arange(BINS) + shift, share), width=1, label="")
            for name, shift, share in before
        ]
    return Panel(
        "The judge's verdict",
        marks,
        kind="chart",
        xlim=None,
        ylim=(0, 1),
        xlabel="belief that it is real",
        caption="Grey lines: before the update." if s.done else "On this batch.",
        active=not s.done,
    )


def _losses(s: Move) -> Panel:
    return Panel(
        "Losses",
        [
            Curve("judge", "rival", s.losses[:, [0, 1]]),
            Curve("generator", "model", s.losses[:, [0, 2]]),
        ],
        kind="chart",
        xlim=(0, MOVES),
        ylim=None,
        xlabel="update",
        caption="Each on the batch of its update.",
        active=not s.done,
    )


def _changed(s: Move) -> Panel:
    title = "What the update changed"
    if s.player == "judge":
        meaning = "believes less | believes more"
        field = Field("change of belief", s.change, -s.scale, s.scale, meaning=meaning)
        caption = f"Full colour: belief changed by {s.scale:.2g}." if s.done else "Nothing yet."
        return plane_panel(
            title, [field, cloud("made up", "model", s.before, True)], caption, s.done
        )
    moves = (s.after - s.before) * s.magnified
    caption = "Moves at their true length."
    if not s.done:
        caption = "Nothing yet."
    elif s.magnified > 1:
        caption = f"Moves drawn {s.magnified} times as long as they are."
    marks: list[Mark] = [
        Points("before", "neutral", s.before, size=2, shape="ring"),
        Arrows("move", "model", s.before, moves),
    ]
    return plane_panel(title, marks, caption, s.done)


def _told(s: Move) -> str:
    opening, size = f"Round {s.round}.", s.config.batch
    if s.player == "judge" and not s.done:
        return (
            f"{opening} The judge's turn: it looks at {size} real and {size} made-up points and is "
            f"right about {s.right[0]:.0%} of them."
        )
    if s.player == "judge":
        before, after = s.losses[-1, 3], s.losses[-1, 1]
        word = "fell" if after < before else "rose (the step was too long)"
        return (
            f"{opening} The judge has taken its step: on these points its loss {word} from "
            f"{before:.3f} to {after:.3f}. The generator stood still."
        )
    if not s.done:
        return (
            f"{opening} The generator's turn: each of its points is told which way the judge would "
            f"find it more real. They are believed {s.trust[0]:.1%} on average."
        )
    step = float(np.median(np.linalg.norm(s.after - s.before, axis=1)))
    return (
        f"{opening} The generator has taken its step: the typical point moved by {step:.2g}. They "
        f"are now believed {s.trust[1]:.1%}, {s.trust[0]:.1%} before. The judge stood still."
    )
