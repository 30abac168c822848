"""Generating token by token, with and without the key-value cache, and what it costs.

Without the cache every new token reads the whole text again. With it, only the new token is read:
its query meets the cached keys and values. Pope et al. (2022), Efficiently Scaling Transformer
Inference, https://arxiv.org/abs/2211.05102
"""

import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.transformer import Shape
from explorer.concepts.transformer.attention import EXAMPLES, tokens
from explorer.concepts.transformer.config import DATASETS
from explorer.concepts.transformer.model import vocabulary
from explorer.concepts.transformer.sampling import sample_token
from explorer.concepts.transformer.tasks import LENGTH, TASKS
from explorer.concepts.transformer.train import Model
from explorer.data.text import encode_cased
from explorer.nets import freeze, generator
from explorer.scene import frozen

MOST = 80  # tokens that are generated after a text
PARTS = ("embeddings", "attention", "MLPs", "unembedding")


@dataclass(frozen=True)
class GenerationConfig:
    """What is continued, and how."""

    dataset: str = c.choice("repeat", DATASETS)
    text: str = EXAMPLES["repeat"]
    temperature: float = c.number(0.7, 0.0, 2.0, 0.1)  # of texts; of tasks it is 0
    cache: bool = c.flag(True)  # whether the tokens come from the computation with the cache
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "text")
        tokens(self.dataset, self.text)


@dataclass(frozen=True, eq=False)
class GenerationSnapshot:
    """The text after `step` new tokens."""

    step: int
    config: GenerationConfig
    text: str
    given: int  # tokens of the text that were there from the start
    truth: str  # the perfect continuation; "" where there is none
    probabilities: np.ndarray  # (tokens,) from which the last token was drawn
    parameters: np.ndarray  # (len(PARTS),)
    cached: np.ndarray  # (len(PARTS),) multiplications for the last token, with the cache
    plain: np.ndarray  # (len(PARTS),) without
    total: tuple[float, float]  # multiplications after the first token, with and without
    most: int  # tokens that will be generated
    highest: float  # multiplications for the last of them without the cache
    seconds: tuple[float, float]  # CPU seconds after the first token, with and without the cache
    difference: float  # largest one between the logits of both computations


@torch.no_grad()
def generate(config: GenerationConfig, model: Model) -> Generator[GenerationSnapshot, None, None]:
    """Continue a text with both computations at once; each is timed by itself."""
    net, known = model.net, vocabulary(config.dataset)
    text, truth, most = _start(config)
    new, given = text, text.shape[1]
    rng = generator(config.seed)
    cache: list[list[Tensor]] = [[] for _ in range(net.shape.layers)]
    seconds, total = [0.0, 0.0], np.zeros(2)
    numbers, end = parameters(net.shape), given + most
    highest = float(multiplications(net.shape, end, end).sum())
    for step in range(1, most + 1):
        began = time.thread_time()
        with_cache = net(new, cache=cache)[0, -1]
        between = time.thread_time()
        without = net(text)[0, -1]
        ended = time.thread_time()
        cached = multiplications(net.shape, new.shape[1], text.shape[1])
        plain = multiplications(net.shape, text.shape[1], text.shape[1])
        if step > 1:  # the first time both read all of it
            seconds[0] += between - began
            seconds[1] += ended - between
            total += (cached.sum(), plain.sum())
        logits = with_cache if config.cache else without
        temperature = 0 if config.dataset in TASKS else config.temperature
        new = sample_token(logits[None], rng, temperature)
        text = torch.cat([text, new], dim=1)
        yield GenerationSnapshot(
            step, config, "".join(known[number] for number in text[0].tolist()), given, truth,
            freeze(logits.softmax(-1)), numbers, cached, plain, (total[0], total[1]), most,
            highest, (seconds[0], seconds[1]), (with_cache - without).abs().max().item(),
        )  # fmt: skip


def _start(config: GenerationConfig) -> tuple[Tensor, str, int]:
    """What is given, the perfect continuation, and how many tokens will be generated."""
    if config.dataset not in TASKS:
        return encode_cased(config.text)[None], "", MOST
    task = TASKS[config.dataset]
    row, _ = tokens(config.dataset, config.text)
    given = LENGTH + 1 if task.answer else len(config.text) + 1
    truth = "".join(task.vocabulary[number] for number in row[given:].tolist())
    return row[None, :given], truth, len(truth)


def parameters(shape: Shape) -> np.ndarray:
    """The number of parameters, by part (PARTS); gains count with what they scale."""
    w, layers = shape.width, shape.layers
    embedding = shape.tokens * w
    if shape.position_encoding == "learnt":
        embedding += shape.context * w
    mlps = layers * (8 * w * w + w) if shape.mlp else 0
    return frozen(
        np.array([embedding, layers * (4 * w * w + w), mlps, w * shape.tokens + w], np.float64)
    )


def multiplications(shape: Shape, new: int, positions: int) -> np.ndarray:
    """Multiply-adds of matrix products for `new` tokens at the end of `positions`, by part.

    The whole square of scores is computed, masked or not, as the plain code does. Only the last
    position would have to be unembedded; the code does so with all new ones.
    """
    w = shape.width
    attention = shape.layers * new * (4 * w * w + 2 * positions * w)
    mlps = shape.layers * new * 8 * w * w if shape.mlp else 0
    return frozen(np.array([0, attention, mlps, new * w * shape.tokens], np.float64))
