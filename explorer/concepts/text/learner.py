"""One network that learns one corpus, update by update.

The seconds on the axis of a chart are nominal: every update counts as what it took, once, on one
thread of the machine on which this project's figures were measured (`cost`). So a run is the same
whenever and wherever it is repeated; `benchmarks/text.py` compares nominal with true seconds.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explorer.concepts.shared.transformer import Dropout
from explorer.concepts.text.model import CONTEXT, KINDS, Network
from explorer.data.text import Corpus
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine

BATCH_LINES, BATCH_WINDOWS = 128, 32
LEARNING_RATES = {"window": 0.25, "lstm": 0.8, "transformer": 0.25}  # over the hidden units
# Milliseconds of an update; microseconds of each token in it, in all and by hidden unit.
COSTS = {"window": (2.5, 1.0, 0.05), "lstm": (2.0, 0.5, 0.075), "transformer": (3.0, 0.0, 0.31)}
EMA_DECAY = 0.999  # of the averaged weights, at every update
WARMUP = 0.03  # share of the run in which the learning rate rises
IGNORED = -100


class Learner:
    """A network, its optimiser and its clock. `seconds` is how long it is trained in all."""

    def __init__(
        self,
        kind: str,
        corpus: Corpus,
        hidden: int,
        dropout: float,
        seconds: float,
        seed: int,
        data_noise: float = 0.0,
    ) -> None:
        self.kind, self.corpus, self.hidden, self.seconds = kind, corpus, hidden, seconds
        self.rng = generator(seed)
        self.net = KINDS[kind](corpus.size, hidden, self.rng)
        self.learning_rate = LEARNING_RATES[kind] / hidden
        self.adam = Adam(self.net.parameters(), self.learning_rate, (0.9, 0.99))
        self.average = Average(self.adam, EMA_DECAY)
        self.dropout = Dropout(dropout, self.rng) if dropout else None
        self.batches = (lines if corpus.lines else windows)(corpus, self.rng)
        self.averaged = KINDS[kind](corpus.size, hidden, generator(0))
        self.data_noise = data_noise
        self.clock = 0.0  # nominal seconds
        self.updates = 0

    def advance(self, until: float) -> None:
        """Train until the clock shows so many nominal seconds."""
        while self.clock < until:
            inputs, targets = next(self.batches)
            logits = self.net(self.with_noise(inputs), self.dropout)
            loss = nats(logits, targets) / len(inputs) / self.mean_length(inputs)
            if not loss.item() < 1e4:  # NaN, too
                raise FloatingPointError(
                    f"The training of the {self.kind} diverged after {self.updates} updates. "
                    "Choose fewer hidden units or another seed."
                )
            part = round(1e4 * min(1.0, self.clock / self.seconds))
            self.adam.descend(loss, cosine(part, 10_000, self.learning_rate, round(1e4 * WARMUP)))
            self.average.update()
            self.updates += 1
            self.clock += cost(self.kind, self.hidden, inputs.numel())

    def with_noise(self, inputs: Tensor) -> Tensor:
        """Texts with a share of their tokens, but not the first, replaced by random ones.

        A regulariser: Xie et al. (2017), Data Noising as Smoothing in Neural Network Language
        Models, https://arxiv.org/abs/1703.02573
        """
        if not self.data_noise:
            return inputs
        hit = torch.rand(inputs.shape, generator=self.rng) < self.data_noise
        hit[:, 0] = False
        text = self.corpus.train
        others = text[torch.randint(len(text), inputs.shape, generator=self.rng)]
        return torch.where(hit, others, inputs)

    def mean_length(self, inputs: Tensor) -> float:
        """Tokens of a text, on average: a batch of long names then counts for more."""
        if not self.corpus.lines:
            return float(inputs.shape[1])
        return len(self.corpus.train) / int((self.corpus.train == 0).sum())

    def snapshot(self) -> Network:
        """The network with averaged weights, which is what generates and is evaluated."""
        self.average.copy_to(self.averaged)
        return self.averaged


def cost(kind: str, hidden: int, tokens: int) -> float:
    """Nominal seconds of an update with so many tokens."""
    fixed, each, unit = COSTS[kind]
    return 1e-3 * fixed + 1e-6 * tokens * (each + unit * hidden)


def nats(logits: Tensor, targets: Tensor) -> Tensor:
    """The summed cross-entropy of all targets that are not ignored."""
    return functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
    )


def grid(corpus: Corpus, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """Lines as rows: the line break before each and its tokens, and what follows each position."""
    parts = corpus.parts(numbers)
    rows = torch.zeros(len(parts), max(map(len, parts)) + 1, dtype=torch.int64)
    targets = torch.full((len(parts), rows.shape[1] - 1), IGNORED)
    for row, target, part in zip(rows, targets, parts):
        row[1 : len(part) + 1] = part
        target[: len(part)] = part
    return rows[:, :-1][:, :CONTEXT], targets[:, :CONTEXT]


def lines(corpus: Corpus, rng: Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of lines of about the same length, for ever, each line once in every epoch."""
    inputs, targets = grid(corpus, corpus.train)
    lengths = (targets != IGNORED).sum(1)
    while True:
        order = (lengths + torch.rand(len(lengths), generator=rng)).argsort()
        batches = order.chunk(-(-len(order) // BATCH_LINES))
        for index in torch.randperm(len(batches), generator=rng).tolist():
            rows = batches[index]
            longest = int(lengths[rows].max())
            yield inputs[rows, :longest], targets[rows, :longest]


def windows(corpus: Corpus, rng: Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of windows from anywhere in the running text, for ever."""
    text = torch.cat([corpus.train.new_zeros(1), corpus.train])
    span = min(CONTEXT, len(text) - 1)
    while True:
        starts = torch.randint(len(text) - span, (BATCH_WINDOWS, 1), generator=rng)
        rows = text[starts + torch.arange(span + 1)]
        yield rows[:, :-1], rows[:, 1:]
