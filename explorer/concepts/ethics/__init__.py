r"""What can go wrong with generative models, each claim measured: watermarks for generated text.

A watermark gives every token a pseudo-random number that a key and the tokens before it decide, and
prefers tokens with high ones. `model` holds small language models, `watermark` both schemes,
`measure` their exact tests. After a run: `own_text` tests a visitor's text, `false_positives` real
text, `rewriting` removes the watermark, `trade_off` weighs its cost.

Kirchenbauer et al. (2023), A Watermark for Large Language Models, https://arxiv.org/abs/2301.10226
"""

from explorer.concepts.ethics import claims
from explorer.concepts.ethics.amplification import (
    AmplificationConfig,
    amplification_scene,
    amplify,
)
from explorer.concepts.ethics.base_rate import BaseRateConfig, base_rate_scene, screen
from explorer.concepts.ethics.bayes_bound import (
    BayesBoundConfig,
    bayes_bound_scene,
    train_detector,
)
from explorer.concepts.ethics.canary import CanaryConfig, plant
from explorer.concepts.ethics.canary_scene import canary_scene
from explorer.concepts.ethics.collapse import CollapseConfig, collapse
from explorer.concepts.ethics.collapse_scene import collapse_scene
from explorer.concepts.ethics.config import Config
from explorer.concepts.ethics.detectors import DetectorsConfig, detect_images, detectors_scene
from explorer.concepts.ethics.faces import FacesConfig, faces_scene, train_faces
from explorer.concepts.ethics.false_positives import (
    FalsePositivesConfig,
    false_positives_scene,
    search_real_text,
)
from explorer.concepts.ethics.memorisation import (
    MemorisationConfig,
    memorisation_scene,
    train_two,
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


def seed(config: Config) -> dict[str, int]:
    """What the page gives to an experiment that is not built upon the first one."""
    return {"seed": config.seed}


EXPERIMENTS = {
    "train": Experiment(
        train,
        Config,
        scene,
        VIEWS,
        label="Watermark",
        short={"steps": 12},
        measures=claims.WATERMARK,
    ),
    "own_text": Experiment(
        read_text, OwnTextConfig, own_text_scene, label="Your own text", after="train"
    ),
    "false_positives": Experiment(
        search_real_text,
        FalsePositivesConfig,
        false_positives_scene,
        label="False positives",
        after="train",
        short={"texts": 200},
        measures=claims.FALSE_POSITIVES,
    ),
    "rewriting": Experiment(
        rewrite_texts,
        RewritingConfig,
        rewriting_scene,
        label="Removal",
        after="train",
        short={"steps": 2},
        measures=claims.REWRITING,
    ),
    "trade_off": Experiment(
        compare_bias,
        TradeOffConfig,
        trade_off_scene,
        label="Detection against cost",
        after="train",
        short={"length": 10, "texts": 20},
    ),
    "collapse": Experiment(
        collapse,
        CollapseConfig,
        collapse_scene,
        label="Model collapse",
        short={"generations": 6},
        given=seed,
        measures=claims.COLLAPSE,
    ),
    "faces": Experiment(
        train_faces, FacesConfig, faces_scene, label="Bias", short={"steps": 4}, given=seed
    ),
    "amplification": Experiment(
        amplify,
        AmplificationConfig,
        amplification_scene,
        label="Amplification",
        after="faces",
        short={"faces": 50},
        measures=claims.AMPLIFICATION,
    ),
    "canary": Experiment(
        plant,
        CanaryConfig,
        canary_scene,
        label="Planted secrets",
        short={"steps": 2, "canaries": 2},
        given=seed,
        measures=claims.CANARY,
    ),
    "memorisation": Experiment(
        train_two,
        MemorisationConfig,
        memorisation_scene,
        label="Memorised images",
        short={"steps": 4},
        given=seed,
        measures=claims.MEMORISATION,
    ),
    "detectors": Experiment(
        detect_images,
        DetectorsConfig,
        detectors_scene,
        label="Generated images",
        short={"steps": 2, "network_steps": 3},
        given=seed,
        measures=claims.DETECTORS,
    ),
    "base_rate": Experiment(
        screen,
        BaseRateConfig,
        base_rate_scene,
        label="Base rate",
        given=seed,
        measures=claims.BASE_RATE,
    ),
    "bayes_bound": Experiment(
        train_detector,
        BayesBoundConfig,
        bayes_bound_scene,
        label="Best detector",
        short={"detector_steps": 12},
        given=seed,
        measures=claims.BOUND,
    ),
}

__all__ = [
    "EXPERIMENTS",
    "VIEWS",
    "AmplificationConfig",
    "BaseRateConfig",
    "BayesBoundConfig",
    "CanaryConfig",
    "CollapseConfig",
    "Config",
    "DetectorsConfig",
    "FacesConfig",
    "FalsePositivesConfig",
    "MemorisationConfig",
    "Model",
    "OwnTextConfig",
    "RewritingConfig",
    "Snapshot",
    "TradeOffConfig",
    "amplification_scene",
    "amplify",
    "base_rate_scene",
    "bayes_bound_scene",
    "canary_scene",
    "checked",
    "collapse",
    "collapse_scene",
    "compare_bias",
    "detect_images",
    "detectors_scene",
    "faces_scene",
    "false_positives_scene",
    "memorisation_scene",
    "own_text_scene",
    "plant",
    "read_text",
    "rewrite_texts",
    "rewriting_scene",
    "scene",
    "screen",
    "search_real_text",
    "trade_off_scene",
    "train",
    "train_detector",
    "train_faces",
    "train_two",
]
