r"""How well can any detector do? In the plane both densities are known, so the bound is exact.

For as many real as generated samples, the best detector calls x generated where q(x) > p(x). It is
right with probability

    1/2 + TV/2,    TV = 1/2 integral |p - q|,

the total variation distance. The generator here is as good as one can be but for some blur: its
samples are real ones plus normal noise.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from explorer import config as c
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.plane_view import VIEW
from explorer.config import frame_steps
from explorer.data import plane
from explorer.data.mixture import Mixture
from explorer.data.plane import Distribution
from explorer.nets import Fourier, freeze, generator, mlp
from explorer.optim import Adam, cosine
from explorer.scene import Curve, Field, Panel, Points, Reading, Scene, frozen, plane_grid
from explorer.truth.floors import central
from explorer.truth.plane import integral, optimal_discriminator

TESTED, SHOWN, CELLS, FRAMES, BATCH = 4000, 300, 60, 30, 256
MIXTURES = [name for name in plane.DATASETS if name != "checkerboard"]


@dataclass(frozen=True)
class BayesBoundConfig:
    """The real distribution, the blur of the generator, and the training of the detector."""

    distribution: str = c.choice("ring", MIXTURES)
    blur: float = c.number(0.15, 0.02, 1.0, log=True)
    detector_steps: int = c.steps(1500, 10_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class BayesBoundSnapshot:
    """After `step` training steps of the detector."""

    step: int
    config: BayesBoundConfig
    bound: float  # exact accuracy of the best detector
    ideal: float  # measured: the best detector on the test samples
    learnt: float  # the network on the same
    real: np.ndarray  # (SHOWN, 2)
    generated: np.ndarray  # (SHOWN, 2)
    best: np.ndarray  # (CELLS, CELLS) p / (p + q)
    map: np.ndarray  # (CELLS, CELLS) what the network says


@lru_cache(maxsize=32)
def bound(distribution: str, blur: float) -> float:
    """1/2 + TV/2, by quadrature; 0.2 s, once."""
    p, q = pair(distribution, blur)
    cut = integral(lambda x: (p.log_density(x).exp() - q.log_density(x).exp()).abs())
    return 0.5 + cut.value / 4


def pair(distribution: str, blur: float) -> tuple[Distribution, Mixture]:
    """The real distribution and that of the generator."""
    p = plane.get(distribution)
    q = p.noised(1.0, blur)
    assert isinstance(q, Mixture)
    return p, q


class Detector(torch.nn.Module):
    """The probability that a point is real, as a logit."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        rng = generator(seed)
        self.fourier = Fourier(2, 32, 2.0, rng)
        self.layers = mlp([self.fourier.size, 64, 64, 1], rng)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n,) of points (n, 2)."""
        return self.layers(self.fourier(x))[:, 0]


def train_detector(config: BayesBoundConfig) -> Generator[BayesBoundSnapshot, None, Detector]:
    """Train a network on fresh real and generated samples, and test it beside the best detector."""
    p, q = pair(config.distribution, config.blur)
    rng, limit = generator(config.seed), bound(config.distribution, config.blur)
    x = torch.cat([p.sample(TESTED, rng), q.sample(TESTED, rng)])
    y = torch.cat([torch.ones(TESTED), torch.zeros(TESTED)])
    ideal = optimal_discriminator(p, q.log_density, x)
    best = right(ideal, y)
    grid = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    field = freeze(optimal_discriminator(p, q.log_density, grid).reshape(CELLS, CELLS).float())
    real, fake = freeze(x[:SHOWN]), freeze(x[TESTED : TESTED + SHOWN])
    net = Detector(config.seed)
    adam, steps = Adam(net.parameters(), 5e-3), config.detector_steps
    labels = torch.cat([torch.ones(BATCH), torch.zeros(BATCH)])
    shown = set(frame_steps(steps, FRAMES))
    for step in range(steps + 1):
        if step in shown:
            accuracy, seen = evaluated(net, x, y, grid)
            yield BayesBoundSnapshot(step, config, limit, best, accuracy, real, fake, field,
                                     frozen(seen))  # fmt: skip
        if step < steps:
            batch = torch.cat([p.sample(BATCH, rng), q.sample(BATCH, rng)])
            loss = binary_cross_entropy_with_logits(net(batch), labels)
            finite(loss.item(), step)
            adam.descend(loss, cosine(step, steps, 5e-3))
    return net


@torch.no_grad()
def evaluated(net: Detector, x: Tensor, y: Tensor, grid: Tensor) -> tuple[float, np.ndarray]:
    """Accuracy on test samples, and what the network says over the plane."""
    field = net(grid).sigmoid().reshape(CELLS, CELLS).numpy()
    return right(net(x).sigmoid(), y), field.astype(np.float32)


def right(probability: Tensor, y: Tensor) -> float:
    """The share of samples that are called what they are."""
    return float(((probability > 0.5) == (y > 0.5)).double().mean())


def bayes_bound_scene(s: BayesBoundSnapshot) -> Scene:
    """Real and generated points, both detectors over the plane, and their accuracy."""
    points = Panel(
        "Real and generated samples",
        [Points("real", "real", s.real), Points("generated", "model", s.generated, shape="ring")],
        xlim=VIEW, ylim=VIEW,
        caption=f"Generated: real ones with a blur of {s.config.blur:g}.",
    )  # fmt: skip
    maps = [
        Panel(title, [Field(name, values, 0.0, 1.0, meaning="generated | real")], xlim=VIEW,
              ylim=VIEW, caption=caption)
        for title, name, values, caption in (
            ("Best detector p / (p + q)", "best", s.best, "Exact. White: it cannot tell."),
            ("Trained detector", "trained", s.map, "What the network has learnt of it."),
        )
    ]  # fmt: skip
    end = s.config.detector_steps
    chart = Panel(
        "Accuracy",
        [
            Curve("trained", "model", point(s.step, 100 * s.learnt), grows=True),
            Curve("bound", "truth", level((0, end), 100 * s.bound)),
        ],
        "chart", (0, end), (45.0, 100.0), "training step", "%",
        caption="Dashed: no detector can be right more often.",
    )  # fmt: skip
    noise = central(np.random.default_rng(0).binomial(2 * TESTED, s.bound, 4000) / (2 * TESTED))
    readings = [
        Reading("trained detector", 100 * s.learnt, (100 * noise[0], 100 * noise[1]),
                "the best there is", "%", "high", f"On {2 * TESTED:,} fresh samples."),
        Reading("best detector, measured", 100 * s.ideal, (100 * s.bound,) * 2, "exact bound", "%",
                "neither", "p / (p + q) on the same samples."),
    ]  # fmt: skip
    sentence = (
        f"At best {100 * s.bound:.1f} % of the samples can be told correctly; the trained detector "
        f"tells {100 * s.learnt:.1f} %. Chance: 50 %."
    )
    return Scene([points, *maps, chart], step=s.step, readings=readings, sentence=sentence)
