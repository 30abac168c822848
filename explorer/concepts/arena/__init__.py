"""The arena: all families of generative models on the same data, with the same budget.

`families` who takes part, a line each; `pace` turns a budget into updates; `race` lets them learn
in turns; `exam` judges them alike. The small families that have no page: `autoregressive`
(`binned`, `pixels`), `mixture`, `kernel`, and `vae` for the plane; `learner` is what they share.
`likelihood` finds likelihoods that a family does not tell by itself, `levels` the bits of images.
"""

from explorer.concepts.arena.config import DATA, Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Model, Snapshot, line_up, train
from explorer.concepts.arena.scenes import IMAGE_VIEWS, VIEWS, scene

__all__ = [
    "DATA",
    "FAMILIES",
    "IMAGE_VIEWS",
    "VIEWS",
    "Config",
    "Model",
    "Snapshot",
    "line_up",
    "scene",
    "train",
]
