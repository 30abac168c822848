"""Flows: what bends can be unbent, and every density adds up to one."""

from dataclasses import replace
from math import log

import pytest
import torch

from explorer.concepts.flows import build
from explorer.concepts.flows.config import COUPLINGS, Config, usual
from explorer.concepts.flows.coupling import Coupling, Flow, log_normal
from explorer.concepts.flows.grid import GAP, LINES, lattice, refined
from explorer.concepts.flows.plane import OUTSIDE, off_level, train
from explorer.concepts.flows.transforms import BOUND, SMALLEST, affine, knots, spline
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.plane import integral

RAW = {"affine": 2, "spline": 3 * 16 - 1}
CURVES = {"affine": affine, "spline": spline}
every_curve = pytest.mark.parametrize("name", CURVES)
every_kind = pytest.mark.parametrize("kind", COUPLINGS)


def wild(kind: str, dim: int = 2, layers: int = 3, scale: float = 0.6, seed: int = 0) -> Flow:
    """A flow whose last layers do not start at zero, so that it bends in earnest."""
    config = Config(coupling=kind, layers=layers, hidden=32)
    rng = generator(seed)
    flow = build.flow(config, dim, rng)
    for layer in flow.layers:
        if isinstance(layer, Coupling):
            with torch.no_grad():
                for parameter in layer.says[-1].parameters():
                    parameter.copy_(scale * torch.randn(parameter.shape, generator=rng))
    return flow


def crowded(n: int, rng: torch.Generator) -> torch.Tensor:
    """Random points (n, 2): of noise, all over the box, and close to its bound on either side."""
    third = n // 3
    near = BOUND * (1 + 1e-3 * torch.randn(n - 2 * third, 2, generator=rng))
    near = near * torch.sign(torch.rand(near.shape, generator=rng) - 0.5)
    box = (2 * torch.rand(third, 2, generator=rng) - 1) * 1.2 * BOUND
    return torch.cat([torch.randn(third, 2, generator=rng), box, near])


@every_kind
def test_every_layer_is_undone_also_near_the_bound(kind):
    flow, x = wild(kind), crowded(100_000, generator(1))
    with torch.no_grad():
        for layer in flow.layers:
            there = layer(x)
            back = layer(there.x, back=True)
            assert (back.x - x).abs().max() <= 1e-4
            again = layer(back.x)
            assert (again.x - there.x).abs().max() <= 1e-4


@every_kind
def test_the_way_back_stretches_as_much_as_the_way_there_squeezed(kind):
    flow, x = wild(kind), torch.randn(2000, 2, generator=generator(2))
    with torch.no_grad():
        for layer in flow.layers:
            there = layer(x)
            back = layer(there.x, back=True)
            torch.testing.assert_close(back.log_det, -there.log_det, atol=2e-3, rtol=1e-3)


@every_kind
def test_the_log_determinant_is_that_of_the_jacobian(kind):
    x = crowded(30, generator(3)).double().requires_grad_()
    for layer in wild(kind).double().layers:
        there = layer(x)
        rows = [torch.autograd.grad(there.x[:, i].sum(), x, retain_graph=True)[0] for i in (0, 1)]
        known = torch.linalg.slogdet(torch.stack(rows, 1)).logabsdet
        torch.testing.assert_close(there.log_det, known, atol=1e-6, rtol=1e-6)


@every_curve
def test_raw_zeros_move_nothing(name):
    x = crowded(999, generator(4))
    moved = CURVES[name](x, torch.zeros(999, 2, RAW[name]))
    torch.testing.assert_close(moved.value, x, atol=2e-6, rtol=0)
    torch.testing.assert_close(moved.log_slope, torch.zeros(999, 2), atol=1e-5, rtol=0)


@every_curve
def test_curves_rise(name):
    rng = generator(5)
    x = torch.linspace(-1.2 * BOUND, 1.2 * BOUND, 4001, dtype=torch.float64)[:, None]
    for _ in range(5):
        raw = 2 * torch.randn(1, 1, RAW[name], generator=rng).double()
        y = CURVES[name](x, raw.expand(len(x), 1, -1)).value
        assert (y[1:] > y[:-1]).all()


def test_a_spline_keeps_its_box_and_moves_nothing_outside():
    raw = 3 * torch.randn(6, 1, 47, generator=generator(6))
    edges = torch.tensor([-BOUND, BOUND, -BOUND - 1e-3, BOUND + 1e-3, 9.0, -30.0])[:, None]
    for back in (False, True):
        moved = spline(edges, raw, back)
        assert torch.equal(moved.value, edges)
        assert torch.equal(moved.log_slope, torch.zeros(6, 1))
    just_inside = torch.nextafter(torch.tensor(BOUND), torch.tensor(0.0)).expand(6, 1)
    torch.testing.assert_close(spline(just_inside, raw).value, just_inside, atol=1e-5, rtol=0)
    torch.testing.assert_close(spline(just_inside, raw).log_slope, torch.zeros(6, 1), atol=5e-3,
                               rtol=0)  # fmt: skip


def test_a_spline_goes_through_its_knots_with_their_slopes():
    raw = torch.randn(1, 1, 47, generator=generator(7)).double()
    at, slope = knots(raw)
    x, y = at[0, 0]
    moved = spline(x[1:-1, None], raw.expand(15, 1, -1))
    torch.testing.assert_close(moved.value[:, 0], y[1:-1])
    torch.testing.assert_close(moved.log_slope[:, 0], slope[0, 0, 1:-1].log())
    share = torch.diff(at[0, 0]) / (2 * BOUND)
    assert (share >= SMALLEST * 0.999).all()


@every_kind
def test_a_flow_is_the_sum_of_its_terms_and_its_mass_is_one(kind):
    flow, x = wild(kind, scale=0.2), torch.randn(50, 2, generator=generator(8))
    with torch.no_grad():
        steps = list(flow.to_noise(x))
        total = log_normal(steps[-1].x) + torch.stack([step.log_det for step in steps]).sum(0)
        torch.testing.assert_close(flow.log_density(x), total)
        mass = integral(lambda u: flow.log_density(u).exp(), (-8.0, 8.0), 300)
    assert mass.value == pytest.approx(1, abs=0.01)


def test_the_chain_of_zukos_layers_is_zukos_own_density():
    import zuko

    config, rng = Config(coupling="zuko", hidden=16, bins=8), generator(9)
    flow = build.flow(config, 2, rng)
    library = zuko.flows.NSF(2, transforms=3, bins=8, hidden_features=[16, 16], passes=2)
    for own, other in zip(flow.layers, library.transform.transforms, strict=True):
        other.load_state_dict(own.lazy.state_dict())
    x = torch.randn(40, 2, generator=rng)
    torch.testing.assert_close(flow.log_density(x), library().log_prob(x))


def test_layers_of_images_take_turns_over_all_pixels():
    met = torch.zeros(64)
    for number in range(8):
        kept, moved = build.halves(64, number)
        assert sorted([*kept, *moved]) == list(range(64))
        assert len(kept) == len(moved) == 32
        met[moved] += 1
    assert (met == 4).all()


def test_one_layer_leaves_the_kept_coordinate_as_it_was():
    flow, z = wild("spline", layers=1), torch.randn(500, 2, generator=generator(10))
    made = flow.made_of(z)
    assert torch.equal(made[:, 0], z[:, 0])
    assert not torch.allclose(made[:, 1], z[:, 1])


@every_kind
def test_training_closes_the_gap_and_a_gap_is_never_below_zero(kind):
    tiny = {"layers": 2, "hidden": 16, "bins": 6, "batch": 128, "learning_rate": 5e-3}
    config = replace(usual("moons", kind), steps=40, seed=3, **tiny)
    snapshots, model = finish(train(config))
    first, last = snapshots[0].marks, snapshots[-1].marks
    assert last.gap < 0.75 * first.gap
    assert last.gap > 0
    assert last.mass == pytest.approx(1, abs=0.01)
    own = plane.get("moons").sample(2000, generator(11))
    gap = (plane.get("moons").log_density(own) - model.log_density(own)).mean().item()
    assert gap == pytest.approx(last.gap, abs=0.1)


def test_before_training_nothing_is_bent():
    first = next(train(Config(steps=5)))
    torch.testing.assert_close(torch.tensor(first.as_noise), torch.tensor(first.fixed.real),
                               atol=1e-5, rtol=0)  # fmt: skip


def test_the_grid_has_no_gaps_and_lies_on_its_lines():
    flow = wild("spline", scale=0.3)
    grid, x = refined(flow.made_of)
    torch.testing.assert_close(flow.made_of(grid.z), x)
    assert len(x) > len(lattice().z), "a flow that bends needs more points"
    same = grid.line[1:] == grid.line[:-1]
    assert (x[1:] - x[:-1]).norm(dim=1)[same].max() <= 3 * GAP
    drawn = torch.tensor(grid.drawn(x))
    assert drawn.isnan().any(1).sum() == 2 * LINES - 1
    known = lattice()
    for number in range(2 * LINES):
        own, first = grid.z[grid.line == number], known.z[known.line == number]
        across, along = (0, 1) if number < LINES else (1, 0)
        assert (own[:, across] - first[0, across]).abs().max() < 1e-6
        assert (own[1:, along] > own[:-1, along]).all()


@pytest.mark.parametrize("name", ["moons", "checkerboard"])
def test_as_few_real_points_lie_off_the_data_as_is_said(name):
    dist, rng = plane.get(name), generator(12)
    level = off_level(dist, dist.sample(20_000, rng))
    off = (dist.log_density(dist.sample(20_000, rng)) < level).double().mean().item()
    assert off <= 2 * OUTSIDE


def test_log_normal_is_that_of_torch():
    z = torch.randn(20, 5, generator=generator(13))
    known = torch.distributions.Normal(0, 1).log_prob(z).sum(1)
    torch.testing.assert_close(log_normal(z), known)
    assert log_normal(torch.zeros(1, 2)).item() == pytest.approx(-log(2 * torch.pi))
