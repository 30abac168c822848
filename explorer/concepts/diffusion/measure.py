r"""How good a denoiser of points and its samples are, beside what is exactly true.

The data are mixtures of Gaussians (or squares), so the density of the noised data, its score and
the best possible denoised estimate

    E[x0 | x] = x + sigma^2 grad log p_sigma(x)

are exact at every noise level.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.samplers import Denoise
from explorer.data.plane import Distribution
from explorer.scene import frozen
from explorer.truth.distances import mode_coverage
from explorer.truth.floors import Floor, noise_floor, reference

NOISE_LEVELS = np.geomspace(0.02, 5, 10)  # at which the learnt score is compared
DIRECTIONS = 32  # of the sliced Wasserstein distance


def exact_denoised(dist: Distribution, x: Tensor, sigma: float) -> Tensor:
    """E[x0 | x], (n, 2), for x = x0 + sigma eps, (n, 2)."""
    return x + sigma**2 * dist.noised(1, sigma).score(x)


@dataclass(frozen=True)
class Scores:
    """How good samples are, each figure with its noise floor."""

    distance: float  # sliced Wasserstein-1 to fresh real points
    distance_floor: Floor
    high_quality: float | None = None  # share of samples within 3 sigma of a mode, if any
    high_quality_floor: Floor | None = None
    modes: int | None = None  # how many are covered
    of: int | None = None


def scores(dataset: str, dist: Distribution, samples: Tensor, directions: int) -> Scores:
    """The scores of samples (n, 2)."""
    exact = reference(dataset, len(samples), directions)
    return coverage(dataset, dist, samples, exact.distance(samples), exact.floor)


def coverage(
    dataset: str, dist: Distribution, samples: Tensor, distance: float, floor: Floor
) -> Scores:
    """The scores of samples (n, 2) whose distance is known."""
    if dist.modes is None:
        return Scores(distance, floor)
    covered = mode_coverage(samples, dist)
    high_quality_floor = noise_floor("high_quality", dataset, len(samples))
    quality = covered.high_quality, high_quality_floor
    return Scores(distance, floor, *quality, covered.modes, covered.of)


@dataclass(frozen=True, eq=False)
class NoisedPoints:
    """Noised points (levels, n, 2) at each of NOISE_LEVELS, and their exact denoised estimates."""

    x: Tensor
    denoised: Tensor

    def errors(self, denoise: Denoise) -> tuple[float, np.ndarray]:
        """Relative squared error of the learnt score: over all levels, and (levels, 2) of each.

        The score at level sigma is weighted by sigma^2, as in the likelihood bound of Song et al.
        (2021), https://arxiv.org/abs/2101.09258: sum s^2 |learnt - exact|^2 / sum s^2 |exact|^2.
        """
        sigma = torch.as_tensor(NOISE_LEVELS, dtype=torch.float32)[:, None, None]
        flat = self.x.reshape(-1, 2)
        learnt = denoise(flat, sigma.expand(*self.x.shape[:2], 1).reshape(-1, 1)).view_as(self.x)
        wrong = ((learnt - self.denoised) / sigma).square().sum((1, 2))
        size = ((self.denoised - self.x) / sigma).square().sum((1, 2))
        each = np.stack([NOISE_LEVELS, (wrong / size).numpy()], axis=1)
        return (wrong.sum() / size.sum()).item(), frozen(each.astype(np.float32))


def noised_points(dist: Distribution, n: int, rng: torch.Generator) -> NoisedPoints:
    """n noised points at each of NOISE_LEVELS with their exact denoised estimates."""
    points, denoised = [], []
    for sigma in NOISE_LEVELS.tolist():
        x = dist.sample(n, rng) + sigma * torch.randn(n, 2, generator=rng)
        points.append(x)
        denoised.append(exact_denoised(dist, x, sigma))
    return NoisedPoints(torch.stack(points), torch.stack(denoised))
