"""One part after the other is switched off: what does the network lose?

What a head brings is set to zero, or what a layer's network adds, or both; positions are taken
away. The rest stays as it was trained. Michel et al. (2019), Are Sixteen Heads Really Better than
One?, https://arxiv.org/abs/1905.10650
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.transformer import checkpoint, learn
from explorer.concepts.transformer.inside import Inside, look
from explorer.concepts.transformer.looking import LookConfig, read
from explorer.concepts.transformer.network import Transformer
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.train import Model
from explorer.nets import generator
from explorer.scene import frozen

JUDGED = 800  # symbols of a held-out text for each part


@dataclass(frozen=True)
class Part:
    """What is off: a column of the table in a layer (both from 0), or all positions."""

    name: str
    layer: int = -1
    column: int = -1  # head, then the network of the layer, then the whole layer


@dataclass(frozen=True, eq=False)
class Loss:
    """What one part was worth. `step` counts the parts that were tried; 0 is the whole network."""

    step: int
    config: LookConfig
    part: Part
    parts: tuple[Part, ...]
    bits: np.ndarray  # (parts tried,) in the exam, without each
    right: np.ndarray  # (parts tried,) share of sequences; empty for a text
    heads: int
    layers: int
    inside: Inside  # of the visitor's text, without the part


def parts(layers: int, heads: int, wide: bool, positions: bool) -> tuple[Part, ...]:
    """Everything that can be switched off, the whole network first."""
    found = [Part("nothing")]
    for layer in range(layers):
        found += [Part(f"head {layer + 1}.{head + 1}", layer, head) for head in range(heads)]
        if wide:
            found.append(Part(f"network {layer + 1}", layer, heads))
        found.append(Part(f"layer {layer + 1}", layer, heads + 1))
    return (*found, Part("positions")) if positions else tuple(found)


def without(config: LookConfig, model: Model) -> Generator[Loss, None, None]:
    """Sit the exam with each part switched off in turn."""
    shape = model.net.shape
    every = parts(shape.layers, shape.heads, shape.wide, shape.positions != "none")
    row, judged = read(config.dataset, config.text)
    bits: list[float] = []
    right: list[float] = []
    last: Inside | None = None
    for step, part in enumerate(every):
        net = placeless(model.net) if part.name == "positions" else model.net
        keep = kept(part, shape.layers, shape.heads)
        if config.dataset in TASKS:
            marks = learn.judge_task(net, TASKS[config.dataset], keep)
            bits.append(marks.bits)
            right.append(marks.right)
        else:
            exam = learn.piece(config.dataset)[:JUDGED]
            bits.append(checkpoint.bits(net, exam, keep))
        last = look(net, row, judged, config.dataset, last, keep)
        yield Loss(
            step, config, part, every, frozen(np.array(bits)), frozen(np.array(right)),
            shape.heads, shape.layers, last,
        )  # fmt: skip


def kept(part: Part, layers: int, heads: int) -> Tensor:
    """What is on, (layers, heads + 1), with 0 for what the part switches off."""
    keep = torch.ones(layers, heads + 1)
    if part.column == heads + 1:
        keep[part.layer] = 0
    elif part.column >= 0:
        keep[part.layer, part.column] = 0
    return keep


def placeless(net: Transformer) -> Transformer:
    """The same weights without positions."""
    bare = Transformer(replace(net.shape, positions="none"), generator(0))
    bare.load_state_dict({n: v for n, v in net.state_dict().items() if n != "places"})
    return bare
