"""The six games: their slopes, and the judges that play them best."""

import math

import pytest
import torch

from explorer.concepts.gan.losses import LOSSES

STEP = 1e-6
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
with_best = pytest.mark.parametrize(
    "loss",
    [pytest.param(loss, id=name) for name, loss in LOSSES.items() if loss.best is not None],
)


def numbers(seed, n=64):
    rng = torch.Generator().manual_seed(seed)
    return 1.5 * torch.randn(n, generator=rng, dtype=torch.float64)


def two_densities(n=9):
    """Shares of n places, for real and for made-up points."""
    rng = torch.Generator().manual_seed(3)
    p, q = (torch.rand(n, generator=rng, dtype=torch.float64) + 0.05 for _ in range(2))
    return p / p.sum(), q / q.sum()


def risk(loss, d, p, q):
    """The judge's loss over independent pairs of places, when it says d (n,) there."""
    return p @ loss.judge(d[:, None].expand(len(p), len(q)), d[None, :].expand(len(p), len(q))) @ q


@every_loss
def test_slopes_are_what_finite_differences_say(loss):
    a, b = numbers(1), numbers(2)
    by_a, by_b = loss.judge_slopes(a, b)
    for slope, plus, minus in (
        (by_a, loss.judge(a + STEP, b), loss.judge(a - STEP, b)),
        (by_b, loss.judge(a, b + STEP), loss.judge(a, b - STEP)),
        (loss.forger_slope(a, b), loss.forger(a, b + STEP), loss.forger(a, b - STEP)),
    ):
        torch.testing.assert_close(slope, (plus - minus) / (2 * STEP), atol=1e-6, rtol=1e-5)


@every_loss
def test_the_judge_wants_real_points_higher_and_made_up_points_lower(loss):
    a, b = torch.zeros(1), torch.zeros(1)
    by_a, by_b = loss.judge_slopes(a, b)
    assert by_a.item() <= 0 <= by_b.item()
    assert by_b.item() - by_a.item() > 0
    assert loss.forger_slope(a, b).item() < 0


@with_best
def test_no_judge_does_better_than_the_best_judge(loss):
    p, q = two_densities()
    best = loss.best(p.log() - q.log())
    least = risk(loss, best, p, q)
    rng = torch.Generator().manual_seed(0)
    for size in (1e-3, 0.1, 1.0):
        for _ in range(50):
            other = best + size * torch.randn(len(p), generator=rng, dtype=torch.float64)
            assert risk(loss, other, p, q) >= least - 1e-12


@with_best
def test_nothing_is_left_to_learn_where_real_and_made_up_are_alike(loss):
    p, _ = two_densities()
    d = loss.best(torch.zeros_like(p))
    assert risk(loss, d, p, p).item() == pytest.approx(loss.at_rest[0])
    assert (p @ loss.forger(d, d)).item() == pytest.approx(loss.at_rest[1])


def test_the_best_judges_loss_is_the_jensen_shannon_divergence():
    loss, (p, q) = LOSSES["nonsaturating"], two_densities()
    middle = (p + q) / 2
    divergence = ((p * (p / middle).log()).sum() + (q * (q / middle).log()).sum()) / 2
    least = risk(loss, loss.best(p.log() - q.log()), p, q)
    assert least.item() == pytest.approx(2 * math.log(2) - 2 * divergence.item())


def test_the_best_hinge_judge_leaves_what_both_densities_share():
    loss, (p, q) = LOSSES["hinge"], two_densities()
    least = risk(loss, loss.best(p.log() - q.log()), p, q)
    assert least.item() == pytest.approx(2 * torch.minimum(p, q).sum().item())


@pytest.mark.parametrize("name", ["nonsaturating", "leastsquares", "relativistic"])
def test_the_best_judge_believes_the_share_of_real_points(name):
    loss, (p, q) = LOSSES[name], two_densities()
    torch.testing.assert_close(loss.belief(loss.best(p.log() - q.log())), p / (p + q))


@every_loss
def test_belief_rises_from_none_to_all(loss):
    belief = loss.belief(torch.linspace(-9, 9, 200))
    assert (belief.diff() >= 0).all()
    assert belief[0] < 0.01
    assert belief[-1] > 0.99


def test_minimax_has_no_slope_where_a_point_is_found_out_and_the_others_have_one():
    found_out = torch.tensor([-12.0])
    slopes = {name: loss.forger_slope(found_out * 0, found_out) for name, loss in LOSSES.items()}
    assert slopes.pop("minimax").abs().item() < 1e-4
    assert all(slope.abs().item() > 0.9 for slope in slopes.values())


def test_only_the_difference_counts_for_the_relativistic_loss():
    loss, a, b = LOSSES["relativistic"], numbers(1), numbers(2)
    torch.testing.assert_close(loss.judge(a + 5, b + 5), loss.judge(a, b))
    torch.testing.assert_close(loss.forger(a + 5, b + 5), loss.forger(a, b))


@every_loss
def test_no_loss_overflows_for_a_judge_that_is_certain(loss):
    far = torch.tensor([-1e4, 1e4])
    for value in (loss.judge(far, -far), loss.forger(far, -far), *loss.judge_slopes(far, -far)):
        assert value.isfinite().all()
