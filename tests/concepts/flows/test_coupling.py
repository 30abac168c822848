"""Coupling layers: every one can be inverted, and its log-determinant is that of the Jacobian."""

from math import log

import pytest
import torch

from explorer.concepts.flows.config import COUPLINGS
from explorer.concepts.flows.coupling import log_normal
from explorer.nets import generator
from explorer.truth.plane import integral
from tests.concepts.flows.untrained import crowded, wild

every_kind = pytest.mark.parametrize("kind", COUPLINGS)


@every_kind
def test_every_layer_can_be_inverted_also_near_the_bound(kind):
    flow, x = wild(kind), crowded(100_000, generator(1))
    with torch.no_grad():
        for layer in flow.layers:
            there = layer(x)
            back = layer(there.x, inverse=True)
            assert (back.x - x).abs().max() <= 1e-4
            again = layer(back.x)
            assert (again.x - there.x).abs().max() <= 1e-4


@every_kind
def test_the_log_determinant_of_the_inverse_is_the_negative_one(kind):
    flow, x = wild(kind), torch.randn(2000, 2, generator=generator(2))
    with torch.no_grad():
        for layer in flow.layers:
            there = layer(x)
            back = layer(there.x, inverse=True)
            torch.testing.assert_close(back.log_det, -there.log_det, atol=2e-3, rtol=1e-3)


@every_kind
def test_the_log_determinant_is_that_of_the_jacobian(kind):
    x = crowded(30, generator(3)).double().requires_grad_()
    for layer in wild(kind).double().layers:
        there = layer(x)
        rows = [torch.autograd.grad(there.x[:, i].sum(), x, retain_graph=True)[0] for i in (0, 1)]
        known = torch.linalg.slogdet(torch.stack(rows, 1)).logabsdet
        torch.testing.assert_close(there.log_det, known, atol=1e-6, rtol=1e-6)


@every_kind
def test_a_flow_is_the_sum_of_its_terms_and_its_mass_is_one(kind):
    flow, x = wild(kind, scale=0.2), torch.randn(50, 2, generator=generator(8))
    with torch.no_grad():
        steps = list(flow.forward_steps(x))
        total = log_normal(steps[-1].x) + torch.stack([step.log_det for step in steps]).sum(0)
        torch.testing.assert_close(flow.log_density(x), total)
        mass = integral(lambda u: flow.log_density(u).exp(), (-8.0, 8.0), 300)
    assert mass.value == pytest.approx(1, abs=0.01)


def test_log_normal_is_that_of_torch():
    z = torch.randn(20, 5, generator=generator(13))
    known = torch.distributions.Normal(0, 1).log_prob(z).sum(1)
    torch.testing.assert_close(log_normal(z), known)
    assert log_normal(torch.zeros(1, 2)).item() == pytest.approx(-log(2 * torch.pi))
