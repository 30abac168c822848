"""Losses, updates, and the way back through a layer."""

import numpy as np

from explorer.concepts.neural_networks import Config, Trainer
from explorer.concepts.neural_networks.network import Network, Shape, loss, loss_gradient
from explorer.concepts.neural_networks.optimisers import Optimiser
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(12)
Z, Y = RNG.normal(size=9), (RNG.random(9) < 0.5).astype(float)
SIGMOID = {r"\sigma": lambda z: 1 / (1 + np.exp(-z))}


@formula("neural_networks", "Cross-entropy of an example")
def _(latex):
    assert np.allclose(loss("cross_entropy", Z, Y), value(latex, "L =", z=Z, y=Y))


@formula("neural_networks", "Derivative of the cross-entropy by the output")
def _(latex):
    shown = value(latex, "=", z=Z, y=Y, symbols=SIGMOID)
    assert np.allclose(loss_gradient("cross_entropy", Z, Y), shown)


@formula("neural_networks", "Squared error of an example")
def _(latex):
    assert np.allclose(loss("squared", Z, Y), value(latex, "L =", z=Z, y=Y))


@formula("neural_networks", "Derivative of the squared error by the output")
def _(latex):
    assert np.allclose(loss_gradient("squared", Z, Y), value(latex, "=", z=Z, y=Y))


def updated(kind, velocity, square=0.0, count=0):
    """theta (5,) before and after an update along g, and the optimiser."""
    theta, g = RNG.normal(size=5), RNG.normal(size=5)
    own = Optimiser(kind, theta)
    own.velocity += velocity
    own.square += square
    own.count = count
    before = theta.copy()
    own.update(g, 0.05)
    return before, g, own


@formula("neural_networks", "An update of SGD")
def _(latex):
    theta, g, own = updated("sgd", 0.0)
    shown = value(latex, r"\theta' =", g=g, symbols={r"\theta": theta, r"\eta": 0.05})
    assert np.allclose(own.theta, shown)


@formula("neural_networks", "An update of SGD with momentum")
def _(latex):
    theta, g, own = updated("momentum", 0.3)
    v = value(latex, "v' =", r", \qquad", g=g, v=0.3, symbols={r"\beta": 0.9, r"\eta": 0.05})
    assert np.allclose(own.velocity, v)
    assert np.allclose(own.theta, value(latex, r"\theta' =", symbols={r"\theta": theta, "v'": v}))


@formula("neural_networks", "An update of Adam")
def _(latex):
    theta, g, own = updated("adam", 0.2, 0.4, 6)
    known = {r"\beta_1": 0.9, r"\beta_2": 0.999, r"\eta": 0.05, r"\epsilon": 1e-8}
    m = value(latex, "m' =", r", \qquad", g=g, m=0.2, symbols=known)
    s = value(latex, "s' =", r", \qquad", g=g, s=0.4, symbols=known)
    symbols = {**known, r"\theta": theta, "m'": m, "s'": s}
    shown = value(latex, r"\theta' =", t=7.0, symbols=symbols)
    assert np.allclose(own.theta, shown)


@pinned("neural_networks", "A layer", r"a_l = h_{l-1} W_l + b_l, \qquad h_l = f(a_l)")
def _():
    network, passes = passed()
    for layer, own in zip(network.layers, passes, strict=True):
        assert np.allclose(own.sums, own.given @ layer.weight + layer.bias)
    assert np.allclose(passes[0].output, np.tanh(passes[0].sums))


@pinned(
    "neural_networks",
    "Going back through a layer (backpropagation)",
    r"\delta_{l-1} = (\delta_l W_l^\top) \odot f'(a_{l-1}), \qquad "
    r"\frac{\partial L}{\partial W_l} = h_{l-1}^\top \delta_l, \qquad "
    r"\frac{\partial L}{\partial b_l} = \delta_l",
)
def _():
    network, passes = passed()
    deltas = network.backward(passes, np.array([[0.7]]))
    for at, layer in enumerate(network.layers):
        assert np.allclose(layer.d_weight, passes[at].given.T @ deltas[at])
        assert np.allclose(layer.d_bias, deltas[at])
        if at:
            slope = 1 - np.tanh(passes[at - 1].sums) ** 2
            assert np.allclose(deltas[at - 1], (deltas[at] @ layer.weight.T) * slope)


def passed():
    """A network with random weights, and its forward pass of one example."""
    network = Network(Shape((3, 4, 4, 1)))
    network.theta[...] = RNG.normal(size=network.theta.size)
    return network, network.forward(RNG.normal(size=(1, 3)))


@pinned(
    "neural_networks",
    "Penalties that are added to the loss",
    r"\lambda_1 \sum_w |w| + \tfrac12 \lambda_2 \sum_w w^2",
)
def _():
    """Their derivative is what an update adds to the gradient."""
    plain, other = (
        Trainer(Config(optimiser="sgd", learning_rate=0.1, **changes))
        for changes in ({}, {"l1": 0.02, "l2": 0.03})
    )
    w = plain.network.theta.copy()
    plain.train_step()
    other.train_step()
    weights = plain.network.penalised > 0
    wanted = np.where(weights, 0.02 * np.sign(w) + 0.03 * w, 0.0)
    assert np.allclose(plain.network.theta - other.network.theta, 0.1 * wanted)
