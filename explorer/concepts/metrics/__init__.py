"""Metrics of generative models: what each notices, what it misses, and its noise floor.

A set of held-out real samples is what a perfect model would draw. It is corrupted step by step, and
every metric measures it: a metric is sensitive to a corruption when its value leaves the interval
of perfect sets.

`classifier` gives the features of images, `language_model` the probabilities of text; `measure`
names the metrics and their noise floors; `measure_images` and `measure_text` corrupt and measure
sets; `train` and `text` are what happens over time, `sample_size` how many samples a metric needs,
`comparison` ranks seven models.

Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models,
https://arxiv.org/abs/1511.01844
Borji (2022), Pros and cons of GAN evaluation measures, https://arxiv.org/abs/2103.09396
"""

from typing import Any

from explorer.concepts.metrics import claims
from explorer.concepts.metrics.comparison import ComparisonConfig, compare, comparison_scene
from explorer.concepts.metrics.config import Config
from explorer.concepts.metrics.sample_size import SampleSizeConfig, sample_size, sample_size_scene
from explorer.concepts.metrics.scene import VIEWS, scene
from explorer.concepts.metrics.text import VIEWS as TEXT_VIEWS
from explorer.concepts.metrics.text import TextConfig, corrupt_text, text_scene
from explorer.concepts.metrics.train import Snapshot, train
from explorer.experiment import Experiment


def shared(config: Config, *fields: str) -> dict[str, Any]:
    """The seed and other fields of the first experiment, which the others share."""
    return {name: getattr(config, name) for name in (*fields, "seed")}


EXPERIMENTS = {
    "train": Experiment(train, Config, scene, VIEWS, label="Images",
                        short={"dataset": "digits", "steps": 12, "samples": 100},
                        measures=claims.IMAGES),
    "text": Experiment(corrupt_text, TextConfig, text_scene, TEXT_VIEWS, label="Text",
                       short={"steps": 2, "samples": 50},
                       given=lambda config: shared(config, "severity", "samples", "steps"),
                       measures=claims.TEXT),
    "sample_size": Experiment(sample_size, SampleSizeConfig, sample_size_scene,
                              label="Sample size", short={"dataset": "digits"},
                              given=lambda config: shared(config, "dataset"),
                              measures=claims.SAMPLE_SIZE),
    "comparison": Experiment(compare, ComparisonConfig, comparison_scene, label="Comparison",
                             short={"dataset": "digits", "samples": 100},
                             given=lambda config: shared(config, "dataset", "samples"),
                             measures=claims.COMPARISON),
}  # fmt: skip

__all__ = [
    "EXPERIMENTS",
    "VIEWS",
    "ComparisonConfig",
    "Config",
    "SampleSizeConfig",
    "Snapshot",
    "TextConfig",
    "compare",
    "comparison_scene",
    "corrupt_text",
    "sample_size",
    "sample_size_scene",
    "scene",
    "text_scene",
    "train",
]
