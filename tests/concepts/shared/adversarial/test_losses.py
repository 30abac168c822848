"""The six losses: their gradients, and their optimal discriminators."""

import math

import pytest
import torch

from explorer.concepts.shared.adversarial.losses import LOSSES

STEP = 1e-6
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
with_optimal = pytest.mark.parametrize(
    "loss",
    [pytest.param(loss, id=name) for name, loss in LOSSES.items() if loss.optimal is not None],
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
    """The loss of a discriminator d (n,) over independent pairs of places."""
    return p @ loss.discriminator(real=d[:, None], fake=d[None, :]) @ q


@every_loss
def test_gradients_are_what_finite_differences_say(loss):
    a, b = numbers(1), numbers(2)
    by_real, by_fake = loss.discriminator_gradients(real=a, fake=b)
    for gradient, plus, minus in (
        (
            by_real,
            loss.discriminator(real=a + STEP, fake=b),
            loss.discriminator(real=a - STEP, fake=b),
        ),
        (
            by_fake,
            loss.discriminator(real=a, fake=b + STEP),
            loss.discriminator(real=a, fake=b - STEP),
        ),
        (
            loss.generator_gradient(real=a, fake=b),
            loss.generator(real=a, fake=b + STEP),
            loss.generator(real=a, fake=b - STEP),
        ),
    ):
        torch.testing.assert_close(gradient, (plus - minus) / (2 * STEP), atol=1e-6, rtol=1e-5)


@every_loss
def test_the_discriminator_wants_real_samples_higher_and_fake_ones_lower(loss):
    a, b = torch.zeros(1), torch.zeros(1)
    by_real, by_fake = loss.discriminator_gradients(real=a, fake=b)
    assert by_real.item() <= 0 <= by_fake.item()
    assert by_fake.item() - by_real.item() > 0
    assert loss.generator_gradient(real=a, fake=b).item() < 0


@with_optimal
def test_no_discriminator_does_better_than_the_optimal_one(loss):
    p, q = two_densities()
    optimal = loss.optimal(p.log() - q.log())
    least = risk(loss, optimal, p, q)
    rng = torch.Generator().manual_seed(0)
    for size in (1e-3, 0.1, 1.0):
        for _ in range(50):
            other = optimal + size * torch.randn(len(p), generator=rng, dtype=torch.float64)
            assert risk(loss, other, p, q) >= least - 1e-12


@with_optimal
def test_nothing_is_left_to_learn_where_data_and_samples_are_alike(loss):
    p, _ = two_densities()
    d = loss.optimal(torch.zeros_like(p))
    assert risk(loss, d, p, p).item() == pytest.approx(loss.at_equilibrium[0])
    assert (p @ loss.generator(real=d, fake=d)).item() == pytest.approx(loss.at_equilibrium[1])


def test_the_loss_of_the_optimal_discriminator_is_the_jensen_shannon_divergence():
    loss, (p, q) = LOSSES["nonsaturating"], two_densities()
    middle = (p + q) / 2
    divergence = ((p * (p / middle).log()).sum() + (q * (q / middle).log()).sum()) / 2
    least = risk(loss, loss.optimal(p.log() - q.log()), p, q)
    assert least.item() == pytest.approx(2 * math.log(2) - 2 * divergence.item())


def test_the_optimal_hinge_discriminator_leaves_what_both_densities_share():
    loss, (p, q) = LOSSES["hinge"], two_densities()
    least = risk(loss, loss.optimal(p.log() - q.log()), p, q)
    assert least.item() == pytest.approx(2 * torch.minimum(p, q).sum().item())


@pytest.mark.parametrize("name", ["nonsaturating", "leastsquares", "relativistic"])
def test_the_optimal_discriminator_is_the_share_of_real_samples(name):
    loss, (p, q) = LOSSES[name], two_densities()
    torch.testing.assert_close(loss.probability(loss.optimal(p.log() - q.log())), p / (p + q))


@every_loss
def test_the_scale_of_d_rises_from_fake_to_real(loss):
    scaled = loss.probability(torch.linspace(-9, 9, 200))
    assert (scaled.diff() >= 0).all()
    assert scaled[0] < 0.01
    assert scaled[-1] > 0.99


def test_minimax_has_no_gradient_where_d_is_sure_and_the_others_have_one():
    sure = torch.tensor([-12.0])
    gradients = {
        name: loss.generator_gradient(real=sure * 0, fake=sure) for name, loss in LOSSES.items()
    }
    assert gradients.pop("minimax").abs().item() < 1e-4
    assert all(each.abs().item() > 0.9 for each in gradients.values())


def test_only_the_difference_counts_for_the_relativistic_loss():
    loss, a, b = LOSSES["relativistic"], numbers(1), numbers(2)
    torch.testing.assert_close(
        loss.discriminator(real=a + 5, fake=b + 5), loss.discriminator(real=a, fake=b)
    )
    torch.testing.assert_close(
        loss.generator(real=a + 5, fake=b + 5), loss.generator(real=a, fake=b)
    )


@every_loss
def test_no_loss_overflows_for_a_discriminator_that_is_certain(loss):
    far = torch.tensor([-1e4, 1e4])
    for value in (
        loss.discriminator(real=far, fake=-far),
        loss.generator(real=far, fake=-far),
        *loss.discriminator_gradients(real=far, fake=-far),
    ):
        assert value.isfinite().all()
