"""The other direction, picture to caption: a network learns to read, from the same pairs.

It is trained on pictures of seen captions with some pixel noise and tested, like the drawing
network, on captions that it never saw. One head per attribute gives three distributions; the
recurrent one (GRU) writes word by word, each after the words before it.

Vinyals et al. (2015), Show and tell, https://arxiv.org/abs/1411.4555
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from explorer import config as c
from explorer import nets
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.percent import percent
from explorer.concepts.text_to_image.measure import Accuracy, accuracy
from explorer.concepts.text_to_image.model import TextToImage
from explorer.config import frame_steps
from explorer.data.shapes import SHIFTS
from explorer.nets import generator, linear, mlp
from explorer.optim import Adam, cosine
from explorer.scene import Curve, Images, Mark, Panel, Reading, Role, Scene, frozen

ARCHITECTURES: dict[str, str] = {
    "recurrent": "word by word (GRU)",
    "heads": "one head per attribute",
}
HIDDEN, WORD, STATE = 128, 16, 64
PIXEL_NOISE = 0.05
MEAN, SCALE = 0.85, 0.3  # of pixels, about
BATCH, FRAMES = 64, 30
EVALUATED, DRAWN, SHOWN, COLUMNS = 400, 240, 12, 6
ROLES: tuple[Role, ...] = ("real", "rival", "neutral", "model")  # of the attributes


@dataclass(frozen=True)
class ReaderConfig:
    """A training run of the reading network."""

    architecture: str = c.choice("recurrent", ARCHITECTURES)
    learning_rate: float = c.number(2e-3, 1e-4, 1.0, log=True)
    steps: int = c.steps(1200, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


class Heads(nn.Module):
    """One hidden layer, and a distribution over the values of each attribute."""

    def __init__(self, dim: int, sizes: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__()
        self.sizes = sizes
        self.layers = mlp([dim, HIDDEN, sum(sizes)], rng, nn.ReLU)

    def forward(self, x: Tensor, values: Tensor | None = None) -> list[Tensor]:
        """Logits (n, size) of each attribute of pictures (n, d)."""
        return list(self.layers((x - MEAN) / SCALE).split(self.sizes, 1))


class Recurrent(nn.Module):
    """A GRU that starts from the picture and reads each word before it writes the next."""

    def __init__(self, dim: int, sizes: tuple[int, ...], rng: torch.Generator) -> None:
        super().__init__()
        self.sizes = sizes
        self.picture = mlp([dim, HIDDEN, STATE], rng, nn.ReLU)
        rows = torch.randn(sum(sizes) + 1, WORD, generator=rng)  # the last one: the beginning
        self.embedding = nn.Embedding(len(rows), WORD, _weight=rows)
        self.inner = linear(STATE, 3 * STATE, rng)
        self.outer = linear(WORD, 3 * STATE, rng)
        self.heads = nn.ModuleList([linear(STATE, size, rng) for size in sizes])

    def forward(self, x: Tensor, values: Tensor | None = None) -> list[Tensor]:
        """Logits (n, size) of each word; with the true `values` (n, a), each after the true ones.

        Without, after the words that the network itself finds most probable.
        """
        h, word = self.picture((x - MEAN) / SCALE), torch.full((len(x),), sum(self.sizes))
        found, first = [], 0
        for place, head in enumerate(self.heads):
            h = self.cell(self.embedding(word), h)
            found.append(head(h))
            chosen = found[-1].argmax(1) if values is None else values[:, place]
            word, first = chosen + first, first + self.sizes[place]
        return found

    def cell(self, x: Tensor, h: Tensor) -> Tensor:
        """One step of a gated recurrent unit. Cho et al. (2014), arXiv:1406.1078."""
        a, b = self.outer(x).chunk(3, 1), self.inner(h).chunk(3, 1)
        reset, update = (a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid()
        return update * h + (1 - update) * (a[2] + reset * b[2]).tanh()


@dataclass(frozen=True, eq=False)
class Reader:
    """A trained reading network beside the one that draws."""

    config: ReaderConfig
    network: Heads | Recurrent
    drawing: TextToImage

    @torch.no_grad()
    def probabilities(self, x: Tensor) -> list[Tensor]:
        """Of each attribute's values, (n, size), in pictures (n, d)."""
        return [logits.softmax(1) for logits in self.network(x)]

    def read(self, x: Tensor) -> Tensor:
        """The most probable values (n, a) of pictures (n, d)."""
        return torch.stack([each.argmax(1) for each in self.probabilities(x)], 1)

    def weights(self) -> dict[str, np.ndarray]:
        """All parameters by name: a checkpoint."""
        return nets.weights(self.network)


@dataclass(frozen=True, eq=False)
class ReaderSnapshot:
    """What the network reads after `step` updates."""

    step: int
    config: ReaderConfig
    pictures: np.ndarray  # (SHOWN, h, w, 3) uint8, of captions never seen if there are any
    captions: tuple[str, ...]  # as the network reads them
    wrong: tuple[int, ...]
    names: tuple[str, ...]  # of the attributes
    of_seen: Accuracy
    of_unseen: Accuracy
    drawing: Accuracy  # of pictures drawn for the same unseen captions


def train_reader(
    config: ReaderConfig, model: TextToImage
) -> Generator[ReaderSnapshot, None, Reader]:
    """Learn to read what the drawing network was shown."""
    here, parts, rng = model.world, model.split, generator(config.seed)
    pictures = here.all_pictures(parts.seen)
    kind = Heads if config.architecture == "heads" else Recurrent
    network = kind(pictures.shape[-1], here.sizes, rng)
    reader = Reader(config, network, model)
    optimizer = Adam(network.parameters(), config.learning_rate)
    observer = Observer(config, model)
    frames = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in frames:
            yield observer.snapshot(step, reader)
        if step < config.steps:
            rows = torch.randint(len(pictures), (BATCH,), generator=rng)
            x = pictures[rows, torch.randint(len(SHIFTS), (BATCH,), generator=rng)]
            x = x + PIXEL_NOISE * torch.randn(x.shape, generator=rng)
            values = parts.seen[rows]
            logits = network(x, values)
            loss = torch.stack([cross_entropy(a, b) for a, b in zip(logits, values.T)]).sum()
            finite(loss.item(), step)
            optimizer.descend(loss, cosine(step, config.steps, config.learning_rate))
    return reader


class Observer:
    """Real pictures of seen and of unseen captions, the same in every frame."""

    def __init__(self, config: ReaderConfig, model: TextToImage) -> None:
        rng = generator(config.seed + 1)
        self.config, self.world = config, model.world
        self.asked, self.tests = [], []
        for rows in (model.split.seen, model.split.unseen):
            which = torch.arange(EVALUATED if len(rows) else 0) % max(1, len(rows))
            shift = torch.randint(len(SHIFTS), (len(which),), generator=rng)
            x = self.world.pictures(rows[which], shift)
            self.asked.append(rows[which])
            self.tests.append(x + PIXEL_NOISE * torch.randn(x.shape, generator=rng))
        asked = self.asked[1][:DRAWN]
        drawn = model.draw(asked, model.noise(len(asked), rng))
        self.drawing = accuracy(self.world, drawn, asked)

    def snapshot(self, step: int, reader: Reader) -> ReaderSnapshot:
        """What is read now."""
        found = [reader.read(x) for x in self.tests]
        some = 1 if len(self.asked[1]) else 0
        read, asked = found[some][:SHOWN], self.asked[some][:SHOWN]
        return ReaderSnapshot(
            step=step,
            config=self.config,
            pictures=frozen(self.world.pixels(self.tests[some][:SHOWN])),
            captions=tuple(map(self.world.caption, read)),
            wrong=tuple((read != asked).any(1).nonzero()[:, 0].tolist()),
            names=self.world.names,
            of_seen=agreement(found[0], self.asked[0]),
            of_unseen=agreement(found[1], self.asked[1]),
            drawing=self.drawing,
        )


def agreement(read: Tensor, asked: Tensor) -> Accuracy:
    """Accuracy of captions (n, a) that were read against the true ones; the error is none."""
    right = (read == asked).double()
    joint = right.min(1).values if len(right) else right.sum(1)
    return Accuracy(
        tuple(right.mean(0).tolist()), joint.mean().item(), 0.0, len(right)
    )  # fmt: skip


def reader_scene(s: ReaderSnapshot) -> Scene:
    """What is read in pictures of unseen captions, and how often that is right."""
    xlim = (0.0, float(s.config.steps))
    drawn: list[Mark] = []
    if s.drawing.count:
        drawn = [Curve("drawing them", "rival", level(xlim, s.drawing.joint), dashed=True)]

    def chart(title: str, marks: list[Mark], caption: str) -> Panel:
        return Panel(title, marks, "chart", xlim=xlim, ylim=(0.0, 1.05), xlabel="training step",
                     ylabel="share right", caption=caption)  # fmt: skip

    pictures = Images("read", "rival", s.pictures, COLUMNS, s.captions, marked=s.wrong)
    return Scene(
        [
            Panel("Never seen in training", [pictures], "images",
                  caption="Real pictures, and what the network reads. Framed: wrong."),
            chart("Whole captions", [
                Curve("seen", "real", point(s.step, s.of_seen.joint), grows=True),
                Curve("never seen", "model", point(s.step, s.of_unseen.joint), grows=True),
                *drawn,
            ], "Dashed: how often the drawing network draws the unseen captions rightly."),
            chart("Attributes, never seen", [
                Curve(name, role, point(s.step, value), grows=True)
                for name, role, value in zip(s.names, ROLES, s.of_unseen.attributes)
            ], "Which attribute is read wrong when colour and shape meet for the first time."),
        ],
        step=s.step,
        rows=(1, 2),
        readings=[
            Reading("read, seen captions", 100 * s.of_seen.joint, (100.0, 100.0),
                    "the exact parser", "%", "high"),
            Reading("read, never seen", 100 * s.of_unseen.joint,
                    (100.0, 100.0) if s.of_unseen.count else None,
                    "the exact parser", "%", "high"),
            Reading("drawn, never seen", 100 * s.drawing.joint,
                    (100.0, 100.0) if s.drawing.count else None, "real pictures", "%", "high"),
        ],
        sentence=_sentence(s),
    )  # fmt: skip


def _sentence(s: ReaderSnapshot) -> str:
    if s.step == 0:
        return "Untrained: what is read in a picture is right only by chance."
    seen, unseen = s.of_seen, s.of_unseen
    if not unseen.count:
        return f"{percent(seen.joint)} of captions are read rightly. No pair was held out."
    weakest = min(zip(unseen.attributes, s.names))
    state = f"Read: {percent(seen.joint)} of seen captions, {percent(unseen.joint)} of the others"
    if unseen.joint < s.drawing.joint - 0.05 and s.step == s.config.steps:
        return (
            f"{state}, while {percent(s.drawing.joint)} of these are drawn rightly: reading "
            f"composes worse than drawing here. The {weakest[1]} is read wrong most often."
        )
    return f"{state}. The {weakest[1]} is read wrong most often."
