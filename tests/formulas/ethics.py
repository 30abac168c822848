"""Watermarks for text: what they change, and how sure the detector is."""

from math import comb

import numpy as np
import torch
from scipy import stats

from explorer.concepts.ethics import base_rate, bayes_bound, canary, measure, watermark
from explorer.concepts.ethics.amplification import law
from explorer.concepts.ethics.base_rate import BaseRateConfig
from explorer.concepts.ethics.generations import Frequencies, Gaussians
from explorer.concepts.ethics.watermark import Watermark
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(10)
GREEN, GUMBEL = Watermark("green", 1, gamma=0.3, delta=1.5), Watermark("gumbel", 1)


@pinned(
    "ethics",
    "Green list: distribution of the next token",
    r"q_i \propto p_i\, e^{\delta [u_i \ge 1 - \gamma]}",
)
def _():
    p, u = RNG.dirichlet(np.ones(6), size=4), RNG.random((4, 6))
    q = p * np.exp(1.5 * (u >= 1 - 0.3))
    assert np.allclose(watermark.marked_distribution(p, u, GREEN), q / q.sum(axis=1, keepdims=True))


@formula("ethics", "Green list: z-score of a text")
def _(latex):
    shown = value(latex, "z =", G=31.0, T=60.0, symbols={r"\gamma": 0.3})
    assert np.isclose(GREEN.z(31.0, 60), shown)


@pinned(
    "ethics",
    "Green list: p-value of a text",
    r"\sum_{k \ge G} \binom{T}{k} \gamma^k (1 - \gamma)^{T - k}",
)
def _():
    shown = sum(comb(40, k) * 0.3**k * 0.7 ** (40 - k) for k in range(19, 41))
    assert np.isclose(measure.p_values(np.array([19.0]), np.array([40]), GREEN)[0], shown)


@pinned(
    "ethics",
    "Gumbel: the token that is taken, and the statistic",
    r"i = \arg\max_j u_j^{1/p_j}, \qquad S = \sum_t -\ln(1 - u_t)",
)
def _():
    p, u = RNG.dirichlet(np.ones(5)), RNG.random((100_000, 5))
    taken = np.bincount((u ** (1 / p)).argmax(1), minlength=5) / len(u)
    assert np.allclose(taken, p, atol=0.01)  # over keys, the model's own distribution
    assert np.allclose(GUMBEL.scores(u), -np.log(1 - u))


@formula("ethics", "Gumbel: p-value of a text")
def _(latex):
    k = np.arange(12.0)
    term = latex.partition(r"\sum_{k < T}")[2].replace("k!", "f")
    factorial = np.cumprod(np.r_[1.0, k[1:]])
    shown = value(term, s=9.0, k=k, f=factorial).sum()
    assert np.isclose(measure.gamma_tail(9.0, 12), shown)


@pinned(
    "ethics",
    "Gumbel: mean evidence of a token",
    r"E[-\ln(1 - u_i)] = \psi(1 + 1/p_i) + \gamma_E",
)
def _():
    p = np.array([[0.5, 0.3, 0.2]])
    largest = RNG.random(200_000) ** p[0, 1]  # of the token, given that it is taken
    own = watermark.expected(p, np.zeros((1, 3)), GUMBEL)[0, 1] / 0.3 + 1
    assert np.isclose(own, -np.log(1 - largest).mean(), atol=0.02)


@formula("ethics", "Mean variance if samples replace the data")
def _(latex):
    shown = value(latex, "E[v_t] =", n=20.0, t=7.0)
    assert np.isclose(Gaussians(20, 0.0, RNG).exact("replace", 7)[7], shown)


@pinned(
    "ethics",
    "Typical variance if samples replace the data",
    r"\exp\left(t\,\left(\psi(\tfrac{n - 1}{2}) - \ln \tfrac{n}{2}\right)\right)",
)
def _():
    chi = stats.chi2(19).expect(np.log)  # the sum of squares over the variance
    assert np.isclose(Gaussians(20, 0.0, RNG).typical(7)[7], np.exp(7 * (chi - np.log(20))))


@pinned(
    "ethics",
    "Mean variance if data accumulate",
    r"E[v_t] = \prod_{i=1}^{t} \left(1 - \frac{1}{n i^2}\right) > "
    r"\frac{\sin(\pi / \sqrt n)}{\pi / \sqrt n}",
)
def _():
    found = Gaussians(20, 0.0, RNG).exact("accumulate", 2000)
    assert np.isclose(found[3], (1 - 1 / 20) * (1 - 1 / 80) * (1 - 1 / 180))
    limit = np.sin(np.pi / 20**0.5) / (np.pi / 20**0.5)
    assert limit < found[-1] < limit + 1e-4


@pinned(
    "ethics",
    "Probability that two words differ, if samples replace the data",
    r"1 - \sum_w p_w^2 = \left(1 - \sum_w q_w^2\right) \left(1 - \frac{1}{n}\right)^t",
)
def _():
    chain = Frequencies(1000, 0.0, RNG)
    first = 1 - (chain.start**2).sum()
    assert np.isclose(chain.exact("replace", 9)[9], first * (1 - 1 / 1000) ** 9)


@formula("ethics", "Share under the tilted law")
def _(latex):
    assert np.isclose(value(latex, s=0.7, w=3.0), law("guidance", 3.0, 0.7))


@formula("ethics", "Share at temperature T")
def _(latex):
    assert np.isclose(value(latex, s=0.7, T=0.4), law("temperature", 0.4, 0.7))


@pinned("ethics", "Exposure of a secret", r"\log_2 R - \log_2 \text{rank}")
def _():
    logs = RNG.random(26**4)
    rank = (logs > logs[77]).sum() + 1
    assert np.isclose(canary.exposure(logs, 77), np.log2(26**4) - np.log2(rank))


@formula("ethics", "Privacy of a letter with noise")
def _(latex):
    """Of all letters that were sent, the true one over another one."""
    shown = value(latex, r"\varepsilon =", f=0.4)
    assert np.isclose(shown, canary.privacy(0.4))
    assert np.isclose(shown, np.log((1 - 0.4 + 0.4 / 26) / (0.4 / 26)))


@formula("ethics", "Share of those named that are generated")
def _(latex):
    config = BaseRateConfig(0.03, 0.8, 0.95)
    shown = value(latex, a=0.8, b=0.95, symbols={r"\pi": 0.03})
    assert np.isclose(shown, base_rate.predictive_value(config))


@pinned("ethics", "Accuracy of the best detector", r"\frac12 + \frac14 \int |p(x) - q(x)|\,dx")
def _():
    p, q = bayes_bound.pair("moons", 0.3)
    rng = torch.Generator().manual_seed(0)
    x = torch.cat([p.sample(50_000, rng), q.sample(50_000, rng)])
    p_x, q_x = p.log_density(x).exp(), q.log_density(x).exp()
    cut = 2 * ((p_x - q_x).abs() / (p_x + q_x)).double().mean()
    assert np.isclose(bayes_bound.bound("moons", 0.3), 0.5 + cut / 4, atol=0.005)
