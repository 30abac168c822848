"""Training a flow of small images by maximum likelihood."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Flow
from explorer.concepts.flows.measure_images import independent_bits
from explorer.concepts.flows.model import ImageModel, from_box, to_box, untrained
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.image_grid import SHOWN, Interval, examples, nearest, novelty
from explorer.config import frame_steps
from explorer.data import images
from explorer.data.levels import levels
from explorer.nets import generator
from explorer.optim import Adam, cosine
from explorer.scene import frozen

FRAMES, INTERPOLATIONS, STOPS = 40, 5, 7
WEIGHT_DECAY, WARMUP = 0.1, 50  # there are few images; steps until the full learning rate
FINAL_SAMPLES = 300  # of the trained flow


@dataclass(frozen=True, eq=False)
class ImageSnapshot:
    """What the flow does to images after `step` training steps. Pixels are uint8 (n, h, w)."""

    step: int
    config: Config
    real: np.ndarray  # held-out images
    as_noise: np.ndarray  # the same, transformed to noise
    samples: np.ndarray
    nearest: np.ndarray  # at the end, the training image nearest to each sample
    interpolations: np.ndarray  # (INTERPOLATIONS * STOPS, h, w) between two real images each
    bits: float  # per pixel, of held-out images
    train_bits: float  # the same of training images
    independent_bits: float  # of a model that takes all pixels for independent
    novelty: float | None = None  # distance to the nearest training image; held-out ones: 1
    novelty_floor: Interval | None = None


class Evaluation:
    """The held-out images of a run, and what a flow does to them."""

    def __init__(self, config: Config) -> None:
        self.config, self.chosen = config, images.load(config.dataset)
        rng, self.levels = generator(config.seed + 1), levels(config.dataset)
        count = len(self.chosen.test)
        rows = torch.randperm(len(self.chosen.train), generator=rng)[:count]
        self.test = self.levels.dequantised(self.chosen.test, rng)
        self.train = self.levels.dequantised(self.chosen.train[rows], rng)
        self.shown = self.levels.dequantised(examples(self.chosen), rng)
        self.real = self.pixels(self.shown)
        self.noise = torch.randn(FINAL_SAMPLES, self.chosen.train.shape[1], generator=rng)

    def pixels(self, u: torch.Tensor) -> np.ndarray:
        """Dequantised images (n, d) as pixels (n, h, w)."""
        return frozen(self.chosen.pixels(self.levels.quantised(u)))

    @torch.no_grad()
    def snapshot(self, step: int, flow: Flow) -> ImageSnapshot:
        """What a flow does by now."""
        name, last = self.config.dataset, step == self.config.steps
        model = ImageModel(self.config, flow)
        own, seen = (
            self.levels.bits(model.log_density(u).double().mean().item(), dequantised=True)
            for u in (self.test, self.train)
        )
        finite(own, step)
        z = to_box(self.shown)
        for layer in flow.forward_steps(z):
            z = layer.x
        samples = model.decode(self.noise if last else self.noise[: SHOWN[name]])
        shown, sets = samples[: SHOWN[name]], (self.chosen.test, self.chosen.train)
        new, floor = novelty(samples, *sets) if last else (None, None)
        near = nearest(shown, self.chosen.train) if last else shown[:0]
        between = torch.linspace(0, 1, STOPS)[None, :, None]
        ends = z[:INTERPOLATIONS, None], z[INTERPOLATIONS : 2 * INTERPOLATIONS, None]
        line = torch.lerp(*ends, between).flatten(0, 1)
        return ImageSnapshot(
            step=step,
            config=self.config,
            real=self.real,
            as_noise=self.pixels(from_box(z)),
            samples=frozen(self.chosen.pixels(shown)),
            nearest=frozen(self.chosen.pixels(near)),
            interpolations=frozen(self.chosen.pixels(model.decode(line))),
            bits=own,
            train_bits=seen,
            independent_bits=independent_bits(name),
            novelty=new,
            novelty_floor=floor,
        )


def train(config: Config) -> Generator[ImageSnapshot, None, ImageModel]:
    """Raise the likelihood of images."""
    evaluation, rng = Evaluation(config), generator(config.seed)
    data = evaluation.chosen.train
    flow = untrained(config, data.shape[1], rng)
    optimizer = Adam(flow.parameters(), config.learning_rate, decay=WEIGHT_DECAY)
    frames, warmup = set(frame_steps(config.steps, FRAMES)), min(WARMUP, config.steps // 10)
    for step in range(config.steps + 1):
        if step in frames:
            yield evaluation.snapshot(step, flow)
        if step < config.steps:
            optimizer.rate = cosine(step, config.steps, config.learning_rate, warmup)
            rows = torch.randint(len(data), (config.batch,), generator=rng)
            x = to_box(evaluation.levels.dequantised(data[rows], rng))
            optimizer.descend(-flow.log_density(x).mean() / x.shape[1])
    return ImageModel(config, flow)
