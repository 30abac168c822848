"""Schedules, forms and targets: conversions are exact, rates are derivatives."""

from math import log, pi

import pytest
import torch

from explorer.concepts.diffusion import schedules, targets
from explorer.concepts.diffusion.network import Denoiser, PlaneNet
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.targets import TARGETS
from explorer.nets import generator

every_schedule = pytest.mark.parametrize("name", SCHEDULES)
every_target = pytest.mark.parametrize("name", TARGETS)
STRENGTHS = torch.logspace(-2, 2, 9, dtype=torch.float64)[:, None]


def inner_times(schedule, n=50):
    """Times strictly inside a schedule, float64."""
    first, last = schedule.first, schedule.last
    return first + (last - first) * torch.linspace(0.05, 0.95, n, dtype=torch.float64)


def noised(n=9):
    """Data, noise, strengths and their sum, float64."""
    rng = generator(0)
    x0, eps = (torch.randn(n, 2, generator=rng, dtype=torch.float64) for _ in range(2))
    return x0, eps, STRENGTHS[:n], x0 + STRENGTHS[:n] * eps


@every_schedule
def test_the_noise_only_ever_grows_along_a_schedule(name):
    strength = SCHEDULES[name].strength(inner_times(SCHEDULES[name]))
    assert (strength.diff() > 0).all()


@every_schedule
def test_the_rates_of_a_path_are_its_derivatives(name):
    schedule, h = SCHEDULES[name], 1e-6
    t = inner_times(schedule)
    here, before, after = (schedule.path(t + d) for d in (0, -h, h))
    for rate, low, high in [
        (here.alpha_rate, before.alpha, after.alpha),
        (here.sigma_rate, before.sigma, after.sigma),
    ]:
        torch.testing.assert_close(rate, (high - low) / (2 * h), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["linear", "cosine"])
def test_a_preserving_schedule_keeps_data_of_unit_size(name):
    alpha, sigma, *_ = SCHEDULES[name].path(inner_times(SCHEDULES[name]))
    torch.testing.assert_close(alpha**2 + sigma**2, torch.ones_like(alpha))


def test_signal_and_noise_of_the_straight_path_add_up_to_one():
    alpha, sigma, *_ = SCHEDULES["straight"].path(inner_times(SCHEDULES["straight"]))
    torch.testing.assert_close(alpha + sigma, torch.ones_like(alpha))


def test_the_linear_schedule_is_that_of_ddpm_with_a_thousand_steps():
    beta = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
    theirs = (1 - beta).cumprod(0)[[99, 499, 899]].sqrt()
    ours = SCHEDULES["linear"].path(torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)).alpha
    torch.testing.assert_close(ours, theirs, rtol=0.01, atol=1e-3)


def test_the_cosine_schedule_is_that_of_nichol_and_dhariwal():
    t = torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)
    f = ((t + 0.008) / 1.008 * pi / 2).cos() ** 2
    start = torch.tensor(0.008 / 1.008 * pi / 2, dtype=torch.float64).cos() ** 2
    torch.testing.assert_close(SCHEDULES["cosine"].path(t).alpha ** 2, f / start)


@every_schedule
@pytest.mark.parametrize("rungs", [1, 2, 20])
def test_a_ladder_goes_down_to_exactly_zero(name, rungs):
    ladder = SCHEDULES[name].ladder(rungs)
    assert len(ladder) == rungs + 1
    assert ladder[-1] == 0
    assert ladder == sorted(ladder, reverse=True)
    assert ladder[0] >= 10, "hardly anything but noise at the top"


@every_schedule
def test_strengths_to_practise_on_lie_within_the_schedule_or_are_log_normal(name):
    schedule = SCHEDULES[name]
    drawn = schedule.drawn(20_000, generator(0), practise=(-1.0, 0.5))
    assert drawn.shape == (20_000, 1)
    if schedule.log_normal:
        assert drawn.log().mean().item() == pytest.approx(-1, abs=0.02)
        assert drawn.log().std().item() == pytest.approx(0.5, abs=0.02)
    else:
        ends = schedule.strength(torch.tensor([schedule.first, schedule.last]))
        assert ends[0] <= drawn.min()
        assert drawn.max() <= ends[1] * (1 + 1e-5)


def test_every_form_has_the_strength_that_it_was_made_for():
    for form in (schedules.preserving, schedules.straight):
        torch.testing.assert_close(schedules.strength(*form(STRENGTHS)), STRENGTHS)


@pytest.mark.parametrize("name", ["score", "noise", "velocity"])
def test_a_conversion_and_its_inverse_cancel(name):
    x0, _, s, x = noised()
    there, back = getattr(schedules, name), getattr(schedules, f"guess_from_{name}")
    torch.testing.assert_close(back(x, there(x, x0, s), s), x0)


def test_of_noised_data_the_conversions_find_the_noise_and_the_velocity():
    x0, eps, s, x = noised()
    torch.testing.assert_close(schedules.noise(x, x0, s), eps)
    torch.testing.assert_close(schedules.velocity(x, x0, s), eps - x0)
    torch.testing.assert_close(schedules.score(x, x0, s), -eps / s)


@every_target
def test_the_right_answer_becomes_the_right_guess(name):
    x0, _, s, x = noised()
    target = TARGETS[name]
    guess = target.skip(s) * x + target.out(s) * target.right_answer(x0, x, s)
    torch.testing.assert_close(guess, x0)


def test_each_target_is_what_its_name_says():
    x0, eps, s, x = noised()
    expected = {
        "noise": eps,
        "data": x0,
        "flow": eps - x0,
        "edm": (s * x0 - eps) / (1 + s**2).sqrt(),  # minus the velocity of Salimans and Ho
    }
    assert set(expected) == set(targets.TARGETS)
    for name, answer in expected.items():
        torch.testing.assert_close(TARGETS[name].right_answer(x0, x, s), answer)


@pytest.mark.parametrize("name", ["edm", "noise", "data"])
def test_the_network_sees_data_of_unit_size_at_every_strength(name):
    x0, eps = (torch.randn(4000, 2, generator=generator(seed)) for seed in (0, 1))
    for s in (0.01, 1.0, 100.0):
        strength = torch.tensor([[s]])
        seen = TARGETS[name].inside(strength) * (x0 + s * eps)
        assert seen.std().item() == pytest.approx(1, abs=0.05)


def test_a_network_of_straight_flow_sees_the_straight_path():
    x0, eps, s, x = noised()
    t = s / (1 + s)
    torch.testing.assert_close(TARGETS["flow"].inside(s) * x, (1 - t) * x0 + t * eps)


@every_target
def test_the_denoiser_is_the_guess_that_goes_with_the_network_and_its_loss_that_of_the_answer(name):
    denoiser = Denoiser(PlaneNet(16, 4, generator(0)), name)
    x0, eps, s, x = (value.float() for value in noised())
    guess, target = denoiser(x, s), denoiser.target
    torch.testing.assert_close(
        guess, target.skip(s) * x + target.out(s) * denoiser.answer(x, s), rtol=1e-4, atol=1e-4
    )
    in_guess = ((guess - x0) / target.out(s)).square().mean()
    torch.testing.assert_close(denoiser.loss(x0, s, eps), in_guess, rtol=2e-3, atol=1e-4)


def test_one_strength_for_all_is_the_same_as_one_for_each():
    denoiser = Denoiser(PlaneNet(16, 4, generator(0)), "edm")
    x = torch.randn(5, 2, generator=generator(1))
    torch.testing.assert_close(denoiser(x, 0.3), denoiser(x, torch.full((5, 1), 0.3)))


def test_the_geometric_schedule_takes_equal_steps_of_the_logarithm():
    ladder = torch.tensor(SCHEDULES["geometric"].ladder(9)[:-1], dtype=torch.float64)
    steps = ladder.log().diff()
    torch.testing.assert_close(steps, torch.full_like(steps, -log(20 / 0.01) / 8))
