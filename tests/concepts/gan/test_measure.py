"""The density of a generator's samples, and the optimal discriminator, against closed forms."""

import math

import numpy as np
import pytest
import torch

from explorer.concepts.gan import measure
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.panels import cells
from explorer.nets import generator

CELLS = cells().double().numpy()


def normal(x, mean, covariance):
    gap = x - mean
    inverse = np.linalg.inv(covariance)
    peak = 2 * math.pi * math.sqrt(np.linalg.det(covariance))
    return np.exp(-0.5 * (gap @ inverse * gap).sum(1)) / peak


def carried(generate):
    """What `measure` says of a generator given as a function of noise (n, 2)."""
    knots, share = measure.noise_lattice(2)
    return measure.generated_density(generate(knots).numpy(), share).ravel()


def sampled(generate, n):
    z = torch.randn(n, 2, generator=generator(8))
    return measure.generated_density(generate(z).numpy(), np.full(n, 1 / n)).ravel()


def folded(z):
    """Half of the plane on the other: two noises for every point."""
    return torch.stack([z[:, 0].abs() - 1, 0.6 * z[:, 1]], dim=1)


def folded_exactly(x):
    """The half-normal blurred by BLUR, times a normal."""
    h = measure.BLUR
    s = math.sqrt(1 + h * h)
    u = x[:, 0] + 1
    phi = np.exp(-0.5 * (u / s) ** 2) / (s * math.sqrt(2 * math.pi))
    share = np.array([math.erfc(-v / (s * h * math.sqrt(2))) for v in u]) / 2
    across = math.sqrt(0.36 + h * h)
    return 2 * phi * share * np.exp(-0.5 * (x[:, 1] / across) ** 2) / (across * 2.5066282746310002)


LINEAR = torch.tensor([[0.8, 0.3], [-0.2, 0.6]])
BLURRED = (LINEAR @ LINEAR.T).double().numpy() + measure.BLUR**2 * np.eye(2)
KNOWN = {
    "linear": (lambda z: z @ LINEAR.T, lambda x: normal(x, np.zeros(2), BLURRED)),
    "folded": (folded, folded_exactly),
}
every_known = pytest.mark.parametrize(("generate", "exact"), KNOWN.values(), ids=KNOWN)


@every_known
def test_the_density_of_a_generator_is_the_change_of_variables(generate, exact):
    found, wanted = carried(generate), exact(CELLS)
    assert np.abs(found - wanted).sum() * measure.area() / 2 < 0.012  # total variation


@every_known
def test_a_lattice_of_noise_tells_more_than_as_many_random_samples(generate, exact):
    wanted, n = exact(CELLS), len(measure.noise_lattice(2)[0])
    error = np.abs(carried(generate) - wanted).sum()
    assert error < np.abs(sampled(generate, n) - wanted).sum() / 4


def test_all_noise_is_accounted_for():
    _, share = measure.noise_lattice(2)
    assert share.sum() == pytest.approx(1)
    assert carried(lambda z: 0.5 * z).sum() * measure.area() == pytest.approx(1, abs=2e-3)


def test_samples_outside_the_picture_do_no_harm():
    found = carried(lambda z: 1e6 * z)
    assert np.isfinite(found).all()
    assert found.max() < 0.1


def test_noise_of_another_size_is_sampled():
    z, share = measure.noise_lattice(5)
    assert z.shape == (len(share), 5)
    assert share.sum() == pytest.approx(1)


@pytest.mark.parametrize("dataset", ["ring", "moons", "checkerboard"])
def test_the_density_of_data_has_mass_one(dataset):
    assert measure.data_density(dataset).sum() * measure.area() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("dataset", ["ring", "checkerboard"])
def test_data_in_place_of_samples_leave_the_optimal_discriminator_guessing(dataset):
    from explorer.data import plane

    n = 400_000
    x = plane.get(dataset).sample(n, generator(4)).numpy()
    q, p = measure.generated_density(x, np.full(n, 1 / n)), measure.data_density(dataset)
    loss = LOSSES["nonsaturating"]
    best = loss.probability(loss.optimal(measure.log_ratio(p, q))).numpy()
    assert np.abs(best - 0.5)[p > 0.05].max() < 0.06
    assert measure.optimal_loss(loss, p, q) == pytest.approx(2 * math.log(2), abs=2e-3)


def test_the_optimal_loss_is_the_integral_over_the_plane():
    p = measure.data_density("ring")
    q = carried(lambda z: z).reshape(p.shape)
    ratio = measure.log_ratio(p, q).numpy()
    best = 1 / (1 + np.exp(-ratio))
    real, made = p / p.sum(), q / q.sum()
    wanted = -(real * np.log(best)).sum() - (made * np.log(1 - best)).sum()
    assert measure.optimal_loss(LOSSES["nonsaturating"], p, q) == pytest.approx(wanted, abs=2e-3)


def test_no_optimal_discriminator_is_claimed_for_wasserstein():
    p = measure.data_density("ring")
    assert math.isnan(measure.optimal_loss(LOSSES["wasserstein"], p, p))
