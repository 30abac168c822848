"""The remedies against independent answers: autograd, finite differences, PyTorch, closed forms."""

import pytest
import torch
from torch import nn

from explorer.concepts.gan_failures import remedies
from explorer.concepts.gan_failures.minibatch import DEPTH, KERNELS, Deviation, Discrimination
from explorer.concepts.gan_failures.network import BatchDiscriminator
from explorer.concepts.shared.adversarial.config import Settings
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.network import MLP, Discriminator
from explorer.nets import generator
from explorer.optim import SGD

S, N, DIM = 2, 8, 2


def points(seed=1, n=N):
    return torch.randn(S, n, DIM, generator=generator(seed), dtype=torch.float64)


def discriminator(packing=1, statistic=None, **options):
    rngs = [generator(seed) for seed in range(S)]
    network = Discriminator([DIM, 6, 5, 1], rngs, **options)
    if packing > 1 or statistic:
        others = [generator(seed + 50) for seed in range(S)]
        network = BatchDiscriminator(network, others, packing, statistic)
    network.double()
    network.used = list(network.weights)
    return network


def opened(network):
    """The weights of a stack as leaves of autograd, in its own order."""
    return [w.detach().clone().requires_grad_() for w in (*network.weights, *network.biases)]


@pytest.mark.parametrize("options", [{}, {"fourier": 3, "input_scale": 2.0}])
@pytest.mark.parametrize("packing", [1, 2])
@pytest.mark.parametrize("regulariser", ["r1r2", "gp"])
def test_the_gradient_of_a_penalty_is_that_of_autograd(regulariser, packing, options):
    """Over packs as over single samples: a mean over D's outputs, times the samples of each."""
    network, x, gamma = discriminator(packing, **options).float(), points().float(), 0.7
    loss = {"gp": "wasserstein"}.get(regulariser, "nonsaturating")
    kind = {"gp": "r1"}.get(regulariser, regulariser)
    gan = GAN(Settings(regulariser=kind, loss=loss, gamma=gamma), range(S))
    gan.discriminator, real, fake = network, x[:, : N // 2], x[:, N // 2 :]
    if regulariser == "gp":
        rngs = [torch.Generator().set_state(rng.get_state()) for rng in gan.rngs]
        share = torch.stack([torch.rand(N // 2, 1, generator=rng) for rng in rngs])
        x = torch.lerp(fake, real, share)
    x.requires_grad_()
    weights = opened(network)
    (g,) = torch.autograd.grad(remedies.outputs(network, weights, x).sum(), x, create_graph=True)
    each = g.square() / 2 if kind == "r1r2" else (g.norm(dim=-1) - 1).square()
    total = gamma * each.sum() / (N // 2 // packing)
    wanted = torch.autograd.grad(total, weights, allow_unused=True)
    with torch.no_grad():
        acts = network.activations(torch.cat([real, fake], 1))
        network.backward(acts, torch.zeros_like(acts[-1]))
        gan.penalise(acts, real, fake)
    for weight, grad in zip(network.weights, wanted):
        torch.testing.assert_close(weight.grad, grad)


def test_spectral_norm_is_that_of_pytorch():
    network = Discriminator([DIM, 6, 5, 1], [generator(0), generator(0)], spectral=True)
    for _ in range(30):
        network.normalise()
    for k, weight in enumerate(network.weights):
        layer = nn.Linear(weight.shape[2], weight.shape[1], bias=False)
        layer.weight.data.copy_(weight[0])
        torch.manual_seed(0)
        normed = nn.utils.parametrizations.spectral_norm(layer, n_power_iterations=100)
        torch.testing.assert_close(network.used[k][0], normed.weight.detach(), rtol=1e-3, atol=1e-4)
        assert torch.linalg.matrix_norm(network.used[k][1], 2).item() == pytest.approx(1, abs=1e-3)


def test_feature_matching_is_the_gradient_of_the_distance_of_mean_features():
    network, fake, real = discriminator(fourier=2), points(1).requires_grad_(), points(2)

    def hidden(x):
        h = network.features(x)
        for matrix, bias in zip(network.weights[:-1], network.biases[:-1]):
            h = nn.functional.leaky_relu(torch.baddbmm(bias, h, matrix.mT), 0.2)
        return h.mean(1)

    total = (hidden(fake) - hidden(real)).square().sum()
    (wanted,) = torch.autograd.grad(total, fake)
    found = remedies.feature_matching(network, fake.detach(), real)
    torch.testing.assert_close(found / N, wanted)


def test_historical_averaging_pulls_towards_the_mean_of_all_that_was():
    weight = nn.Parameter(torch.tensor([1.0, 2.0]))
    sgd = SGD([weight], 1.0)
    memory = remedies.HistoricalAverage(sgd)
    seen = []
    for step in range(4):
        sgd.flat.value.copy_(torch.tensor([1.0 + step, 2.0 * step]))
        seen.append(sgd.flat.value.clone())
        sgd.flat.grad.zero_()
        memory.penalise(0.5)
        mean = torch.stack(seen).mean(0)
        torch.testing.assert_close(sgd.flat.grad, sgd.flat.value - mean)


@pytest.mark.parametrize("loss", ["nonsaturating", "minimax", "relativistic"])
def test_the_unrolled_gradient_is_what_finite_differences_say(loss):
    network, fake, real = discriminator(), points(1), points(2)
    found = remedies.unrolled(network, LOSSES[loss], fake, real, 3, 0.4) / N

    def ahead(points):
        weights = opened(network)
        for _ in range(3):
            a, b = (remedies.outputs(network, weights, x) for x in (real, points))
            total = LOSSES[loss].discriminator(real=a, fake=b).mean(1).sum()
            gradients = torch.autograd.grad(total, weights)
            weights = [(w - 0.4 * g).detach().requires_grad_() for w, g in zip(weights, gradients)]
        a, b = (remedies.outputs(network, weights, x) for x in (real, points))
        return LOSSES[loss].generator(real=a, fake=b).mean(1).sum().item()

    for at in ((0, 3, 0), (1, 5, 1)):
        step = torch.zeros_like(fake)
        step[at] = 1e-5
        cotangent = (ahead(fake + step) - ahead(fake - step)) / 2e-5
        assert found[at].item() == pytest.approx(cotangent, rel=1e-4, abs=1e-8)


def test_looking_no_step_ahead_is_the_ordinary_gradient():
    network, fake, real = discriminator(), points(1), points(2)
    loss = LOSSES["nonsaturating"]
    found = remedies.unrolled(network, loss, fake, real, 0, 1.0)
    acts = network.activations(fake)
    cotangent = loss.generator_gradient(real=acts[-1], fake=acts[-1])
    torch.testing.assert_close(found, network.input_gradient(acts, cotangent)[1])


def hidden(seed=3, groups=2):
    return torch.randn(S, groups * 4, 5, generator=generator(seed), dtype=torch.float64)


def discrimination():
    statistic = Discrimination(5, [generator(seed) for seed in range(S)])
    return statistic.double()


@pytest.mark.parametrize("make", [Deviation, discrimination])
def test_a_statistic_of_the_batch_has_the_gradient_of_autograd(make):
    statistic, h = make(), hidden().requires_grad_()
    cotangent = torch.randn(S, 8, statistic.size, generator=generator(9), dtype=torch.float64)
    own = [p.requires_grad_() for p in statistic.parameters()]
    seen = statistic(h, 2)
    wanted = torch.autograd.grad((seen * cotangent).sum(), [h, *own])
    with torch.no_grad():
        statistic(h, 2)
        torch.testing.assert_close(statistic.backward(cotangent), wanted[0])
    for parameter, grad in zip(own, wanted[1:]):
        torch.testing.assert_close(parameter.grad, grad)


def test_minibatch_discrimination_is_its_formula():
    statistic, h = discrimination(), hidden(groups=1)
    seen = statistic(h, 1)
    m = (h @ statistic.tensor).view(S, 4, KERNELS, DEPTH)
    for s, i, b in ((0, 0, 0), (1, 3, 2)):
        near = [torch.exp(-(m[s, i, b] - m[s, j, b]).abs().sum()) for j in range(4) if j != i]
        assert seen[s, i, b].item() == pytest.approx(sum(near).item())


def test_equal_samples_are_nearest_and_have_no_spread():
    h = hidden(groups=1)[:, :1].expand(-1, 4, -1).contiguous()
    torch.testing.assert_close(discrimination()(h, 1), torch.full((S, 4, KERNELS), 3.0).double())
    assert Deviation()(h, 1).max() < 1e-3


def test_a_batch_does_not_see_the_other_half():
    statistic, h = discrimination(), hidden()
    other = h.clone()
    other[:, 4:] += 1
    torch.testing.assert_close(statistic(h, 2)[:, :4], statistic(other, 2)[:, :4])


@pytest.mark.parametrize("make", [Deviation, discrimination])
def test_a_discriminator_with_a_statistic_has_the_gradient_of_autograd(make):
    statistic = make()
    network, x = discriminator(statistic=statistic), points(1)
    own = [p.requires_grad_() for p in network.parameters()]
    cotangent = torch.randn(S, N, 1, generator=generator(4), dtype=torch.float64)

    def out(x):
        h = x
        for matrix, bias in zip(network.weights[:-1], network.biases[:-1]):
            h = nn.functional.leaky_relu(torch.baddbmm(bias, h, matrix.mT), 0.2)
        h = torch.cat([h, statistic(h, 2)], 2)
        return torch.baddbmm(network.biases[-1], h, network.weights[-1].mT)

    x.requires_grad_()
    wanted = torch.autograd.grad((out(x) * cotangent).sum(), [x, *own])
    with torch.no_grad():
        acts = network.activations(x, groups=2)
        network.backward(acts, cotangent)
        for parameter, grad in zip(own, wanted[1:]):
            torch.testing.assert_close(parameter.grad, grad)
        torch.testing.assert_close(network.input_gradient(acts, cotangent)[1], wanted[0])


def test_a_pack_has_one_output():
    network, x = discriminator(2, fourier=2), points()
    assert network(x).shape == (S, N // 2, 1)
    moved = x.clone()
    moved[:, 1] += 1
    changed = (network(x) != network(moved))[:, :, 0]
    assert changed[:, 0].all()
    assert not changed[:, 1:].any()


def test_several_networks_are_each_of_them():
    seeds = range(3)
    x = torch.randn(3, 4, 3, generator=generator(8))
    together = MLP([3, 5, 2], [generator(seed) for seed in seeds])(x)
    for seed, own, found in zip(seeds, x, together):
        torch.testing.assert_close(MLP([3, 5, 2], generator(seed))(own), found)
