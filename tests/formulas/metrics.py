"""Metrics of images and of text, and their z-scores."""

import numpy as np
import torch

from explorer.concepts.metrics.measure import IMAGE_METRICS, NoiseFloors
from explorer.truth import distances, features, words
from explorer.truth.floors import Floor
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(5)
R, G = RNG.normal(size=(30, 4)), RNG.normal(size=(25, 4)) + 0.4
REAL, GENERATED = torch.tensor(R), torch.tensor(G)
APART = np.linalg.norm(G[:, None] - R[None], axis=2)  # (generated, real)


def radius(x):
    """The distance of each row from its fifth neighbour."""
    return np.sort(np.linalg.norm(x[:, None] - x[None], axis=2), axis=1)[:, 5]


@formula("metrics", "Fréchet distance")
def _(latex):
    s_r, s_g = (np.cov(x, rowvar=False) for x in (R, G))
    values, vectors = np.linalg.eig(s_r @ s_g)
    root = (vectors * np.sqrt(values)) @ np.linalg.inv(vectors)
    means = value(latex, until=r" + \operatorname", m_r=R.mean(0), m_g=G.mean(0))
    trace = latex.partition(r"\big(")[2].replace("(S_r S_g)^{1/2}", "C").rstrip(r")\big")
    shown = means + value(trace, S_r=s_r, S_g=s_g, C=root.real).trace()
    assert np.isclose(distances.frechet_of_moments(R.mean(0), s_r, G.mean(0), s_g), shown)


@formula("metrics", "Kernel distance")
def _(latex):
    own_kernel = latex.replace(r"a \cdot b", "c")  # a dot product

    def kernel(a, b):
        return value(own_kernel, "k(a, b) =", c=a @ b.T, d=4.0)

    def among(a):
        k = kernel(a, a)
        return (k.sum() - k.trace()) / (len(a) * (len(a) - 1))

    both = (
        latex.replace(r"\mathbb{E}_{i \ne j} k(r_i, r_j)", "R")
        .replace(r"\mathbb{E}_{i \ne j} k(g_i, g_j)", "G")
        .replace(r"\mathbb{E}\,k(r_i, g_j)", "M")
    )
    shown = value(both, R=among(R), G=among(G), M=kernel(R, G).mean())
    assert np.isclose(features.kernel_distance(REAL, GENERATED), shown)


@pinned(
    "metrics",
    "Inception score",
    r"\exp \mathbb{E}_g\, \mathrm{KL}\big(p(y \mid g) \,\|\, p(y)\big)",
)
def _():
    p = RNG.dirichlet(np.ones(4), size=12)
    kl = (p * np.log(p / p.mean(0))).sum(1)
    assert np.isclose(features.inception_score(torch.tensor(p)), np.exp(kl.mean()))


@pinned(
    "metrics",
    "Precision and recall",
    r"\text{precision} = \mathbb{E}_g\,[\,\exists r: |g - r| \le \rho_k(r)\,], \qquad "
    r"\text{recall} = \mathbb{E}_r\,[\,\exists g: |g - r| \le \rho_k(g)\,]",
)
def _():
    own = features.shares(REAL, GENERATED)
    assert np.isclose(own.precision, (radius(R)[None] >= APART).any(1).mean())
    assert np.isclose(own.recall, (radius(G)[:, None] >= APART).any(0).mean())


@pinned(
    "metrics",
    "Density and coverage",
    r"\text{density} = \tfrac1k\,\mathbb{E}_g \textstyle\sum_r [\,|g - r| \le \rho_k(r)\,], "
    r"\qquad \text{coverage} = \mathbb{E}_r\,[\,\exists g: |g - r| \le \rho_k(r)\,]",
)
def _():
    own, within = features.shares(REAL, GENERATED), radius(R)[None] >= APART
    assert np.isclose(own.density, within.sum(1).mean() / 5)
    assert np.isclose(own.coverage, within.any(0).mean())


@pinned(
    "metrics",
    "Perceptual distance",
    r"\textstyle\sum_l \operatorname{mean}_{h,w} \|\hat a_l(x) - \hat a_l(y)\|^2",
)
def _():
    shapes = ((3, 4, 4), (5, 2, 2))
    x, y = ([RNG.normal(size=(2, *shape)) for shape in shapes] for _ in range(2))
    own = features.perceptual_distance([torch.tensor(a) for a in x], [torch.tensor(b) for b in y])
    unit = [[a / np.linalg.norm(a, axis=1, keepdims=True) for a in each] for each in (x, y)]
    shown = sum(((a - b) ** 2).sum(1).mean((1, 2)) for a, b in zip(*unit, strict=True))
    assert np.allclose(own.numpy(), shown)


@pinned("metrics", "Novelty", r"\frac{\mathbb{E}_g \min_t |g - t|}{\mathbb{E}_f \min_t |f - t|}")
def _():
    held_out = RNG.normal(size=(20, 4))
    near = [np.linalg.norm(x[:, None] - R[None], axis=2).min(1).mean() for x in (G, held_out)]
    own = features.novelty(GENERATED, REAL, torch.tensor(held_out))
    assert np.isclose(own, near[0] / near[1])


@formula("metrics", "Bits per character, and perplexity")
def _(latex):
    p, count = 0.1 + 0.8 * RNG.random(30), 6
    table = {"n": 30.0, r"p": lambda *_: p}
    bits = value(latex.replace(r"c_i \mid c_{<i}", "x"), r"\text{bits} =", x=0.0, symbols=table)
    assert np.isclose(words.bits(np.log(p), 30), bits)
    exponent = latex.rpartition("2^{")[2][:-1]
    power = exponent.replace(r"\text{bits}", "b").replace(r"\text{words}", "w")
    assert np.isclose(
        words.perplexity(np.log(p) * 30 / count), 2 ** value(power, b=bits, n=30.0, w=count)
    )


@formula("metrics", "BLEU")
def _(latex):
    text, original = ["a", "b", "c", "d", "e", "f", "a"], ["a", "b", "c", "d", "e", "x", "a", "y"]
    shares = []
    for n in range(1, 5):
        own, other = words.grams(text, n), words.grams(original, n)
        shares.append((own & other).total() / own.total())
    brevity = value(latex, until=r"\textstyle", r=8.0, c=7.0)
    shown = brevity * np.prod([share ** (1 / 4) for share in shares])
    assert np.isclose(words.bleu([text], [[original]]), shown)


@formula("metrics", "ROUGE")
def _(latex):
    a, b = ["a", "b", "c", "d"], ["a", "c", "d", "e", "f"]
    latex = (
        latex.replace(r"\text{shared}", "s")
        .replace(r"\text{in the one}", "a")
        .replace(r"\text{in the other}", "b")
    )
    assert np.isclose(words.rouge([a], [b], 1), value(latex, s=3.0, a=4.0, b=5.0))
    assert np.isclose(words.rouge_l([a], [b]), value(latex, s=3.0, a=4.0, b=5.0))


@pinned("metrics", "Distinct-n", r"\frac{\text{different}}{\text{all}}")
def _():
    assert words.distinct([["a", "b", "a", "b"]], 2) == 2 / 3


@formula("metrics", "z-score, in units of the noise floor")
def _(latex):
    for metric, sign in ((IMAGE_METRICS[0], 1.0), (IMAGE_METRICS[3], -1.0)):
        floors = NoiseFloors((metric,), (Floor(0.4, 0.3, 0.6),), np.array([[0.1], [0.2]]))
        shown = (
            latex.replace(r"\pm", "")
            .replace(r"\text{value}", "v")
            .replace(r"\text{mean}", "m")
            .replace(r"\text{edge}", "e")
        )
        for seen in (0.7, 0.25):
            edge = 0.6 if seen > 0.4 else 0.3
            z = sign * value(shown, "z =", v=seen, m=0.4, e=edge)
            assert np.isclose(floors.z_scores(np.array([seen]))[0], z)
