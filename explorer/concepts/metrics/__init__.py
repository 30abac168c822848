"""Marks for what machines make: which damage does each metric notice, and where is it blind?

`reader` is the classifier and `judge` the n-gram model through whose eyes sets are marked;
`pictures` and `sentences` spoil a set and measure it; `marks` names the metrics and gives each its
floor. `run` is what happens over time, `scenes` what is seen of it. `sizes` asks how many samples a
metric needs, `league` lets seven makers compete.

Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models,
https://arxiv.org/abs/1511.01844
Borji (2022), Pros and cons of GAN evaluation measures, https://arxiv.org/abs/2103.09396
"""

from typing import Any

from explorer.concepts.metrics.config import DATA, PICTURE_DAMAGE, TEXT, WORD_DAMAGE, Config
from explorer.concepts.metrics.league import LeagueConfig, league
from explorer.concepts.metrics.league_scene import league_scene
from explorer.concepts.metrics.run import Snapshot, train
from explorer.concepts.metrics.scenes import VIEWS, scene
from explorer.concepts.metrics.sizes import SizesConfig, sizes
from explorer.concepts.metrics.sizes_scene import sizes_scene

DAMAGES = {"pictures": PICTURE_DAMAGE, "words": WORD_DAMAGE}
# What happens at each stage of the page, how it looks, and in which views.
STAGES: dict[str, tuple[Any, Any, dict[str, str] | None]] = {
    "pictures": (train, scene, VIEWS),
    "words": (train, scene, VIEWS),
    "sizes": (sizes, sizes_scene, None),
    "league": (league, league_scene, None),
}

__all__ = [
    "DAMAGES",
    "DATA",
    "STAGES",
    "TEXT",
    "VIEWS",
    "Config",
    "LeagueConfig",
    "SizesConfig",
    "Snapshot",
    "league",
    "league_scene",
    "scene",
    "sizes",
    "sizes_scene",
    "train",
]
