"""A look at a game in progress: everything that its pictures need, frozen."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan import density
from explorer.concepts.gan.config import Config
from explorer.concepts.gan.game import Game
from explorer.concepts.gan.measure import (
    IMAGES,
    POINTS,
    ImageYardstick,
    Marks,
    PlaneYardstick,
    yardstick,
)
from explorer.concepts.gan.network import Forger, Perceptron
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

SHOWN, ARROWS, SHEET, BINS = 512, 48, 21, 20
JUDGED = 640  # made-up points, and as many real ones, that the judge's figures are taken from
TILES = 36  # images shown
FAR = 1e4  # further out, a point shows that the run has diverged
COLUMNS = (
    "step", "judge", "forger", "best judge", "distance", "covered", "third", "right",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The game after `step` rounds, for points in the plane and for images alike."""

    step: int
    config: Config
    history: np.ndarray  # (looks so far, len(COLUMNS))
    marks: Marks  # of the averaged forger, or of the last weights if there is no average
    verdict_real: np.ndarray  # (BINS,) share of the real ones by the judge's belief, 0 to 1
    verdict_made: np.ndarray  # (BINS,)
    pull: float  # the slope that the typical point gets from the judge
    moved: float  # how far the typical point went since the last look

    def column(self, name: str) -> np.ndarray:
        return self.history[:, COLUMNS.index(name)]


@dataclass(frozen=True, eq=False)
class PlaneSnapshot(Snapshot):
    real: np.ndarray  # (SHOWN, 2), the same in every snapshot
    noise: np.ndarray  # (SHOWN, 2), the first two numbers of each; the same in every snapshot
    lattice: np.ndarray  # (SHEET, SHEET, 2), a square grid in the noise; the same everywhere
    sheet: np.ndarray  # (SHEET, SHEET, 2), where the generator takes it
    made: np.ndarray  # (SHOWN, 2), by the weights that play
    averaged: np.ndarray  # (SHOWN, 2), by the averaged weights
    arrows_at: np.ndarray  # (ARROWS, 2)
    arrows: np.ndarray  # (ARROWS, 2) minus the slope of the forger's loss
    belief: np.ndarray  # (CELLS, CELLS) 0 made up, 1 real
    best: np.ndarray  # (CELLS, CELLS) of the best judge; Wasserstein: steepness of D
    mass: np.ndarray  # (CELLS, CELLS) (p + q) / 2, blurred


@dataclass(frozen=True, eq=False)
class ImageSnapshot(Snapshot):
    noise: np.ndarray  # (TILES, s, s) uint8, the same in every snapshot
    made: np.ndarray  # (TILES, h, w) uint8, by the weights that play
    averaged: np.ndarray  # (TILES, h, w) uint8
    nearest: np.ndarray  # (TILES, h, w) uint8: the nearest training image of each averaged one
    wanted: np.ndarray  # (TILES, h, w) uint8: what the judge wants changed; mid-grey is nothing


class Look:
    """Looks at a game in progress, always with the same noise and the same real points."""

    def __init__(self, game: Game, frames: int) -> None:
        self.game, self.config = game, game.config
        self.rule = yardstick(game.config.dataset)
        self.mean_forger = Game(game.config).forger if game.config.keep else game.forger
        count = POINTS if isinstance(self.rule, PlaneYardstick) else IMAGES
        self.z = game.draw_noise(count, generator(game.config.seed + 1))
        self.before: Tensor | None = None
        self.rows, self.taken = np.zeros((frames, len(COLUMNS)), np.float32), 0

    def averaged(self) -> Forger:
        """The forger with averaged weights (the one that plays, without an average)."""
        if self.config.keep:
            self.game.average.copy_to(self.mean_forger)
        return self.mean_forger

    @torch.no_grad()
    def take(self) -> Snapshot:
        if isinstance(self.rule, PlaneYardstick):
            return self._points(self.rule)
        return self._images(self.rule)

    def _points(self, rule: PlaneYardstick) -> PlaneSnapshot:
        game, config = self.game, self.config
        made = self._checked(game.forger(self.z[:JUDGED]))
        averaged = in_blocks(self.averaged(), self.z)
        marks = rule.marks(averaged)

        knots, share = density.latents(config.noise_size)
        p = density.real_density(config.dataset)
        q = density.made_density(in_blocks(game.forger, knots).numpy(), share)
        best_loss = density.best_loss(game.loss, p, q)
        centre, spread = calibration(game, rule.real[:JUDGED], made)
        acts = game.judge.activations(density.cells())
        belief = game.loss.belief((acts[-1] - centre) / spread)
        if game.loss.best is None:
            _, slope = game.judge.slopes(acts, torch.ones_like(acts[-1]))
            best = slope.norm(dim=1)
        else:
            best = game.loss.belief(game.loss.best(density.log_ratio(p, q)))
        pull = -game.pull(made[:ARROWS], rule.real[:ARROWS])
        common = self._common(rule.real, made, marks, best_loss, (centre, spread), pull)
        square = (density.CELLS, density.CELLS)
        lattice, through = sheet(config.noise_size)
        return PlaneSnapshot(
            **common,
            real=shown_real(config.dataset),
            noise=shown_noise(config.seed, config.noise_size),
            lattice=lattice,
            sheet=freeze(game.forger(through).view(SHEET, SHEET, 2)),
            made=freeze(made[:SHOWN]),
            averaged=freeze(averaged[:SHOWN]),
            arrows_at=freeze(made[:ARROWS]),
            arrows=freeze(pull),
            belief=freeze(belief.view(square)),
            best=freeze(best.float().view(square)),
            mass=frozen(((p + q) / 2).astype(np.float32)),
        )

    def _images(self, rule: ImageYardstick) -> ImageSnapshot:
        game, config = self.game, self.config
        made = self._checked(game.forger(self.z[:JUDGED]))
        averaged = in_blocks(self.averaged(), self.z)
        marks = rule.marks(averaged / 2 + 0.5)
        real = 2 * rule.real - 1
        scale = calibration(game, real, made)
        pull = -game.pull(made[:TILES], real[:TILES])
        common = self._common(real, made, marks, float("nan"), scale, pull)
        pixels, tiles = rule.data.pixels, averaged[:TILES] / 2 + 0.5
        strongest = pull.abs().flatten().quantile(0.99).item() + 1e-12
        return ImageSnapshot(
            **common,
            noise=noise_tiles(config.seed, config.noise_size),
            made=frozen(pixels(made[:TILES] / 2 + 0.5)),
            averaged=frozen(pixels(tiles)),
            nearest=frozen(pixels(rule.data.train[rule.nearest(tiles)[1]])),
            wanted=frozen(pixels(0.5 + pull / (2 * strongest))),
        )

    def _common(
        self,
        real: Tensor,
        made: Tensor,
        marks: Marks,
        best_loss: float,
        scale: tuple[float, float],
        pull: Tensor,
    ) -> dict[str, Any]:
        game, loss = self.game, self.game.loss
        a, b = game.judge(real[:JUDGED])[:, 0], game.judge(made)[:, 0]
        says = [loss.belief((d - scale[0]) / scale[1]) for d in (a, b)]
        right = ((says[0] > 0.5).float().mean() + (says[1] < 0.5).float().mean()) / 2
        moved = 0.0 if self.before is None else (made - self.before).norm(dim=1).median().item()
        self.before = made
        forger = loss.forger(a, b).mean().item()
        judge = loss.judge(a, b).mean().item()
        row = (game.step, judge, forger, best_loss, marks.distance, marks.covered, marks.third)
        self.rows[self.taken] = (*row, right.item())
        self.taken += 1
        return {
            "step": game.step,
            "config": self.config,
            "history": frozen(self.rows[: self.taken]),
            "marks": marks,
            "verdict_real": histogram(says[0]),
            "verdict_made": histogram(says[1]),
            "pull": pull.norm(dim=1).median().item(),
            "moved": moved,
        }

    def _checked(self, made: Tensor) -> Tensor:
        """What was made, or FloatingPointError if the run has diverged."""
        judge_size = self.game.judge_adam.flat.value.abs().amax().item()
        if made.abs().amax().item() <= FAR and judge_size <= FAR:  # false for NaN
            return made
        config = self.config
        if config.loss == "wasserstein" and config.penalty == "none":
            why = "Nothing bounds the critic of the Wasserstein loss without its penalty."
            what = "Choose R1 as regulariser, which brings the gradient penalty."
        else:
            why = f"A learning rate of {config.learning_rate:g} makes every update overshoot."
            what = f"Try {Config.learning_rate:g} or less."
        raise FloatingPointError(
            f"The run diverged at step {self.game.step}: points or weights left all bounds. "
            f"{why} {what}"
        )


def in_blocks(network: Perceptron, x: Tensor, rows: int = 2048) -> Tensor:
    """The network's output for many rows; a larger block costs twice as much per row, in memory
    that is fetched from the system and given back every time."""
    return torch.cat([network(block) for block in x.split(rows)])


def calibration(game: Game, real: Tensor, made: Tensor) -> tuple[float, float]:
    """What to subtract from D and divide it by, before it is read as a belief.

    The relativistic loss leaves D's zero open: it is put where real and made-up points together
    get one half on average, as the best judge gives them. A Wasserstein critic also has no scale.
    """
    if game.config.loss == "relativistic":
        d = game.judge(torch.cat([real, made]))
        low, high = d.min().item() - 1, d.max().item() + 1
        for _ in range(24):
            middle = (low + high) / 2
            half = (d - middle).sigmoid().mean().item() > 0.5
            low, high = (middle, high) if half else (low, middle)
        return (low + high) / 2, 1.0
    if game.config.loss == "wasserstein":
        a, b = game.judge(real), game.judge(made)
        both = torch.cat([a, b])
        return ((a.mean() + b.mean()) / 2).item(), both.std().item() + 1e-6
    return 0.0, 1.0


def histogram(belief: Tensor) -> np.ndarray:
    """Share of the beliefs (n,) in each of BINS equal parts of 0..1."""
    counts = torch.histc(belief, BINS, 0.0, 1.0)
    return freeze(counts / len(belief))


@lru_cache(maxsize=8)
def sheet(size: int) -> tuple[np.ndarray, Tensor]:
    """A square grid in the first two of `size` numbers of noise, for eyes and for the generator."""
    lattice = plane_grid((-2.5, 2.5), (-2.5, 2.5), SHEET)
    noise = torch.zeros(len(lattice), size)
    noise[:, : min(2, size)] = torch.from_numpy(lattice)[:, : min(2, size)]
    return frozen(lattice.reshape(SHEET, SHEET, 2)), noise


@lru_cache(maxsize=32)
def shown_real(dataset: str) -> np.ndarray:
    rule = yardstick(dataset)
    return freeze(rule.real[:SHOWN])


@lru_cache(maxsize=32)
def shown_noise(seed: int, size: int) -> np.ndarray:
    """The noise behind the points that are shown: the same that `Look` uses."""
    z = torch.randn(POINTS, size, generator=generator(seed + 1))[:SHOWN]
    return freeze(torch.cat([z, torch.zeros(SHOWN, 1)], dim=1)[:, :2])


@lru_cache(maxsize=32)
def noise_tiles(seed: int, size: int) -> np.ndarray:
    """The noise behind the images that are shown, as grey squares."""
    z = torch.randn(IMAGES, size, generator=generator(seed + 1))[:TILES]
    side = int(np.ceil(size**0.5))
    tiles = torch.zeros(TILES, side * side)
    tiles[:, :size] = torch.special.ndtr(z)
    return frozen((tiles * 255).to(torch.uint8).view(TILES, side, side).numpy())
