"""Gradients written out by hand, against autograd and finite differences."""

import pytest
import torch

from explorer.concepts.shared.adversarial.network import Discriminator, Generator
from explorer.nets import generator

N = 7
OPTIONS = {
    "plain": {},
    "Fourier features": {"fourier": 5},
    "scaled": {"input_scale": 3.0},
    "both": {"fourier": 3, "input_scale": 2.0},
}
every_option = pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)


def discriminator(**options):
    return Discriminator([2, 9, 8, 1], generator(0), **options).double()


def some_points(seed=1, n=N, dim=2):
    return torch.randn(n, dim, generator=generator(seed), dtype=torch.float64)


def random_weights(network):
    """A network that starts as the identity has no gradients worth comparing."""
    rng = generator(5)
    for p in network.parameters():
        p.data = torch.randn(p.shape, generator=rng, dtype=torch.float64) / 2
    return network


def gradients(network, loss):
    """By autograd, in the order of the parameters."""
    own = list(network.parameters())
    found = torch.autograd.grad(loss, own, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(own, found)]


def written(network):
    return [p.grad for p in network.parameters()]


def assert_same(network, expected):
    for found, wanted in zip(written(network), expected, strict=True):
        torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize(
    ("sizes", "squash"),
    [([2, 9, 8, 2], False), ([3, 9, 8, 2], False), ([4, 9, 8, 6], True), ([2, 9, 8, 2], True)],
)
def test_the_generators_gradient_is_that_of_autograd(sizes, squash):
    network = random_weights(Generator(sizes, generator(0), squash).double())
    z = some_points(dim=sizes[0])
    cotangent = some_points(2, dim=sizes[-1])
    expected = gradients(network, (network(z) * cotangent).sum())
    with torch.no_grad():
        network.backward(network.activations(z), cotangent)
    assert_same(network, expected)


def test_a_generator_from_the_plane_to_the_plane_starts_as_the_identity():
    z = torch.randn(20, 2, generator=generator(3))
    torch.testing.assert_close(Generator([2, 9, 8, 2], generator(0))(z), z)


@every_option
def test_the_discriminators_gradient_is_that_of_autograd(options):
    one = discriminator(**options)
    x, cotangent = some_points(), some_points(2, dim=1)
    expected = gradients(one, (one(x) * cotangent).sum())
    with torch.no_grad():
        one.backward(one.activations(x), cotangent)
    assert_same(one, expected)


def test_the_discriminators_gradient_is_what_finite_differences_say():
    one, x, cotangent, step = discriminator(fourier=2), some_points(), some_points(2, dim=1), 1e-6
    with torch.no_grad():
        one.backward(one.activations(x), cotangent)
        for p in one.parameters():
            for index in (0, p.numel() - 1):
                flat, kept = p.view(-1), p.view(-1)[index].item()
                losses = []
                for shift in (step, -step):
                    flat[index] = kept + shift
                    losses.append((one(x) * cotangent).sum())
                flat[index] = kept
                wanted = (losses[0] - losses[1]) / (2 * step)
                torch.testing.assert_close(p.grad.view(-1)[index], wanted, atol=1e-6, rtol=1e-5)


@every_option
def test_the_gradient_at_a_sample_is_that_of_autograd(options):
    one, x = discriminator(**options), some_points().requires_grad_()
    (wanted,) = torch.autograd.grad(one(x).sum(), x)
    with torch.no_grad():
        _, found = one.input_gradient(one.activations(x), torch.ones(N, 1, dtype=torch.float64))
    torch.testing.assert_close(found, wanted)


PENALTIES = {
    "square": (lambda g: g.square().sum() / 2, lambda g: g),
    "distance from one": (
        lambda g: (g.norm(dim=1) - 1).square().sum(),
        lambda g: 2 * g * (1 - 1 / g.norm(dim=1, keepdim=True)),
    ),
}


@every_option
@pytest.mark.parametrize(("penalty", "cotangent"), PENALTIES.values(), ids=PENALTIES)
def test_a_penalty_on_the_input_gradient_has_the_gradient_of_a_second_derivative(
    options, penalty, cotangent
):
    one, x = discriminator(**options), some_points().requires_grad_()
    (g,) = torch.autograd.grad(one(x).sum(), x, create_graph=True)
    expected = gradients(one, penalty(g))
    with torch.no_grad():
        acts = one.activations(x.detach())
        one.backward(acts, torch.zeros(N, 1, dtype=torch.float64))
        layers, g = one.input_gradient(acts, torch.ones(N, 1, dtype=torch.float64))
        one.penalise(acts, layers, cotangent(g))
    assert_same(one, expected)


def bounded(rounds=200):
    """A judge with spectral norm, after enough power iterations."""
    one = Discriminator([2, 9, 8, 1], generator(0), spectral=True)
    for _ in range(rounds):
        one.normalise()
    return one


def test_spectral_norm_makes_the_largest_singular_value_one():
    for used in bounded().used:
        assert torch.linalg.svdvals(used)[0].item() == pytest.approx(1, rel=1e-3)


def test_a_discriminator_with_spectral_norm_is_no_steeper_than_one():
    one = bounded()
    with torch.no_grad():
        _, g = one.input_gradient(one.activations(some_points(n=500).float()), torch.ones(500, 1))
    assert g.norm(dim=1).max().item() <= 1.001


def test_the_gradient_through_spectral_norm_is_that_of_autograd():
    one, x, cotangent = bounded(0), some_points().float(), some_points(2, dim=1).float()
    left, right = [u.clone() for u in one.left], [v.clone() for v in one.right]
    with torch.no_grad():
        one.backward(one.activations(x), cotangent)
        one.through_norm()
    h = x
    for k, (matrix, bias) in enumerate(zip(one.weights, one.biases)):
        h = torch.nn.functional.leaky_relu(h, 0.2) if k else h
        h = h @ (matrix / (left[k].mT @ matrix @ right[k])).t() + bias
    assert_same(one, gradients(one, (h * cotangent).sum()))
