"""Language models compared: from hand-written rules to a transformer, all by bits per character.

A language model gives a probability to every token that may come next. `hand_written` and `ngram`
need no gradient, `model` holds the networks, `learner` trains one of them, `measure`
evaluates it. After a run: `next_token`, `sampling` and `decoding` (how to choose from a
distribution), `memorisation` (what was copied), `dataset_size` (how much text it takes, with what
was `record`ed). By themselves: `grammar`, `eliza` (hand-written rules), `byte_pairs` (tokens).

Shannon (1951), Prediction and Entropy of Printed English
"""

from explorer.concepts.text import claims
from explorer.concepts.text.byte_pairs import BytePairsConfig, byte_pairs_scene, merge_pairs
from explorer.concepts.text.config import NETWORKS, UNTRAINED, Config
from explorer.concepts.text.dataset_size import DatasetSizeConfig, compare_sizes
from explorer.concepts.text.dataset_size_scene import dataset_size_scene
from explorer.concepts.text.decoding import DecodingConfig, decode, decoding_scene
from explorer.concepts.text.eliza import ElizaConfig, eliza_scene, read_message, talk
from explorer.concepts.text.grammar import GrammarConfig, derive, grammar_scene
from explorer.concepts.text.memorisation import (
    MemorisationConfig,
    memorisation_scene,
    search_copies,
)
from explorer.concepts.text.next_token import PROMPTS, next_tokens, prompt
from explorer.concepts.text.record import recorded
from explorer.concepts.text.scene import VIEWS, scene
from explorer.concepts.text.train import Model, Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS",
    "NETWORKS",
    "PROMPTS",
    "UNTRAINED",
    "VIEWS",
    "BytePairsConfig",
    "Config",
    "DatasetSizeConfig",
    "DecodingConfig",
    "ElizaConfig",
    "GrammarConfig",
    "MemorisationConfig",
    "Model",
    "Snapshot",
    "compare_sizes",
    "decode",
    "derive",
    "merge_pairs",
    "next_tokens",
    "prompt",
    "read_message",
    "recorded",
    "scene",
    "search_copies",
    "talk",
    "train",
]

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, VIEWS, label="Training", short={"steps": 12, "hidden": 16},
        measures=claims.TRAINING,
    ),
    "decoding": Experiment(
        decode, DecodingConfig, decoding_scene, label="Decoding", after="train",
        short={"prompt": "mar"}, measures=claims.DECODING,
        given=lambda config: {"prompt": PROMPTS.get(config.dataset, ""), "seed": config.seed},
    ),
    "memorisation": Experiment(
        search_copies, MemorisationConfig, memorisation_scene, label="Memorisation", after="train"
    ),
    "dataset_size": Experiment(
        compare_sizes, DatasetSizeConfig, dataset_size_scene, label="Dataset size",
        short={"base": Config(hidden=16, steps=2)},
    ),
    "grammar": Experiment(derive, GrammarConfig, grammar_scene, label="Grammar"),
    "eliza": Experiment(talk, ElizaConfig, eliza_scene, label="ELIZA"),
    "byte_pairs": Experiment(
        merge_pairs, BytePairsConfig, byte_pairs_scene, label="Byte-pair encoding",
        short={"dataset": "names", "steps": 20},
    ),
}  # fmt: skip
