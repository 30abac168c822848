"""Losses, penalties and exact references of adversarial training."""

import numpy as np
import torch
from torch.nn.functional import leaky_relu

from explorer.concepts.gan.config import Config
from explorer.concepts.gan.measure import BLUR, generated_density
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.network import NEGATIVE_SLOPE, Discriminator
from explorer.concepts.shared.adversarial.panels import cells
from explorer.nets import generator
from tests.formulas import DEFINITIONS, formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=40), RNG.normal(size=40)  # D at real samples, D at fake ones
P, Q = RNG.random(40), RNG.random(40)  # densities


def logistic(x):
    return 1 / (1 + np.exp(-x))


def losses(name):
    """The check of a loss: of both players, over a batch."""

    def check(latex):
        loss, real, fake = LOSSES[name], torch.tensor(A), torch.tensor(B)
        player = loss.discriminator if latex.startswith("L_D") else loss.generator
        own = player(real=real, fake=fake).mean().item()
        shown = value(latex, latex[:5], a=A, b=B, symbols={"\\sigma": logistic})
        assert np.isclose(shown, own, rtol=1e-9)

    return check


for key, label in {
    "nonsaturating": "non-saturating",
    "minimax": "minimax",
    "leastsquares": "least squares",
    "hinge": "hinge",
    "wasserstein": "Wasserstein",
    "relativistic": "relativistic",
}.items():
    opponent = "Critic" if key == "wasserstein" else "Discriminator"
    formula("gan", f"{opponent} loss, {label}", f"Generator loss, {label}")(losses(key))


def optimal(name, link):
    """The check of an optimal discriminator: the ratio of densities, after `link` of its output."""

    def check(latex):
        ratio = torch.tensor(np.log(P / Q))
        table = {"p": lambda x: P, "q": lambda x: Q, "x": 0.0}
        shown = value(latex, "=", "\\text", **table)
        assert np.allclose(shown, link(LOSSES[name].optimal(ratio).numpy()))

    return check


for key, label, link in (
    ("nonsaturating", "non-saturating", logistic),
    ("minimax", "minimax", logistic),
    ("leastsquares", "least squares", lambda output: output),
    ("hinge", "hinge", lambda output: output),
    ("relativistic", "relativistic", logistic),
):
    formula("gan", f"Optimal discriminator, {label}")(optimal(key, link))

DEFINITIONS["gan", "Optimal critic of the Wasserstein distance"] = (
    "a theorem (Gulrajani et al. 2017, proposition 1) about a critic that is never computed: the "
    "page shows the norm of the learnt one"
)


def penalised(kind):
    """A GAN with this penalty, of weight 0.7, and a batch of samples of both kinds."""
    loss = "wasserstein" if kind == "gp" else "nonsaturating"
    model = GAN(
        Config(
            loss=loss,
            regulariser="r1" if kind == "gp" else kind,
            gamma=0.7,
            batch=16,
            d_hidden=5,
            hidden=4,
        )
    )
    real, fake = model.real.next(), model.generator(model.noise.next())
    return model, real, fake.detach()


@torch.no_grad()
def added(model, real, fake):
    """What `penalise` adds to the gradient of the first layer's weights."""
    own = model.discriminator
    for parameter in own.parameters():
        parameter.grad = torch.zeros_like(parameter)
    model.penalise(own.activations(torch.cat([real, fake])), real, fake)
    return own.weights[0].grad.clone()


def slopes(model, x):
    """The gradient of D at samples (n, 2), open to autograd in the weights."""
    own, x = model.discriminator, x.detach().requires_grad_()
    for weight in own.weights:
        weight.requires_grad_()
    h = x
    for k, (weight, bias) in enumerate(zip(own.weights, own.biases, strict=True)):
        h = leaky_relu(h, NEGATIVE_SLOPE) if k else h
        h = h @ weight.T + bias.reshape(1, -1)
    return torch.autograd.grad(h.sum(), x, create_graph=True)[0]


def by_autograd(model, penalty):
    return torch.autograd.grad(penalty, model.discriminator.weights[0])[0]


@formula(
    "gan",
    "Penalty R1, added to the discriminator's loss",
    "Penalty R2, added to the discriminator's loss",
    "Penalties R1 and R2, added to the discriminator's loss",
)
@formula("gan_failures", "Penalties R1 and R2 of the discriminator")
def _(latex):
    shown = dict(part.split(" = ") for part in latex.split(r", \qquad "))
    for name, right in shown.items():
        kind = {"R_1": "r1", "R_2": "r2"}.get(name, "r1r2")
        model, real, fake = penalised(kind)
        total = torch.zeros(())
        for term in right.split(" + "):
            at = {"p": real, "q": fake}[term.partition(r"x \sim ")[2][0]]
            outer = value(term.partition(r"\,\mathbb")[0], symbols={r"\gamma": 0.7})
            total = total + outer * slopes(model, at).square().sum(1).mean()
        assert torch.allclose(added(model, real, fake), by_autograd(model, total), atol=1e-6)


def gradient_penalty():
    model, real, fake = penalised("gp")
    again = GAN(model.config)
    for batches in (again.real, again.noise):
        batches.next()
    share = torch.rand(len(real), 1, generator=again.rngs[0])
    between = torch.lerp(fake, real, share)
    penalty = 0.7 * (slopes(model, between).norm(dim=1) - 1).square().mean()
    assert torch.allclose(added(model, real, fake), by_autograd(model, penalty), atol=1e-6)


for page, name in (
    ("gan", "Gradient penalty (WGAN-GP), added to the critic's loss"),
    ("gan_failures", "Gradient penalty of the critic, WGAN-GP"),
):
    pinned(page, name, r"\gamma\,\mathbb{E}(\lVert\nabla D(\hat x)\rVert - 1)^2")(gradient_penalty)


@formula("gan", "Spectral norm, of every layer of the discriminator")
@formula("gan_failures", "Spectral norm")
def _(latex):
    network = Discriminator([2, 6, 6, 1], generator(3), spectral=True)
    for _ in range(60):  # power iterations
        network.activations(torch.zeros(1, 2))
    for raw, used in zip(network.weights, network.used, strict=True):
        w = raw.detach().double().numpy()
        table = {"W": w, "\\sigma_{\\max}": lambda w: np.linalg.svd(w)[1][0]}
        assert np.allclose(value(latex, "=", symbols=table), used.detach().numpy(), atol=1e-4)


@pinned(
    "gan",
    "Density of the generated samples",
    r"q(x) = \int \delta\big(x - G(z)\big)\,\varphi(z)\,dz \approx \sum_k w_k\,"
    r"\mathcal{N}\big(x;\,G(z_k),\,h^2 I\big)",
)
def _():
    at = RNG.normal(scale=0.6, size=(50, 2))
    share = RNG.random(50)
    share /= share.sum()
    gap = ((cells().numpy()[:, None] - at) ** 2).sum(2)
    normal = np.exp(-gap / (2 * BLUR**2)) / (2 * np.pi * BLUR**2)
    shown = (normal @ share).reshape(generated_density(at, share).shape)
    assert np.abs(generated_density(at, share) - shown).max() < 0.05 * shown.max()
