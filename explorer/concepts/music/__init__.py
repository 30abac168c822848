"""Melodies, and taste: a small model of melodies, fine-tuned by rewards.

`model` (an LSTM and an n-gram of the sopranos of Bach's chorales), `train` and `measure`, `roll`
(the piano roll, and what is heard).

Ziegler et al. (2019), Fine-Tuning Language Models from Human Preferences,
https://arxiv.org/abs/1909.08593
"""

from explorer.concepts.music import claims
from explorer.concepts.music.best_of_n import BestOfNConfig, choose, choose_scene
from explorer.concepts.music.config import Config
from explorer.concepts.music.five_seeds import FiveSeedsConfig, five_scene, train_five
from explorer.concepts.music.harmonise import HarmoniseConfig, accompany, accompany_scene
from explorer.concepts.music.lstm_reward import LSTMRewardConfig, tune, tune_scene
from explorer.concepts.music.model import MODELS, Model
from explorer.concepts.music.next_note import NextNoteConfig, write, write_scene
from explorer.concepts.music.preferences import PreferencesConfig, learn
from explorer.concepts.music.preferences_scene import learn_scene
from explorer.concepts.music.reward import RewardConfig, fine_tune
from explorer.concepts.music.reward_scene import fine_tune_scene
from explorer.concepts.music.scene import VIEWS, scene
from explorer.concepts.music.train import Snapshot, train
from explorer.concepts.music.voices import VoicesConfig, sing, sing_scene
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS",
    "MODELS",
    "VIEWS",
    "Config",
    "Model",
    "RewardConfig",
    "Snapshot",
    "fine_tune",
    "scene",
    "train",
]

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, VIEWS, label="Training", short={"steps": 12, "hidden": 16},
        measures=claims.TRAINING,
    ),
    "next_note": Experiment(
        write, NextNoteConfig, write_scene, label="Next note", after="train", short={"steps": 6},
        measures=claims.NEXT_NOTE,
    ),
    "reward": Experiment(
        fine_tune, RewardConfig, fine_tune_scene, label="Fine-tuning by reward",
        short={"steps": 12, "batch": 32}, measures=claims.REWARD,
    ),
    "five_seeds": Experiment(
        train_five, FiveSeedsConfig, five_scene, label="Five seeds",
        short={"base": RewardConfig(batch=32), "steps": 6},
    ),
    "lstm_reward": Experiment(
        tune, LSTMRewardConfig, tune_scene, label="Fine-tuning the LSTM", after="train",
        short={"steps": 3}, measures=claims.LSTM_REWARD,
    ),
    "best_of_n": Experiment(
        choose, BestOfNConfig, choose_scene, label="Best of n", short={"most": 16},
        measures=claims.BEST_OF_N,
    ),
    "preferences": Experiment(
        learn, PreferencesConfig, learn_scene, label="Preferences", short={"steps": 6},
        measures=claims.PREFERENCES,
    ),
    "voices": Experiment(
        sing, VoicesConfig, sing_scene, label="Voices", short={"steps": 12, "hidden": 16},
        measures=claims.VOICES,
    ),
    "harmonise": Experiment(
        accompany, HarmoniseConfig, accompany_scene, label="Harmonise", after="voices",
        short={"melody": "72-74-76-77-79-76-72"}, measures=claims.HARMONISE,
    ),
}  # fmt: skip
