"""Faces of which most with a hat wear glasses: a diffusion model learns the correlation.

Hats are even. Of the faces with a hat a share `correlation` wears glasses, of those without one as
many do not. The model noises and denoises the first principal components of the pixels, given hat
or no hat; linear classifiers of the pixels say what it generated.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.ethics.denoiser import STEPS, Denoiser, Training, sample
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import image_grid
from explorer.concepts.shared.percent import in_percent, percent
from explorer.config import frame_steps
from explorer.data.faces import ATTRIBUTES, SHAPE, composed
from explorer.nets import generator, weights
from explorer.scene import Curve, Panel, Reading, Scene, frozen
from explorer.truth.floors import central

TRAINED, DIRECTIONS, HIDDEN, BATCH, LEARNING_RATE = 6000, 64, 192, 128, 2e-3
GLASSES, HAT = list(ATTRIBUTES).index("glasses"), list(ATTRIBUTES).index("hat")
MEASURED, SHOWN, FRAMES = 250, 12, 12  # faces of each kind
RIDGE = 30.0


@dataclass(frozen=True)
class FacesConfig:
    """How correlated hats and glasses are in the training data, and how long it is learnt."""

    correlation: float = c.number(0.7, 0.5, 0.95, 0.05)
    steps: int = c.steps(3000, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class FacesSnapshot:
    """After `step` training steps."""

    step: int
    config: FacesConfig
    with_hat: np.ndarray  # (SHOWN, 16, 16, 3) uint8
    without: np.ndarray  # the same
    shares: np.ndarray  # (2,) with glasses: of MEASURED with a hat, of MEASURED without
    right: float  # share of all that have a hat or not, as they should


class Classifier:
    """Does a face have an attribute? Linear in the pixels, fitted by least squares."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        a = self._design(x)
        penalty = RIDGE * torch.eye(a.shape[1], dtype=torch.float64)
        self.weights = torch.linalg.solve(a.T @ a + penalty, a.T @ (2.0 * y.double() - 1))

    @staticmethod
    def _design(x: Tensor) -> Tensor:
        return torch.cat([x.double(), torch.ones(len(x), 1, dtype=torch.float64)], dim=1)

    def __call__(self, x: Tensor) -> Tensor:
        """Which of the faces (n, d) have it, (n,) bool."""
        return self._design(x) @ self.weights > 0


def correlated(n: int, share: float, seed: int) -> tuple[Tensor, Tensor]:
    """n faces (n, d) in 0..1 and their attributes (n, 5)."""
    rng = generator(seed)
    values = torch.stack(
        [torch.randint(len(kinds), (n,), generator=rng) for kinds in ATTRIBUTES.values()], dim=1
    )
    p = torch.where(values[:, HAT] == 1, share, 1 - share)
    values[:, GLASSES] = torch.rand(n, generator=rng) < p
    return torch.from_numpy(composed(values, rng)).reshape(n, -1).float() / 255, values


@lru_cache(maxsize=1)
def classifiers() -> tuple[Classifier, Classifier]:
    """Of glasses and of hats, fitted to faces in which both are independent."""
    x, values = correlated(3000, 0.5, 12345)
    return Classifier(x, values[:, GLASSES]), Classifier(x, values[:, HAT])


class FaceModel:
    """A trained denoiser of principal components of faces."""

    def __init__(self, config: FacesConfig, net: Denoiser, mean: Tensor, axes: Tensor) -> None:
        self.config, self.net, self.mean, self.axes = config, net, mean, axes

    def faces(
        self, n: int, hat: int, seed: int, guidance: float = 1.0, score: float = 1.0,
        truncation: float = float("inf"), steps: int = STEPS,
    ) -> Tensor:  # fmt: skip
        """n generated faces (n, d) with or without a hat, and what was asked of the sampler."""
        noise = torch.randn(n, DIRECTIONS, generator=generator(seed)).clamp(-truncation, truncation)
        denoise = self.net.guided(torch.full((n,), hat), guidance)
        with torch.no_grad():
            return (sample(denoise, noise, steps, score) @ self.axes + self.mean).clamp(0, 1)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n generated faces with a hat, (n, d)."""
        return frozen(self.faces(n, 1, seed).numpy())

    def weights(self) -> dict[str, np.ndarray]:
        """The denoiser, and the axes of the pixels."""
        rest = {"mean": frozen(self.mean.numpy()), "axes": frozen(self.axes.numpy())}
        return {**weights(self.net), **rest}


def principal(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean (d,) and scaled axes (DIRECTIONS, d), along which data have unit mean variance."""
    mean = x.mean(0)
    values, vectors = torch.linalg.eigh(((x - mean).T @ (x - mean) / len(x)).double())
    scale = values[-DIRECTIONS:].mean().sqrt()
    return mean, (vectors[:, -DIRECTIONS:].T * scale).float()


def train_faces(config: FacesConfig) -> Generator[FacesSnapshot, None, FaceModel]:
    """Train the denoiser, and classify what it generates."""
    x, values = correlated(TRAINED, config.correlation, config.seed)
    mean, axes = principal(x)
    codes = (x - mean) @ axes.T / axes.square().sum(1)
    training = Training(codes, values[:, HAT], 2, HIDDEN, config.steps, config.seed,
                        LEARNING_RATE, BATCH)  # fmt: skip
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in shown:
            yield snapshot(step, config, FaceModel(config, training.model(), mean, axes))
        if step < config.steps:
            training.update(step)
    return FaceModel(config, training.model(), mean, axes)


def snapshot(step: int, config: FacesConfig, model: FaceModel) -> FacesSnapshot:
    """Faces of both kinds, and how many of them wear glasses."""
    glasses, hat = classifiers()
    both = [model.faces(MEASURED, kind, config.seed + kind, steps=12) for kind in (1, 0)]
    shares = [float(glasses(each).double().mean()) for each in both]
    right = 0.5 * (hat(both[0]).double().mean() + (~hat(both[1])).double().mean())
    with_hat, without = (pixels_of(each[:SHOWN]) for each in both)
    return FacesSnapshot(step, config, with_hat, without, frozen(np.array(shares)), float(right))


def pixels_of(x: Tensor) -> np.ndarray:
    """Faces (n, d) in 0..1 as images (n, 16, 16, 3) uint8."""
    return frozen((255 * x).round().to(torch.uint8).view(-1, *SHAPE).numpy())


def noise_of(share: float, n: int) -> tuple[float, float]:
    """Where a share of n lies, in percent, in 99 of 100 cases."""
    return in_percent(central(np.random.default_rng(0).binomial(n, share, 4000) / n))


def faces_scene(s: FacesSnapshot) -> Scene:
    """Generated faces of both kinds, and their shares of glasses over training."""
    end, p = s.config.steps, s.config.correlation
    grids = [
        image_grid("Generated with a hat", "with", "model", s.with_hat, 4,
                   f"In the training data {percent(p)} of these wear glasses."),
        image_grid("Generated without a hat", "without", "real", s.without, 4,
                   f"In the training data {percent(1 - p)} of these wear glasses."),
    ]  # fmt: skip
    marks = [
        Curve("with a hat", "model", point(s.step, 100 * float(s.shares[0])), grows=True),
        Curve("without", "real", point(s.step, 100 * float(s.shares[1])), grows=True),
        Curve("training data", "truth", level((0, end), 100 * p)),
    ]
    if p != 0.5:
        marks.append(Curve("training data 2", "truth", level((0, end), 100 * (1 - p)), label=""))
    chart = Panel(
        "Share with glasses", marks, "chart", (0, end), (0.0, 100.0), "training step", "%",
        caption="Dashed: the shares in the training data.",
    )  # fmt: skip
    readings = [
        Reading("glasses, with a hat", 100 * float(s.shares[0]), noise_of(p, MEASURED),
                "training data", "%", "neither", f"Of {MEASURED} generated faces with a hat."),
        Reading("hat as asked for", 100 * s.right, (100.0, 100.0), "always", "%", "high",
                "Generated faces that have a hat, or none, as they should."),
    ]  # fmt: skip
    sentence = (
        f"{percent(float(s.shares[0]))} of the generated faces with a hat wear glasses, "
        f"{percent(float(s.shares[1]))} of those without; in the training data {percent(p)} and "
        f"{percent(1 - p)}."
    )
    return Scene([*grids, chart], step=s.step, readings=readings, sentence=sentence)
