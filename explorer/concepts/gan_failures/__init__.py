"""Why adversarial networks are hard to train: failures, their cures, and how often each works.

`config` the failures and cures; `game` many games at once, `stack` their networks, `crowd` and
`cures` what the cures change; `gauge` and `rotation` what can be measured, `diagnosis` what it
means; `training` the runs; `scenes` and `words` what is seen; `table` the success rates;
`bilinear` the simplest game.

Salimans et al. (2016), https://arxiv.org/abs/1606.03498
Mescheder et al. (2018), https://arxiv.org/abs/1801.04406
"""

from explorer.concepts.gan_failures.config import (
    CURE_NAMES,
    CURES,
    DATA,
    FAILURE_NAMES,
    FAILURES,
    NONE,
    Config,
    possible,
)
from explorer.concepts.gan_failures.scenes import VIEWS, scene, wall_scene
from explorer.concepts.gan_failures.training import Model, Snapshot, Wall, nine_seeds, train, wall

__all__ = [
    "CURES",
    "CURE_NAMES",
    "DATA",
    "FAILURES",
    "FAILURE_NAMES",
    "NONE",
    "VIEWS",
    "Config",
    "Model",
    "Snapshot",
    "Wall",
    "nine_seeds",
    "possible",
    "scene",
    "train",
    "wall",
    "wall_scene",
]
