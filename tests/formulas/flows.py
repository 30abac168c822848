"""Coupling layers, the change of variables, continuous flows."""

import numpy as np
import torch

from explorer.concepts.flows import flow_matching, measure, univariate
from explorer.concepts.flows.coupling import Coupling, Flow, log_normal
from explorer.data import plane
from explorer.nets import generator
from explorer.truth import plane as truth
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(3)


def flow(bins=4):
    """A flow of two layers with random weights."""
    layers = [
        Coupling([0], [1], bins, 8, 2, generator(0)),
        Coupling([1], [0], bins, 8, 2, generator(1)),
    ]
    for layer in layers:
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter, std=0.3, generator=generator(2))
    return Flow(layers, 2).double()


@pinned(
    "flows",
    "Change of variables",
    r"\log p(x) = \log \mathcal{N}\big(f(x);\, 0, I\big) + \sum_{l=1}^{L} \log \left|\det "
    r"\frac{\partial h_l}{\partial h_{l-1}}\right|, \qquad h_0 = x,\quad h_L = f(x)",
)
def _():
    own, h = flow(), torch.tensor(RNG.normal(size=2))
    total, first = 0.0, h
    for layer in own.layers:
        jacobian = torch.autograd.functional.jacobian(lambda x, f=layer: f(x[None]).x[0], h)
        total += np.log(abs(np.linalg.det(jacobian.numpy())))
        h = layer(h[None]).x[0].detach()
    assert np.isclose(
        own.log_density(first[None]).item(), log_normal(h[None]).item() + total, atol=1e-5
    )


@pinned(
    "flows",
    "Coupling layer",
    r"h_l = \big(u,\; g_{\theta(u)}(m)\big), \qquad \log |\det| = \sum_i \log "
    r"g'_{\theta_i(u)}(m_i)",
)
def _():
    layer = flow().layers[0]
    x = torch.tensor(RNG.normal(size=(5, 2)))
    there = layer(x)
    assert torch.equal(there.x[:, 0], x[:, 0])
    step = torch.tensor([0.0, 1e-6])
    slope = (layer(x + step).x[:, 1] - layer(x - step).x[:, 1]) / 2e-6
    assert torch.allclose(there.log_det, slope.log(), atol=1e-5)


@formula("flows", "Affine coupling")
def _(latex):
    m, a, b = torch.tensor(RNG.normal(size=(3, 6, 1)))
    raw = torch.stack([3 * torch.atanh(a / 3), b], dim=-1)  # the scale is bounded
    shown = value(latex, "g(m) =", m=m.numpy(), a=a.numpy(), b=b.numpy())
    assert np.allclose(univariate.affine(m, raw).value.numpy(), shown)


@formula("flows", "Rational-quadratic spline")
def _(latex):
    raw = torch.tensor(RNG.normal(size=(1, 1, 11)))
    at, slopes = (part[0, 0].numpy() for part in univariate.knots(raw))
    for k in range(4):
        (x0, x1), (y0, y1) = at[0, k : k + 2], at[1, k : k + 2]
        r = np.linspace(0.05, 0.95, 7)
        table = {
            "y_k": y0,
            "h": y1 - y0,
            "s": (y1 - y0) / (x1 - x0),
            "r": r,
            "d_k": slopes[k],
            "d_{k+1}": slopes[k + 1],
        }
        x = torch.tensor(x0 + r * (x1 - x0))[:, None]
        own = univariate.spline(x, raw.expand(7, 1, 11)).value[:, 0].numpy()
        assert np.allclose(value(latex, "g(m) =", symbols=table), own)


@pinned(
    "flows",
    "Density of a continuous flow",
    r"\frac{dx}{dt} = v(x, t), \qquad \log p_0(x_0) = \log \mathcal{N}(x_1;\, 0, I) + "
    r"\int_0^1 \nabla \cdot v(x_t, t)\, dt",
)
def _():
    # A linear velocity: everything is known in closed form.
    a = torch.tensor([[0.3, -0.2], [0.5, 0.1]])
    x = torch.tensor(RNG.normal(size=(4, 2))).float()
    own = flow_matching.log_density(lambda x, t: x @ a.T, x, 60)
    passed = flow_matching.LAST - flow_matching.FIRST
    there = x @ torch.linalg.matrix_exp(passed * a).T
    assert torch.allclose(own, log_normal(there) + passed * a.trace(), atol=1e-3)


@pinned(
    "flows",
    "Velocity of flow matching",
    r"v(x, t) = \mathbb{E}\left[\epsilon - x_0 \mid x_t = x\right], \qquad x_t = (1 - t)\,x_0 "
    r"+ t\,\epsilon",
)
def _():
    dist, t, at = plane.get("moons"), 0.4, torch.tensor([[0.3, -0.2]])
    x0 = dist.sample(400_000, generator(0))
    eps = (at - (1 - t) * x0) / t  # those lines that pass through the place
    weight = torch.softmax(-eps.square().sum(1) / 2, 0)
    mean = weight @ (eps - x0)
    assert torch.allclose(flow_matching.exact(dist)(at, t)[0], mean, atol=0.03)


@pinned(
    "flows",
    "Gap to the exact density",
    r"\mathbb{E}_{x \sim p^*}\left[\log p^*(x) - \log p(x)\right] = \mathrm{KL}(p^* \,\|\, p) "
    r"\ge 0",
)
def _():
    dist = plane.get("moons")
    x = dist.sample(40_000, generator(0))
    own = measure.gap(dist.log_density(x), log_normal(x))

    def pointwise(x):
        log_p = dist.log_density(x)
        return log_p.exp() * (log_p - log_normal(x))

    kl = truth.integral(pointwise).value  # of the data from the model, by quadrature
    assert kl > 0
    assert np.isclose(own, kl, atol=0.03)
