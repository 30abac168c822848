"""The run: updates, an evaluation now and then, and the network with its checkpoints."""

from collections.abc import Generator
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from torch import Tensor

from explorer import nets
from explorer.concepts.shared.transformer import Transformer
from explorer.concepts.transformer import measure
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.internals import Internals, inspect
from explorer.concepts.transformer.measure import Scores
from explorer.concepts.transformer.model import corpus, loss, network, training_batch
from explorer.concepts.transformer.sampling import continue_text
from explorer.concepts.transformer.tasks import TASKS
from explorer.config import frame_steps
from explorer.data.text import CASED, encode_cased
from explorer.nets import freeze, generator
from explorer.optim import Adam, cosine

FRAMES, FRAMES_TEXT = 48, 12
CHECKPOINTS_TEXT = 5  # of a text model: 4 MB each
WARMUP = 40  # updates until the learning rate is full
EXAMPLE = "There she blows! There s"
SAMPLE = 160  # tokens that a text model generates for each snapshot


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The network at one step."""

    step: int
    config: Config
    scores: Scores
    first: Scores  # before the first update
    loss: float  # bits of the last batch; NaN before the first
    answer_attention: np.ndarray  # (layers, heads) attention on the answer, or prefix matching
    previous_attention: np.ndarray  # (layers, heads) attention on the previous token
    best: float  # the lowest possible bits; NaN where it is not known
    internals: Internals  # of an example
    sample: str  # what a text model generates


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network, and what it was at earlier steps."""

    config: Config
    net: Transformer
    checkpoints: tuple[tuple[int, Tensor], ...]  # step and all weights in one vector of 16 bits

    def at(self, index: int) -> Transformer:
        """The network of a checkpoint."""
        net = Transformer(self.net.shape, generator(0))
        vector = self.checkpoints[index][1].float()
        torch.nn.utils.vector_to_parameters(vector, net.parameters())
        return net

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n sequences (n, positions) of tokens: a random start, and its continuation."""
        rng = generator(seed)
        if self.config.dataset in TASKS:
            task = TASKS[self.config.dataset]
            given = task.sample(n, rng)
            return freeze(measure.answers(self.net, task, given))
        text = corpus(self.config.dataset).train
        starts = torch.randint(len(text) - 8, (n, 1), generator=rng)
        return freeze(continue_text(self.net, text[starts + torch.arange(8)], 24, rng))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name: a checkpoint."""
        return nets.weights(self.net)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Train a transformer; the first snapshot shows it before the first update.

    Raises FloatingPointError when it diverges.
    """
    rng = generator(config.seed)
    net = network(config, rng)
    adam = Adam(net.parameters(), config.learning_rate, (0.9, 0.99))
    shown = frame_steps(config.steps, FRAMES_TEXT if config.of_text else FRAMES)
    stored = set(shown[:: -(-len(shown) // CHECKPOINTS_TEXT)]) if config.of_text else set(shown)
    checkpoints: list[tuple[int, Tensor]] = []
    last: Snapshot | None = None
    bits = float("nan")
    for step in range(config.steps + 1):
        if step == shown[0]:
            shown = shown[1:]
            last = record(config, net, step, bits, last)
            yield last
        if step in stored or step == config.steps:
            checkpoints.append((step, adam.flat.value.half()))
        if step < config.steps:
            cost = loss(net, config, training_batch(config, rng))
            adam.descend(cost, cosine(step, config.steps, config.learning_rate, WARMUP))
            bits = cost.item() / log(2)
            if not bits < 1e4:  # NaN, too
                raise FloatingPointError(
                    f"Training diverged at step {step + 1}: the learning rate was too large. "
                    "Choose a smaller one."
                )
    return Model(config, net, tuple(checkpoints))


def record(
    config: Config, net: Transformer, step: int, loss: float, last: Snapshot | None
) -> Snapshot:
    """Evaluate the network, and look inside it."""
    scores = measure.evaluate(net, config)
    row, certain = example(config.dataset)
    sample = ""
    if config.of_text:
        start = encode_cased("\n")[None]
        written = continue_text(net, start, SAMPLE, generator(config.seed + 1))[0]
        sample = "".join(CASED[number] for number in written.tolist())
    return Snapshot(
        step,
        config,
        scores,
        scores if last is None else last.first,
        loss,
        freeze(measure.answer_attention(net, config)),
        freeze(measure.previous_token_attention(net, config)),
        TASKS[config.dataset].best_bits if config.dataset in TASKS else float("nan"),
        inspect(net, row, certain, config.dataset, None if last is None else last.internals),
        sample,
    )


def example(dataset: str) -> tuple[Tensor, Tensor]:
    """The text that is shown during a run: a row (positions + 1,), and which are certain."""
    if dataset in TASKS:
        row = measure.test_set(dataset)[:1]
        return row[0], TASKS[dataset].certain(row)[0]
    row = encode_cased(EXAMPLE)
    return row, torch.zeros(len(row) - 1, dtype=torch.bool)
