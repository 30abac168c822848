"""Increasing functions of one number, and their inverses."""

import pytest
import torch

from explorer.concepts.flows.univariate import BOUND, SMALLEST, affine, knots, spline
from explorer.nets import generator
from tests.concepts.flows.untrained import crowded

RAW = {"affine": 2, "spline": 3 * 16 - 1}
CURVES = {"affine": affine, "spline": spline}
every_curve = pytest.mark.parametrize("name", CURVES)


@every_curve
def test_raw_zeros_are_the_identity(name):
    x = crowded(999, generator(4))
    moved = CURVES[name](x, torch.zeros(999, 2, RAW[name]))
    torch.testing.assert_close(moved.value, x, atol=2e-6, rtol=0)
    torch.testing.assert_close(moved.log_derivative, torch.zeros(999, 2), atol=1e-5, rtol=0)


@every_curve
def test_functions_increase(name):
    rng = generator(5)
    x = torch.linspace(-1.2 * BOUND, 1.2 * BOUND, 4001, dtype=torch.float64)[:, None]
    for _ in range(5):
        raw = 2 * torch.randn(1, 1, RAW[name], generator=rng).double()
        y = CURVES[name](x, raw.expand(len(x), 1, -1)).value
        assert (y[1:] > y[:-1]).all()


def test_a_spline_keeps_its_box_and_is_the_identity_outside():
    raw = 3 * torch.randn(6, 1, 47, generator=generator(6))
    edges = torch.tensor([-BOUND, BOUND, -BOUND - 1e-3, BOUND + 1e-3, 9.0, -30.0])[:, None]
    for inverse in (False, True):
        moved = spline(edges, raw, inverse)
        assert torch.equal(moved.value, edges)
        assert torch.equal(moved.log_derivative, torch.zeros(6, 1))
    just_inside = torch.nextafter(torch.tensor(BOUND), torch.tensor(0.0)).expand(6, 1)
    torch.testing.assert_close(spline(just_inside, raw).value, just_inside, atol=1e-5, rtol=0)
    log_derivative = spline(just_inside, raw).log_derivative
    torch.testing.assert_close(log_derivative, torch.zeros(6, 1), atol=5e-3, rtol=0)


def test_a_spline_goes_through_its_knots_with_their_derivatives():
    raw = torch.randn(1, 1, 47, generator=generator(7)).double()
    at, derivative = knots(raw)
    x, y = at[0, 0]
    moved = spline(x[1:-1, None], raw.expand(15, 1, -1))
    torch.testing.assert_close(moved.value[:, 0], y[1:-1])
    torch.testing.assert_close(moved.log_derivative[:, 0], derivative[0, 0, 1:-1].log())
    share = torch.diff(at[0, 0]) / (2 * BOUND)
    assert (share >= SMALLEST * 0.999).all()
