"""What a visitor can change about a GAN: its fields are those of every adversarial training."""

from dataclasses import dataclass

from explorer.concepts.shared.adversarial.config import IMAGE_SETS, REGULARISERS, Settings

__all__ = ["IMAGE_SETS", "REGULARISERS", "Config"]


@dataclass(frozen=True)
class Config(Settings):
    """One training run: the same config, the same run."""
