"""Bayes' theorem, its error, EM, and the log-odds of the spam filters."""

import numpy as np
import torch

from explorer.concepts.decision_boundaries import spam
from explorer.concepts.decision_boundaries.generative import Gaussians, expect, maximise
from explorer.concepts.decision_boundaries.measure import noised
from explorer.truth import plane
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(8)
DIST = noised("moons", 2, 0.4)
POINTS = torch.tensor(RNG.normal(size=(9, 2))).float()


@pinned(
    "decision_boundaries",
    "Posterior probability of a class (Bayes' theorem)",
    r"p(y \mid x) = \frac{p(x \mid y)\,p(y)}{\sum_{y'} p(x \mid y')\,p(y')}",
)
def _():
    joint = DIST.class_log_density(POINTS).exp() * DIST.class_log_prior.exp()
    assert torch.allclose(plane.posterior(DIST, POINTS), joint / joint.sum(1, keepdim=True))


@pinned("decision_boundaries", "Bayes error", r"\int \Bigl(p(x) - \max_y p(x, y)\Bigr)\,dx")
def _():
    x, y = DIST.sample_labelled(100_000, torch.Generator().manual_seed(0))
    missed = (plane.posterior(DIST, x).argmax(1) != y).double().mean().item()
    assert np.isclose(plane.bayes_error(DIST).value, missed, atol=0.005)


@pinned(
    "decision_boundaries",
    "Posterior probability when a coordinate is missing",
    r"p(y \mid x_1) \propto p(y) \int p(x_1, x_2 \mid y)\,dx_2",
)
def _():
    other = torch.linspace(-6, 6, 2401)
    for seen in (-0.7, 0.4):
        line = torch.stack([torch.full_like(other, seen), other], dim=1)
        mass = DIST.class_log_density(line).exp().sum(0) * DIST.class_log_prior.exp()
        own = plane.posterior_from_one(DIST, torch.tensor([seen]), 0)[0]
        assert torch.allclose(own, mass / mass.sum(), atol=1e-3)


@pinned(
    "decision_boundaries",
    "Mixture of Gaussians: an iteration of EM",
    r"r_{nk} = \frac{w_k\,\mathcal N(x_n; m_k, S_k)}{\sum_j w_j\,\mathcal N(x_n; m_j, S_j)},"
    r"\quad m_k = \frac{\sum_n r_{nk}\,x_n}{\sum_n r_{nk}}",
)
def _():
    x, y = POINTS.double(), torch.tensor([0, 1, -1] * 3)
    covariances = torch.stack([torch.eye(2).double() * s for s in (0.5, 1.0, 0.8, 1.5)])
    old = Gaussians(
        torch.full((4,), 0.25).double(),
        torch.tensor(RNG.normal(size=(4, 2))),
        covariances,
        torch.tensor([0, 0, 1, 1]),
    )
    r, _ = expect(old, x, y)
    for n in range(9):
        off = x[n] - old.means
        normal = torch.stack(
            [
                torch.exp(-0.5 * d @ torch.linalg.inv(s) @ d)
                / (2 * np.pi * torch.linalg.det(s) ** 0.5)
                for d, s in zip(off, covariances, strict=True)
            ]
        )
        allowed = (y[n] == -1) | (old.groups == y[n])
        weight = old.weights * normal * allowed
        assert torch.allclose(r[n], weight / weight.sum(), atol=1e-6)
    new = maximise(x, r, old, "free", 0.0)
    assert torch.allclose(new.means, (r.T @ x) / r.sum(0)[:, None])


@formula("decision_boundaries", "Log-odds of spam")
def _(latex):
    x, y = spam.source().draw(200, RNG)
    for model in (spam.naive_bayes(x, y), spam.logistic(x, y)):
        shown = value(latex, "=", b=model.bias, symbols={"w_i": model.weights, "x_i": x[:5]})
        assert np.allclose(model.log_odds(x[:5]), shown)
    # The exact odds of naive Bayes, with words that really are independent given the class.
    p = RNG.uniform(0.2, 0.8, size=(2, 12))
    mails = spam.source().mails
    joint = np.stack([np.prod(np.where(mails == 1, q, 1 - q), axis=1) for q in p], axis=1)
    x, y = np.repeat(mails, 2, axis=0), np.tile([0, 1], len(mails))
    model = spam.naive_bayes(x, y, "bernoulli", 0.0, joint.reshape(-1))
    assert np.allclose(model.log_odds(mails), np.log(joint[:, 1] / joint[:, 0]))
