"""The run: rounds of the game, a look at it now and then, and the model it leaves behind."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan.config import Config
from explorer.concepts.gan.game import Game, Moment
from explorer.concepts.gan.look import Look, Snapshot
from explorer.concepts.gan.network import Forger
from explorer.config import frame_steps
from explorer.nets import freeze, generator, weights

FRAMES = 110  # more would cost the run its pace; the player moves the points in between
MOMENTS = 10  # tenths of the run that slow motion can start from


@dataclass(frozen=True, eq=False)
class Model:
    """A trained generator; `moments` are the stages that slow motion takes up."""

    config: Config
    forger: Forger  # the averaged one, if there is an average
    game: Game
    moments: tuple[Moment, ...]

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n made-up points (n, 2), or images (n, d) with pixels in 0..1."""
        return freeze(self._visible(self.forger(self.game.draw_noise(n, generator(seed)))))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name: of both players, and of the averaged generator."""
        parts = {"generator": self.game.forger, "judge": self.game.judge, "averaged": self.forger}
        return {
            f"{part}.{name}": array
            for part, module in parts.items()
            for name, array in weights(module).items()
        }

    def _visible(self, made: Tensor) -> Tensor:
        return made / 2 + 0.5 if self.config.of_images else made


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Play the game; the first snapshot shows it before the first round.

    Raises FloatingPointError when it diverges.
    """
    game = Game(config)
    shown = frame_steps(config.steps, FRAMES)
    look = Look(game, len(shown))
    kept = {round(tenth * config.steps / MOMENTS) for tenth in range(MOMENTS + 1)}
    moments = []
    for step in range(config.steps + 1):
        if step in kept:
            moments.append(game.moment())
        if step == shown[0]:
            yield look.take()
            shown = shown[1:]
        if step < config.steps:
            game.round()
    return Model(config, look.averaged(), game, tuple(moments))
