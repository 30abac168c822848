"""Training: flow matching of pictures under their captions.

Words are hidden at random, each by itself and now and then all of them, so that one network also
learns what a caption leaves open, and the unconditional velocity that guidance needs.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.shared.finite import finite
from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.measure import Accuracy, accuracy, correct
from explorer.concepts.text_to_image.model import TextToImage
from explorer.concepts.text_to_image.network import VelocityNet, text_encoder
from explorer.concepts.text_to_image.sampler import State
from explorer.concepts.text_to_image.space import Space
from explorer.concepts.text_to_image.split import Split, split
from explorer.data.shapes import SHIFTS, world
from explorer.nets import freeze, generator
from explorer.optim import Adam, Average, cosine
from explorer.scene import frozen

FRAMES = 36
EMA_DECAY = 0.998
EVALUATED, FINAL = 48, 480  # pictures of seen captions in a frame, as many unseen; at the end
SHOWN = 8  # of each are shown
FOLLOWED = 3  # captions whose way from noise to picture is shown, of these 2 seen if possible
FEW_STEPS, WAY = 6, (0, 2, 4, 5, 6)  # steps of the sampler in a frame; states that are shown


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What the network has learnt after `step` updates. Pixels are uint8 (n, h, w, 3)."""

    step: int
    config: Config
    words: tuple[str, ...]  # whose embeddings are shown
    embeddings: np.ndarray  # (words, width) float32
    followed: tuple[str, ...]  # captions
    way: np.ndarray  # (FOLLOWED * len(WAY), h, w, 3) from noise to picture, caption by caption
    seen: np.ndarray  # (SHOWN, h, w, 3) pictures of captions that training shows
    seen_captions: tuple[str, ...]
    seen_wrong: tuple[int, ...]  # those which the parser reads differently
    unseen: np.ndarray  # (up to SHOWN, h, w, 3) of captions that it never shows
    unseen_captions: tuple[str, ...]
    unseen_wrong: tuple[int, ...]
    loss: float  # of the batches since the snapshot before; NaN at first
    of_seen: Accuracy
    of_unseen: Accuracy
    best_error: float  # error per pixel of real pictures after the space has compressed them


def frame_steps(steps: int, frames: int = FRAMES) -> set[int]:
    """The steps at which a run yields a snapshot: close together at first, when most happens.

    >>> sorted(frame_steps(20))[:6], max(frame_steps(1000))
    ([0, 1, 2, 3, 4, 5], 1000)
    """
    return {max(k * (k <= steps), round(steps * (k / frames) ** 2)) for k in range(frames + 1)}


def train(config: Config) -> Generator[Snapshot, None, TextToImage]:
    """Learn the velocity; the first snapshot shows the untrained network, the last the trained one.

    Raises FloatingPointError when the loss is no number.
    """
    return (yield from training(config, frame_steps(config.steps)))


def training(config: Config, frames: set[int]) -> Generator[Snapshot, None, TextToImage]:
    """A run with snapshots at these steps."""
    here, rng = world(config.dataset), generator(config.seed)
    parts = split(here, config.held_out, config.seed)
    pictures = here.all_pictures(parts.seen)
    space = Space(here, pictures.flatten(0, 1))
    points = space.encode(pictures.flatten(0, 1)).view(len(parts.seen), len(SHIFTS), -1)
    network, averaged = (untrained(config, space) for _ in range(2))
    optimizer = Adam(network.parameters(), config.learning_rate)
    average = Average(optimizer, EMA_DECAY)
    observer = Observer(config, space, parts)
    losses: list[float] = []
    for step in range(config.steps + 1):
        if step in frames:
            average.copy_to(averaged)
            yield observer.snapshot(step, averaged, losses)
            losses = []
        if step < config.steps:
            rows = torch.randint(len(points), (config.batch,), generator=rng)
            shift = torch.randint(len(SHIFTS), (config.batch,), generator=rng)
            asked = hidden_words(parts.seen[rows], config.label_dropout, rng)
            loss = flow_matching_loss(network, points[rows, shift], asked, rng)
            optimizer.descend(loss, cosine(step, config.steps, config.learning_rate))
            average.update()
            losses.append(finite(loss.item(), step))
    return TextToImage(config, averaged, space, parts)


def untrained(config: Config, space: Space) -> VelocityNet:
    """The network before its first update."""
    rng = generator(config.seed)
    encoder = text_encoder(config.encoder, world(config.dataset), rng)
    return VelocityNet(space.dim, config.hidden, encoder, rng, space.parts**2)


def hidden_words(values: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Rows of values (n, a), a share of them -1: of whole captions, and of the words of others."""
    n, count = values.shape
    whole = torch.rand(n, 1, generator=rng) < share
    each = torch.rand(n, count, generator=rng) < share
    return values.masked_fill(whole | each, -1)


def flow_matching_loss(
    network: VelocityNet, z0: Tensor, values: Tensor, rng: torch.Generator
) -> Tensor:
    """The squared error of the velocity, at times in the middle more often than at the ends.

    Esser et al. (2024), logit-normal times, https://arxiv.org/abs/2403.03206
    """
    t = torch.randn(len(z0), 1, generator=rng).sigmoid()
    eps = torch.randn(z0.shape, generator=rng)
    velocity = network((1 - t) * z0 + t * eps, t, network.encoder(values))
    return (velocity - (eps - z0)).square().mean()


class Observer:
    """Takes the snapshots of one run; its noise is the same in every frame."""

    def __init__(self, config: Config, space: Space, parts: Split) -> None:
        self.config, self.space, self.parts = config, space, parts
        self.world = world(config.dataset)
        rng = generator(config.seed + 1)
        self.noise = torch.randn(FOLLOWED + 2 * FINAL, space.dim, generator=rng)
        self.seen, self.unseen = (
            rows[torch.randperm(len(rows), generator=rng)] for rows in (parts.seen, parts.unseen)
        )
        real = self.world.all_pictures(self.unseen if len(self.unseen) else self.seen)[:, 4]
        self.best_error = (space.decode(space.encode(real)) - real).square().mean(1).sqrt().mean()
        followed = torch.cat([self.unseen[:1], self.seen[: FOLLOWED - len(self.unseen[:1])]])
        self.followed = followed

    def asked(self, rows: Tensor, count: int) -> Tensor:
        """So many captions (count, a), in turn; none if there are none."""
        return rows[torch.arange(count if len(rows) else 0) % max(1, len(rows))]

    @torch.no_grad()
    def snapshot(self, step: int, network: VelocityNet, losses: list[float]) -> Snapshot:
        """What the network can do now."""
        model, last = self.model(network), step == self.config.steps
        count, steps = (FINAL, 12) if last else (EVALUATED, FEW_STEPS)
        seen, unseen = self.asked(self.seen, count), self.asked(self.unseen, count)
        asked = torch.cat([self.followed, seen, unseen])
        states = list(model.trajectory(asked, self.noise[: len(asked)], steps=steps))
        pictures = self.space.decode(states[-1].point)
        of_seen, of_unseen = pictures[FOLLOWED:].split([len(seen), len(unseen)])
        words, embeddings = self.embeddings(network)
        return Snapshot(
            step=step,
            config=self.config,
            words=words,
            embeddings=embeddings,
            followed=tuple(map(self.world.caption, self.followed)),
            way=self.way(states),
            seen=frozen(self.world.pixels(of_seen[:SHOWN])),
            seen_captions=tuple(map(self.world.caption, seen[:SHOWN])),
            seen_wrong=self.wrong(of_seen[:SHOWN], seen[:SHOWN]),
            unseen=frozen(self.world.pixels(of_unseen[:SHOWN])),
            unseen_captions=tuple(map(self.world.caption, unseen[:SHOWN])),
            unseen_wrong=self.wrong(of_unseen[:SHOWN], unseen[:SHOWN]),
            loss=float(np.mean(losses)) if losses else float("nan"),
            of_seen=accuracy(self.world, of_seen, seen),
            of_unseen=accuracy(self.world, of_unseen, unseen),
            best_error=self.best_error.item(),
        )

    def model(self, network: VelocityNet) -> TextToImage:
        """The model of this run, as it is now."""
        return TextToImage(self.config, network, self.space, self.parts)

    def way(self, states: list[State]) -> np.ndarray:
        """Pictures (FOLLOWED * len(WAY), h, w, 3) of the followed captions, from noise on."""
        at = [round(k * (len(states) - 1) / FEW_STEPS) for k in WAY]
        z = torch.stack([states[k].point[:FOLLOWED] for k in at], 1)
        return frozen(self.world.pixels(self.space.decode(z.flatten(0, 1))))

    def wrong(self, pictures: Tensor, asked: Tensor) -> tuple[int, ...]:
        """Which of some pictures are not what was asked for."""
        if not len(pictures):
            return ()
        right, _ = correct(self.world, pictures, asked)
        return tuple((~right.all(1)).nonzero()[:, 0].tolist())

    def embeddings(self, network: VelocityNet) -> tuple[tuple[str, ...], np.ndarray]:
        """Words and their embeddings; of an encoder of whole captions, some captions."""
        if self.config.encoder == "caption":
            rows = torch.cat([self.seen[:8], self.unseen[:8]])
            words = tuple(map(self.world.caption, rows))
            found = network.encoder.words(rows)[:, 0]
        else:
            words = tuple(word for values in self.world.attributes.values() for word in values)
            rows = torch.full((len(words), len(self.world.sizes)), -1)
            at = [(i, v) for i, size in enumerate(self.world.sizes) for v in range(size)]
            for row, (column, value) in zip(rows, at):
                row[column] = value
            columns = torch.tensor([column for column, _ in at])
            found = network.encoder.words(rows)[torch.arange(len(rows)), columns]
        return words, freeze(found)
