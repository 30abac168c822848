"""The run: updates, a look now and then, and the network with its past."""

from collections.abc import Generator
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from torch import Tensor

from explorer import nets
from explorer.concepts.transformer import corpus, learn
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.inside import Inside, look
from explorer.concepts.transformer.network import Transformer
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.writing import write_on
from explorer.config import frame_steps
from explorer.nets import freeze, generator
from explorer.optim import Adam, cosine
from explorer.scene import frozen

FRAMES, FRAMES_TEXT = 48, 12
KEPT_TEXT = 5  # of which so many are kept to look into later: 4 MB each
WARM = 40  # updates until the rate is full
EXAMPLE = "There she blows! There s"
SAMPLE = 160  # symbols that a text model writes at each look


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A look at a run. The columns of `curve`: step, bits and right in the exam, loss, other."""

    step: int
    config: Config
    curve: np.ndarray  # (looks, 5); NaN where there is none
    finds: np.ndarray  # (looks, layers, heads) attention on the answer, or prefix matching
    before: np.ndarray  # (looks, layers, heads) attention on the symbol before
    best: float  # bits of the best guesses there are; NaN where nobody knows
    inside: Inside  # of an example
    symbols: float  # share of single right symbols
    sample: str  # what a text model writes


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network, and what it was at earlier steps."""

    config: Config
    net: Transformer
    past: tuple[tuple[int, Tensor], ...]  # step and all weights in one vector of 16 bits

    def at(self, index: int) -> Transformer:
        """The network as it was at a kept step."""
        net = Transformer(self.net.shape, generator(0))
        torch.nn.utils.vector_to_parameters(self.past[index][1].float(), net.parameters())
        return net

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n sequences (n, places) of symbols: a random start, and what it makes of it."""
        rng = generator(seed)
        if self.config.dataset in TASKS:
            task = TASKS[self.config.dataset]
            given = task.sample(n, rng)
            return freeze(learn.written(self.net, task, given))
        text = corpus.load(self.config.dataset).train
        starts = torch.randint(len(text) - 8, (n, 1), generator=rng)
        return freeze(write_on(self.net, text[starts + torch.arange(8)], 24, rng))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name: a checkpoint."""
        return nets.weights(self.net)


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Train a transformer; the first snapshot shows it before the first update.

    Raises FloatingPointError when it diverges.
    """
    rng = generator(config.seed)
    net = learn.network(config, rng)
    adam = Adam(net.parameters(), config.learning_rate, (0.9, 0.99))
    shown = frame_steps(config.steps, FRAMES_TEXT if config.of_text else FRAMES)
    kept = set(shown[:: -(-len(shown) // KEPT_TEXT)]) if config.of_text else set(shown)
    past: list[tuple[int, Tensor]] = []
    last: Snapshot | None = None
    spent = float("nan")
    for step in range(config.steps + 1):
        if step == shown[0]:
            shown = shown[1:]
            last = _look(config, net, step, spent, last)
            yield last
        if step in kept or step == config.steps:
            past.append((step, adam.flat.value.half()))
        if step < config.steps:
            adam.rate = cosine(step, config.steps, config.learning_rate, WARM)
            loss = learn.loss(net, config, learn.rows(config, rng))
            adam.descend(loss)
            spent = loss.item() / log(2)
            if not spent < 1e4:  # NaN, too
                raise FloatingPointError(
                    f"The loss has left all bounds at step {step + 1}: the steps were too large. "
                    "Choose a smaller learning rate."
                )
    return Model(config, net, tuple(past))


def _look(
    config: Config, net: Transformer, step: int, loss: float, last: Snapshot | None
) -> Snapshot:
    marks = learn.judge(net, config)
    curve = np.array([[step, marks.bits, marks.right, loss, marks.other]], np.float32)
    finds = learn.finds(net, config)[None].numpy()
    before = learn.before(net, config)[None].numpy()
    row, judged = example(config.dataset)
    sample = ""
    if config.of_text:
        start = corpus.encode("\n")[None]
        made = write_on(net, start, SAMPLE, generator(config.seed + 1))[0]
        sample = "".join(corpus.ALPHABET[number] for number in made.tolist())
    return Snapshot(
        step,
        config,
        frozen(curve if last is None else np.concatenate([last.curve, curve])),
        frozen(finds if last is None else np.concatenate([last.finds, finds])),
        frozen(before if last is None else np.concatenate([last.before, before])),
        TASKS[config.dataset].best_bits if config.dataset in TASKS else float("nan"),
        look(net, row, judged, config.dataset, None if last is None else last.inside),
        marks.symbols,
        sample,
    )


def example(dataset: str) -> tuple[Tensor, Tensor]:
    """What is looked at during a run: a row (places + 1,), and which places are certain."""
    if dataset in TASKS:
        row = learn.exam(dataset)[:1]
        return row[0], TASKS[dataset].judged(row)[0]
    row = corpus.encode(EXAMPLE)
    return row, torch.zeros(len(row) - 1, dtype=torch.bool)
