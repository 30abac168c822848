"""Marks for what machines make: which damage does each metric notice, and where is it blind?

`reader` is the classifier and `judge` the n-gram model through whose eyes sets are marked;
`pictures` and `sentences` spoil a set and measure it; `marks` names the metrics and gives each its
floor. `run` is what happens over time, `scenes` what is seen of it.

Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models,
https://arxiv.org/abs/1511.01844
Borji (2022), Pros and cons of GAN evaluation measures, https://arxiv.org/abs/2103.09396
"""

from explorer.concepts.metrics.config import DATA, PICTURE_DAMAGE, TEXT, WORD_DAMAGE, Config
from explorer.concepts.metrics.run import Snapshot, train
from explorer.concepts.metrics.scenes import VIEWS, scene

__all__ = [
    "DATA",
    "PICTURE_DAMAGE",
    "TEXT",
    "VIEWS",
    "WORD_DAMAGE",
    "Config",
    "Snapshot",
    "scene",
    "train",
]
