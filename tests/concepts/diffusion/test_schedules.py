"""Noise schedules and forms: conversions are exact, derivatives are derivatives."""

from math import log, pi

import pytest
import torch

from explorer.concepts.diffusion import schedules
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.nets import generator

every_schedule = pytest.mark.parametrize("name", SCHEDULES)
LEVELS = torch.logspace(-2, 2, 9, dtype=torch.float64)[:, None]


def inner_times(schedule, n=50):
    """Times strictly inside a schedule, float64."""
    first, last = schedule.first, schedule.last
    return first + (last - first) * torch.linspace(0.05, 0.95, n, dtype=torch.float64)


def noised(n=9):
    """Data, noise, noise levels and their sum, float64."""
    rng = generator(0)
    x0, eps = (torch.randn(n, 2, generator=rng, dtype=torch.float64) for _ in range(2))
    return x0, eps, LEVELS[:n], x0 + LEVELS[:n] * eps


@every_schedule
def test_the_noise_only_ever_grows_along_a_schedule(name):
    level = SCHEDULES[name].noise_level(inner_times(SCHEDULES[name]))
    assert (level.diff() > 0).all()


@every_schedule
def test_the_derivatives_of_a_path_are_those_of_finite_differences(name):
    schedule, h = SCHEDULES[name], 1e-6
    t = inner_times(schedule)
    here, before, after = (schedule.path(t + d) for d in (0, -h, h))
    for derivative, low, high in [
        (here.d_alpha, before.alpha, after.alpha),
        (here.d_sigma, before.sigma, after.sigma),
    ]:
        torch.testing.assert_close(derivative, (high - low) / (2 * h), rtol=1e-4, atol=1e-4)


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
@pytest.mark.parametrize("steps", [1, 2, 20])
def test_noise_levels_go_down_to_exactly_zero(name, steps):
    levels = SCHEDULES[name].noise_levels(steps)
    assert len(levels) == steps + 1
    assert levels[-1] == 0
    assert levels == sorted(levels, reverse=True)
    assert levels[0] >= 10, "hardly anything but noise at the top"


@every_schedule
def test_noise_levels_of_training_lie_within_the_schedule_or_are_log_normal(name):
    schedule = SCHEDULES[name]
    drawn = schedule.draw(20_000, generator(0), log_normal=(-1.0, 0.5))
    assert drawn.shape == (20_000, 1)
    if schedule.log_normal:
        assert drawn.log().mean().item() == pytest.approx(-1, abs=0.02)
        assert drawn.log().std().item() == pytest.approx(0.5, abs=0.02)
    else:
        ends = schedule.noise_level(torch.tensor([schedule.first, schedule.last]))
        assert ends[0] <= drawn.min()
        assert drawn.max() <= ends[1] * (1 + 1e-5)


def test_every_form_has_the_noise_level_that_it_was_made_for():
    for form in (schedules.variance_preserving, schedules.straight):
        alpha, sigma = form(LEVELS)
        torch.testing.assert_close(sigma / alpha, LEVELS)


@pytest.mark.parametrize("name", ["score", "noise", "velocity"])
def test_a_conversion_and_its_inverse_cancel(name):
    x0, _, s, x = noised()
    there, back = getattr(schedules, name), getattr(schedules, f"denoised_from_{name}")
    torch.testing.assert_close(back(x, there(x, x0, s), s), x0)


def test_of_noised_data_the_conversions_find_the_noise_and_the_velocity():
    x0, eps, s, x = noised()
    torch.testing.assert_close(schedules.noise(x, x0, s), eps)
    torch.testing.assert_close(schedules.velocity(x, x0, s), eps - x0)
    torch.testing.assert_close(schedules.score(x, x0, s), -eps / s)


def test_the_geometric_schedule_takes_equal_steps_of_the_logarithm():
    levels = torch.tensor(SCHEDULES["geometric"].noise_levels(9)[:-1], dtype=torch.float64)
    steps = levels.log().diff()
    torch.testing.assert_close(steps, torch.full_like(steps, -log(20 / 0.01) / 8))
