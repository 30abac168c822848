"""Laws of the variational autoencoder."""

import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from explorer.concepts.latent_space.linear import LinearVAE
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import generator

DIM = 64


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def posterior(n=4, latent_dim=3):
    return Posterior(normal(n, latent_dim), normal(n, latent_dim, seed=1))


def test_the_kl_is_that_of_torch():
    q = posterior()
    normals = Normal(q.mean, (0.5 * q.log_variance).exp())
    expected = kl_divergence(normals, Normal(torch.zeros(3), torch.ones(3)))
    torch.testing.assert_close(kl_to_prior(q), expected)


def test_the_kl_is_the_average_log_ratio_over_drawn_codes():
    q = posterior(n=1, latent_dim=2)
    z = reparameterise(q, normal(400_000, 2, seed=2))
    own = Normal(q.mean, (0.5 * q.log_variance).exp()).log_prob(z)
    ratio = own - Normal(0.0, 1.0).log_prob(z)
    error = ratio.std(0) / len(z) ** 0.5
    assert ((ratio.mean(0) - kl_to_prior(q)[0]).abs() < 4 * error).all()


def test_the_kl_is_zero_for_the_prior_alone():
    assert kl_to_prior(Posterior(torch.zeros(1, 3), torch.zeros(1, 3))).eq(0).all()
    assert (kl_to_prior(posterior()) > 0).all()


def test_drawn_codes_have_the_mean_and_the_variance_of_the_posterior():
    q = Posterior(torch.tensor([[1.5, -2.0]]), torch.tensor([[-2.0, 1.0]]))
    z = reparameterise(q, normal(200_000, 2))
    torch.testing.assert_close(z.mean(0), q.mean[0], atol=0.02, rtol=0)
    torch.testing.assert_close(z.var(0).log(), q.log_variance[0], atol=0.02, rtol=0)


@pytest.mark.parametrize("kind", ["deep", "linear"])
def test_the_gradient_through_the_draw_is_the_derivative_of_the_elbo(kind):
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
            difference, kept = [], flat[place].item()
            for shift in (1e-5, -1e-5):
                flat[place] = kept + shift
                with torch.no_grad():
                    difference.append(vae.elbo(x, noise, beta=1.7).sum().item())
            flat[place] = kept
            expected = (difference[0] - difference[1]) / 2e-5
            assert parameter.grad.view(-1)[place].item() == pytest.approx(expected, rel=1e-5)


def test_every_parameter_learns():
    vae = VAE(DIM, 3, 16, generator(0))
    vae.elbo(torch.rand(8, DIM, generator=generator(1)), normal(8, 3)).sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in vae.parameters())


def test_pixels_are_bernoulli():
    vae = VAE(DIM, 2, 8, generator(0))
    z = normal(5, 2)
    x = (torch.rand(5, DIM, generator=generator(1)) > 0.5).float()
    ink = Independent(torch.distributions.Bernoulli(probs=vae.decode(z)), 1)
    torch.testing.assert_close(vae.log_likelihood(x, z), ink.log_prob(x))
