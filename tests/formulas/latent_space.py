"""The evidence lower bound and its terms, interpolation, the exact optimum of linear images."""

import numpy as np
import torch

from explorer.concepts.latent_space import interpolation, linear
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(4)
MU, SIGMA, EPS = RNG.normal(size=(5, 3)), 0.3 + RNG.random((5, 3)), RNG.normal(size=(5, 3))
POSTERIOR = Posterior(torch.tensor(MU), torch.tensor(np.log(SIGMA**2)))


@pinned(
    "latent_space",
    "Evidence lower bound (ELBO)",
    r"\log p(x) \;\ge\; \mathrm{ELBO}(x) = \mathbb{E}_{q(z \mid x)}\big[\log p(x \mid z)\big] "
    r"- \mathrm{KL}\big(q(z \mid x)\,\|\,p(z)\big)",
)
def _():
    x = linear.sample(2000, generator(0))[0]
    best = linear.optimum(4).vae()
    elbo = best.elbo(x, torch.randn(2000, 4, generator=generator(1)))
    assert torch.isclose(elbo.mean(), linear.log_density(x).mean(), atol=0.3)  # exact: equality
    worse = linear.optimum(2).vae().elbo(x, torch.randn(2000, 2, generator=generator(1)))
    assert worse.mean() < linear.log_density(x).mean() - 1


@pinned(
    "latent_space",
    "Training objective",
    r"\mathbb{E}_{q(z \mid x)}\big[\log p(x \mid z)\big] - \beta\,\mathrm{KL}\big(q(z \mid "
    r"x)\,\|\,p(z)\big)",
)
def _():
    vae, rng = VAE(6, 2, 8, generator(0)), generator(1)
    x, noise = torch.rand(4, 6, generator=rng), torch.randn(4, 2, generator=rng)
    z = reparameterise(vae.encode(x), noise)
    p = vae.decode(z)
    ink = (x * p.log() + (1 - x) * (1 - p).log()).sum(1)
    shown = ink - 2.5 * kl_to_prior(vae.encode(x)).sum(1)
    assert torch.allclose(vae.elbo(x, noise, 2.5), shown, atol=1e-4)


@formula("latent_space", "Reparameterisation trick")
def _(latex):
    shown = value(latex, "z =", symbols={r"\mu": MU, r"\sigma": SIGMA, r"\varepsilon": EPS})
    assert np.allclose(reparameterise(POSTERIOR, torch.tensor(EPS)).numpy(), shown)


@formula("latent_space", "KL from posterior to prior")
def _(latex):
    table = {r"\mu_i": MU, r"\sigma_i": SIGMA}
    shown = value(latex, r"\mathrm{KL} =", symbols=table)
    assert np.allclose(kl_to_prior(POSTERIOR).sum(1).numpy(), shown)


@formula("latent_space", "Spherical interpolation (slerp)")
def _(latex):
    a, b = (torch.tensor(v) for v in RNG.normal(size=(2, 6)))
    unit = [v / v.norm() for v in (a, b)]
    omega = torch.arccos(unit[0] @ unit[1]).item()
    for t in (0.2, 0.7):
        table = {r"\omega": omega, r"\hat a": unit[0].numpy(), r"\hat b": unit[1].numpy(), "t": t}
        norm = (1 - t) * a.norm().item() + t * b.norm().item()
        shown = value(latex, "z(t) =", r=lambda t, norm=norm: norm, symbols=table)
        assert np.allclose(
            interpolation.slerp(a, b, torch.tensor([t]))[0].numpy(), shown, atol=1e-6
        )


@pinned(
    "latent_space",
    "Exact optimum for linear images",
    r"q(z_i \mid x) = \mathcal{N}\Big(\tfrac{w_i^\top (x - m)}{\lambda_i},\, \tfrac{\beta "
    r"s^2}{\lambda_i}\Big), \quad \|w_i\|^2 = \max(\lambda_i - \beta s^2, 0)",
)
def _():
    beta, s = 2.0, linear.NOISE
    best, x = linear.optimum(5, beta), linear.sample(6, generator(0))[0]
    w, size = best.decoder, best.eigenvalues
    assert torch.allclose(w.square().sum(0), (size - beta * s**2).clamp(min=0), atol=1e-5)
    mean, log_variance = best.encode(x)
    assert torch.allclose(mean, (x - best.mean) @ w / size, atol=1e-5)
    assert torch.allclose(log_variance[0].exp(), (beta * s**2 / size).clamp(max=1), atol=1e-5)
