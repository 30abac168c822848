"""A transformer: what its heads attend to, what each part does, and what it loses without it.

The network is `explorer.concepts.shared.transformer`, with `shared.positions`. `tasks` have a known
perfect solution; `checkpoint` is the text model that is shipped; `model` the network and loss of a
run; `measure` evaluates it; `internals` is what a network computes from one text, `panels` show it.
After a run: `attention` (with the numbers of one `head`), `ablation`, `generation`.

Elhage et al. (2021), A Mathematical Framework for Transformer Circuits,
https://transformer-circuits.pub/2021/framework/index.html
"""

from explorer.concepts.transformer import claims
from explorer.concepts.transformer.ablation import AblationConfig, ablate
from explorer.concepts.transformer.ablation_scene import ablation_scene
from explorer.concepts.transformer.attention import (
    EXAMPLES,
    AttentionConfig,
    inspect_training,
    tokens,
    understood,
)
from explorer.concepts.transformer.attention_scene import ATTENTION_VIEWS, attention_scene
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.generation import GenerationConfig, generate
from explorer.concepts.transformer.generation_scene import generation_scene
from explorer.concepts.transformer.head import numbers
from explorer.concepts.transformer.pictograms import pictograms
from explorer.concepts.transformer.scene import VIEWS, scene
from explorer.concepts.transformer.train import Model, Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "ATTENTION_VIEWS",
    "EXAMPLES",
    "EXPERIMENTS",
    "VIEWS",
    "AblationConfig",
    "AttentionConfig",
    "Config",
    "GenerationConfig",
    "Model",
    "Snapshot",
    "ablate",
    "generate",
    "inspect_training",
    "numbers",
    "pictograms",
    "scene",
    "tokens",
    "train",
    "understood",
]

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, VIEWS, label="Training", short={"steps": 12, "layers": 1},
        measures=claims.TRAINING,
    ),
    "attention": Experiment(
        inspect_training, AttentionConfig, attention_scene, ATTENTION_VIEWS,
        label="Attention", after="train",
    ),
    "ablation": Experiment(ablate, AblationConfig, ablation_scene, label="Ablation", after="train"),
    "generation": Experiment(
        generate, GenerationConfig, generation_scene, label="Generation", after="train",
        measures=claims.GENERATION,
        given=lambda config: {
            "dataset": config.dataset, "text": EXAMPLES[config.dataset], "seed": config.seed,
        },
    ),
}  # fmt: skip
