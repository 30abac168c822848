r"""Uniform squares: the checkerboard, exact at every noise level.

With noise of standard deviation sigma the density of a uniform interval [a, b] becomes

    (Phi((x - a) / sigma) - Phi((x - b) / sigma)) / (b - a)

with Phi the normal distribution function, and a square is the product of two. Without noise the
density jumps: outside the squares the log-density is -inf, and the score is 0 everywhere (there is
no gradient to follow, which is what makes this set hard for anything that climbs the score).
"""

from math import log, pi, sqrt

import torch
from torch import Generator, Tensor

from explorer.data.sampler import Sampler


class Squares(Sampler):
    """Equal squares with centres (k, 2), scaled by `alpha`, under noise of size `sigma`.

    The same interface as `Mixture`. `groups` (k,) int is the class of each square.
    """

    def __init__(
        self, centres: Tensor, side: float, groups: Tensor, alpha: float = 1.0, sigma: float = 0.0
    ) -> None:
        order = torch.argsort(groups, stable=True)
        self.groups, self.centres = groups[order], centres.double()[order]
        self.side, self.alpha, self.sigma = side, alpha, sigma
        self._sizes: list[int] = torch.bincount(self.groups).tolist()
        self.classes = len(self._sizes)
        priors = torch.tensor(self._sizes).double() / len(centres)
        self.class_log_prior = priors.log().float()  # (classes,)
        self._log_prior = priors.log()
        middle = self.centres.mean(0)
        variance = alpha**2 * side**2 / 12 + sigma**2
        off = alpha * (self.centres - middle)
        self.mean = (alpha * middle).float()  # (2,)
        self.covariance = (off.T @ off / len(centres) + variance * torch.eye(2)).float()
        self.modes = (alpha * self.centres).float()  # (k, 2)
        self.mode_weights = torch.full((len(centres),), 1 / len(centres))  # (k,)
        self.mode_scale = sqrt(variance)

        # A board has few distinct columns and rows: each interval is worked out once.
        self._columns, self._column = self.centres[:, 0].unique(return_inverse=True)
        self._rows, self._row = self.centres[:, 1].unique(return_inverse=True)
        self._corners = (alpha * (self.centres - side / 2)).float()

    def _draw(self, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
        square = torch.randint(len(self._corners), (n,), generator=rng)
        x = self._corners[square].add_(
            torch.rand(n, 2, generator=rng), alpha=self.alpha * self.side
        )
        if self.sigma:
            x.add_(torch.randn(n, 2, generator=rng), alpha=self.sigma)
        return x, square

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for points x (n, 2); -inf outside the squares while sigma is 0."""
        return torch.logsumexp(self._terms(x)[0], dim=1).to(x.dtype)

    def score(self, x: Tensor) -> Tensor:
        """The gradient of log p at x, (n, 2); 0 everywhere while sigma is 0."""
        if not self.sigma:
            return torch.zeros_like(x)
        terms, gradient_x, gradient_y = self._terms(x)
        share = torch.softmax(terms, dim=1)  # (n, k) responsibility of each square
        gradients = [gradient_x[:, self._column], gradient_y[:, self._row]]
        return torch.stack([(share * gradient).sum(1) for gradient in gradients], dim=1).to(x.dtype)

    def class_log_density(self, x: Tensor) -> Tensor:
        """log p(x | class), (n, classes)."""
        parts = self._terms(x)[0].split(self._sizes, dim=1)
        joint = torch.stack([torch.logsumexp(part, dim=1) for part in parts], dim=1)
        return (joint - self._log_prior).to(x.dtype)

    def class_log_marginal(self, value: Tensor, axis: int) -> Tensor:
        """log p(x[axis] = value | class), (n, classes), for values (n,): the other is unknown."""
        middles, place = (self._columns, self._column) if axis == 0 else (self._rows, self._row)
        terms = self._interval(value.double(), middles)[0][:, place] - log(len(self.centres))
        parts = terms.split(self._sizes, dim=1)
        joint = torch.stack([torch.logsumexp(part, dim=1) for part in parts], dim=1)
        return (joint - self._log_prior).to(value.dtype)

    def nearest_mode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The square nearest to each point (n,), and how far it is (n,): 3 is its edge.

        So that "within 3" means "inside the square", as it means "within 3 s" for a Gaussian.
        """
        gap = (x.double()[:, None] - self.alpha * self.centres).abs().amax(dim=2)  # (n, k)
        distance, mode = gap.min(dim=1)
        return mode, 3 * distance / (self.alpha * self.side / 2)

    def noised(self, alpha: float, sigma: float) -> "Squares":
        """The distribution of alpha x0 + sigma e, with x0 from this one and e standard normal."""
        total = sqrt((alpha * self.sigma) ** 2 + sigma**2)
        return Squares(self.centres, self.side, self.groups, alpha * self.alpha, total)

    def given(self, label: int) -> "Squares":
        """The distribution of one class: p(x | class = label)."""
        own = self.centres[self.groups == label]
        groups = torch.zeros(len(own), dtype=torch.int64)
        return Squares(own, self.side, groups, self.alpha, self.sigma)

    def _terms(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """log w_k p_k(x) (n, k), and the gradients of the log-intervals of columns and rows."""
        log_x, gradient_x = self._interval(x[:, 0].double(), self._columns)
        log_y, gradient_y = self._interval(x[:, 1].double(), self._rows)
        terms = log_x[:, self._column] + log_y[:, self._row] - log(len(self.centres))
        return terms, gradient_x, gradient_y

    def _interval(self, x: Tensor, middles: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density of x (n,) under each noised interval, (n, m), and its derivative."""
        half = self.alpha * self.side / 2
        gap = x[:, None] - self.alpha * middles
        if not self.sigma:
            inside = torch.where(gap.abs() <= half, 0.0, -torch.inf)
            return inside - log(2 * half), torch.zeros_like(gap)
        # By symmetry work on the left of the middle, where neither Phi rounds to one.
        u, v = (-gap.abs() + half) / self.sigma, (-gap.abs() - half) / self.sigma
        log_u = torch.special.log_ndtr(u)
        mass = log_u + torch.log1p(-torch.exp(torch.special.log_ndtr(v) - log_u))
        gradient = _normal(u, mass) - _normal(v, mass)
        return mass - log(2 * half), -gap.sign() * gradient / self.sigma


def _normal(u: Tensor, log_mass: Tensor) -> Tensor:
    """The standard normal density at u divided by exp(log_mass)."""
    return torch.exp(-0.5 * (u * u + log(2 * pi)) - log_mass)
