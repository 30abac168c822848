"""A training run: training steps, a snapshot now and then, and the model at the end."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer.concepts.gan.config import Config
from explorer.concepts.gan.record import Recorder, Snapshot
from explorer.concepts.shared.adversarial.model import GAN, Checkpoint
from explorer.concepts.shared.adversarial.network import Generator as Network
from explorer.config import frame_steps
from explorer.nets import freeze, generator, weights

FRAMES = 110  # more would cost the run its pace; the player moves the points in between
CHECKPOINTS = 10  # tenths of the run that `step_by_step` can start from


@dataclass(frozen=True, eq=False)
class Model:
    """A trained GAN; `checkpoints` are the stages that `step_by_step` takes up."""

    config: Config
    generator: Network  # the averaged one, if there is an average
    gan: GAN
    checkpoints: tuple[Checkpoint, ...]

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n samples: points (n, 2), or images (n, d) with pixels in 0..1."""
        z = torch.randn(n, self.config.latent_size, generator=generator(seed))
        fake = self.generator(z)
        return freeze(fake / 2 + 0.5 if self.config.of_images else fake)

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name: of both networks, and of the averaged generator."""
        parts = {
            "generator": self.gan.generator,
            "discriminator": self.gan.discriminator,
            "averaged": self.generator,
        }
        return {
            f"{part}.{name}": array
            for part, module in parts.items()
            for name, array in weights(module).items()
        }


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Train a GAN; the first snapshot shows it before the first training step.

    Raises FloatingPointError when it diverges.
    """
    gan = GAN(config)
    shown, recorder = frame_steps(config.steps, FRAMES), Recorder(gan)
    kept = {round(tenth * config.steps / CHECKPOINTS) for tenth in range(CHECKPOINTS + 1)}
    checkpoints = []
    for step in range(config.steps + 1):
        if step in kept:
            checkpoints.append(gan.checkpoint())
        if step == shown[0]:
            yield recorder.take()
            shown = shown[1:]
        if step < config.steps:
            gan.train_step()
    return Model(config, gan.averaged(), gan, tuple(checkpoints))
