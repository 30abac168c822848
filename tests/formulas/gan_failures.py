"""Remedies, the bilinear game, and how sure a rate is."""

import numpy as np
import torch

from explorer.concepts.gan_failures import bilinear, rotation
from explorer.concepts.gan_failures.minibatch import DEPTH, KERNELS, Discrimination
from explorer.concepts.gan_failures.remedies import (
    HistoricalAverage,
    feature_matching,
    outputs,
    unrolled,
)
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.network import Discriminator
from explorer.nets import generator
from explorer.optim import Adam
from explorer.truth.intervals import wilson
from tests.formulas import formula, pinned
from tests.formulas.gan import A, B
from tests.formulas.latex import value

RNG = np.random.default_rng(1)


def discriminator():
    """A small discriminator of one seed, stacked, and samples (1, n, 2) of both kinds."""
    rng = [generator(4)]
    real, fake = (torch.randn(1, 6, 2, generator=rng[0]) for _ in range(2))
    return Discriminator([2, 5, 5, 1], rng), real, fake.requires_grad_()


@formula("gan_failures", "Discriminator loss, relativistic")
def _(latex):
    own = LOSSES["relativistic"].discriminator(real=torch.tensor(A), fake=torch.tensor(B))
    assert np.isclose(value(latex, "L_D =", a=A, b=B), own.mean().item())


@pinned(
    "gan_failures",
    "Generator loss, feature matching",
    r"L_G = \lVert\mathbb{E}\,h(x) - \mathbb{E}\,h(G(z))\rVert^2",
)
def _():
    network, real, fake = discriminator()
    own = feature_matching(network, fake.detach(), real)

    def hidden(x):
        h = x
        for weight, bias in list(zip(network.weights, network.biases, strict=True))[:-1]:
            h = torch.nn.functional.leaky_relu(h @ weight.mT + bias, 0.2)
        return h

    loss = (hidden(real).mean(1) - hidden(fake).mean(1)).square().sum()
    assert torch.allclose(own, 6 * torch.autograd.grad(loss, fake)[0], atol=1e-5)


@formula("gan_failures", "Historical averaging, added to both losses")
def _(latex):
    weights = torch.nn.Parameter(torch.tensor(RNG.normal(size=7)).float())
    adam = Adam([weights], 0.1)
    penalty, seen = HistoricalAverage(adam), []
    for _ in range(3):
        adam.flat.value.add_(torch.tensor(RNG.normal(size=len(adam.flat.value))).float())
        seen.append(adam.flat.value.double().numpy().copy())
        adam.flat.grad.zero_()
        penalty.penalise(0.3)
    mean, theta = np.mean(seen, axis=0), seen[-1]

    def at(theta):
        return value(latex, c=0.3, symbols={r"\theta": theta, r"\bar \theta": mean})

    steps = 1e-5 * np.eye(len(theta))
    slope = [(at(theta + step) - at(theta - step)) / 2e-5 for step in steps]
    assert np.allclose(adam.flat.grad.numpy(), slope, atol=1e-4)


@pinned(
    "gan_failures",
    "Minibatch discrimination, inputs of the last layer",
    r"o_{ib} = \sum_{j \ne i} e^{-\lVert M_{ib} - M_{jb}\rVert_1}, \quad M = hT",
)
def _():
    layer = Discrimination(5, [generator(1)])
    h = torch.randn(1, 6, 5, generator=generator(2))
    m = (h[0] @ layer.tensor[0]).view(6, KERNELS, DEPTH)
    near = (-(m[:, None] - m[None]).abs().sum(3)).exp()
    near[range(6), range(6)] = 0
    assert torch.allclose(layer(h)[0], near.sum(1), atol=1e-5)


@pinned(
    "gan_failures",
    "Generator loss, unrolled",
    r"L_G(\theta_G, \theta_D^{(k)}), \quad \theta_D^{(i+1)} = \theta_D^{(i)} - "
    r"\eta\,\nabla L_D(\theta_G, \theta_D^{(i)})",
)
def _():
    network, real, fake = discriminator()
    loss = LOSSES["nonsaturating"]
    own = unrolled(network, loss, fake.detach(), real, 2, 0.1)

    def after(samples):
        """The loss of the generator, with everything by central differences in the samples."""
        weights = [w.detach().requires_grad_() for w in (*network.weights, *network.biases)]
        for _ in range(2):
            mean = loss.discriminator(
                real=outputs(network, weights, real), fake=outputs(network, weights, samples)
            ).mean()
            gradients = torch.autograd.grad(mean, weights)
            weights = [
                (w - 0.1 * g).detach().requires_grad_()
                for w, g in zip(weights, gradients, strict=True)
            ]
        ahead = outputs(network, weights, samples)
        return loss.generator(real=ahead, fake=ahead).mean().item()

    step = torch.zeros_like(fake)
    step[0, 0, 0] = 1e-2
    start = fake.detach()
    slope = (after(start + step) - after(start - step)) / 2e-2
    assert np.isclose(own[0, 0, 0].item() / 6, slope, rtol=0.05, atol=1e-4)


@pinned(
    "gan_failures",
    "Simultaneous updates of the bilinear game",
    r"\min_x \max_y xy, \quad z = (x, y)\text{: } z_{k+1} = (I - hA)\,z_k, \quad "
    r"|z_k| = (1 + h^2)^{k/2}\,|z_0|",
)
def _():
    h, z = 0.3, np.array([1.0, -0.5])
    first = np.linalg.norm(z)
    for k in range(1, 6):
        then = (np.eye(2) - h * np.array([[0, 1], [-1, 0]])) @ z
        z = bilinear.simultaneous(z, h)
        assert np.allclose(z, then)
        assert np.isclose(np.linalg.norm(z), (1 + h**2) ** (k / 2) * first)


@pinned(
    "gan_failures",
    "Autocorrelation of the gradient",
    r"c_l = \frac{\sum_k v_k \cdot v_{k+l}}{\sqrt{\sum_k |v_k|^2 \sum_k |v_{k+l}|^2}}, \quad "
    r"\text{in the bilinear game: } c_l = \cos(l \arctan h)",
)
def _():
    h, z, gradients = 0.3, np.array([1.0, 0.0]), []
    for _ in range(60):
        gradients.append(bilinear.descent(z))
        z = bilinear.simultaneous(z, h)
    v = np.array(gradients)
    own = rotation.correlation(v, 20)
    for lag in range(21):
        now, then = v[: 60 - lag], v[lag:]
        shown = (now * then).sum() / np.sqrt((now**2).sum() * (then**2).sum())
        assert np.isclose(own[lag], shown)
        assert np.isclose(own[lag], np.cos(lag * np.arctan(h)), atol=1e-6)


@formula("gan_failures", "95 % interval of a success rate (Wilson)")
def _(latex):
    for hits, of in ((7, 20), (19, 20), (3, 9)):
        for edge in wilson(hits, of):
            table = {r"\pi": edge, "k": float(hits), "n": float(of)}
            left = value(latex, until=r"\le", symbols=table)
            assert np.isclose(left, value(latex, r"\le", symbols=table), rtol=1e-6)
