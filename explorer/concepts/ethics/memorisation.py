r"""Training images in a generator: two diffusion models that have no training image in common.

Both start from the same noise. With few training images each gives its own back; with many both
give the same new image, which neither has seen.

A sample counts as a copy if its nearest training image is less than a third as far as the second
nearest. The similarity of two samples is the cosine between them, less the mean image.

Kadkhodaie et al. (2024), Generalization in diffusion models, https://arxiv.org/abs/2310.02557
Carlini et al. (2023), Extracting Training Data from Diffusion Models,
https://arxiv.org/abs/2301.13188
Yoon et al. (2023), Diffusion Probabilistic Models Generalize when They Fail to Memorize
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity

from explorer import config as c
from explorer.concepts.ethics.denoiser import Denoiser, Training, sample
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import distances_between, image_grid
from explorer.concepts.shared.percent import in_percent, percent
from explorer.config import frame_steps
from explorer.data import images
from explorer.nets import generator, weights
from explorer.scene import Curve, Panel, Reading, Scene, frozen
from explorer.truth.floors import central

MOST, HIDDEN, FRAMES, MEASURED, SHOWN = 700, 160, 10, 100, 16
CENTRE, SCALE = 0.3, 0.35  # of the pixels: data of about unit variance
COPY = 1 / 3  # ratio of the nearest to the second nearest distance
SIZES = {16: "16", 32: "32", 64: "64", 128: "128", 256: "256", MOST: str(MOST)}


@dataclass(frozen=True)
class MemorisationConfig:
    """How many training images each model has, and how often the first of them is repeated."""

    images: int = c.choice(16, SIZES)
    duplicates: int = c.integer(1, 1, 100, log=True)
    steps: int = c.steps(2000, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class MemorisationSnapshot:
    """After `step` training steps of both models. Pixels are (SHOWN, 8, 8) uint8."""

    step: int
    config: MemorisationConfig
    first: np.ndarray  # samples of one model
    nearest: np.ndarray  # their nearest training images
    second: np.ndarray  # samples of the other, from the same noise
    copies: float  # share of the samples of the first
    repeated: float  # share of them that are nearest to the repeated image and copies
    similarity: float  # of samples from the same noise
    apart: float  # of samples from different noise


class TwoModels:
    """Two denoisers of digits that have learnt different images."""

    def __init__(self, first: Denoiser, second: Denoiser) -> None:
        self.first, self.second = first, second

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n images (n, 64) of the first."""
        noise = torch.randn(n, 64, generator=generator(seed))
        return frozen((sample(self.first, noise) * SCALE + CENTRE).clamp(0, 1).numpy())

    def weights(self) -> dict[str, np.ndarray]:
        """The weights of both."""
        both = {"first": self.first, "second": self.second}
        return {f"{key}.{name}": value for key, net in both.items()
                for name, value in weights(net).items()}  # fmt: skip


def train_two(config: MemorisationConfig) -> Generator[MemorisationSnapshot, None, TwoModels]:
    """Train both models side by side."""
    data = (images.load("digits").train - CENTRE) / SCALE
    order = torch.randperm(len(data), generator=generator(config.seed))
    halves = [data[order[at : at + config.images]] for at in (0, MOST)]
    trainings = []
    for k, own in enumerate(halves):
        repeated = torch.cat([own[:1].repeat(config.duplicates, 1), own[1:]])
        labels = torch.zeros(len(repeated), dtype=torch.int64)
        trainings.append(Training(repeated, labels, 1, HIDDEN, config.steps, config.seed + k))
    noise = torch.randn(MEASURED, 64, generator=generator(config.seed + 7))
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in shown:
            yield snapshot(step, config, [each.model() for each in trainings], halves[0], noise,
                           data.mean(0))  # fmt: skip
        if step < config.steps:
            for each in trainings:
                each.update(step)
    return TwoModels(*(each.model() for each in trainings))


def snapshot(
    step: int, config: MemorisationConfig, nets: list[Denoiser], own: Tensor, noise: Tensor,
    mean: Tensor,
) -> MemorisationSnapshot:  # fmt: skip
    """Samples of both from the same noise, and how they are related."""
    first, second = (sample(net, noise) for net in nets)
    copied, at = copies(first, own)
    alike = cosine_similarity(first - mean, second - mean).mean()
    apart = cosine_similarity(first - mean, second.roll(1, 0) - mean).mean()
    return MemorisationSnapshot(
        step, config, _pixels(first), _pixels(own[at]), _pixels(second),
        float(copied.double().mean()), float((copied & (at == 0)).double().mean()),
        float(alike), float(apart),
    )  # fmt: skip


def copies(samples: Tensor, training: Tensor) -> tuple[Tensor, Tensor]:
    """Which samples (n, d) are copies, (n,) bool, and the number of their nearest image (n,)."""
    near, at = distances_between(samples, training).topk(2, largest=False)
    return near[:, 0] < COPY * near[:, 1], at[:, 0]


def _pixels(x: Tensor) -> np.ndarray:
    grey = (x[:SHOWN] * SCALE + CENTRE).clamp(0, 1)
    return frozen((255 * grey).round().to(torch.uint8).view(-1, 8, 8).numpy())


def memorisation_scene(s: MemorisationSnapshot) -> Scene:
    """Samples of both models, the nearest training images, and two curves."""
    grids = [
        image_grid("Nearest training images", "nearest", "real", s.nearest, 4,
                   "Of model A, to the samples beside them."),
        image_grid("Samples of model A", "first", "model", s.first, 4,
                   f"Trained on {s.config.images} images."),
        image_grid("Samples of model B", "second", "rival", s.second, 4,
                   "From the same noise, trained on other images."),
    ]  # fmt: skip
    end = s.config.steps
    chart = Panel(
        "Copies, and similarity of A and B",
        [
            Curve("copies", "real", point(s.step, 100 * s.copies), grows=True),
            Curve("similarity", "model", point(s.step, 100 * s.similarity), grows=True),
            Curve("different noise", "truth", level((0, end), 100 * s.apart)),
        ],
        "chart", (0, end), (-10.0, 105.0), "training step", "%", span=1.2,
        caption="Copies of training images; cosine between samples of A and B.",
    )  # fmt: skip
    readings = [
        Reading("copies", 100 * s.copies, (0.0, 0.0), "new images", "%", "low",
                f"Of {MEASURED} samples: less than a third as far from the nearest training image "
                "as from the second. Of held-out real digits none is a copy."),
        Reading("similarity of A and B", 100 * s.similarity, (100 * s.apart,) * 2,
                "different noise", "%", "neither", "Mean cosine of samples from the same noise."),
    ]  # fmt: skip
    if s.config.duplicates > 1:
        share = s.config.duplicates / (s.config.duplicates + s.config.images - 1)
        drawn = np.random.default_rng(0).binomial(MEASURED, share, 4000) / MEASURED
        readings.append(
            Reading("copies of the repeated image", 100 * s.repeated, in_percent(central(drawn)),
                    "its share of the data", "%", "neither",
                    "Samples that are copies of the image that occurs more than once.")
        )  # fmt: skip
    return Scene([*grids, chart], step=s.step, readings=readings, sentence=_sentence(s))


def _sentence(s: MemorisationSnapshot) -> str:
    return (
        f"Trained on {s.config.images} images each: {percent(s.copies)} of the samples of A are "
        f"copies of training images. From the same noise, A and B agree with a cosine of "
        f"{s.similarity:.2f}; from different noise {s.apart:.2f}."
    )
