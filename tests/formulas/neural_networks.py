"""Losses, updates, and the way back through a layer."""

import numpy as np
import torch

from explorer.concepts.neural_networks import Config, Trainer
from explorer.concepts.neural_networks.conditioning import rate_gd, rate_heavy_ball
from explorer.concepts.neural_networks.convolution import ConvolutionalNetwork
from explorer.concepts.neural_networks.dead import exact as exact_dead
from explorer.concepts.neural_networks.depth import Depth
from explorer.concepts.neural_networks.depth import exact as exact_depth
from explorer.concepts.neural_networks.double_descent import FEATURES
from explorer.concepts.neural_networks.double_descent import exact as exact_error
from explorer.concepts.neural_networks.network import Network, Shape, loss, loss_gradient
from explorer.concepts.neural_networks.optimisers import Optimiser
from explorer.concepts.neural_networks.plateaus import exact as exact_mode
from explorer.concepts.neural_networks.plateaus import half_time
from explorer.concepts.neural_networks.recurrence import RecurrentNetwork
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(12)
Z, Y = RNG.normal(size=9), (RNG.random(9) < 0.5).astype(float)
SIGMOID = {r"\sigma": lambda z: 1 / (1 + np.exp(-z))}


@formula("neural_networks", "Cross-entropy of an example")
def _(latex):
    assert np.allclose(loss("cross_entropy", Z, Y), value(latex, "L =", z=Z, y=Y))


@formula("neural_networks", "Derivative of the cross-entropy with respect to the output")
def _(latex):
    shown = value(latex, "=", z=Z, y=Y, symbols=SIGMOID)
    assert np.allclose(loss_gradient("cross_entropy", Z, Y), shown)


@formula("neural_networks", "Squared error of an example")
def _(latex):
    assert np.allclose(loss("squared", Z, Y), value(latex, "L =", z=Z, y=Y))


@formula("neural_networks", "Derivative of the squared error with respect to the output")
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


@formula("neural_networks", "An update of SGD with Nesterov's momentum")
def _(latex):
    theta, g, own = updated("nesterov", 0.3)
    known = {r"\beta": 0.9, r"\eta": 0.05, r"\theta": theta}
    v = value(latex, "v' =", r", \qquad", g=g, v=0.3, symbols=known)
    shown = value(latex, r"\theta' =", g=g, symbols={**known, "v'": v})
    assert np.allclose(own.theta, shown)


@formula("neural_networks", "An update of RMSProp")
def _(latex):
    theta, g, own = updated("rmsprop", 0.0, 0.4)
    known = {r"\gamma": 0.99, r"\eta": 0.05, r"\theta": theta, r"\epsilon": 1e-8}
    s = value(latex, "s' =", r", \qquad", g=g, s=0.4, symbols=known)
    assert np.allclose(own.theta, value(latex, r"\theta' =", g=g, symbols={**known, "s'": s}))


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


@pinned(
    "neural_networks",
    "A feature map",
    r"m_k(i, j) = \max\bigl(0,\ \textstyle\sum_{a, b} w_k(a, b)\, x(i + a, j + b) + b_k\bigr)",
)
def _():
    network, x = ConvolutionalNetwork(2, generator(1)), torch.randn(1, 64, generator=generator(2))
    network.bias.data += 0.1
    image, maps = x.view(8, 8), network.maps(x)[0]
    for k in range(2):
        w, b = network.filters[k, 0], network.bias[k]
        for i, j in ((0, 0), (2, 5), (5, 5)):
            wanted = (w * image[i : i + 3, j : j + 3]).sum() + b
            assert torch.isclose(maps[k, i, j], wanted.clamp(min=0), atol=1e-5)


@pinned("neural_networks", "A step of a recurrent network", r"h_t = f(h_{t-1} W + x_t U + b)")
def _():
    network, x = RecurrentNetwork(3, "tanh", generator(1)), torch.tensor([[1.0, -1.0]])
    _, states = network(x)
    inward, across = network.inward, network.across
    sums = states[:, 0] @ across.weight.T + x[:, 1:] @ inward.weight.T + across.bias + inward.bias
    assert torch.allclose(states[:, 1], torch.tanh(sums), atol=1e-6)


@formula("neural_networks", "Infinite width: factor of the gradient's variance in a layer")
def _(latex):
    """Of one layer: the size of the gradient is its root."""
    u = RNG.standard_normal(400_000)
    f = {"f'": lambda a: 1 - np.tanh(a) ** 2, r"\sigma_w": 1.3, "q_l": 1.3**2}
    shown = value(latex.replace("f'(", "g("), "=", u=u, symbols={**f, "g": f["f'"]})
    own = exact_depth(Depth(activation="tanh", gain=1.3, depth=2))
    assert np.isclose((own[2] / own[1]) ** 2, shown.mean(), rtol=0.01)


@formula("neural_networks", "Infinite width: variance of the sums of the next layer")
def _(latex):
    u = RNG.standard_normal(400_000)
    known = {"f": np.tanh, r"\sigma_w": 1.3, "q_l": 1.3**2}
    q = float(np.mean(value(latex, "=", u=u, symbols=known)))
    own = exact_depth(Depth(activation="tanh", gain=1.3, depth=2))
    factor = 1.3**2 * np.mean((1 - np.tanh(np.sqrt(q) * u) ** 2) ** 2)
    assert np.isclose(own[1] ** 2, factor, rtol=0.01)


@formula("neural_networks", "Probability that a ReLU network is dead for an input")
def _(latex):
    assert np.isclose(exact_dead(3, np.array(10)), value(latex, "P =", N=3.0, L=10.0))


@formula("neural_networks", "Sharpness above which gradient descent on a quadratic diverges")
def _(latex):
    limit = value(latex, "=", symbols={r"\eta": 0.4})
    for curvature, grows in ((0.99 * limit, False), (1.01 * limit, True)):
        assert (abs(1 - 0.4 * curvature) > 1) == grows


@formula("neural_networks", "Gradient descent: factor of the error in a step")
def _(latex):
    assert np.isclose(rate_gd(70.0), value(latex, "=", symbols={r"\kappa": 70.0}))


@formula("neural_networks", "Heavy ball: factor of the error in a step")
def _(latex):
    assert np.isclose(rate_heavy_ball(70.0), value(latex, "=", symbols={r"\kappa": 70.0}))


@formula(
    "neural_networks",
    "Expected test error with fewer features than examples",
    "Expected test error with more features than examples",
)
def _(latex):
    p = 90 if "c^2" in latex else 20
    inside = p / FEATURES
    shown = value(latex, "E =", n=40.0, p=float(p), c=inside**0.5, s=(1 - inside + 0.09) ** 0.5)
    assert np.isclose(exact_error(p, 40, 0.3), shown)


@formula("neural_networks", "Size of a mode")
def _(latex):
    a = value(latex, "a(t) =", s=2.0, t=1.3, a_0=0.001)
    assert np.isclose(exact_mode(np.array(2.0), 0.001, 1.3), a)


@formula("neural_networks", "Time until a mode is half learnt")
def _(latex):
    assert np.isclose(half_time(2.0, 0.001), value(latex, "t =", s=2.0, a_0=0.001))
