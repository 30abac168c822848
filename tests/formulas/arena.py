"""The evaluation that all model families share."""

import numpy as np
import torch

from explorer.concepts.arena import likelihood
from explorer.data.levels import levels
from explorer.truth import distances, features
from tests.formulas import pinned
from tests.formulas.latex import value
from tests.formulas.metrics import APART, GENERATED, REAL, G, R, radius

RNG = np.random.default_rng(9)


@pinned(
    "arena",
    "Sliced Wasserstein distance",
    r"\mathrm{SW}(p, q) = \mathbb{E}_u \int_0^1 \big|F_u^{-1}(t) - G_u^{-1}(t)\big|\,dt",
)
def _():
    x, y = RNG.normal(size=(40, 2)), RNG.normal(size=(40, 2)) + 1
    u = distances.slices(2, 64)
    t = (np.arange(40) + 0.5) / 40
    ends = [np.quantile(s @ u.T, t, axis=0, method="inverted_cdf") for s in (x, y)]
    assert np.isclose(
        distances.sliced_wasserstein(x, y, 64), np.abs(ends[0] - ends[1]).mean(), rtol=1e-4
    )


@pinned(
    "arena",
    "Precision and recall",
    r"\text{precision} = \Pr_{x \sim q}\big[\exists i: |x - y_i| \le r_i\big], \qquad "
    r"\text{recall} = \Pr_{y \sim p}\big[\exists j: |y - x_j| \le s_j\big]",
)
def _():
    own = features.shares(REAL, GENERATED)
    assert np.isclose(own.precision, (radius(R)[None] >= APART).any(1).mean())
    assert np.isclose(own.recall, (radius(G)[:, None] >= APART).any(0).mean())


@pinned("arena", "Coverage", r"\tfrac{1}{n}\sum_i \big[\min_j |y_i - x_j| \le r_i\big]")
def _():
    assert np.isclose(features.shares(REAL, GENERATED).coverage, (APART.min(0) <= radius(R)).mean())


@pinned("arena", "Bits per dimension", r"-\frac{1}{d \ln 2}\,\mathbb{E}_{y \sim p} \ln q(y)")
def _():
    own = levels("digits")  # a model that gives every level of grey the same probability
    nats = -64 * np.log(own.count)
    shown = value(r"-\frac{n}{d \ln 2}", n=nats, d=64.0)
    assert np.isclose(own.bits(nats, dequantised=False), shown)


@pinned(
    "arena",
    "Likelihood of a diffusion model, along its ODE",
    r"\log q(x_a) = \log q_b(x_b) + \int_a^b \nabla \cdot \frac{x - D(x, \sigma)}{\sigma}\,"
    r"d\sigma",
)
def _():
    # Of normal data the best denoiser, its flow and its density are known.
    x = torch.tensor(RNG.normal(size=(6, 2))).float()
    own = likelihood.log_density(lambda x, sigma: x / (1 + sigma**2), x, 40)
    size = 1 + likelihood.LOWEST**2
    exact = -0.5 * x.square().sum(1) / size - np.log(2 * np.pi * size)
    assert torch.allclose(own, exact.float(), atol=1e-3)
