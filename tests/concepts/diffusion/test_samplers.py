"""An exact denoiser in, the exact distribution out: every sampler, at all noise levels."""

from itertools import pairwise
from math import sqrt

import pytest
import torch

from explorer.concepts.diffusion import samplers, schedules
from explorer.concepts.diffusion.samplers import (
    SAMPLERS,
    clipped,
    final,
    guided,
    pure_noise,
    reverse_process,
)
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.data import plane
from explorer.nets import generator
from explorer.truth.distances import sliced_wasserstein
from explorer.truth.floors import noise_floor

MEAN, SIZE = torch.tensor([0.7, -0.4]), 0.5
TOO_FEW = {"ddpm": 300, "ddim": 120, "euler": 200, "flow": 120, "heun": 40}
every_sampler = pytest.mark.parametrize("sampler", SAMPLERS)
every_schedule = pytest.mark.parametrize("levels", ["karras", "linear", "cosine", "straight"])


def gaussian(x, s):
    """The exact E[x0 | x] when data are N(MEAN, SIZE^2)."""
    return (SIZE**2 * x + s**2 * MEAN) / (SIZE**2 + s**2)


def exact(name):
    """The exact denoised estimate for a distribution of the plane."""
    return lambda x, s: x + s**2 * plane.get(name).noised(1, s).score(x)


def samples(denoise, sampler, levels, steps, n=2000, eta=0.0, seed=0):
    rng, schedule = generator(seed), SCHEDULES["straight" if sampler == "flow" else levels]
    x = pure_noise((n, 2), schedule, rng)
    return final(reverse_process(denoise, x, schedule, steps, sampler, eta, rng))


def ode_error(step, steps):
    """How far from noise level 4 to 0.5 one ends from the exact flow of the Gaussian."""
    x = x_0 = torch.randn(64, 2, generator=generator(0), dtype=torch.float64) * 4
    levels = torch.logspace(torch.log10(torch.tensor(4.0)), torch.log10(torch.tensor(0.5)),
                            steps + 1, dtype=torch.float64).tolist()  # fmt: skip
    for s, to in pairwise(levels):
        x = step(x, gaussian(x, s), s, to)
    scale = sqrt((SIZE**2 + levels[-1] ** 2) / (SIZE**2 + levels[0] ** 2))
    return (x - (MEAN + (x_0 - MEAN) * scale)).abs().mean().item()


@every_sampler
@every_schedule
def test_the_exact_denoiser_of_a_gaussian_gives_that_gaussian(sampler, levels):
    x = samples(gaussian, sampler, levels, TOO_FEW[sampler], n=4000)
    torch.testing.assert_close(x.mean(0), MEAN, atol=0.04, rtol=0)
    assert x.std(0).mean().item() == pytest.approx(SIZE, rel=0.05)


@every_sampler
@pytest.mark.parametrize("data", ["ring", "moons"])
def test_the_exact_denoiser_of_a_mixture_gives_that_mixture(sampler, data):
    x = samples(exact(data), sampler, "cosine", TOO_FEW[sampler])
    fresh = plane.get(data).sample(2000, generator(9))
    floor = noise_floor("sliced_wasserstein", data, 2000, None, 64)
    assert sliced_wasserstein(x, fresh, 64) <= 1.3 * floor.high


@pytest.mark.parametrize(
    ("step", "order"),
    [
        (lambda x, denoised, s, to: samplers.ddim(x, denoised, s, to, 0.0, None), 1),
        (lambda x, denoised, s, to: samplers.heun(gaussian, x, denoised, s, to), 2),
    ],
    ids=["DDIM", "Heun"],
)
def test_twice_as_many_steps_divide_the_error_by_two_to_the_order(step, order):
    coarse, fine = ode_error(step, 32), ode_error(step, 64)
    assert coarse / fine == pytest.approx(2**order, rel=0.15)


@every_schedule
def test_one_step_lands_on_the_denoised_estimate(levels):
    x = samples(gaussian, "ddim", levels, 1)
    assert (x.std(0) < 0.05).all()
    torch.testing.assert_close(x.mean(0), MEAN, atol=0.05, rtol=0)


def test_flow_matching_is_ddim_on_the_straight_path():
    flow, ddim = (samples(exact("moons"), name, "straight", 20, n=64) for name in ("flow", "ddim"))
    torch.testing.assert_close(flow, ddim, atol=2e-3, rtol=1e-3)


def test_a_step_of_flow_matching_follows_the_velocity():
    """On the straight path Euler's step is x_t + (t' - t) v, with v the estimate of eps - x0."""
    t, to = torch.tensor(0.6, dtype=torch.float64), torch.tensor(0.5, dtype=torch.float64)
    s = (t / (1 - t)).item()
    x = torch.randn(8, 2, generator=generator(0), dtype=torch.float64)
    denoised = gaussian(x, s)
    x_t = (1 - t) * x + (to - t) * schedules.velocity(x, denoised, s)
    stepped = samplers.euler(x, denoised, SCHEDULES["straight"], t, to)
    torch.testing.assert_close((1 - to) * stepped, x_t)


@pytest.mark.parametrize("t", [0.1, 0.5, 0.9])
def test_the_velocity_of_a_gaussian_is_the_regression_on_the_path(t):
    """E[eps - x0 | x_t] in closed form, from the covariance of the two."""
    x0 = MEAN + SIZE * torch.randn(9, 2, generator=generator(0))
    eps = torch.randn(9, 2, generator=generator(1))
    x_t, s = (1 - t) * x0 + t * eps, t / (1 - t)
    coefficient = (t - (1 - t) * SIZE**2) / ((1 - t) ** 2 * SIZE**2 + t**2)
    expected = -MEAN + coefficient * (x_t - (1 - t) * MEAN)
    x = x_t / (1 - t)
    torch.testing.assert_close(schedules.velocity(x, gaussian(x, s), s), expected)


def test_ddim_with_full_fresh_noise_is_ddpm():
    ddpm = samples(gaussian, "ddpm", "linear", 20, n=50)
    ddim = samples(gaussian, "ddim", "linear", 20, n=50, eta=1.0)
    torch.testing.assert_close(ddpm, ddim, rtol=0, atol=0)


def test_a_step_of_ddpm_is_the_posterior_of_the_paper():
    """Ho et al. (2020), equation 7, written with alpha-bar."""
    s, to = 2.0, 1.2
    x = torch.zeros(200_000, 1) + 0.9
    denoised = torch.full_like(x, 0.3)
    bar, bar_to = 1 / (1 + s**2), 1 / (1 + to**2)
    keep = bar / bar_to  # alpha_t of the paper
    mean = (
        sqrt(bar_to) * (1 - keep) / (1 - bar) * 0.3
        + sqrt(keep) * (1 - bar_to) / (1 - bar) * sqrt(bar) * 0.9
    )
    variance = (1 - bar_to) / (1 - bar) * (1 - keep)
    theirs = samplers.ddim(x, denoised, s, to, 1.0, generator(0)) * sqrt(bar_to)
    assert theirs.mean().item() == pytest.approx(mean, abs=3e-3)
    assert theirs.var().item() == pytest.approx(variance, rel=0.01)


@pytest.mark.parametrize(("sampler", "calls"), [("ddim", 10), ("ddpm", 10), ("heun", 19)])
def test_evaluations_of_the_network_are_counted(sampler, calls):
    asked = []

    def denoise(x, s):
        asked.append(s)
        return gaussian(x, s)

    schedule = SCHEDULES["karras"]
    x = pure_noise((4, 2), schedule, generator(0))
    *_, last = reverse_process(denoise, x, schedule, 10, sampler, 0.0, generator(0))
    assert last.evaluations == calls == len(asked)
    assert last.noise_level == 0


def test_guidance_one_is_the_conditional_and_zero_the_unconditional_estimate():
    x = torch.randn(5, 2, generator=generator(0))
    other = exact("ring")
    for scale, expected in [(1, gaussian(x, 0.5)), (0, other(x, 0.5))]:
        torch.testing.assert_close(guided(gaussian, other, scale)(x, 0.5), expected)
    between = guided(gaussian, other, 3.0)(x, 0.5) - other(x, 0.5)
    torch.testing.assert_close(between, 3 * (gaussian(x, 0.5) - other(x, 0.5)))


def test_clipping_keeps_the_estimate_in_its_box_and_leaves_a_good_one_alone():
    x = 100 * torch.randn(200, 2, generator=generator(0))
    kept = clipped(gaussian, 3.0)
    assert kept(x, 0.01).abs().max() <= 3
    torch.testing.assert_close(kept(x, 200.0), gaussian(x, 200.0), rtol=0, atol=0)


def test_gradients_stay_off_while_sampling_and_on_outside():
    schedule = SCHEDULES["karras"]
    steps = reverse_process(gaussian, pure_noise((4, 2), schedule, generator(0)), schedule, 3)
    next(steps)
    assert torch.is_grad_enabled()
    assert not final(steps).requires_grad
