r"""How many samples does a metric need? Its value for a perfect model, at more and more of them.

The Fréchet distance of finite sets is biased upwards, by about one over their number: two
covariances estimated from n images differ. Extrapolating a line in 1/n to 0 removes most of it
(Chong and Forsyth 2020). The kernel distance leaves out the pairs that cause it, and is 0 on
average for any n. For two normal distributions the exact distance is known:

    |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2))
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.metrics.classifier import IMAGE_SETS, classifier, split
from explorer.concepts.metrics.measure_images import blurred, relative_size
from explorer.data import images
from explorer.nets import generator
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen
from explorer.truth.distances import frechet_distance, frechet_of_moments
from explorer.truth.features import extrapolated, inception_score, kernel_distance
from explorer.truth.floors import interval_of

LARGEST = {"mnist": 1600, "digits": 560, "fashion": 1600}
SMALLEST, SIZES, TIMES = 80, 10, 10
SIGMA, LEAST = 0.5, 0.45  # pixels of 28 by which the images of the other model are blurred
NAMES = ("perfect", "blurred", "kernel", "kernel_blurred", "normals", "inception")


@dataclass(frozen=True)
class SampleSizeConfig:
    """Which images, and which seed."""

    dataset: str = c.data("mnist", IMAGE_SETS)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class SampleSizeSnapshot:
    """Each metric at one number of samples: its mean, and where 99 % of its values lie."""

    step: int  # the number of samples
    config: SampleSizeConfig
    values: np.ndarray  # (6, 3): mean, low, high of each of NAMES
    fewest: float  # the mean Fréchet distance of a perfect model with SMALLEST samples
    exact: float  # Fréchet distance of the two normal distributions
    limit: float  # Fréchet distance of a perfect model, extrapolated; NaN for fewer than 3 sizes
    limit_normals: float


@torch.no_grad()
def sample_size(config: SampleSizeConfig) -> Generator[SampleSizeSnapshot, None, None]:
    """Ten sizes, ten pairs of sets each. About ten seconds for MNIST."""
    known, rng = split(config.dataset), generator(config.seed)
    pool = torch.cat([known.train, known.test])
    shape = images.load(config.dataset).shape
    extract = classifier(config.dataset)
    perfect = extract(pool)
    worse = extract(blurred(pool, shape, max(LEAST, SIGMA * relative_size(shape)))).features
    normals = Normals(perfect.features, worse)
    counts = np.geomspace(SMALLEST, LARGEST[config.dataset], SIZES).round().astype(int)
    found: list[np.ndarray] = []
    for n in counts.tolist():
        draws = []
        for _ in range(TIMES):
            order = torch.randperm(len(pool), generator=rng)
            a, b = order[:n], order[n : 2 * n]
            one, other, rival = perfect.features[a], perfect.features[b], worse[b]
            draws.append([
                frechet_distance(one, other),
                frechet_distance(one, rival),
                kernel_distance(one, other),
                kernel_distance(one, rival),
                frechet_distance(*normals.sample(n, rng)),
                inception_score(perfect.probabilities[b]),
            ])  # fmt: skip
        floors = [interval_of(column) for column in np.array(draws).T]
        found.append(np.array([[floor.mean, floor.low, floor.high] for floor in floors]))
        so_far, means = counts[: len(found)], np.stack(found)[:, :, 0]
        yield SampleSizeSnapshot(
            n,
            config,
            frozen(found[-1]),
            float(means[0, 0]),
            normals.exact,
            limit(so_far, means[:, 0]),
            limit(so_far, means[:, 4]),
        )


def limit(counts: np.ndarray, means: np.ndarray) -> float:
    """The mean extrapolated to infinitely many samples, from the larger half of the sizes."""
    half = len(counts) // 2
    return extrapolated(counts[half:], means[half:]) if len(counts) >= 3 else float("nan")


class Normals:
    """Two normal distributions with the means and covariances of two sets of features (n, d)."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.moments = [(f.double().mean(0), torch.cov(f.double().T)) for f in (x, y)]
        self.exact = frechet_of_moments(*(part.numpy() for pair in self.moments for part in pair))
        self.roots = [root(covariance) for _, covariance in self.moments]

    def sample(self, n: int, rng: torch.Generator) -> list[Tensor]:
        """n rows of each."""
        size = len(self.roots[0])
        return [
            mean + torch.randn(n, size, generator=rng, dtype=torch.float64) @ half
            for (mean, _), half in zip(self.moments, self.roots)
        ]


def root(covariance: Tensor) -> Tensor:
    """The symmetric square root."""
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T


def sample_size_scene(s: SampleSizeSnapshot) -> Scene:
    """The metrics at this number of samples; their curves grow from frame to frame."""
    zero = _level(s, 0.0)
    perfect, rival = (
        _curve(s, "perfect", "perfect", "real"),
        _curve(s, "blurred", "blurred", "model"),
    )
    kernel = [
        _curve(s, "kernel", "perfect", "real"), _curve(s, "kernel_blurred", "blurred", "model"),
    ]  # fmt: skip
    mean, low, high = s.values[0]
    return Scene(
        [
            _panel(s, "Fréchet distance", [perfect, rival, zero],
                   "Even of a perfect model it is not zero, and the fewer samples, the larger."),
            _panel(s, "Kernel distance", [*kernel, zero],
                   "Unbiased: of a perfect model zero on average, with more noise at few samples."),
            _panel(s, "Fréchet distance of two normals",
                   [_curve(s, "normals", "measured", "model"), _level(s, s.exact)],
                   "Dashed: their exact distance, which is known."),
            _panel(s, "Inception score", [_curve(s, "inception", "perfect", "real")],
                   "Of real images: biased as well, here towards low values."),
        ],
        step=s.step,
        unit="samples:",
        rows=(2, 2),
        readings=[
            Reading("Fréchet distance, perfect model", float(mean), (0.0, 0.0), "infinitely many",
                    help=f"With {s.step} samples; 99 % of perfect sets have {low:.3g} to "
                    f"{high:.3g}."),
            Reading("extrapolated to n = ∞", s.limit, (0.0, 0.0), "infinitely many",
                    help="A straight line in one over the number of samples, followed to zero."),
            Reading("two normals, extrapolated", s.limit_normals, (s.exact, s.exact),
                    "their exact distance", better="neither",
                    help="The same line for two normal distributions whose distance is known."),
        ],
        sentence=_sentence(s),
        title="How many samples does a metric need?",
    )  # fmt: skip


def _curve(s: SampleSizeSnapshot, figure: str, name: str, role: Role) -> Curve:
    mean, low, high = s.values[NAMES.index(figure)]
    point, band = np.array([[s.step, mean]], np.float32), np.array([[low, high]], np.float32)
    return Curve(name, role, point, band=band, grows=True)


def _level(s: SampleSizeSnapshot, value: float) -> Curve:
    ends = np.array([[SMALLEST, value], [LARGEST[s.config.dataset], value]], np.float32)
    return Curve("exact", "truth", ends)


def _panel(s: SampleSizeSnapshot, title: str, drawn: list[Mark], caption: str) -> Panel:
    limits = (0.95 * SMALLEST, 1.05 * LARGEST[s.config.dataset])
    return Panel(title, drawn, kind="chart", xlim=limits, ylim=None, log_x=True,
                 xlabel="samples in each set", caption=caption)  # fmt: skip


def _sentence(s: SampleSizeSnapshot) -> str:
    here, blurred = (float(s.values[NAMES.index(name), 0]) for name in ("perfect", "blurred"))
    if np.isnan(s.limit):
        return f"With {s.step} samples a perfect model has a Fréchet distance of {here:.3g}."
    if s.fewest > blurred:
        return (
            f"Measured with {SMALLEST} samples, a perfect model has a Fréchet distance of "
            f"{s.fewest:.3g}: more than a blurred one with {s.step}, {blurred:.3g}. Compare only "
            "equal numbers of samples."
        )
    return (
        f"The Fréchet distance of a perfect model is {s.fewest:.3g} with {SMALLEST} samples and "
        f"{here:.3g} with {s.step}. Compare only equal numbers of samples."
    )
