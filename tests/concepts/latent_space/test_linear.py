"""The linear case, whose optimum is known exactly."""

import pytest
import torch
from torch.distributions import MultivariateNormal

from explorer.concepts.latent_space import Config, linear, train
from explorer.concepts.latent_space.linear import LinearVAE
from explorer.concepts.shared.vae import kl_to_prior
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.linear import LinearGaussian
from tests.concepts.latent_space.runs import normal

DIM = linear.SIDE**2


def test_the_linear_images_have_the_density_that_is_claimed():
    patterns = linear.optimum(4).directions
    spread = torch.tensor(linear.SCALES) ** 2
    covariance = (patterns * spread) @ patterns.T + linear.NOISE**2 * torch.eye(DIM)
    x = linear.images().test
    exact = MultivariateNormal(torch.full((DIM,), 0.5), covariance)
    torch.testing.assert_close(linear.log_density(x), exact.log_prob(x), rtol=1e-4, atol=1e-3)
    fresh, _ = linear.sample(60_000, generator(5))
    torch.testing.assert_close(torch.cov(fresh.T), covariance, atol=3e-3, rtol=0)


@pytest.mark.parametrize("latent_dim", [4, 7])
def test_at_the_optimum_the_elbo_is_the_log_likelihood(latent_dim):
    x = linear.images().test
    vae = linear.optimum(latent_dim).vae()
    with torch.no_grad():
        draws = [vae.elbo(x, normal(len(x), latent_dim, seed=i)).mean() for i in range(60)]
    bound = torch.stack(draws)
    error = bound.std() / len(bound) ** 0.5
    assert (bound.mean() - linear.log_density(x).mean()).abs() < 4 * error + 1e-3


def test_elsewhere_the_elbo_lies_below_the_log_likelihood():
    """Of the same decoder: by the KL from the encoder's posterior to the exact posterior."""
    x = linear.images().test[:50]
    for seed in range(5):
        vae = LinearVAE(DIM, 3, linear.NOISE, generator(seed))
        with torch.no_grad():
            noise = [normal(50, 3, seed=100 + i) for i in range(40)]
            bound = torch.stack([vae.elbo(x, each) for each in noise]).mean(0)
            truth = LinearGaussian(vae.decoder.weight, 0.5 + vae.decoder.bias, linear.NOISE)
            assert (bound < truth.log_density(x)).all()


@pytest.mark.parametrize("latent_dim", [1, 2, 4])
def test_the_optimal_encoder_returns_the_exact_posterior(latent_dim):
    best, x = linear.optimum(latent_dim), linear.images().test[:20]
    means, covariance = LinearGaussian(best.decoder, best.mean, linear.NOISE).posterior(x)
    posterior = best.encode(x)
    torch.testing.assert_close(posterior.mean, means, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(
        posterior.log_variance[0].exp().diag(), covariance, atol=1e-5, rtol=1e-4
    )


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0, 12.0])
def test_no_small_change_improves_on_the_optimum(beta):
    x, _ = linear.sample(20_000, generator(3))
    vae, noise = linear.optimum(3, beta).vae(), normal(20_000, 3)
    weight = vae.decoder.weight
    with torch.no_grad():
        best = vae.elbo(x, noise, beta).mean()
        for parameter in (weight, vae.encoder.weight, vae.log_variance):
            for seed in range(3):
                step = normal(*parameter.shape, seed=seed)
                step *= 0.2 * (parameter.norm() + 0.1) / step.norm()
                parameter += step
                assert vae.elbo(x, noise, beta).mean() < best
                parameter -= step


def test_dimensions_collapse_where_beta_times_the_noise_exceeds_the_variance():
    counts = [linear.optimum(8, beta).active for beta in (1.0, 4.0, 6.0, 15.0, 30.0)]
    assert counts == [4, 4, 3, 2, 1]
    collapsed = linear.optimum(8, 6.0)
    assert (collapsed.kl() > 1e-3).sum() == 3
    assert collapsed.decoder[:, 3:].norm() == 0
    assert collapsed.kl()[3:].abs().max() == 0, "a collapsed dimension is the prior itself"


def test_the_kl_of_the_optimum_is_that_of_its_posteriors():
    best, (x, _) = linear.optimum(4, 2.0), linear.sample(50_000, generator(1))
    torch.testing.assert_close(kl_to_prior(best.encode(x)).mean(0), best.kl(), atol=0.02, rtol=0)


def test_a_trained_linear_model_comes_close_to_the_optimum_and_not_past_it():
    snapshots, _ = finish(train(Config(dataset="linear", steps=1600)))
    last = snapshots[-1]
    assert last.reference.elbo - 0.5 < last.elbo < last.reference.elbo + 0.02
    gap = abs(last.exact_means - last.means[:9]).mean()
    assert gap < 0.2, "the learnt posteriors lie on the exact ones, which are about as wide"


def test_aligning_undoes_a_rotation():
    codes, (q, _) = normal(50, 3), torch.linalg.qr(normal(3, 3, seed=1))
    torch.testing.assert_close((codes @ q) @ linear.align(codes @ q, codes), codes)
