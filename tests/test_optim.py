"""The flat optimisers follow PyTorch's own, step by step."""

from copy import deepcopy
from math import cos, pi

import pytest
import torch
from torch import nn

from explorer.nets import generator, mlp
from explorer.optim import SGD, Adam, Average, cosine

STEPS = 60
PAIRS = {
    "Adam": (
        lambda p: Adam(p, 3e-3),
        lambda p: torch.optim.Adam(p, 3e-3),
    ),
    "Adam with other betas": (
        lambda p: Adam(p, 1e-3, (0.5, 0.9), eps=1e-6),
        lambda p: torch.optim.Adam(p, 1e-3, (0.5, 0.9), eps=1e-6),
    ),
    "Adam without momentum": (
        lambda p: Adam(p, 1e-3, (0.0, 0.99)),
        lambda p: torch.optim.Adam(p, 1e-3, (0.0, 0.99)),
    ),
    "AdamW": (
        lambda p: Adam(p, 3e-3, decay=0.1),
        lambda p: torch.optim.AdamW(p, 3e-3, weight_decay=0.1),
    ),
    "SGD": (
        lambda p: SGD(p, 0.1),
        lambda p: torch.optim.SGD(p, 0.1),
    ),
    "SGD with momentum": (
        lambda p: SGD(p, 0.05, momentum=0.9),
        lambda p: torch.optim.SGD(p, 0.05, momentum=0.9),
    ),
}


def net(seed=0):
    return mlp([2, 16, 16, 1], generator(seed))


def losses(model):
    rng = generator(1)
    while True:
        x = torch.randn(32, 2, generator=rng)
        yield (model(x) - x.prod(dim=1, keepdim=True)).square().mean()


def values(model):
    return torch.cat([p.detach().reshape(-1) for p in model.parameters()])


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_trajectory_is_that_of_torch(pair):
    ours, theirs = net(), net()
    optimizer, oracle = pair[0](ours.parameters()), pair[1](theirs.parameters())
    start = values(ours)
    for _, a, b in zip(range(STEPS), losses(ours), losses(theirs)):
        optimizer.descend(a)
        oracle.zero_grad()
        b.backward()
        oracle.step()
    torch.testing.assert_close(values(ours), values(theirs), rtol=1e-4, atol=1e-6)
    assert (values(ours) - start).norm() > 0.05


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_rate_may_change_between_steps(pair):
    ours, theirs = net(), net()
    optimizer, oracle = pair[0](ours.parameters()), pair[1](theirs.parameters())
    for step, a, b in zip(range(20), losses(ours), losses(theirs)):
        optimizer.rate = oracle.param_groups[0]["lr"] = 1e-2 / (1 + step)
        optimizer.descend(a)
        oracle.zero_grad()
        b.backward()
        oracle.step()
    torch.testing.assert_close(values(ours), values(theirs), rtol=1e-4, atol=1e-6)


def test_parameters_become_views_and_the_network_computes_the_same():
    model, twin = net(), net()
    optimizer = Adam(model.parameters())
    x = torch.randn(5, 2, generator=generator(2))
    assert torch.equal(model(x), twin(x))
    optimizer.flat.value.zero_()
    assert not model(x).any()
    assert [p.shape for p in model.parameters()] == [p.shape for p in twin.parameters()]


def test_gradients_arrive_in_the_flat_vector_and_do_not_pile_up():
    model = net()
    optimizer = SGD(model.parameters(), rate=0.0)
    once = []
    for _ in range(2):
        optimizer.descend(next(losses(model)))
        once.append(optimizer.flat.grad.clone())
    assert once[0].any()
    assert torch.equal(*once)
    assert torch.equal(torch.cat([p.grad.reshape(-1) for p in model.parameters()]), once[0])


def test_a_step_leaves_no_graph_and_keeps_gradients_enabled():
    model = net()
    optimizer = Adam(model.parameters())
    optimizer.descend(next(losses(model)))
    assert torch.is_grad_enabled()
    assert all(p.requires_grad and p.is_leaf for p in model.parameters())
    assert not optimizer.flat.value.requires_grad


def test_two_networks_under_one_optimiser():
    a, b = net(0), net(1)
    optimizer = SGD([*a.parameters(), *b.parameters()], 0.1)
    before = values(a), values(b)
    optimizer.descend(next(losses(a)) + next(losses(b)))
    assert not torch.equal(values(a), before[0])
    assert not torch.equal(values(b), before[1])


def test_an_optimiser_of_nothing_is_refused():
    with pytest.raises(ValueError, match="parameters must not be empty"):
        Adam([])


def test_the_average_follows_a_constant_at_once_and_a_walk_late():
    parameter = nn.Parameter(torch.zeros(1))
    optimizer = SGD([parameter], 1.0)
    average = Average(optimizer, decay=0.9)
    for value in (1.0, 1.0):
        optimizer.flat.value.fill_(value)
        average.update()
    # It moves from 0 by 1 - 2/11 and then 1 - 3/12 of what is left.
    assert average.value.item() == pytest.approx(1 - 2 / 11 * 3 / 12)


def test_the_average_ends_as_the_plain_exponential_one():
    parameter = nn.Parameter(torch.zeros(1))
    optimizer = SGD([parameter], 1.0)
    average = Average(optimizer, decay=0.5)
    rng, expected = generator(0), None
    for step in range(200):
        optimizer.flat.value.copy_(torch.randn(1, generator=rng))
        average.update()
        if step == 100:
            expected = average.value.clone()
        elif step > 100:
            expected = 0.5 * expected + 0.5 * optimizer.flat.value
    torch.testing.assert_close(average.value, expected)


def test_an_average_is_written_into_a_network_without_touching_the_one_that_trains():
    model = net()
    shown = deepcopy(model)
    optimizer = Adam(model.parameters())
    average = Average(optimizer)
    for _, loss in zip(range(5), losses(model)):
        optimizer.descend(loss)
        average.update()
    trained = values(model)
    average.copy_to(shown)
    assert torch.equal(values(shown), average.value)
    assert torch.equal(values(model), trained)
    assert not torch.equal(values(shown), trained)


def test_the_cosine_rises_falls_and_ends_at_nothing():
    rates = [cosine(step, 100, 0.5, warmup=10) for step in range(101)]
    assert rates[:10] == pytest.approx([0.05 * (i + 1) for i in range(10)])
    assert rates[10] == 0.5
    assert rates[55] == pytest.approx(0.25)
    assert rates[100] == pytest.approx(0)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_the_cosine_without_warmup_is_that_of_torch():
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 50)
    for step in range(50):
        assert cosine(step, 50, 0.3) == pytest.approx(schedule.get_last_lr()[0])
        assert cosine(step, 50, 0.3) == pytest.approx(0.15 * (1 + cos(pi * step / 50)))
        optimizer.step()
        schedule.step()
