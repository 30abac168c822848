"""Writing symbol by symbol, with and without the memory of keys and values, and what it costs.

Without the cache every new symbol reads the whole text again. With it, only the new symbol is
read: its query meets the keys and values that are kept. Shazeer (2019), Fast Transformer Decoding,
https://arxiv.org/abs/1911.02150
"""

import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.transformer import corpus
from explorer.concepts.transformer.config import DATA
from explorer.concepts.transformer.learn import symbols
from explorer.concepts.transformer.looking import STARTS, read
from explorer.concepts.transformer.network import Shape
from explorer.concepts.transformer.tasks import LENGTH, TASKS
from explorer.concepts.transformer.train import Model
from explorer.concepts.transformer.writing import draw
from explorer.nets import freeze, generator
from explorer.scene import frozen

MOST = 80  # symbols that are written on from a text
PARTS = ("symbols", "attention", "networks", "read out")


@dataclass(frozen=True)
class WriteConfig:
    """What is continued, and how."""

    dataset: str = "repeat"
    text: str = STARTS["repeat"]
    temperature: float = 0.7  # of texts; tasks take the likeliest
    cache: bool = True  # whether the symbols come from the way with the cache
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", DATA)
        read(self.dataset, self.text)
        check.between(self, "temperature", 0, 2)
        check.one_of(self, "cache", (True, False))
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class Written:
    """The text after `step` new symbols."""

    step: int
    config: WriteConfig
    text: str
    given: int  # symbols of the text that were there from the start
    truth: str  # what a perfect solution writes; "" where there is none
    chances: np.ndarray  # (symbols,) from which the last symbol was drawn
    parameters: np.ndarray  # (len(PARTS),)
    cached: np.ndarray  # (len(PARTS),) multiplications for the last symbol, with the cache
    plain: np.ndarray  # (len(PARTS),) without
    most: int  # symbols that will be written
    highest: float  # multiplications for the last of them without the cache
    work: np.ndarray  # (steps, 3) symbols written, multiplications with and without
    seconds: tuple[float, float]  # CPU seconds so far, with and without the cache
    apart: float  # largest difference between the logits of the two ways


@torch.no_grad()
def write(config: WriteConfig, model: Model) -> Generator[Written, None, None]:
    """Write on, both ways at once; each is timed by itself."""
    net, known = model.net, symbols(config.dataset)
    start, goal, most = _start(config)
    rng = generator(config.seed)
    cache: list[list[Tensor]] = [[] for _ in range(net.shape.layers)]
    text, fresh = start, start
    seconds, work = [0.0, 0.0], np.zeros((0, 3), np.float64)
    numbers, end = parameters(net.shape), start.shape[1] + most
    highest = float(multiplications(net.shape, end, end).sum())
    for step in range(1, most + 1):
        began = time.thread_time()
        quick = net(fresh, cache=cache)[0, -1]
        between = time.thread_time()
        slow = net(text)[0, -1]
        ended = time.thread_time()
        if step > 1:  # the first time both read all of it
            seconds[0] += between - began
            seconds[1] += ended - between
        new, places = fresh.shape[1], text.shape[1]
        cached = multiplications(net.shape, new, places)
        plain = multiplications(net.shape, places, places)
        work = np.concatenate([work, [[step, cached.sum(), plain.sum()]]])
        logits = quick if config.cache else slow
        fresh = draw(logits[None], rng, 0 if config.dataset in TASKS else config.temperature)
        text = torch.cat([text, fresh], dim=1)
        yield Written(
            step, config, "".join(known[number] for number in text[0].tolist()),
            start.shape[1], goal, freeze(logits.softmax(-1)), numbers, cached, plain,
            most, highest, frozen(work.astype(np.float32)), (seconds[0], seconds[1]),
            (quick - slow).abs().max().item(),
        )  # fmt: skip


def _start(config: WriteConfig) -> tuple[Tensor, str, int]:
    """What is given, what a perfect solution would add, and how many symbols will be written."""
    if config.dataset not in TASKS:
        text = corpus.encode(config.text)[None]
        return text, "", MOST
    task = TASKS[config.dataset]
    row, _ = read(config.dataset, config.text)
    given = LENGTH + 1 if task.answer else len(config.text) + 1
    goal = "".join(task.symbols[number] for number in row[given:].tolist())
    return row[None, :given], goal, len(goal)


def parameters(shape: Shape) -> np.ndarray:
    """How many numbers are learnt, by part (PARTS); gains count with what they scale."""
    w, layers = shape.width, shape.layers
    embedding = shape.symbols * w + (shape.context * w if shape.positions == "learnt" else 0)
    networks = layers * (8 * w * w + w) if shape.wide else 0
    return frozen(
        np.array([embedding, layers * (4 * w * w + w), networks, w * shape.symbols + w], np.float64)
    )


def multiplications(shape: Shape, new: int, places: int) -> np.ndarray:
    """Multiply-adds of matrix products for `new` symbols at the end of `places`, by part.

    All of the square of scores is computed, masked or not, as the plain code does. Only the last
    symbol would have to be read out; the code reads out all new ones.
    """
    w = shape.width
    attention = shape.layers * new * (4 * w * w + 2 * places * w)
    networks = shape.layers * new * 8 * w * w if shape.wide else 0
    return frozen(np.array([0, attention, networks, new * w * shape.symbols], np.float64))
