"""The model that a run returns: captions to pictures."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import nets
from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.network import VelocityNet
from explorer.concepts.text_to_image.sampler import State, Velocity, final, guided, trajectory
from explorer.concepts.text_to_image.space import Space
from explorer.concepts.text_to_image.split import Split
from explorer.data.shapes import World, world
from explorer.nets import freeze, generator

STEPS = 12  # of the midpoint method; more change nothing that the parser sees


@dataclass(frozen=True, eq=False)
class TextToImage:
    """A trained network, the space it draws in, and the captions that it was shown."""

    config: Config
    network: VelocityNet
    space: Space
    split: Split

    @property
    def world(self) -> World:
        """Of all captions and pictures."""
        return world(self.config.dataset)

    @torch.no_grad()
    def condition(self, values: Tensor) -> Tensor:
        """What the text encoder makes of captions: (n, a) values to (n, CONDITION)."""
        return self.network.encoder(values)

    def velocity(self, values: Tensor, guidance: float = 1.0) -> Velocity:
        """The velocity for the captions of n rows of values (n, a), -1 where nothing is said."""
        own, none = self.condition(values), self.condition(torch.full_like(values, -1))

        def under(condition: Tensor) -> Velocity:
            return lambda z, t: self.network(z, torch.full((len(z), 1), t), condition)

        return guided(under(own), under(none), guidance)

    def trajectory(
        self, values: Tensor, noise: Tensor, guidance: float = 1.0, steps: int = STEPS
    ) -> Iterator[State]:
        """From noise (n, dim) to points that `space` decodes, one for each caption (n, a)."""
        return trajectory(self.velocity(values, guidance), noise, steps)

    @torch.no_grad()
    def draw(
        self, values: Tensor, noise: Tensor, guidance: float = 1.0, steps: int = STEPS
    ) -> Tensor:
        """Pictures (n, d), in 0..1 but for small errors, of captions (n, a)."""
        return self.space.decode(final(self.trajectory(values, noise, guidance, steps)))

    def noise(self, n: int, rng: torch.Generator) -> Tensor:
        """Where n trajectories begin, (n, dim)."""
        return torch.randn(n, self.space.dim, generator=rng)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n pictures (n, d) in 0..1 of the captions that were shown in training, in turn."""
        rows = self.split.seen[torch.arange(n) % len(self.split.seen)]
        return freeze(self.draw(rows, self.noise(n, generator(seed))).clamp(0, 1))

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights, and the space they belong to."""
        space = {"mean": self.space.mean, "axes": self.space.axes, "scale": self.space.scale}
        own = {f"space.{name}": freeze(value) for name, value in space.items()}
        return nets.weights(self.network) | own
