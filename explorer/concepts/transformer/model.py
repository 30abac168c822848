"""The network of a run, what it is trained on, and its loss: a task or a text.

The network itself is `explorer.concepts.shared.transformer`.
"""

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explorer.concepts.shared.transformer import Shape, Transformer
from explorer.concepts.transformer import checkpoint
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.tasks import TASKS
from explorer.data.text import CASED, Corpus, load


def shape(config: Config) -> Shape:
    """The size of the network of a run."""
    if config.of_text:
        return checkpoint.SHAPE
    task = TASKS[config.dataset]
    return Shape(
        len(task.vocabulary), config.heads * config.head_dim, config.heads, config.layers,
        task.positions, config.position_encoding, config.causal_mask, config.mlp,
    )  # fmt: skip


def network(config: Config, rng: Generator) -> Transformer:
    """The network before the first update."""
    if config.of_text and not config.from_scratch:
        return checkpoint.load()
    return Transformer(shape(config), rng)


def vocabulary(dataset: str) -> str:
    """The tokens of a task or a text, in the order of their numbers."""
    return TASKS[dataset].vocabulary if dataset in TASKS else CASED


def corpus(dataset: str) -> Corpus:
    """The text of that name, with capital letters."""
    return load(f"{dataset}_cased")


def training_batch(config: Config, rng: Generator) -> Tensor:
    """A batch to learn from, (batch, positions + 1)."""
    if config.dataset in TASKS:
        return TASKS[config.dataset].sample(config.batch, rng)
    text, positions = corpus(config.dataset).train, checkpoint.SHAPE.context
    starts = torch.randint(len(text) - positions, (config.batch, 1), generator=rng)
    return text[starts + torch.arange(positions + 1)]


def loss(net: Transformer, config: Config, batch: Tensor) -> Tensor:
    """Nats per scored token: of a question, only the answer is scored."""
    first = TASKS[config.dataset].scored_from if config.dataset in TASKS else 0
    logits = net(batch[:, :-1])[:, first:]
    return functional.cross_entropy(logits.transpose(1, 2), batch[:, first + 1 :])
