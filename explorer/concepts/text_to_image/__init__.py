r"""Text to image: a caption conditions a generative model, which draws what the words say.

A text encoder turns the words into a vector c, the condition. A network learns the velocity that
carries noise to pictures under that condition (flow matching),

    min E | v(z_t, t, c) - (eps - z0) |^2,    z_t = (1 - t) z0 + t eps,

and drawing follows dz/dt = v from t = 1 to 0. Classifier-free guidance exaggerates the condition:
v_none + w (v_c - v_none). Some combinations of words are never shown, and are asked for afterwards.

Lipman et al. (2023), Flow matching, https://arxiv.org/abs/2210.02747
Ramesh et al. (2021), Zero-shot text-to-image generation, https://arxiv.org/abs/2102.12092
"""

from explorer.concepts.shared.drawing import EMPTY, encode_drawing
from explorer.concepts.text_to_image import claims
from explorer.concepts.text_to_image.captions import understood
from explorer.concepts.text_to_image.chain import ChainConfig, chain, chain_scene
from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.draw import EXAMPLE, DrawConfig, draw, draw_scene
from explorer.concepts.text_to_image.guidance import (
    GuidanceConfig,
    guidance_scene,
    vary_guidance,
)
from explorer.concepts.text_to_image.model import TextToImage
from explorer.concepts.text_to_image.read import ReadConfig, example, read_drawing, read_scene
from explorer.concepts.text_to_image.reader import (
    Reader,
    ReaderConfig,
    reader_scene,
    train_reader,
)
from explorer.concepts.text_to_image.scene import VIEWS, scene
from explorer.concepts.text_to_image.sweep import SweepConfig, sweep, sweep_scene
from explorer.concepts.text_to_image.train import Snapshot, flow_matching_loss, train
from explorer.data.shapes import world
from explorer.experiment import Experiment

__all__ = [
    "EMPTY",
    "EXAMPLE",
    "EXPERIMENTS",
    "VIEWS",
    "ChainConfig",
    "Config",
    "DrawConfig",
    "GuidanceConfig",
    "ReadConfig",
    "Reader",
    "ReaderConfig",
    "Snapshot",
    "SweepConfig",
    "TextToImage",
    "chain",
    "chain_scene",
    "draw",
    "draw_scene",
    "encode_drawing",
    "example",
    "flow_matching_loss",
    "guidance_scene",
    "read_drawing",
    "read_scene",
    "reader_scene",
    "scene",
    "sweep",
    "sweep_scene",
    "train",
    "train_reader",
    "understood",
    "vary_guidance",
    "world",
]


def _seed(config: Config) -> dict[str, int]:
    """What the page gives to what follows a training run."""
    return {"seed": config.seed}


EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, VIEWS, label="Training", short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "draw": Experiment(
        draw, DrawConfig, draw_scene, label="Type a caption", after="train", short={"steps": 3},
        given=_seed, measures=claims.DRAWING,
    ),
    "guidance": Experiment(
        vary_guidance, GuidanceConfig, guidance_scene, label="Guidance and variety",
        after="train", given=_seed, measures=claims.GUIDANCE,
    ),
    "reader": Experiment(
        train_reader, ReaderConfig, reader_scene, label="Image to caption", after="train",
        short={"steps": 12}, given=_seed, measures=claims.READING,
    ),
    "read": Experiment(
        read_drawing, ReadConfig, read_scene, label="Read a drawing", after="reader"
    ),
    "chain": Experiment(
        chain, ChainConfig, chain_scene, label="There and back", after="reader", given=_seed,
        measures=claims.CHAIN,
    ),
    "sweep": Experiment(
        sweep, SweepConfig, sweep_scene, label="Many runs",
        short={"base": Config(steps=3, hidden=16), "vary": "seed", "seeds": 2},
        given=lambda config: {"base": config}, measures=claims.SWEEP,
    ),
}  # fmt: skip
