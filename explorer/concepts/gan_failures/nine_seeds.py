"""One setup of the page from nine seeds at once: was it luck?"""

from collections.abc import Generator
from dataclasses import dataclass, field

from explorer.concepts.gan_failures.config import Config
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.gan_failures.train import FRAMES, Model
from explorer.concepts.shared.adversarial.seeds import SEEDS, Seeds, compare_seeds, seeds_scene
from explorer.scene import Scene


@dataclass(frozen=True)
class NineSeeds:
    """Which run; its seed is the first of nine."""

    train: Config = field(default_factory=Config)


def nine_seeds(config: NineSeeds) -> Generator[Seeds, None, Model]:
    """The GAN with the remedy (the failing one, without) from nine seeds."""
    seed = config.train.seed
    gan = RemediedGAN(config.train.setup(), range(seed, seed + SEEDS))
    yield from compare_seeds(gan, FRAMES)
    return Model(gan)


def nine_seeds_scene(s: Seeds) -> Scene:
    """Each seed in its own square."""
    return seeds_scene(s)
