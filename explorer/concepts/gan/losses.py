r"""What the two players play for: six losses, with their slopes written out by hand.

a = D(x) is the judge's number for a real point, b = D(G(z)) for a made-up one. Every entry gives
the judge's loss, the forger's loss, their slopes by a and b, and the judge that is best possible
for real density p and made-up density q, where it is known.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

Two = Callable[[Tensor, Tensor], Tensor]
Slopes = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Loss:
    """One game. The functions take a and b, both (n,), and return one value per pair."""

    label: str
    judge: Two
    judge_slopes: Slopes  # of the judge's loss, by a and by b
    forger: Two
    forger_slope: Two  # of the forger's loss, by b
    belief: Callable[[Tensor], Tensor]  # D's number as a degree of belief, 0 made up, 1 real
    best: Callable[[Tensor], Tensor] | None  # the best D for log p/q; None: unknown
    formula: tuple[str, str]  # LaTeX: the judge's and the forger's
    best_formula: str  # LaTeX
    at_rest: tuple[float, float]  # both losses once nothing can be told apart
    source: tuple[str, str]  # citation, address
    needs_real: bool = False  # the forger's loss looks at real points, too


LOG2 = 0.6931471805599453

NON_SATURATING = Loss(
    label="non-saturating",
    judge=lambda a, b: softplus(-a) + softplus(b),
    judge_slopes=lambda a, b: (-(-a).sigmoid(), b.sigmoid()),
    forger=lambda a, b: softplus(-b),
    forger_slope=lambda a, b: -(-b).sigmoid(),
    belief=torch.sigmoid,
    best=lambda log_ratio: log_ratio,
    formula=(
        r"L_D = -\mathbb{E}\log\sigma(a) - \mathbb{E}\log(1-\sigma(b))",
        r"L_G = -\mathbb{E}\log\sigma(b)",
    ),
    best_formula=r"\sigma(D^*(x)) = \frac{p(x)}{p(x)+q(x)}",
    at_rest=(2 * LOG2, LOG2),
    source=(
        "Goodfellow et al. (2014), Generative Adversarial Nets",
        "https://arxiv.org/abs/1406.2661",
    ),
)
MINIMAX = Loss(
    label="minimax",
    judge=NON_SATURATING.judge,
    judge_slopes=NON_SATURATING.judge_slopes,
    forger=lambda a, b: -softplus(b),
    forger_slope=lambda a, b: -b.sigmoid(),
    belief=torch.sigmoid,
    best=lambda log_ratio: log_ratio,
    formula=(NON_SATURATING.formula[0], r"L_G = \mathbb{E}\log(1-\sigma(b))"),
    best_formula=NON_SATURATING.best_formula,
    at_rest=(2 * LOG2, -LOG2),
    source=NON_SATURATING.source,
)
LEAST_SQUARES = Loss(
    label="least squares",
    judge=lambda a, b: (a - 1).square() / 2 + b.square() / 2,
    judge_slopes=lambda a, b: (a - 1, b),
    forger=lambda a, b: (b - 1).square() / 2,
    forger_slope=lambda a, b: b - 1,
    belief=lambda d: d.clamp(0, 1),
    best=torch.sigmoid,
    formula=(
        r"L_D = \tfrac12\mathbb{E}(a-1)^2 + \tfrac12\mathbb{E}\,b^2",
        r"L_G = \tfrac12\mathbb{E}(b-1)^2",
    ),
    best_formula=r"D^*(x) = \frac{p(x)}{p(x)+q(x)}",
    at_rest=(0.25, 0.125),
    source=("Mao et al. (2017), Least Squares GAN", "https://arxiv.org/abs/1611.04076"),
)
HINGE = Loss(
    label="hinge",
    judge=lambda a, b: (1 - a).relu() + (1 + b).relu(),
    judge_slopes=lambda a, b: (-(a < 1).to(a.dtype), (b > -1).to(b.dtype)),
    forger=lambda a, b: -b,
    forger_slope=lambda a, b: -b.new_ones(b.shape),
    belief=lambda d: ((d + 1) / 2).clamp(0, 1),
    best=torch.sign,
    formula=(
        r"L_D = \mathbb{E}\max(0, 1-a) + \mathbb{E}\max(0, 1+b)",
        r"L_G = -\mathbb{E}\,b",
    ),
    best_formula=r"D^*(x) = \operatorname{sign}(p(x)-q(x))",
    at_rest=(2.0, 0.0),
    source=("Lim and Ye (2017), Geometric GAN", "https://arxiv.org/abs/1705.02894"),
)
WASSERSTEIN = Loss(
    label="Wasserstein",
    judge=lambda a, b: b - a,
    judge_slopes=lambda a, b: (-a.new_ones(a.shape), b.new_ones(b.shape)),
    forger=lambda a, b: -b,
    forger_slope=lambda a, b: -b.new_ones(b.shape),
    belief=lambda d: (0.5 + d / 6).clamp(0, 1),  # of a centred critic of unit spread
    best=None,
    formula=(
        r"L_D = \mathbb{E}\,b - \mathbb{E}\,a"
        r" + \lambda\,\mathbb{E}(\lVert\nabla D(\hat x)\rVert - 1)^2",
        r"L_G = -\mathbb{E}\,b",
    ),
    best_formula=r"\lVert\nabla D^*(x)\rVert = 1 \text{ between the two}",
    at_rest=(0.0, 0.0),
    source=(
        "Arjovsky et al. (2017), Wasserstein GAN; Gulrajani et al. (2017), Improved Training",
        "https://arxiv.org/abs/1704.00028",
    ),
)
RELATIVISTIC = Loss(
    label="relativistic",
    judge=lambda a, b: softplus(b - a),
    judge_slopes=lambda a, b: (-(b - a).sigmoid(), (b - a).sigmoid()),
    forger=lambda a, b: softplus(a - b),
    forger_slope=lambda a, b: -(a - b).sigmoid(),
    belief=torch.sigmoid,
    best=lambda log_ratio: log_ratio,
    formula=(
        r"L_D = -\mathbb{E}\log\sigma(a - b)",
        r"L_G = -\mathbb{E}\log\sigma(b - a)",
    ),
    best_formula=r"\sigma(D^*(x) - c) = \frac{p(x)}{p(x)+q(x)}\text{ for some constant } c",
    at_rest=(LOG2, LOG2),
    source=(
        "Jolicoeur-Martineau (2018), The relativistic discriminator; Huang et al. (2024), R3GAN",
        "https://arxiv.org/abs/2501.05441",
    ),
    needs_real=True,
)

LOSSES: dict[str, Loss] = {
    "nonsaturating": NON_SATURATING,
    "minimax": MINIMAX,
    "leastsquares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
    "relativistic": RELATIVISTIC,
}
