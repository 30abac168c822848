r"""Detectors of generated images: a spectrum with a linear classifier, and a small network.

The spectrum of an image is its discrete cosine transform (DCT); the logarithm of its size is
averaged over frequencies that are equally high. Generators leave too little or too much of some of
them.

Frank et al. (2020), Leveraging Frequency Analysis for Deep Fake Image Recognition,
https://arxiv.org/abs/2003.08685
Wang et al. (2020), CNN-generated images are surprisingly easy to spot... for now,
https://arxiv.org/abs/1912.11035
"""

from functools import lru_cache

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, conv2d, relu

from explorer.concepts.shared.finite import finite
from explorer.nets import generator, linear
from explorer.optim import Adam, cosine

SIDE = 14  # pixels
RIDGE, NEWTON = 1.0, 8  # of logistic regression
BATCH = 64


@lru_cache(maxsize=1)
def _cosines() -> Tensor:
    """The orthonormal DCT-II as a matrix (SIDE, SIDE)."""
    k, n = np.arange(SIDE)[:, None], np.arange(SIDE)[None]
    basis = np.cos(np.pi * (n + 0.5) * k / SIDE) * (2 / SIDE) ** 0.5
    basis[0] /= 2**0.5
    return torch.from_numpy(basis).float()


def spectrum(x: Tensor) -> Tensor:
    """Log size of the DCT of images (n, SIDE^2) by frequency: (n, SIDE)."""
    basis = _cosines()
    sizes = (basis @ x.view(-1, SIDE, SIDE) @ basis.T).abs().add(1e-3).log()
    height = torch.arange(SIDE)[:, None] + torch.arange(SIDE)
    bands = [sizes[:, (height // 2) == band].mean(1) for band in range(SIDE)]
    return torch.stack(bands, dim=1)


def blurred(x: Tensor) -> Tensor:
    """Images (n, SIDE^2) through a 3 x 3 binomial filter, rounded to 256 levels of grey."""
    row = torch.tensor([0.25, 0.5, 0.25])
    kernel = torch.outer(row, row)[None, None]
    found = conv2d(x.view(-1, 1, SIDE, SIDE), kernel, padding=1)
    return (found.reshape(len(x), -1) * 255).round() / 255


class Spectral:
    """Logistic regression on the spectrum, fitted by Newton's method."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        features = spectrum(x).double()
        self.mean, self.scale = features.mean(0), features.std(0) + 1e-2
        a = self._design(x)
        self.weights = torch.zeros(a.shape[1], dtype=torch.float64)
        penalty = RIDGE * torch.eye(a.shape[1], dtype=torch.float64)
        for _ in range(NEWTON):
            p = (a @ self.weights).sigmoid()
            gradient = a.T @ (p - y.double()) + RIDGE * self.weights
            hessian = (a * (p * (1 - p))[:, None]).T @ a + penalty
            self.weights = self.weights - torch.linalg.solve(hessian, gradient)

    def _design(self, x: Tensor) -> Tensor:
        scaled = (spectrum(x).double() - self.mean) / self.scale
        return torch.cat([scaled, torch.ones(len(x), 1, dtype=torch.float64)], dim=1)

    def generated(self, x: Tensor) -> Tensor:
        """Which of the images (n, SIDE^2) it calls generated, (n,) bool."""
        return self._design(x) @ self.weights > 0


class Convolutional(nn.Module):
    """Two convolutions and a linear layer."""

    def __init__(self, rng: Generator) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.randn(12, 1, 3, 3, generator=rng) / 3)
        self.second = nn.Parameter(torch.randn(24, 12, 3, 3, generator=rng) / 108**0.5)
        self.biases = nn.Parameter(torch.zeros(36))
        self.last = linear(24 * 16, 1, rng)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n,) of images (n, SIDE^2)."""
        h = relu(conv2d(x.view(-1, 1, SIDE, SIDE), self.first, self.biases[:12], padding=1))
        h = relu(conv2d(avg_pool2d(h, 2), self.second, self.biases[12:], padding=1))
        return self.last(avg_pool2d(h, 2, ceil_mode=True).flatten(1))[:, 0]

    def fit(self, x: Tensor, y: Tensor, seed: int, steps: int = 600) -> "Convolutional":
        """Train on images (n, SIDE^2) with labels (n,), 1 for generated."""
        rng, adam = generator(seed), Adam(self.parameters(), 3e-3)
        for step in range(steps):
            rows = torch.randint(len(x), (BATCH,), generator=rng)
            loss = binary_cross_entropy_with_logits(self(x[rows]), y[rows])
            finite(loss.item(), step)
            adam.descend(loss, cosine(step, steps, 3e-3))
        return self

    @torch.no_grad()
    def generated(self, x: Tensor) -> Tensor:
        """Which of the images it calls generated, (n,) bool."""
        return torch.cat([self(part) for part in x.split(500)]) > 0
