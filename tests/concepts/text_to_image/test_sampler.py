"""Sampling, with exact velocities, so that the right result is known."""

from math import exp

import pytest
import torch

from explorer.concepts.text_to_image.sampler import final, guided, trajectory
from explorer.concepts.text_to_image.space import Space
from explorer.data.shapes import world
from explorer.nets import generator

MEAN, STD = 1.5, 0.3


def gaussian(z, t):
    """E[eps - z0 | z_t] when z0 ~ N(MEAN, STD^2)."""
    variance = ((1 - t) * STD) ** 2 + t**2
    rest = z - (1 - t) * MEAN
    return t / variance * rest - MEAN - (1 - t) * STD**2 / variance * rest


def test_the_ode_carries_noise_to_the_exact_distribution_of_a_gaussian():
    """Its flow is linear: eps goes to MEAN + STD eps."""
    eps = torch.randn(50, 3, generator=generator(0), dtype=torch.float64)
    torch.testing.assert_close(
        final(trajectory(gaussian, eps, 200)), MEAN + STD * eps, rtol=0, atol=1e-4
    )


def test_twice_the_steps_leave_a_quarter_of_the_error():
    """dz/dt = z + t from z(1) = 1 to z(0) = 3 / e - 1."""
    one = torch.ones(1, 1, dtype=torch.float64)
    ends = [final(trajectory(lambda z, t: z + t, one, n)).item() for n in (20, 40)]
    errors = [abs(end - (3 * exp(-1) - 1)) for end in ends]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_a_trajectory_goes_from_t_one_to_zero_and_ends_at_its_denoised_estimate():
    states = list(trajectory(gaussian, torch.ones(2, 3), 5))
    assert [round(state.t, 9) for state in states] == [1.0, 0.8, 0.6, 0.4, 0.2, 0.0]
    assert torch.equal(states[-1].point, states[-1].denoised)


def test_the_exact_velocity_of_a_finite_world_ends_at_its_pictures():
    """E[eps - z0 | z_t] over all pictures of red: whatever the noise, the parser reads red."""
    here = world("plain")
    red = here.captions[here.captions[:, 0] == 0]
    x = here.all_pictures(red).flatten(0, 1)
    space = Space(here, here.all_pictures(here.captions).flatten(0, 1))
    points = space.encode(x)

    def exact(z, t):
        far = torch.cdist(z, (1 - t) * points).square() / (2 * t**2)
        return (z - (-far).softmax(1) @ points) / t

    noise = torch.randn(60, space.dim, generator=generator(1))
    read = here.read(space.decode(final(trajectory(exact, noise, 60))))
    assert (read.values[:, 0] == 0).double().mean() > 0.95
    assert len(read.values[:, 1].unique()) == 6, "all shapes appear"


def test_guidance_goes_from_none_through_the_captions_own_and_beyond():
    z = torch.ones(1, 2)
    own, none = (lambda z, t: 3 * z), (lambda z, t: z)
    for weight in (0.0, 0.5, 1.0, 2.0):
        torch.testing.assert_close(guided(own, none, weight)(z, 0.5), (1 + 2 * weight) * z)
