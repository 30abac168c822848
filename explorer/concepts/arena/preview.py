"""The data before the comparison: what is seen until the visitor has predicted its result."""

from collections.abc import Generator
from dataclasses import dataclass, field

from explorer.concepts.arena.config import Config
from explorer.concepts.arena.scene import scene
from explorer.concepts.arena.train import Snapshot, start
from explorer.scene import Scene


@dataclass(frozen=True)
class PreviewConfig:
    """The comparison that is not started yet."""

    comparison: Config = field(default_factory=Config)


def preview(config: PreviewConfig) -> Generator[Snapshot, None, None]:
    """The one snapshot before any training."""
    yield start(config.comparison)


def preview_scene(snapshot: Snapshot) -> Scene:
    """An empty place for every family."""
    return scene(snapshot)
