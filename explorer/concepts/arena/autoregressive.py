"""The autoregressive family: coordinates of a point, or pixels of an image, one after the other."""

from collections.abc import Generator

from explorer.concepts.arena.binned import Binned
from explorer.concepts.arena.learner import Config, Samples, run
from explorer.concepts.arena.pixels import Pixels


def train(config: Config) -> Generator[Samples, None, Binned | Pixels]:
    """Learn every conditional distribution of the chain."""
    if config.of_images:
        return (yield from run(Pixels(config), config))
    return (yield from run(Binned(config), config))
