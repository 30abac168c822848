"""Attention, layers and position encodings."""

import numpy as np
import torch

from explorer.concepts.shared import positions
from explorer.concepts.shared.transformer import Layer, Norm, Shape, Trace, Transformer, attend
from explorer.concepts.transformer.config import Config
from explorer.concepts.transformer.measure import answer_attention, test_set
from explorer.concepts.transformer.tasks import TASKS
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(7)
Q, K = RNG.normal(size=(2, 5, 6))


@formula("transformer", "Normalisation (RMSNorm)")
def _(latex):
    norm, x = Norm(8), RNG.normal(size=8)
    norm.gain.data = torch.tensor(RNG.normal(size=8))
    shown = value(latex, r"\hat x =", g=norm.gain.detach().numpy(), x=x, d=8.0)
    assert np.allclose(norm(torch.tensor(x)).detach().numpy(), shown, atol=1e-4)


def layer(mlp):
    """A layer with one pass, and what it computed on its way."""
    own = Layer(
        Shape(8, width=8, heads=2, layers=1, mlp=mlp, position_encoding="none"), generator(0)
    )
    x, trace = torch.tensor(RNG.normal(size=(1, 5, 8))).float(), Trace()
    added = own.attention(own.attention_norm(x), None, trace=trace)
    return own, x, added, trace


@pinned(
    "transformer",
    "Query, key and value",
    r"q_i = W_q \hat x_i, \quad k_j = W_k \hat x_j, \quad v_j = W_v \hat x_j",
)
def _():
    own, x, _, trace = layer(False)
    hat, weights = own.attention_norm(x)[0], own.attention.qkv.weight.view(3, 2, 4, 8)
    for w, seen in zip(weights, (trace.q[0], trace.k[0], trace.v[0]), strict=True):
        assert torch.allclose(torch.einsum("hod,id->hio", w, hat), seen[0], atol=1e-5)


def attention(causal):
    def check(latex):
        _, own = attend(torch.tensor(Q), torch.tensor(K), causal)
        assert (r"l \le i" in latex) == causal
        exponent = latex.partition(r"\frac{\exp(")[2].partition(")}{")[0]
        weight = np.exp(
            value(exponent.replace(r"q_i \cdot k_j", "s"), s=Q @ K.T, symbols={"d_h": 6.0})
        )
        weight = np.tril(weight) if causal else weight
        assert np.allclose(own.numpy(), weight / weight.sum(1, keepdims=True))
        *_, trace = layer(False)
        values = trace.attention[0] @ trace.v[0]
        assert torch.allclose(values, trace.outputs[0], atol=1e-6)

    return check


formula("transformer", "Attention with the causal mask")(attention(True))
formula("transformer", "Attention without a mask")(attention(False))


def whole_layer(mlp):
    def holds():
        own, x, added, trace = layer(mlp)
        heads = trace.outputs[0].transpose(1, 2).reshape(1, 5, 8)
        assert torch.allclose(added, heads @ own.attention.output.weight.T, atol=1e-5)
        assert own.has_mlp == mlp
        if mlp:
            hidden = own.mlp_norm(x) @ own.mlp_up.weight.T
            gelu = 0.5 * hidden * (1 + torch.erf(hidden / 2**0.5))
            assert torch.allclose(own.mlp(x), gelu @ own.mlp_down.weight.T, atol=2e-3)

    return holds


HEADS = r"x \leftarrow x + W_o\,[\text{head}^1, \dots, \text{head}^h]"
pinned("transformer", "Layer without MLP", HEADS)(whole_layer(False))
pinned(
    "transformer",
    "Layer of attention and MLP",
    HEADS + r", \qquad x \leftarrow x + W_2\,\text{gelu}(W_1 \hat x)",
)(whole_layer(True))


@pinned(
    "transformer",
    "Rotary position encoding",
    r"q_i \to R_i q_i,\; k_j \to R_j k_j, \qquad (R_i q) \cdot (R_j k) = q \cdot R_{j-i} k",
)
def _():
    cosine, sine = positions.rotations(12, 6).double()
    q, k = torch.tensor(Q[0]), torch.tensor(K[0])

    def rotated(x, at):
        return positions.rotate(x, cosine[at], sine[at])

    for i, j in ((2, 5), (0, 11), (4, 4)):
        assert torch.isclose(rotated(q, i) @ rotated(k, j), q @ rotated(k, j - i), atol=1e-6)


@formula("transformer", "Sinusoidal position encoding, added to the embedding")
def _(latex):
    own, m = positions.sinusoids(9, 8).numpy(), np.arange(4.0)
    for i in (0.0, 3.0, 8.0):
        both = [
            value(latex, until=r",\quad", i=i, m=m, d=8.0),
            value(latex, r",\quad", i=i, m=m, d=8.0),
        ]
        assert np.allclose(own[int(i)], np.concatenate(both), atol=1e-5)
    shape = Shape(8, width=8, heads=2, layers=1, position_encoding="sinusoidal")
    net, tokens = Transformer(shape, generator(0)), torch.tensor([[1, 2, 3]])
    expected = net.embedding[tokens] + positions.sinusoids(3, 8)
    assert torch.allclose(net.embed(tokens, 0, 3), expected, atol=1e-6)


@pinned(
    "transformer",
    "Attention on the answer",
    r"\frac{1}{|J|} \sum_{i \in J}\ \sum_{j \in A_i} a_{ij}",
)
def _():
    task = TASKS["repeat"]
    net = Transformer(Shape(len(task.vocabulary), width=8, heads=2, layers=1), generator(0))
    given, trace = test_set("repeat")[:64], Trace()
    with torch.no_grad():
        net(given[:, :-1], trace=trace)
    weight, certain, where = trace.attention[0], task.certain(given), task.sources(given)
    total = torch.zeros(2)
    for n, i in certain.nonzero().tolist():
        total += weight[n, :, i, where[n, i]].sum(1)
    own = answer_attention(net, Config())[0]
    assert torch.allclose(own, total / certain.sum(), atol=1e-5)
