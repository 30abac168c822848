"""Text to image: captions seen and never seen, the control, how fast an image is drawn.

Seconds are CPU seconds of this thread. Accuracies are the exact parser's, over 1,920 pictures each.
"""

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from benchmarks.row import Row
from explorer.concepts.text_to_image import Config, ReaderConfig, TextToImage, train, train_reader
from explorer.concepts.text_to_image.measure import accuracy
from explorer.concepts.text_to_image.sweep import SHARE
from explorer.nets import generator
from explorer.runs import finish

PICTURES, SEEDS = 1920, range(3)


def rows() -> list[Row]:
    """All figures over three seeds."""
    runs = [timed(Config(seed=seed)) for seed in SEEDS]
    models = [model for model, _ in runs]
    seen, unseen = joint(models, "seen"), joint(models, "unseen")
    control = [timed(Config(encoder="caption", seed=seed))[0] for seed in SEEDS]
    summed = [timed(Config(encoder="summed", seed=seed))[0] for seed in SEEDS]
    short = round(SHARE * Config().steps)
    few = [timed(Config(held_out=36, steps=short, seed=seed))[0] for seed in SEEDS]
    heads = [read(model, "heads") for model in models]
    words = [read(model, "recurrent") for model in models]
    single, batch = zip(*(speeds(model) for model in models))
    return [
        Row("text to image: CPU seconds", [seconds for _, seconds in runs], 15,
            note="default run, snapshots included"),
        Row("text to image: seen captions", seen, 0.99, "high", "1"),
        Row("text to image: captions never seen", unseen, 0.97, "high", "1"),
        Row("one embedding per caption: seen", joint(control, "seen"), 0.95, "high", "1"),
        Row("one embedding per caption: never seen", joint(control, "unseen"), 0.05, "low",
            "0.01 (chance)"),
        Row("embeddings added: never seen", joint(summed, "unseen"), 0.97, "low", "1",
            note="worse than side by side"),
        Row("36 of 48 pairs held out: never seen", joint(few, "unseen"), 0.5, "low", "1",
            note="a third of the training steps"),
        Row("text to image: ms for one image", single, 5, note="alone"),
        Row("text to image: ms per image of 100", batch, 5),
        Row("image to caption, heads: seen", [a for a, _ in heads], 0.99, "high", "1"),
        Row("image to caption, heads: never seen, below drawing by",
            [drawn - b for drawn, (_, b) in zip(unseen, heads)], 0, "high", "-",
            note=f"read: {', '.join(f'{b:.3f}' for _, b in heads)}"),
        Row("image to caption, GRU: seen", [a for a, _ in words], 0.99, "high", "1"),
        Row("image to caption, GRU: never seen, below drawing by",
            [drawn - b for drawn, (_, b) in zip(unseen, words)], 0.1, "high", "-",
            note=f"read: {', '.join(f'{b:.3f}' for _, b in words)}"),
    ]  # fmt: skip


def timed(config: Config) -> tuple[TextToImage, float]:
    """A run, and its CPU seconds."""
    start = time.thread_time()
    _, model = finish(train(config))
    return model, time.thread_time() - start


def joint(models: Sequence[TextToImage], part: str) -> list[float]:
    """Share of pictures in which the parser reads the caption asked for."""
    return [drawn(model, getattr(model.split, part)) for model in models]


@torch.no_grad()
def drawn(model: TextToImage, captions: Tensor) -> float:
    """The joint accuracy of PICTURES pictures of some captions (n, a), in turn."""
    asked = captions[torch.arange(PICTURES) % len(captions)]
    pictures = model.draw(asked, model.noise(PICTURES, generator(100)))
    return accuracy(model.world, pictures, asked).joint


def read(model: TextToImage, architecture: str) -> tuple[float, float]:
    """Joint accuracy of reading, of seen and of unseen captions."""
    config = ReaderConfig(architecture=architecture, seed=model.config.seed)
    snapshots, _ = finish(train_reader(config, model))
    return snapshots[-1].of_seen.joint, snapshots[-1].of_unseen.joint


def speeds(model: TextToImage) -> tuple[float, float]:
    """Milliseconds for one image alone, and for each of a hundred drawn together."""
    found = []
    for n, times in ((1, 20), (100, 3)):
        asked, noise = model.split.seen[:n], model.noise(n, generator(0))
        asked = asked[torch.arange(n) % len(asked)]
        model.draw(asked, noise)
        spent = []
        for _ in range(times):
            start = time.thread_time()
            model.draw(asked, noise)
            spent.append((time.thread_time() - start) / n * 1000)
        found.append(float(np.median(spent)))
    return found[0], found[1]
