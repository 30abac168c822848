"""How good a network is on sequences and texts that it never saw, and what its heads attend to."""

from dataclasses import dataclass
from functools import lru_cache
from math import log

import torch
from torch import Tensor
from torch.nn import functional

from explorer.concepts.shared.transformer import Trace, Transformer
from explorer.concepts.transformer import checkpoint
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.model import corpus
from explorer.concepts.transformer.tasks import LENGTH, TASKS, Task
from explorer.data.text import encode_cased
from explorer.nets import generator

SEQUENCES = 256  # of the test set of a task
PIECES = {"moby": slice(32_000, 34_500), "names": slice(0, 2000)}  # of the held-out text
BLOCK = 24  # letters of the repeated block that tests heads of the text model
NAN = float("nan")


@dataclass(frozen=True)
class Scores:
    """How good a network is on the test set."""

    bits: float  # per scored token
    exact: float = NAN  # share of sequences with every certain token right
    tokens: float = NAN  # share of certain tokens that are right
    moby: float = NAN  # bits on the text that the shipped model was trained on


@lru_cache(maxsize=len(TASKS))
def test_set(name: str) -> Tensor:
    """Sequences that no run is ever trained on, the same for all runs; never to be written."""
    return TASKS[name].sample(SEQUENCES, generator(4711), test=True)


def piece(dataset: str) -> Tensor:
    """The part of the held-out text on which runs are evaluated: short, to be quick."""
    return corpus(dataset).held_out[PIECES[dataset]]


@torch.no_grad()
def evaluate(net: Transformer, config: Config) -> Scores:
    """Evaluate a network on what it has never seen."""
    if config.dataset in TASKS:
        return evaluate_task(net, TASKS[config.dataset])
    own = bits(net, piece(config.dataset))
    return Scores(own, moby=own if config.dataset == "moby" else bits(net, piece("moby")))


def evaluate_task(net: Transformer, task: Task, active: Tensor | None = None) -> Scores:
    """Scores on the test set of a task, also with ablated parts (see `Transformer.forward`)."""
    given = test_set(task.name)
    logits = net(given[:, :-1], active)
    scored = torch.arange(task.positions) >= task.scored_from
    nats = functional.cross_entropy(logits.transpose(1, 2), given[:, 1:], reduction="none")
    causal = net.shape.causal_mask
    predicted = logits.argmax(-1) if causal else answers(net, task, given, active)
    right, certain = predicted == given[:, 1:], task.certain(given)
    return Scores(
        nats[:, scored].mean().item() / log(2),
        (right | ~certain).all(dim=1).double().mean().item(),
        right[certain].double().mean().item(),
    )


def answers(net: Transformer, task: Task, given: Tensor, active: Tensor | None = None) -> Tensor:
    """Answers generated token by token, as in use: later tokens are not there to attend to.

    With a causal mask this equals predicting all at once wherever all predictions are right.
    """
    predicted = torch.zeros_like(given[:, 1:])
    text = given[:, :1]
    for position in range(task.positions):
        predicted[:, position] = net(text, active)[:, -1].argmax(-1)
        own = task.answer and position >= LENGTH
        follows = predicted[:, position] if own else given[:, position + 1]
        text = torch.cat([text, follows[:, None]], dim=1)
    return predicted


@torch.no_grad()
def bits(net: Transformer, text: Tensor, active: Tensor | None = None, batch: int = 16) -> float:
    """Bits per token of a text, each token predicted from at least half a context before it.

    Windows overlap by half and only their second half counts, but for the start of the text.
    `active` ablates parts, see `Transformer.forward`.
    """
    whole = net.shape.context
    half = whole // 2
    begun = torch.cat([text.new_zeros(1), text])  # a line break before the first token
    starts = range(0, max(1, len(text) - half), half)
    rows = [begun[start : start + whole + 1] for start in starts]
    total = losses(net, rows[0][None], active)[:, :half].sum()
    for at in range(0, len(rows) - 1, batch):
        group = torch.stack(rows[:-1][at : at + batch])
        total = total + losses(net, group, active)[:, half:].sum()
    last = losses(net, rows[-1][None], active)
    return (total + last[:, half:].sum()).item() / len(text) / log(2)


def losses(net: Transformer, rows: Tensor, active: Tensor | None = None) -> Tensor:
    """Nats of each token but the first of texts (batch, positions + 1): (batch, positions)."""
    logits = net(rows[:, :-1], active).transpose(1, 2)
    return functional.cross_entropy(logits, rows[:, 1:], reduction="none")


@torch.no_grad()
def answer_attention(net: Transformer, config: Config) -> Tensor:
    """How much of its attention each head has on the answer, (layers, heads), 0 to 1.

    Averaged over positions whose answer stands at an earlier one. For a text: on a block of random
    letters, repeated; the answer is the letter after the earlier same one (prefix matching).
    """
    if config.dataset in TASKS:
        task = TASKS[config.dataset]
        given = test_set(task.name)[:64]
    else:
        task, given = TASKS["repeat"], repeated(checkpoint.SHAPE.context)
    where, certain = task.sources(given), task.certain(given)
    trace = Trace()
    net(given[:, :-1], trace=trace)
    found = [((a * where[:, None]).sum(-1) * certain[:, None]).sum((0, 2)) for a in trace.attention]
    return torch.stack(found) / certain.sum()


@torch.no_grad()
def previous_token_attention(net: Transformer, config: Config) -> Tensor:
    """How much of its attention each head has on the previous token, (layers, heads)."""
    given = test_set(config.dataset)[:64] if config.dataset in TASKS else repeated(64)
    trace = Trace()
    net(given[:, :-1], trace=trace)
    return torch.stack([a.diagonal(-1, 2, 3).mean((0, 2)) for a in trace.attention])


@lru_cache(maxsize=4)
def repeated(positions: int) -> Tensor:
    """Random different small letters, again and again: (8, positions + 1)."""
    rng = generator(3)
    order = torch.rand(8, 26, generator=rng).argsort(dim=1)[:, :BLOCK]
    letters = encode_cased("abcdefghijklmnopqrstuvwxyz")[order]
    return letters.repeat(1, positions // BLOCK + 1)[:, : positions + 1]
