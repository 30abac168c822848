"""What a run learns from and is judged by: a task or a text, behind one door."""

from dataclasses import dataclass
from functools import lru_cache
from math import log

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explorer.concepts.transformer import checkpoint, corpus
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.network import Shape, Trace, Transformer
from explorer.concepts.transformer.tasks import LENGTH, TASKS, Task
from explorer.nets import generator

EXAM = 256  # sequences of the exam
PIECES = {"moby": slice(32_000, 34_500), "names": slice(0, 2000)}  # judged during a run
BLOCK = 24  # letters of the block that is repeated to test heads of the text model


@dataclass(frozen=True, eq=False)
class Marks:
    """How good a network is: bits per symbol of the exam, and the share of right answers."""

    bits: float
    right: float  # whole sequences; of a text, single symbols
    symbols: float  # single symbols whose answer is certain
    other: float = float("nan")  # bits on the text that the shipped model knew before


def shape(config: Config) -> Shape:
    """The size of the network of a run."""
    if config.of_text:
        return checkpoint.SHAPE
    task = TASKS[config.dataset]
    return Shape(
        len(task.symbols), config.width, config.heads, config.layers, task.places,
        config.positions, config.causal, config.wide,
    )  # fmt: skip


def network(config: Config, rng: Generator) -> Transformer:
    """The network before the first update."""
    if config.of_text and not config.fresh:
        return checkpoint.load()
    return Transformer(shape(config), rng)


def symbols(dataset: str) -> str:
    """The symbols of a task or a text, in the order of their numbers."""
    return TASKS[dataset].symbols if dataset in TASKS else corpus.ALPHABET


def rows(config: Config, rng: Generator) -> Tensor:
    """A batch to learn from, (batch, places + 1)."""
    if config.dataset in TASKS:
        return TASKS[config.dataset].sample(config.batch, rng)
    text, places = corpus.load(config.dataset).train, checkpoint.SHAPE.context
    starts = torch.randint(len(text) - places, (config.batch, 1), generator=rng)
    return text[starts + torch.arange(places + 1)]


def loss(net: Transformer, config: Config, batch: Tensor) -> Tensor:
    """Nats per symbol that counts: of a question, only the answer does."""
    first = TASKS[config.dataset].judged_from if config.dataset in TASKS else 0
    logits = net(batch[:, :-1])[:, first:]
    return functional.cross_entropy(logits.transpose(1, 2), batch[:, first + 1 :])


@lru_cache(maxsize=len(TASKS))
def exam(name: str) -> Tensor:
    """Sequences that no run ever learns from, the same for all runs; never to be written."""
    return TASKS[name].sample(EXAM, generator(4711), exam=True)


@torch.no_grad()
def judge(net: Transformer, config: Config) -> Marks:
    """Mark a network on what it has never seen."""
    if config.dataset in TASKS:
        return judge_task(net, TASKS[config.dataset])
    own = checkpoint.bits(net, piece(config.dataset))
    before = checkpoint.bits(net, piece("moby")) if config.dataset != "moby" else own
    return Marks(own, float("nan"), float("nan"), before)


def piece(dataset: str) -> Tensor:
    """The part of the held-out text that runs are judged on: what is shown has to be quick."""
    return corpus.load(dataset).test[PIECES[dataset]]


def judge_task(net: Transformer, task: Task, keep: Tensor | None = None) -> Marks:
    """Marks in the exam of a task, also with parts switched off (see `Transformer.forward`)."""
    given = exam(task.name)
    logits = net(given[:, :-1], keep)
    counted = torch.arange(task.places) >= task.judged_from
    nats = functional.cross_entropy(logits.transpose(1, 2), given[:, 1:], reduction="none")
    guesses = logits.argmax(-1) if net.shape.causal else written(net, task, given, keep)
    good, judged = guesses == given[:, 1:], task.judged(given)
    return Marks(
        nats[:, counted].mean().item() / log(2),
        (good | ~judged).all(dim=1).double().mean().item(),
        good[judged].double().mean().item(),
    )


def written(net: Transformer, task: Task, given: Tensor, keep: Tensor | None = None) -> Tensor:
    """Answers written one by one, as in use: what is not written yet can't be looked at.

    With a causal mask this equals guessing all at once wherever all guesses are right.
    """
    guesses = torch.zeros_like(given[:, 1:])
    text = given[:, :1]
    for place in range(task.places):
        guesses[:, place] = net(text, keep)[:, -1].argmax(-1)
        follows = guesses[:, place] if task.answer and place >= LENGTH else given[:, place + 1]
        text = torch.cat([text, follows[:, None]], dim=1)
    return guesses


@torch.no_grad()
def finds(net: Transformer, config: Config) -> Tensor:
    """How much of its attention each head has on the answer, (layers, heads), 0 to 1.

    Averaged over places whose answer stands somewhere before. For a text: on a block of random
    letters, repeated; the answer is the letter after the earlier same one (prefix matching).
    """
    if config.dataset in TASKS:
        task = TASKS[config.dataset]
        given = exam(task.name)[:64]
        where, judged = task.sources(given), task.judged(given)
    else:
        given = repeated(checkpoint.SHAPE.context)
        task = TASKS["repeat"]
        where, judged = task.sources(given), task.judged(given)
    trace = Trace()
    net(given[:, :-1], trace=trace)
    found = [((a * where[:, None]).sum(-1) * judged[:, None]).sum((0, 2)) for a in trace.attention]
    return torch.stack(found) / judged.sum()


@torch.no_grad()
def before(net: Transformer, config: Config) -> Tensor:
    """How much of its attention each head has on the place just before, (layers, heads)."""
    given = exam(config.dataset)[:64] if config.dataset in TASKS else repeated(64)
    trace = Trace()
    net(given[:, :-1], trace=trace)
    return torch.stack([a.diagonal(-1, 2, 3).mean((0, 2)) for a in trace.attention])


@lru_cache(maxsize=4)
def repeated(places: int) -> Tensor:
    """Random different small letters, again and again: (8, places + 1)."""
    rng = generator(3)
    order = torch.rand(8, 26, generator=rng).argsort(dim=1)[:, :BLOCK]
    letters = corpus.encode("abcdefghijklmnopqrstuvwxyz")[order]
    return letters.repeat(1, places // BLOCK + 1)[:, : places + 1]
