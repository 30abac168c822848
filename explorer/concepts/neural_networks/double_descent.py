r"""Double descent: the test error rises where the model can just fit all data, then falls again.

Least squares on the first p of D features, from n examples; of all solutions that fit, the one of
least norm. With x ~ N(0, I_D), y = x . beta + noise, |beta_p|^2 the part of beta inside the p
features, and s^2 = noise^2 + the part outside, exactly:

    p <= n - 2    E[error] = s^2 (1 + p / (n - p - 1))
    p >= n + 2    E[error] = |beta_p|^2 (1 - n / p) + s^2 (1 + n / (p - n - 1))

Belkin, Hsu and Xu (2020), Two models of double descent for weak features,
https://arxiv.org/abs/1903.07571
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.scene import Curve, Panel, Reading, Scene, frozen

FEATURES = 200  # D
FRAMES, FINE = 40, 120
GAP = 2  # the error has no mean for |p - n| < 2


@dataclass(frozen=True)
class DoubleDescent:
    """How many examples, how noisy, and over how many training sets the mean is taken."""

    examples: int = c.integer(40, 10, 100, 5)
    noise: float = c.number(0.2, 0.0, 1.0, 0.05)
    draws: int = c.integer(200, 20, 1000, log=True)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The test error by the number of features, over `step` training sets."""

    step: int
    config: DoubleDescent
    sizes: np.ndarray  # (k,) p
    mean: np.ndarray  # (k,)
    half: np.ndarray  # (k,) half width of its 95 % interval
    exact: np.ndarray  # (m, 2) by p; NaN where there is none


def sizes(n: int) -> np.ndarray:
    """Numbers of features to try: denser around n."""
    around = n * np.array([0.12, 0.25, 0.5, 0.7, 0.85, 1.15, 1.35, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0])
    near = [n - 4, n - GAP, n + GAP, n + 4]
    found = np.unique(np.concatenate([around, near, [FEATURES]]).round().astype(int))
    return found[(found >= 1) & (found <= FEATURES) & (np.abs(found - n) >= GAP)]


def exact(p: int, n: int, noise: float) -> float:
    """The expected squared error on a fresh example; NaN where there is none."""
    inside = p / FEATURES  # beta has length 1, equally in all features
    rest = 1 - inside + noise**2
    if p <= n - GAP:
        return rest * (1 + p / (n - p - 1))
    if p >= n + GAP:
        return inside * (1 - n / p) + rest * (1 + n / (p - n - 1))
    return float("nan")


def errors(rng: np.random.Generator, n: int, noise: float, tried: np.ndarray) -> np.ndarray:
    """The expected squared error (k,) on fresh examples of the fits to one training set."""
    beta = np.full(FEATURES, FEATURES**-0.5)
    x = rng.standard_normal((n, FEATURES))
    y = x @ beta + noise * rng.standard_normal(n)
    found = []
    for p in tried:
        fit = np.linalg.lstsq(x[:, :p], y, rcond=None)[0]
        found.append(((fit - beta[:p]) ** 2).sum() + (FEATURES - p) / FEATURES + noise**2)
    return np.array(found)


def double_descent(config: DoubleDescent) -> Generator[Snapshot, None, None]:
    """Training set after training set."""
    rng, n = np.random.default_rng(config.seed), config.examples
    tried = sizes(n)
    line = np.array([(p, exact(p, n, config.noise)) for p in range(1, FEATURES + 1)], np.float32)
    shown = set(c.frame_steps(config.draws, FRAMES)) - {0, 1}
    found = []
    for step in range(1, config.draws + 1):
        found.append(errors(rng, n, config.noise, tried))
        if step in shown:
            every = np.array(found)
            half = 1.96 * every.std(0, ddof=1) / np.sqrt(step)
            yield Snapshot(step, config, frozen(tried), frozen(every.mean(0)), frozen(half),
                           frozen(line))  # fmt: skip


def double_descent_scene(s: Snapshot) -> Scene:
    """The test error by the number of features, beside the exact curve."""
    n = s.config.examples
    xy = np.stack([s.sizes, s.mean], 1).astype(np.float32)
    band = np.stack([np.maximum(s.mean - s.half, 1e-3), s.mean + s.half], 1).astype(np.float32)
    threshold = np.array([[n, 0.5], [n, 200]], np.float32)
    chart = Panel(
        "Test error of least squares",
        [
            Curve("exact", "truth", s.exact, label=""),
            Curve("p = n", "neutral", threshold, dashed=True, width=1),
            Curve("mean over training sets", "model", xy, band=band, label=""),
        ],
        "chart", (1.0, float(FEATURES)), (0.5, 200.0), "features p", "squared error", log_x=True,
        log_y=True, caption=f"{n} examples. Left of p = n too few features, right of it more "
        "features than examples: the fit is exact, and yet the error falls. Within 3 of p = n the "
        "variance of the error is infinite: a few training sets dominate the mean.",
    )  # fmt: skip
    at = int(np.argmin(np.abs(s.sizes - 2 * n)))
    best = exact(int(s.sizes[at]), n, s.config.noise)
    reading = Reading(
        f"error with p = {s.sizes[at]}", float(s.mean[at]), (best, best), "exact", better="neither",
        help=f"Mean over {s.step} training sets; 95 % interval: ± {s.half[at]:.3g}.",
    )  # fmt: skip
    peak = int(np.argmax(s.mean))
    text = (
        f"Over {s.step} training sets the error is largest with {s.sizes[peak]} features, close to "
        f"where {n} examples can be fitted exactly, and falls again with more."
    )
    return Scene([chart], s.step, (1,), (), [reading], text, unit="training set")
