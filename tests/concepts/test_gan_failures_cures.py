"""The cures against independent answers: autograd, finite differences, PyTorch, closed forms."""

import pytest
import torch
from torch import nn

from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.network import Judge, Perceptron
from explorer.concepts.gan_failures import cures
from explorer.concepts.gan_failures.crowd import DEPTH, KERNELS, Deviation, Discrimination
from explorer.concepts.gan_failures.stack import Judges, Stack
from explorer.nets import generator
from explorer.optim import SGD

S, N, DIM = 2, 8, 2


def points(seed=1, n=N):
    return torch.randn(S, n, DIM, generator=generator(seed), dtype=torch.float64)


def judges(pack=1, crowd=None, extra=0, **options):
    nets = []
    for seed in range(S):
        net = Judge([DIM, 6, 5, 1], generator(seed), **options)
        if pack > 1 or extra:
            inputs = (DIM + 2 * net.fourier) * pack
            net = cures.seeing(net, inputs, extra, False, generator(seed + 50))
        nets.append(net)
    made = Judges(nets, pack, crowd)
    made.double()
    made.used = list(made.matrices)
    return made


def opened(judge):
    """The weights of a stack as leaves of autograd, in its own order."""
    return [w.detach().clone().requires_grad_() for w in (*judge.matrices, *judge.biases)]


@pytest.mark.parametrize("options", [{}, {"fourier": 3, "zoom": 2.0}])
@pytest.mark.parametrize("pack", [1, 2])
@pytest.mark.parametrize("kind", ["r", "gp"])
def test_the_gradient_of_a_penalty_is_that_of_autograd(kind, pack, options):
    judge, x, gamma = judges(pack, **options), points().requires_grad_(), 0.7
    weights = opened(judge)
    out = cures.opinions(judge, weights, x)
    (g,) = torch.autograd.grad(out.sum(), x, create_graph=True)
    if kind == "r":
        total = gamma / 2 * g.square().sum()
    else:
        total = gamma * (g.norm(dim=-1) - 1).square().sum()
    wanted = torch.autograd.grad(total, weights, allow_unused=True)
    x = x.detach()
    with torch.no_grad():
        acts = judge.activations(x)
        judge.backward(acts, torch.zeros_like(acts[-1]))
        layers, slope = judge.slopes(acts, torch.ones_like(acts[-1]))
        push = cures.zero_centred if kind == "r" else cures.gradient_penalty
        judge.penalise(acts, layers, push(slope, gamma))
    torch.testing.assert_close(slope, g.detach())
    for matrix, grad in zip(judge.matrices, wanted):
        torch.testing.assert_close(matrix.grad, grad)


def test_spectral_norm_is_that_of_pytorch():
    net = Judge([DIM, 6, 5, 1], generator(0), spectral=True)
    stack = Judges([net, net])
    for _ in range(30):
        stack.normalise()
    for k, matrix in enumerate(net.matrices):
        layer = nn.Linear(matrix.shape[1], matrix.shape[0], bias=False)
        layer.weight.data.copy_(matrix)
        torch.manual_seed(0)
        normed = nn.utils.parametrizations.spectral_norm(layer, n_power_iterations=100)
        torch.testing.assert_close(stack.used[k][0], normed.weight.detach(), rtol=1e-3, atol=1e-4)
        assert torch.linalg.matrix_norm(stack.used[k][1], 2).item() == pytest.approx(1, abs=1e-3)


def test_feature_matching_is_the_slope_of_the_distance_of_mean_features():
    judge, made, real = judges(fourier=2), points(1).requires_grad_(), points(2)

    def hidden(x):
        h = judge.features(x)
        for matrix, bias in zip(judge.matrices[:-1], judge.biases[:-1]):
            h = nn.functional.leaky_relu(torch.baddbmm(bias, h, matrix.mT), 0.2)
        return h.mean(1)

    total = (hidden(made) - hidden(real)).square().sum()
    (wanted,) = torch.autograd.grad(total, made)
    found = cures.feature_matching(judge, made.detach(), real)
    torch.testing.assert_close(found / N, wanted)


def test_historical_averaging_pulls_towards_the_mean_of_all_that_was():
    weight = nn.Parameter(torch.tensor([1.0, 2.0]))
    sgd = SGD([weight], 1.0)
    memory = cures.Memory(sgd)
    seen = []
    for step in range(4):
        sgd.flat.value.copy_(torch.tensor([1.0 + step, 2.0 * step]))
        seen.append(sgd.flat.value.clone())
        sgd.flat.grad.zero_()
        memory.pull_back(0.5)
        mean = torch.stack(seen).mean(0)
        torch.testing.assert_close(sgd.flat.grad, sgd.flat.value - mean)


@pytest.mark.parametrize("loss", ["nonsaturating", "minimax", "relativistic"])
def test_the_unrolled_slope_is_what_finite_differences_say(loss):
    judge, made, real = judges(), points(1), points(2)
    found = cures.unrolled(judge, LOSSES[loss], made, real, 3, 0.4) / N

    def ahead(points):
        weights = opened(judge)
        for _ in range(3):
            a, b = (cures.opinions(judge, weights, x) for x in (real, points))
            slopes = torch.autograd.grad(LOSSES[loss].judge(a, b).mean(1).sum(), weights)
            weights = [(w - 0.4 * g).detach().requires_grad_() for w, g in zip(weights, slopes)]
        a, b = (cures.opinions(judge, weights, x) for x in (real, points))
        return LOSSES[loss].forger(a, b).mean(1).sum().item()

    for at in ((0, 3, 0), (1, 5, 1)):
        step = torch.zeros_like(made)
        step[at] = 1e-5
        slope = (ahead(made + step) - ahead(made - step)) / 2e-5
        assert found[at].item() == pytest.approx(slope, rel=1e-4, abs=1e-8)


def test_looking_no_step_ahead_is_the_ordinary_slope():
    judge, made, real = judges(), points(1), points(2)
    loss = LOSSES["nonsaturating"]
    found = cures.unrolled(judge, loss, made, real, 0, 1.0)
    acts = judge.activations(made)
    slope = loss.forger_slope(acts[-1], acts[-1])
    torch.testing.assert_close(found, judge.slopes(acts, slope)[1])


def hidden(seed=3, groups=2):
    return torch.randn(S, groups * 4, 5, generator=generator(seed), dtype=torch.float64)


def discrimination():
    crowd = Discrimination(5, [generator(seed) for seed in range(S)])
    return crowd.double()


@pytest.mark.parametrize("make", [Deviation, discrimination])
def test_what_a_judge_sees_of_a_batch_has_the_gradient_of_autograd(make):
    crowd, h = make(), hidden().requires_grad_()
    slope = torch.randn(S, 8, crowd.size, generator=generator(9), dtype=torch.float64)
    own = [p.requires_grad_() for p in crowd.parameters()]
    seen = crowd.look(h, 2)
    wanted = torch.autograd.grad((seen * slope).sum(), [h, *own])
    with torch.no_grad():
        crowd.look(h, 2)
        torch.testing.assert_close(crowd.backward(slope), wanted[0])
    for parameter, grad in zip(own, wanted[1:]):
        torch.testing.assert_close(parameter.grad, grad)


def test_minibatch_discrimination_is_its_formula():
    crowd, h = discrimination(), hidden(groups=1)
    seen = crowd.look(h, 1)
    m = (h @ crowd.tensor).view(S, 4, KERNELS, DEPTH)
    for s, i, b in ((0, 0, 0), (1, 3, 2)):
        near = [torch.exp(-(m[s, i, b] - m[s, j, b]).abs().sum()) for j in range(4) if j != i]
        assert seen[s, i, b].item() == pytest.approx(sum(near).item())


def test_equal_points_look_most_alike_and_have_no_spread():
    h = hidden(groups=1)[:, :1].expand(-1, 4, -1).contiguous()
    torch.testing.assert_close(
        discrimination().look(h, 1), torch.full((S, 4, KERNELS), 3.0).double()
    )
    assert Deviation().look(h, 1).max() < 1e-3


def test_a_batch_does_not_see_the_other_half():
    crowd, h = discrimination(), hidden()
    other = h.clone()
    other[:, 4:] += 1
    torch.testing.assert_close(crowd.look(h, 2)[:, :4], crowd.look(other, 2)[:, :4])


@pytest.mark.parametrize("make", [Deviation, discrimination])
def test_a_judge_of_crowds_has_the_gradient_of_autograd(make):
    crowd = make()
    judge, x = judges(crowd=crowd, extra=crowd.size), points(1)
    own = [p.requires_grad_() for p in judge.parameters()]
    slope = torch.randn(S, N, 1, generator=generator(4), dtype=torch.float64)

    def out(x):
        h = x
        for matrix, bias in zip(judge.matrices[:-1], judge.biases[:-1]):
            h = nn.functional.leaky_relu(torch.baddbmm(bias, h, matrix.mT), 0.2)
        h = torch.cat([h, crowd.look(h, 2)], 2)
        return torch.baddbmm(judge.biases[-1], h, judge.matrices[-1].mT)

    x.requires_grad_()
    wanted = torch.autograd.grad((out(x) * slope).sum(), [x, *own])
    with torch.no_grad():
        acts = judge.activations(x, groups=2)
        judge.backward(acts, slope)
        for parameter, grad in zip(own, wanted[1:]):
            torch.testing.assert_close(parameter.grad, grad)
        torch.testing.assert_close(judge.slopes(acts, slope)[1], wanted[0])


def test_a_pack_is_judged_as_one():
    judge, x = judges(pack=2, fourier=2), points()
    assert judge(x).shape == (S, N // 2, 1)
    moved = x.clone()
    moved[:, 1] += 1
    changed = (judge(x) != judge(moved))[:, :, 0]
    assert changed[:, 0].all()
    assert not changed[:, 1:].any()


def test_a_stack_is_its_networks():
    nets = [Perceptron([3, 5, 2], generator(seed)) for seed in range(3)]
    x = torch.randn(3, 4, 3, generator=generator(8))
    together = Stack(nets)(x)
    for net, own, found in zip(nets, x, together):
        torch.testing.assert_close(net(own), found)
