"""Continuous flows: the divergence is exact, and every density adds up to one."""

import pytest
import torch

from explorer.concepts.flows import flow_matching
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.plane import integral
from tests.concepts.flows.untrained import velocity


def test_the_divergence_is_that_of_finite_differences():
    v = flow_matching.exact(plane.get("moons"))
    x = torch.randn(50, 2, generator=generator(3)).double()
    v_at, divergence = flow_matching.with_divergence(v, x, 0.3)
    torch.testing.assert_close(v_at, v(x, 0.3))
    h, known = 1e-5, torch.zeros(50).double()
    for i in (0, 1):
        step = torch.zeros(2).double()
        step[i] = h
        known += (v(x + step, 0.3) - v(x - step, 0.3))[:, i] / (2 * h)
    torch.testing.assert_close(divergence, known, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("name", "most"), [("moons", 0.01), ("gaussians", 0.01), ("ring", 0.03)])
def test_the_exact_velocity_gives_the_exact_density(name, most):
    dist = plane.get(name)
    x = dist.sample(200, generator(4))
    own = flow_matching.log_density(flow_matching.exact(dist), x, 60)
    assert (own - dist.log_density(x)).abs().mean() < most


def test_a_learnt_velocity_has_mass_one():
    model = velocity()
    mass = integral(lambda x: model.log_density(x, 20).exp(), (-4.0, 4.0), 60)
    assert mass.value == pytest.approx(1, abs=0.01)


def test_a_point_mass_is_reached_along_straight_lines():
    """Of data at one place, the velocity is (x - place) / t: solving the ODE leads there."""
    place = torch.tensor([0.4, -0.7])
    end = flow_matching.solve(lambda x, t: (x - place) / t, flow_matching.noise(50, 0), 30)
    torch.testing.assert_close(end, place.expand(50, 2), atol=0.01, rtol=0)


def test_training_lowers_the_loss_towards_that_of_the_exact_velocity():
    config = flow_matching.FlowMatchingConfig(hidden=32, fourier_features=8, steps=150)
    snapshots, model = finish(flow_matching.match(config))
    first, last = snapshots[0], snapshots[-1]
    assert 0.97 * last.fixed.best_loss < last.loss < 0.8 * first.loss
    assert last.distance < first.distance / 2
    assert model.sample(9, seed=1).shape == (9, 2)
