"""Ablation: one part after the other is removed. How much worse is the network without it?

The output of a head is set to zero, or that of a layer's MLP, or both; or the position encoding is
removed. The rest stays as it was trained. Michel et al. (2019), Are Sixteen Heads Really Better
than One?, https://arxiv.org/abs/1905.10650
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.transformer import Transformer
from explorer.concepts.transformer import measure
from explorer.concepts.transformer.attention import EXAMPLES, tokens
from explorer.concepts.transformer.config import DATASETS
from explorer.concepts.transformer.internals import Internals, inspect
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.train import Model
from explorer.nets import generator
from explorer.scene import frozen

TOKENS = 800  # of the held-out text, for each part


@dataclass(frozen=True)
class AblationConfig:
    """A text that is shown without each part."""

    dataset: str = c.choice("repeat", DATASETS)
    text: str = EXAMPLES["repeat"]

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "text")
        tokens(self.dataset, self.text)


@dataclass(frozen=True)
class Part:
    """What is removed: a column of the table in a layer (both from 0), or the positions."""

    name: str
    layer: int = -1
    column: int = -1  # head, then the MLP of the layer, then the whole layer


@dataclass(frozen=True, eq=False)
class AblationSnapshot:
    """Without one part. `step` counts the parts that were removed; 0 is the whole network."""

    step: int
    config: AblationConfig
    part: Part
    parts: tuple[Part, ...]
    bits: np.ndarray  # (parts so far,) on the test set, without each
    exact: np.ndarray  # (parts so far,) share of sequences; empty for a text
    heads: int
    layers: int
    internals: Internals  # of the visitor's text, without the part


def parts(layers: int, heads: int, mlp: bool, positions: bool) -> tuple[Part, ...]:
    """Everything that can be removed, after nothing."""
    found = [Part("nothing")]
    for layer in range(layers):
        found += [Part(f"head {layer + 1}.{head + 1}", layer, head) for head in range(heads)]
        if mlp:
            found.append(Part(f"MLP {layer + 1}", layer, heads))
        found.append(Part(f"layer {layer + 1}", layer, heads + 1))
    return (*found, Part("positions")) if positions else tuple(found)


def ablate(config: AblationConfig, model: Model) -> Generator[AblationSnapshot, None, None]:
    """Evaluate the network without each part in turn."""
    shape = model.net.shape
    every = parts(shape.layers, shape.heads, shape.mlp, shape.position_encoding != "none")
    row, certain = tokens(config.dataset, config.text)
    bits: list[float] = []
    exact: list[float] = []
    last: Internals | None = None
    for step, part in enumerate(every):
        net = without_positions(model.net) if part.name == "positions" else model.net
        active = without(part, shape.layers, shape.heads)
        if config.dataset in TASKS:
            scores = measure.evaluate_task(net, TASKS[config.dataset], active)
            bits.append(scores.bits)
            exact.append(scores.exact)
        else:
            bits.append(measure.bits(net, measure.piece(config.dataset)[:TOKENS], active))
        last = inspect(net, row, certain, config.dataset, last, active)
        yield AblationSnapshot(
            step, config, part, every, frozen(np.array(bits)), frozen(np.array(exact)),
            shape.heads, shape.layers, last,
        )  # fmt: skip


def without(part: Part, layers: int, heads: int) -> Tensor:
    """What is active, (layers, heads + 1), with 0 for what the part ablates."""
    active = torch.ones(layers, heads + 1)
    if part.column == heads + 1:
        active[part.layer] = 0
    elif part.column >= 0:
        active[part.layer, part.column] = 0
    return active


def without_positions(net: Transformer) -> Transformer:
    """The same weights without a position encoding."""
    bare = Transformer(replace(net.shape, position_encoding="none"), generator(0))
    shared = {n: v for n, v in net.state_dict().items() if n != "position_embedding"}
    bare.load_state_dict(shared)
    return bare
