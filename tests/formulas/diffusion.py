"""Noise schedules, parameterisations, samplers, the score."""

import numpy as np
import torch

from explorer.concepts.diffusion import samplers, schedules
from explorer.concepts.diffusion.measure import NOISE_LEVELS, NoisedPoints
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.diffusion.samplers import guided
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.data import plane
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(2)
X, D, F, Z = RNG.normal(size=(4, 30, 2))
SIGMA, TO = 1.7, 0.6
LEVELS = {
    r"\sigma_{\min}": schedules.SIGMA_MIN,
    r"\sigma_{\max}": schedules.SIGMA_MAX,
    r"\beta_{\min}": schedules.BETA_MIN,
    r"\beta_{\max}": schedules.BETA_MAX,
}


@pinned(
    "diffusion",
    "Noised data",
    r"x_t = \alpha_t x_0 + \sigma_t \epsilon, \qquad x = x_t / \alpha_t = x_0 + "
    r"\sigma\,\epsilon, \qquad \sigma = \sigma_t / \alpha_t",
)
def _():
    for schedule in SCHEDULES.values():
        t = torch.tensor([0.3], dtype=torch.float64)
        alpha, sigma, *_ = schedule.path(t)
        x_t = alpha.item() * X + sigma.item() * Z
        assert np.allclose(x_t / alpha.item(), X + schedule.noise_level(t).item() * Z)


def path(key):
    def check(latex):
        t = 0.37
        alpha, sigma, *_ = SCHEDULES[key].path(torch.tensor(t, dtype=torch.float64))
        shown = value(latex, r"\alpha_t =", t=t, symbols=LEVELS)
        assert np.isclose(shown, alpha.item(), rtol=1e-9)
        table = {**LEVELS, r"\alpha_t": shown}
        assert np.isclose(value(latex, r"\sigma_t =", t=t, symbols=table), sigma.item(), rtol=1e-9)

    return check


for key, schedule in SCHEDULES.items():
    formula(
        "diffusion",
        f"Noise schedule, {schedule.label[0].upper() * (key == 'karras')}"
        f"{schedule.label[key == 'karras' :]}",
    )(path(key))


def denoised(key):
    def check(latex):
        column, sigma = PARAMETERISATIONS[key], torch.tensor(SIGMA, dtype=torch.float64)
        own = column.c_skip(sigma).item() * X + column.c_out(sigma).item() * F
        assert np.allclose(value(latex, "=", x=X, F=F, symbols={r"\sigma": SIGMA}), own)

    return check


for key, what in {
    "edm": "F (EDM)",
    "epsilon": "the noise",
    "x0": "the data",
    "velocity": "the velocity",
}.items():
    formula("diffusion", f"Denoised estimate, when the network predicts {what}")(denoised(key))


def step(eta, rng):
    return samplers.ddim(torch.tensor(X), torch.tensor(D), SIGMA, TO, eta, rng).numpy()


def drawn():
    """The fresh noise of a step."""
    return torch.randn(X.shape, generator=generator(5)).double().numpy()


@formula("diffusion", "A step of DDIM (η = 0: no fresh noise)")
def _(latex):
    for eta in (0.0, 0.4, 1.0):
        table = {r"\sigma": SIGMA, r"\sigma'": TO, r"\eta": eta}
        s = value(latex, "s =", symbols=table)
        shown = value(latex, "x' =", x=X, D=D, s=s, z=drawn(), symbols=table)
        assert np.allclose(shown, step(eta, generator(5)), atol=1e-6)


@formula("diffusion", "A step of DDPM")
def _(latex):
    table = {r"\sigma": SIGMA, r"\sigma'": TO}
    shown = value(latex, "x' =", x=X, D=D, z=drawn(), symbols=table)
    assert np.allclose(shown, step(1.0, generator(5)), atol=1e-6)


@formula("diffusion", "A step of Heun's method")
def _(latex):
    def denoise(x, sigma):
        return x / (1 + sigma**2)

    table = {r"\sigma": SIGMA, r"\sigma'": TO}
    ahead = value(latex, r"\tilde x =", x=X, D=denoise, symbols=table)
    shown = value(latex, "x' =", x=X, D=denoise, symbols={**table, r"\tilde x": ahead})
    x = torch.tensor(X)
    own = samplers.heun(denoise, x, denoise(x, SIGMA), SIGMA, TO).numpy()
    assert np.allclose(shown, own)


@formula(
    "diffusion",
    "Probability-flow ODE, in steps of Euler's method",
    "Flow matching, in steps of Euler's method",
)
def _(latex):
    of_flow = "straight path" in latex
    for key in ("straight",) if of_flow else ("straight", "linear", "cosine"):
        schedule = SCHEDULES[key]
        t, later = (torch.tensor(v, dtype=torch.float64) for v in (0.5, 0.4))
        alpha, sigma_t, d_alpha, d_sigma = (v.item() for v in schedule.path(t))
        sigma = sigma_t / alpha
        table = {r"\sigma": sigma, r"\dot \alpha_t": d_alpha, r"\dot \sigma_t": d_sigma}
        slope = value(latex, "v =" if of_flow else "dt} =", r"\quad", x=X, D=D, symbols=table)
        then = alpha * X - 0.1 * slope
        own = samplers.euler(torch.tensor(X), torch.tensor(D), schedule, t, later).numpy()
        assert np.allclose(own * schedule.path(later).alpha.item(), then)
        if of_flow:
            assert (d_alpha, d_sigma) == (-1, 1)


@formula("diffusion", "Classifier-free guidance")
def _(latex):
    def denoise(*given):
        return {2: D, 3: F}[len(given)]  # D(x, sigma), D(x, sigma, c)

    own = guided(lambda x, sigma: F, lambda x, sigma: D, 2.5)(X, SIGMA)
    shown = value(latex, "D_w =", x=0.0, c=0.0, w=2.5, D=denoise, symbols={r"\sigma": SIGMA})
    assert np.allclose(shown, own)


@formula("diffusion", "Score of the noised data (Tweedie's formula)")
def _(latex):
    dist, x = plane.get("ring").noised(1.0, 0.5), torch.tensor(X)
    score = dist.score(x.float()).double().numpy()
    mean = schedules.denoised_from_score(x, torch.tensor(score), 0.5).numpy()
    right = latex.partition(r"\nabla_x \log p_\sigma(x) =")[2].replace(
        r"\mathbb{E}[x_0 \mid x]", "M"
    )
    assert np.allclose(value(right, x=X, M=mean, symbols={r"\sigma": 0.5}), score, atol=1e-5)
    given = plane.get("ring").sample(400_000, generator(0)).double()
    at = torch.tensor([[0.6, 0.3]], dtype=torch.float64)
    weight = torch.softmax(-(given - at).square().sum(1) / (2 * 0.5**2), 0)
    exact = at + 0.5**2 * dist.score(at.float()).double()
    assert torch.allclose(weight @ given, exact[0], atol=0.01)


@pinned(
    "diffusion",
    "Error of the score",
    r"\frac{\sum_\sigma \sigma^2\,\mathbb{E}\|\hat\nabla - \nabla\|^2}"
    r"{\sum_\sigma \sigma^2\,\mathbb{E}\|\nabla\|^2}",
)
def _():
    x = torch.randn(len(NOISE_LEVELS), 20, 2, generator=generator(0))
    exact = 0.3 * x + 0.1
    own, _ = NoisedPoints(x, exact).errors(lambda flat, sigma: 0.2 * flat)
    sigma = torch.as_tensor(np.array(NOISE_LEVELS)).float()[:, None, None]
    learnt_score, score = (0.2 * x - x) / sigma**2, (exact - x) / sigma**2
    weighted = [
        (sigma**2 * each.square().sum(2, keepdim=True)).mean((1, 2)).sum()
        for each in (learnt_score - score, score)
    ]
    assert np.isclose(own, (weighted[0] / weighted[1]).item(), rtol=1e-4)
