"""Laws of the autoencoder and of the linear case whose best state is known."""

import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from explorer.concepts.latent_space import Config, linear, train
from explorer.concepts.latent_space.model import LinearVAE
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.linear import LinearGaussian

DIM = linear.SIDE**2


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def posterior(n=4, latent=3):
    return Posterior(normal(n, latent), normal(n, latent, seed=1))


def test_the_kl_is_that_of_torch():
    q = posterior()
    normals = Normal(q.mean, (0.5 * q.log_variance).exp())
    expected = kl_divergence(normals, Normal(torch.zeros(3), torch.ones(3)))
    torch.testing.assert_close(kl_to_prior(q), expected)


def test_the_kl_is_the_average_log_ratio_over_drawn_codes():
    q = posterior(n=1, latent=2)
    z = reparameterise(q, normal(400_000, 2, seed=2))
    own = Normal(q.mean, (0.5 * q.log_variance).exp()).log_prob(z)
    ratio = own - Normal(0.0, 1.0).log_prob(z)
    error = ratio.std(0) / len(z) ** 0.5
    assert ((ratio.mean(0) - kl_to_prior(q)[0]).abs() < 4 * error).all()


def test_the_kl_is_zero_for_the_prior_alone():
    assert kl_to_prior(Posterior(torch.zeros(1, 3), torch.zeros(1, 3))).eq(0).all()
    assert (kl_to_prior(posterior()) > 0).all()


def test_drawn_codes_have_the_mean_and_the_spread_that_the_encoder_said():
    q = Posterior(torch.tensor([[1.5, -2.0]]), torch.tensor([[-2.0, 1.0]]))
    z = reparameterise(q, normal(200_000, 2))
    torch.testing.assert_close(z.mean(0), q.mean[0], atol=0.02, rtol=0)
    torch.testing.assert_close(z.var(0).log(), q.log_variance[0], atol=0.02, rtol=0)


@pytest.mark.parametrize("kind", ["deep", "linear"])
def test_the_gradient_through_the_dice_is_the_slope_of_the_bound(kind):
    """With the noise held fixed, against central differences in float64."""
    rng = generator(0)
    vae = VAE(6, 2, 5, rng) if kind == "deep" else LinearVAE(6, 2, 0.5, rng)
    vae.double()
    x = torch.rand(7, 6, generator=generator(1), dtype=torch.float64)
    noise = normal(7, 2, seed=2).double()
    vae.elbo(x, noise, beta=1.7).sum().backward()
    for parameter in vae.parameters():
        flat = parameter.data.view(-1)
        for place in range(0, len(flat), max(1, len(flat) // 4)):
            slope, kept = [], flat[place].item()
            for shift in (1e-5, -1e-5):
                flat[place] = kept + shift
                with torch.no_grad():
                    slope.append(vae.elbo(x, noise, beta=1.7).sum().item())
            flat[place] = kept
            expected = (slope[0] - slope[1]) / 2e-5
            assert parameter.grad.view(-1)[place].item() == pytest.approx(expected, rel=1e-5)


def test_every_parameter_learns():
    vae = VAE(DIM, 3, 16, generator(0))
    vae.elbo(torch.rand(8, DIM, generator=generator(1)), normal(8, 3)).sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in vae.parameters())


def test_pixels_are_scored_as_chances_of_ink():
    vae = VAE(DIM, 2, 8, generator(0))
    z = normal(5, 2)
    x = (torch.rand(5, DIM, generator=generator(1)) > 0.5).float()
    ink = Independent(torch.distributions.Bernoulli(probs=vae.decode(z)), 1)
    torch.testing.assert_close(vae.log_likelihood(x, z), ink.log_prob(x))


def test_the_linear_images_have_the_density_that_is_claimed():
    patterns = linear.optimum(4).directions
    spread = torch.tensor(linear.SPREADS) ** 2
    covariance = (patterns * spread) @ patterns.T + linear.NOISE**2 * torch.eye(DIM)
    x = linear.images().test
    exact = MultivariateNormal(torch.full((DIM,), 0.5), covariance)
    torch.testing.assert_close(linear.log_density(x), exact.log_prob(x), rtol=1e-4, atol=1e-3)
    fresh, _ = linear.sample(60_000, generator(5))
    torch.testing.assert_close(torch.cov(fresh.T), covariance, atol=3e-3, rtol=0)


@pytest.mark.parametrize("latent", [4, 7])
def test_at_the_optimum_the_bound_is_tight(latent):
    x = linear.images().test
    vae = linear.optimum(latent).vae()
    with torch.no_grad():
        draws = [vae.elbo(x, normal(len(x), latent, seed=i)).mean() for i in range(60)]
    bound = torch.stack(draws)
    error = bound.std() / len(bound) ** 0.5
    assert (bound.mean() - linear.log_density(x).mean()).abs() < 4 * error + 1e-3


def test_elsewhere_the_bound_lies_below_the_log_likelihood():
    """Of the same decoder: by the KL from the encoder's answer to the exact posterior."""
    x = linear.images().test[:50]
    for seed in range(5):
        vae = LinearVAE(DIM, 3, linear.NOISE, generator(seed))
        with torch.no_grad():
            noise = [normal(50, 3, seed=100 + i) for i in range(40)]
            bound = torch.stack([vae.elbo(x, each) for each in noise]).mean(0)
            truth = LinearGaussian(vae.decoder.weight, 0.5 + vae.decoder.bias, linear.NOISE)
            assert (bound < truth.log_density(x)).all()


@pytest.mark.parametrize("latent", [1, 2, 4])
def test_the_best_encoder_answers_with_the_exact_posterior(latent):
    best, x = linear.optimum(latent), linear.images().test[:20]
    means, covariance = LinearGaussian(best.decoder, best.mean, linear.NOISE).posterior(x)
    said = best.encode(x)
    torch.testing.assert_close(said.mean, means, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(said.log_variance[0].exp().diag(), covariance, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0, 12.0])
def test_no_small_change_improves_on_the_best(beta):
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


def test_units_are_switched_off_where_beta_times_the_noise_exceeds_the_variance():
    counts = [linear.optimum(8, beta).active for beta in (1.0, 4.0, 6.0, 15.0, 30.0)]
    assert counts == [4, 4, 3, 2, 1]
    silent = linear.optimum(8, 6.0)
    assert (silent.kl() > 1e-3).sum() == 3
    assert silent.decoder[:, 3:].norm() == 0
    assert silent.kl()[3:].abs().max() == 0, "what is silent is the prior itself"


def test_the_kl_of_the_best_is_that_of_its_answers():
    best, (x, _) = linear.optimum(4, 2.0), linear.sample(50_000, generator(1))
    torch.testing.assert_close(kl_to_prior(best.encode(x)).mean(0), best.kl(), atol=0.02, rtol=0)


def test_a_linear_model_that_trains_comes_close_to_the_best_and_not_past_it():
    snapshots, _ = finish(train(Config(dataset="linear", steps=1600)))
    last = snapshots[-1]
    assert last.reference.best - 0.5 < last.elbo < last.reference.best + 0.02
    gap = abs(last.exact_centres - last.centres).mean()
    assert gap < 0.2, "the learnt posteriors lie on the exact ones, which are about as wide"


def test_turning_the_codes_brings_them_back_onto_those_they_were_turned_from():
    codes, (q, _) = normal(50, 3), torch.linalg.qr(normal(3, 3, seed=1))
    torch.testing.assert_close((codes @ q) @ linear.turn(codes @ q, codes), codes)
