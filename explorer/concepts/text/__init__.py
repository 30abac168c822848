"""One letter at a time: from rules written by hand to a transformer, with one measure.

`config` what can be changed; `hand` and `ngram` the rungs without gradients, `networks` (with
`lstm`) those with; `learner` one network's training and mark; `train` the run; `writing` drawing
symbols; `novelty` what was copied; `look` and `scenes` what is seen.

Shannon (1951), Prediction and Entropy of Printed English
"""

from explorer.concepts.text.config import RUNGS, Config
from explorer.concepts.text.ngram import SMOOTHINGS
from explorer.concepts.text.scenes import VIEWS, scene
from explorer.concepts.text.train import Model, Snapshot, train

__all__ = ["RUNGS", "SMOOTHINGS", "VIEWS", "Config", "Model", "Snapshot", "scene", "train"]
