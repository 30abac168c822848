"""One network that learns one corpus, update by update, and its mark on unseen text.

The seconds on the axis of a chart are nominal: every update counts as what it took, once, on one
thread of the machine on which this project's figures were measured (`cost`). So a run is the same
whenever and wherever it is repeated; `benchmarks/text.py` compares nominal with true seconds.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import log

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explorer.concepts.text.networks import CONTEXT, NETWORKS, Network
from explorer.concepts.transformer.network import Drop
from explorer.data.text import Corpus
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine

BATCH_LINES, BATCH_WINDOWS = 128, 32
RATES = {"window": 0.25, "lstm": 0.8, "transformer": 0.25}  # over the hidden units
# Milliseconds of an update; microseconds of each symbol in it, in all and by hidden unit.
COSTS = {"window": (2.5, 1.0, 0.05), "lstm": (2.0, 0.5, 0.075), "transformer": (3.0, 0.0, 0.31)}
EXAM = 4_096  # held-out symbols of running text that judge a network during a run
KEEP = 0.999  # of the averaged weights, at every update
WARM = 0.03  # share of the run in which the rate rises
IGNORED = -100


class Learner:
    """A network, its optimiser and its clock. `seconds` is how long it will learn in all."""

    def __init__(
        self,
        kind: str,
        corpus: Corpus,
        hidden: int,
        dropout: float,
        seconds: float,
        seed: int,
        noise: float = 0.0,
    ) -> None:
        self.kind, self.corpus, self.hidden, self.seconds = kind, corpus, hidden, seconds
        self.rng = generator(seed)
        self.net = NETWORKS[kind](corpus.size, hidden, self.rng)
        self.rate = RATES[kind] / hidden
        self.adam = Adam(self.net.parameters(), self.rate, (0.9, 0.99))
        self.average = Average(self.adam, KEEP)
        self.drop = Drop(dropout, self.rng) if dropout else None
        self.batches = (lines if corpus.lines else windows)(corpus, self.rng)
        self.shown = NETWORKS[kind](corpus.size, hidden, generator(0))  # the averaged weights
        self.noise = noise
        self.clock = 0.0  # nominal seconds
        self.updates = 0

    def advance(self, until: float) -> None:
        """Learn until the clock shows so many nominal seconds."""
        while self.clock < until:
            inputs, targets = next(self.batches)
            self.adam.rate = cosine(
                round(1e4 * min(1.0, self.clock / self.seconds)), 10_000, self.rate,
                round(1e4 * WARM),
            )  # fmt: skip
            logits = self.net(self.disturbed(inputs), self.drop)
            loss = nats(logits, targets) / len(inputs) / self.mean_length(inputs)
            if not loss.item() < 1e4:  # NaN, too
                raise FloatingPointError(
                    f"The loss of the {self.kind} has left all bounds after {self.updates} "
                    "updates. Choose fewer neurons or another seed."
                )
            self.adam.descend(loss)
            self.average.update()
            self.updates += 1
            self.clock += cost(self.kind, self.hidden, inputs.numel())

    def disturbed(self, inputs: Tensor) -> Tensor:
        """Texts with a share of their symbols, but not the first, swapped for random ones.

        Whoever can't trust every symbol learns less by heart. Xie et al. (2017), Data Noising as
        Smoothing in Neural Network Language Models, https://arxiv.org/abs/1703.02573
        """
        if not self.noise:
            return inputs
        hit = torch.rand(inputs.shape, generator=self.rng) < self.noise
        hit[:, 0] = False
        text = self.corpus.train
        others = text[torch.randint(len(text), inputs.shape, generator=self.rng)]
        return torch.where(hit, others, inputs)

    def mean_length(self, inputs: Tensor) -> float:
        """Symbols of a text, on average: a batch of long names then counts for more."""
        if not self.corpus.lines:
            return float(inputs.shape[1])
        return len(self.corpus.train) / int((self.corpus.train == 0).sum())

    def snapshot(self) -> Network:
        """The network with averaged weights, which is what writes and is judged."""
        self.average.copy_to(self.shown)
        return self.shown


def cost(kind: str, hidden: int, symbols: int) -> float:
    """Nominal seconds of an update with so many symbols."""
    fixed, each, unit = COSTS[kind]
    return 1e-3 * fixed + 1e-6 * symbols * (each + unit * hidden)


def nats(logits: Tensor, targets: Tensor) -> Tensor:
    """What all targets cost together; those that are ignored cost nothing."""
    return functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
    )


def grid(corpus: Corpus, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """Lines as rows: the line break before each and its symbols, and what follows each place."""
    parts = corpus.parts(numbers)
    rows = torch.zeros(len(parts), max(map(len, parts)) + 1, dtype=torch.int64)
    targets = torch.full((len(parts), rows.shape[1] - 1), IGNORED)
    for row, target, part in zip(rows, targets, parts):
        row[1 : len(part) + 1] = part
        target[: len(part)] = part
    return rows[:, :-1], targets


def lines(corpus: Corpus, rng: Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of lines of about the same length, for ever, each line once in every round."""
    inputs, targets = grid(corpus, corpus.train)
    inputs, targets = inputs[:, :CONTEXT], targets[:, :CONTEXT]
    lengths = (targets != IGNORED).sum(1)
    while True:
        order = (lengths + torch.rand(len(lengths), generator=rng)).argsort()
        batches = order.chunk(-(-len(order) // BATCH_LINES))
        for index in torch.randperm(len(batches), generator=rng).tolist():
            rows = batches[index]
            longest = int(lengths[rows].max())
            yield inputs[rows, :longest], targets[rows, :longest]


def windows(corpus: Corpus, rng: Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of pieces from anywhere in the running text, for ever."""
    text = torch.cat([corpus.train.new_zeros(1), corpus.train])
    span = min(CONTEXT, len(text) - 1)
    while True:
        starts = torch.randint(len(text) - span, (BATCH_WINDOWS, 1), generator=rng)
        rows = text[starts + torch.arange(span + 1)]
        yield rows[:, :-1], rows[:, 1:]


@lru_cache(maxsize=4)
def exam(corpus: Corpus) -> tuple[Tensor, Tensor]:
    """The held-out lines, as `grid` lays them out; never to be written."""
    inputs, targets = grid(corpus, corpus.held_out)
    return inputs[:, :CONTEXT], targets[:, :CONTEXT]


@torch.no_grad()
def judge(net: Network, corpus: Corpus, most: int | None = None) -> float:
    """Bits per character on the held-out text (of running text, its first `most` symbols).

    Running text is read in windows that overlap by half, and only their second half counts: every
    symbol but the first few is guessed from at least 32 symbols.
    """
    text = corpus.held_out
    if corpus.lines:
        inputs, targets = exam(corpus)
        lost = nats(net(inputs), targets)
        return lost.item() / log(2) / corpus.length(text)
    half = CONTEXT // 2
    padded = torch.cat([text.new_zeros(half + 1), text])
    count = min(most or len(text), len(text)) // half * half
    rows = padded[: count + half + 1].unfold(0, CONTEXT + 1, half) if count else padded[None]
    count = count or len(text)
    lost = torch.zeros(())
    for group in rows.split(256):
        lost = lost + nats(net(group[:, :-1])[:, half:], group[:, half + 1 :])
    return lost.item() / log(2) / corpus.length(text[:count])
