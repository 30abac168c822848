r"""What can go wrong with generative models, each claim measured: watermarks for generated text.

A watermark gives every token a pseudo-random number that a key and the tokens before it decide, and
prefers tokens with high ones. `model` holds small language models, `watermark` both schemes,
`measure` their exact tests. After a run: `own_text` tests a visitor's text, `false_positives` real
text, `rewriting` removes the watermark, `trade_off` weighs its cost.

Kirchenbauer et al. (2023), A Watermark for Large Language Models, https://arxiv.org/abs/2301.10226
"""

from explorer.concepts.ethics.amplification import (
    AmplificationConfig,
    amplification_scene,
    amplify,
)
from explorer.concepts.ethics.collapse import CollapseConfig, collapse
from explorer.concepts.ethics.collapse_scene import collapse_scene
from explorer.concepts.ethics.config import Config
from explorer.concepts.ethics.faces import FacesConfig, faces_scene, train_faces
from explorer.concepts.ethics.false_positives import (
    FalsePositivesConfig,
    false_positives_scene,
    search_real_text,
)
from explorer.concepts.ethics.own_text import (
    OwnTextConfig,
    checked,
    own_text_scene,
    read_text,
)
from explorer.concepts.ethics.rewriting import RewritingConfig, rewrite_texts, rewriting_scene
from explorer.concepts.ethics.scene import VIEWS, scene
from explorer.concepts.ethics.trade_off import TradeOffConfig, compare_bias, trade_off_scene
from explorer.concepts.ethics.train import Model, Snapshot, train
from explorer.experiment import Experiment

EXPERIMENTS = {
    "train": Experiment(train, Config, scene, VIEWS, label="Watermark", short={"steps": 12}),
    "own_text": Experiment(read_text, OwnTextConfig, own_text_scene, label="Your own text",
                           after="train"),
    "false_positives": Experiment(search_real_text, FalsePositivesConfig, false_positives_scene,
                                  label="False positives", after="train", short={"texts": 200}),
    "rewriting": Experiment(rewrite_texts, RewritingConfig, rewriting_scene, label="Removal",
                            after="train", short={"steps": 2}),
    "trade_off": Experiment(compare_bias, TradeOffConfig, trade_off_scene,
                          label="Detection against cost", after="train", short={"length": 10}),
    "collapse": Experiment(collapse, CollapseConfig, collapse_scene, label="Model collapse",
                           short={"generations": 6}),
    "faces": Experiment(train_faces, FacesConfig, faces_scene, label="Bias", short={"steps": 12}),
    "amplification": Experiment(amplify, AmplificationConfig, amplification_scene,
                                label="Amplification", after="faces", short={"faces": 50}),
}  # fmt: skip

__all__ = [
    "EXPERIMENTS",
    "VIEWS",
    "AmplificationConfig",
    "CollapseConfig",
    "Config",
    "FacesConfig",
    "FalsePositivesConfig",
    "Model",
    "OwnTextConfig",
    "RewritingConfig",
    "Snapshot",
    "TradeOffConfig",
    "amplification_scene",
    "amplify",
    "checked",
    "collapse",
    "collapse_scene",
    "compare_bias",
    "faces_scene",
    "false_positives_scene",
    "own_text_scene",
    "read_text",
    "rewrite_texts",
    "rewriting_scene",
    "scene",
    "search_real_text",
    "trade_off_scene",
    "train",
    "train_faces",
]
