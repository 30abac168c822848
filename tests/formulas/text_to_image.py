"""Conditions, flow matching, guidance, and what judges the pictures."""

import numpy as np
import torch

from explorer.concepts.text_to_image.guidance import effective_number
from explorer.concepts.text_to_image.measure import Accuracy
from explorer.concepts.text_to_image.network import text_encoder
from explorer.concepts.text_to_image.sampler import guided, trajectory
from explorer.concepts.text_to_image.train import flow_matching_loss
from explorer.data.shapes import world
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(13)
HERE = world("sizes")
ROWS = torch.tensor([[1, 0, 3], [0, 7, 5]])
WORDS = r"e_{\text{size}}", r"e_{\text{colour}}", r"e_{\text{shape}}"


def embeddings(encoder):
    """Of each word of ROWS, (2, 3, width), looked up in the table by hand."""
    starts = np.cumsum([0, 3, 9])  # each attribute has a row more, for what is not said
    table = encoder.embedding.weight.detach().numpy()
    return table[ROWS.numpy() + starts]


@pinned(
    "text_to_image",
    "Condition, embeddings side by side",
    rf"c = W\,[{WORDS[0]};\, {WORDS[1]};\, {WORDS[2]}] + b",
)
def _():
    encoder = text_encoder("concatenated", HERE, generator(0))
    layer = encoder.projection
    side_by_side = embeddings(encoder).reshape(2, -1)
    own = side_by_side @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
    assert np.allclose(encoder(ROWS).detach(), own, atol=1e-5)


@pinned(
    "text_to_image", "Condition, embeddings added", rf"c = {WORDS[0]} + {WORDS[1]} + {WORDS[2]}"
)
def _():
    encoder = text_encoder("summed", HERE, generator(0))
    assert np.allclose(encoder(ROWS).detach(), embeddings(encoder).sum(1), atol=1e-5)


class Recorded:
    """A network that predicts twice its input and keeps what it was given."""

    def encoder(self, values):
        return values

    def __call__(self, z, t, condition):
        self.z, self.t = z.numpy(), t.numpy()
        return 2 * z


def one_loss():
    """Data, noise, the network's input and the loss of one call."""
    z0, network = torch.randn(50, 4, generator=generator(1)), Recorded()
    loss = flow_matching_loss(network, z0, torch.zeros(50, 3), generator(2)).item()
    rng = generator(2)
    torch.randn(50, 1, generator=rng)  # the times
    return z0.numpy(), torch.randn(50, 4, generator=rng).numpy(), network, loss


@formula("text_to_image", "Noised picture")
def _(latex):
    z0, eps, network, _ = one_loss()
    symbols = {"z_0": z0, r"\epsilon": eps}
    assert np.allclose(network.z, value(latex, "z_t =", t=network.t, symbols=symbols), atol=1e-6)


@pinned(
    "text_to_image",
    "Loss of flow matching",
    r"\mathbb{E}\,\lVert v(z_t, t, c) - (\epsilon - z_0) \rVert^2",
)
def _():
    z0, eps, network, loss = one_loss()
    assert np.isclose(loss, ((2 * network.z - (eps - z0)) ** 2).mean(), rtol=1e-5)


@pinned(
    "text_to_image",
    "Step of the sampler (midpoint method)",
    r"z_{t - h} = z_t - h\,v\big(z_t - \tfrac{h}{2}\,v(z_t, t, c),\; t - \tfrac{h}{2},\; c\big)",
)
def _():
    def v(z, t):
        return z * t + 1

    z = torch.tensor([[0.3, -1.0]])
    states = list(trajectory(v, z, 4))
    own = z - 0.25 * v(z - 0.125 * v(z, 1.0), 0.875)
    assert torch.allclose(states[1].point, own)


@formula("text_to_image", "Classifier-free guidance")
def _(latex):
    c, none = RNG.normal(size=(2, 6))
    shown = value(latex, "v_w =", w=2.5, symbols={"v_c": c, "v_0": none})
    own = guided(lambda z, t: torch.tensor(c), lambda z, t: torch.tensor(none), 2.5)
    assert np.allclose(own(torch.zeros(6), 0.5), shown)


@pinned(
    "text_to_image",
    "Tilted law",
    r"p_w(z) \propto p(z)\,p(c \mid z)^w = p(z \mid c)\,p(c) \quad \text{for } w > 0 "
    r"\text{, if } p(c \mid z) \in \{0, 1\}",
)
def _():
    p, fits = RNG.dirichlet(np.ones(9)), np.array([1, 0, 0, 1, 1, 0, 0, 1, 0])
    for w in (0.5, 1.0, 8.0):
        assert np.allclose(p * fits**w, p * fits)


@pinned("text_to_image", "Exact match, if attributes fail independently", r"P = \prod_i a_i")
def _():
    assert np.isclose(Accuracy((0.9, 0.8, 0.7), 0.5, 0.0, 10).product, 0.9 * 0.8 * 0.7)


@formula("text_to_image", "Effective number of different pictures")
def _(latex):
    counts = np.array([5, 2, 2, 1])
    shown = value(latex, "n =", symbols={"p_i": counts / 10})
    assert np.isclose(effective_number(counts), shown)


@pinned("text_to_image", "Exact parser", r"\arg\min_{m,\,k}\; \lVert x - (1 - m\,(1 - k)) \rVert^2")
def _():
    """Against every picture there is: tests/data/test_shapes.py; here, that pictures are these."""
    row, shift = torch.tensor([[1, 4, 3]]), torch.tensor([2])
    m = HERE.masks[HERE.kind(row), shift].numpy()[0]
    colour = np.array([140, 60, 180]) / 255
    own = 1 - m[:, None] * (1 - colour)
    assert np.allclose(HERE.pictures(row, shift).numpy()[0], own.ravel(), atol=1e-6)
