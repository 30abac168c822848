"""A transformer: where it looks, what each part does, and what breaks without it.

`network` the model, `positions` four ways to tell where a symbol stands, `tasks` with a known
perfect solution, `corpus` texts, `checkpoint` the text model that is shipped, `learn` what a run is
asked and how it is marked, `train` the run. `inside` is what can be seen of one text; `panels` and
`scenes` are the pictures.

Elhage et al. (2021), A Mathematical Framework for Transformer Circuits,
https://transformer-circuits.pub/2021/framework/index.html
"""

from explorer.concepts.transformer.config import Config, usual
from explorer.concepts.transformer.cost import WriteConfig, write
from explorer.concepts.transformer.cost_scene import cost_scene
from explorer.concepts.transformer.looking import STARTS, LookConfig, look_over, read
from explorer.concepts.transformer.looking_scene import LOOKS, look_scene
from explorer.concepts.transformer.numbers import numbers
from explorer.concepts.transformer.scenes import VIEWS, scene
from explorer.concepts.transformer.train import Model, Snapshot, train
from explorer.concepts.transformer.without import without
from explorer.concepts.transformer.without_scene import without_scene

__all__ = [
    "LOOKS",
    "STARTS",
    "VIEWS",
    "Config",
    "LookConfig",
    "Model",
    "Snapshot",
    "WriteConfig",
    "cost_scene",
    "look_over",
    "look_scene",
    "numbers",
    "read",
    "scene",
    "train",
    "usual",
    "without",
    "without_scene",
    "write",
]
