"""One letter at a time: from rules written by hand to a transformer, with one measure.

`config` what can be changed; `hand` and `ngram` the rungs without gradients, `networks` (with
`lstm`) those with; `learner` one network's training and mark; `train` the run; `look` and
`scenes` what is seen. With the trained rungs: `guess` (the next symbol), `sampling` and `ways`
(how to choose it), `origin` (with `novelty`: what was copied), `sizes` (how much text it takes).
By themselves: `grammar` and `eliza` (rules by hand), `longer` (pairs become symbols).

Shannon (1951), Prediction and Entropy of Printed English
"""

from explorer.concepts.text.config import RUNGS, Config
from explorer.concepts.text.eliza import Eliza, eliza_scene, spoken, talk
from explorer.concepts.text.grammar import Grammar, derive, grammar_scene
from explorer.concepts.text.guess import known, places
from explorer.concepts.text.longer import Longer, longer, longer_scene
from explorer.concepts.text.ngram import SMOOTHINGS
from explorer.concepts.text.origin import Origin, origin, origin_scene
from explorer.concepts.text.record import shipped, told
from explorer.concepts.text.sampling import Filters
from explorer.concepts.text.scenes import VIEWS, scene
from explorer.concepts.text.sizes import Sizes, sizes
from explorer.concepts.text.sizes_scene import sizes_scene
from explorer.concepts.text.train import NAMES, Model, Snapshot, train
from explorer.concepts.text.ways import Ways, ways, ways_scene

__all__ = [
    "NAMES",
    "RUNGS",
    "SMOOTHINGS",
    "VIEWS",
    "Config",
    "Eliza",
    "Filters",
    "Grammar",
    "Longer",
    "Model",
    "Origin",
    "Sizes",
    "Snapshot",
    "Ways",
    "derive",
    "eliza_scene",
    "grammar_scene",
    "known",
    "longer",
    "longer_scene",
    "origin",
    "origin_scene",
    "places",
    "scene",
    "shipped",
    "sizes",
    "sizes_scene",
    "spoken",
    "talk",
    "told",
    "train",
    "ways",
    "ways_scene",
]
