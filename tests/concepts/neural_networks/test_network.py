"""The backward pass is the gradient: against finite differences, and against autograd."""

from itertools import product

import numpy as np
import pytest
import torch

from explorer.concepts.neural_networks.network import (
    ACTIVATIONS,
    Network,
    Shape,
    loss,
    loss_gradient,
    probability,
)

LOSSES = ("cross_entropy", "squared")
SHAPES = [
    Shape((2, 4, 4, 1), activation, kind, normalisation, residual)
    for activation, kind, normalisation, residual in product(
        ACTIVATIONS, LOSSES, ("none", "batch", "layer"), (False, True)
    )
]


def example(shape, n=12, copies=()):
    """A network with random parameters, inputs and labels."""
    rng = np.random.default_rng(3)
    network = Network(shape, copies)
    network.theta[...] = 0.7 * rng.standard_normal(network.theta.shape)
    x = rng.standard_normal((*copies, n, shape.sizes[0]))
    y = (rng.random((*copies, n, 1)) < 0.5).astype(float)
    return network, x, y


def mean_loss(network, x, y, seed=None):
    """The mean loss as in training, with the dropout of one seed."""
    z = network.forward(x, np.random.default_rng(seed))[-1].output
    return loss(network.shape.loss, z, y).mean()


def fill(network, x, y, seed=None):
    """The gradient of that."""
    passes = network.forward(x, np.random.default_rng(seed))
    z = passes[-1].output
    network.backward(passes, loss_gradient(network.shape.loss, z, y) / y.size)


def differences(network, x, y, seed=None, h=1e-5):
    """Central differences by every parameter."""
    found = np.empty_like(network.theta)
    for at in range(network.theta.size):
        before, ends = network.theta.flat[at], []
        for moved in (before + h, before - h):
            network.theta.flat[at] = moved
            ends.append(mean_loss(network, x, y, seed))
        network.theta.flat[at] = before
        found.flat[at] = (ends[0] - ends[1]) / (2 * h)
    return found


def name_of(shape):
    return "-".join(map(str, (shape.activation, shape.loss, shape.normalisation, shape.residual)))


@pytest.mark.parametrize("shape", SHAPES, ids=map(name_of, SHAPES))
def test_the_gradient_is_that_of_finite_differences(shape):
    network, x, y = example(shape)
    fill(network, x, y)
    np.testing.assert_allclose(network.gradient, differences(network, x, y), atol=1e-6)


def test_the_gradient_goes_through_dropout_and_around_units_that_were_cut():
    network, x, y = example(Shape((3, 5, 5, 1), residual=True, dropout=0.4))
    network.layers[1].alive = np.array([1.0, 0, 1, 1, 0])
    fill(network, x, y, seed=5)
    np.testing.assert_allclose(network.gradient, differences(network, x, y, 5), atol=1e-6)
    assert not network.layers[1].d_weight[:, [1, 4]].any()


@pytest.mark.parametrize("kind", LOSSES)
def test_the_network_and_its_gradient_are_those_of_autograd(kind):
    network, x, y = example(Shape((3, 6, 4, 1), "tanh", kind))
    fill(network, x, y)
    parts = [
        torch.tensor(getattr(layer, name), requires_grad=True)
        for layer in network.layers
        for name in ("weight", "bias")
    ]
    h = torch.tensor(x)
    for at in range(0, len(parts), 2):
        h = h @ parts[at] + parts[at + 1]
        h = torch.tanh(h) if at < len(parts) - 2 else h
    t = torch.tensor(y)
    if kind == "cross_entropy":
        value = torch.nn.functional.binary_cross_entropy_with_logits(h, t)
    else:
        value = 0.5 * ((torch.tanh(h) - 2 * t + 1) ** 2).mean()
    value.backward()
    wanted = np.concatenate([part.grad.numpy().ravel() for part in parts])
    np.testing.assert_allclose(network.gradient, wanted, rtol=1e-9, atol=1e-12)
    assert mean_loss(network, x, y) == pytest.approx(value.item())


@pytest.mark.parametrize("normalisation", ["none", "batch", "layer"])
def test_networks_side_by_side_are_those_computed_one_by_one(normalisation):
    shape = Shape((2, 3, 3, 1), normalisation=normalisation, residual=True)
    many, x, y = example(shape, copies=(3,))
    fill(many, x, y)
    for at in range(3):
        one = Network(shape)
        one.theta[...] = many.theta[at]
        fill(one, x[at], y[at])
        np.testing.assert_allclose(many.gradient[at], one.gradient / 3, rtol=1e-9, atol=1e-12)


def test_parameters_are_views_of_one_vector():
    for copies in ((), (4,)):
        network = Network(Shape((2, 3, 1), normalisation="layer"), copies)
        for layer in network.layers:
            assert np.shares_memory(layer.weight, network.theta)
            assert np.shares_memory(layer.d_bias, network.gradient)
        assert network.penalised.sum() == 2 * 3 + 3


def test_a_network_without_activation_is_one_linear_map():
    network, x, _ = example(Shape((2, 5, 5, 5, 1), "linear"))
    design = np.concatenate([x, np.ones((len(x), 1))], 1)
    z = network.outputs(x)
    fitted = design @ np.linalg.lstsq(design, z, rcond=None)[0]
    np.testing.assert_allclose(fitted, z, atol=1e-10)


def test_layer_and_batch_normalisation_give_mean_zero_and_variance_one():
    for normalisation, axis in (("layer", 1), ("batch", 0)):
        network, x, _ = example(Shape((2, 6, 1), normalisation=normalisation), n=50)
        own = network.forward(x, np.random.default_rng(0))[0].normalised
        np.testing.assert_allclose(own.mean(axis), 0, atol=1e-9)
        np.testing.assert_allclose(own.var(axis), 1, atol=1e-3)


def test_probabilities_are_the_output_scaled():
    z = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(probability("squared", z), (np.tanh(z) + 1) / 2)
    np.testing.assert_allclose(probability("cross_entropy", z), 1 / (1 + np.exp(-z)))
