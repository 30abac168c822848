r"""Generative classifiers: a density for each class, p(x, y) = p(y) p(x | y).

Naive Bayes, LDA, QDA and mixtures are one family: K Gaussians for each class, whose covariances are
diagonal, shared by all classes, or free. Given the responsibility r_nk of component k for point n,

    N_k = sum_n r_nk,  w_k = N_k / N,  m_k = sum_n r_nk x_n / N_k,
    S_k = sum_n r_nk (x_n - m_k)(x_n - m_k)^T / N_k

With one Gaussian per class and every label known, r_nk is 0 or 1 and this is the closed form. What
is not known (which component of its class, or which class at all) is replaced by its expectation
under the current model, and the two steps alternate: EM, which never lowers the likelihood.

The prior of S_k counts as `pseudo_observations` points of variance PRIOR_VARIANCE, so that no
Gaussian collapses onto one point.

Fisher (1936), https://doi.org/10.1111/j.1469-1809.1936.tb02137.x
Dempster, Laird and Rubin (1977), https://doi.org/10.1111/j.2517-6161.1977.tb01600.x
Nigam et al. (2000), EM with unlabelled texts, https://doi.org/10.1023/A:1007692713085
Parzen (1962), https://doi.org/10.1214/aoms/1177704472
"""

from dataclasses import dataclass
from math import log, pi
from typing import Literal, TypeAlias

import torch
from torch import Generator, Tensor

from explorer.data.mixture import Mixture, spherical

Shape: TypeAlias = Literal["free", "diagonal", "shared"]
SHAPES: dict[str, Shape] = {
    "naive_bayes": "diagonal",
    "lda": "shared",
    "qda": "free",
    "mixture": "free",
}
PRIOR_VARIANCE = 0.25  # of the pseudo-observations
UNKNOWN = -1  # the class of a point without a label
RESTARTS = 4  # EM finds a local maximum: the best of so many initialisations is taken
TRIAL = 20  # iterations of each initialisation before they are compared
BANDWIDTHS = torch.logspace(-1.3, 0, 12).double()  # among which one is selected


@dataclass(frozen=True, eq=False)
class Gaussians:
    """log p(x, y) is the log of the summed components of class y. All float64."""

    weights: Tensor  # (m,) of the components, over all classes
    means: Tensor  # (m, 2)
    covariances: Tensor  # (m, 2, 2)
    groups: Tensor  # (m,) int64, the class of each component

    def mixture(self) -> Mixture:
        """The same as a distribution: it can be sampled, and it knows every density."""
        return Mixture(self.means, self.covariances, self.weights, self.groups)

    def terms(self, x: Tensor) -> Tensor:
        """log w_k N(x; m_k, S_k), (n, m)."""
        a, b, c = (self.covariances[:, i, j] for i, j in ((0, 0), (0, 1), (1, 1)))
        determinant = a * c - b * b
        dx, dy = (x[:, None] - self.means).unbind(2)
        square = (c * dx * dx - 2 * b * dx * dy + a * dy * dy) / determinant
        return self.weights.log() - log(2 * pi) - 0.5 * (determinant.log() + square)


def expect(model: Gaussians, x: Tensor, y: Tensor) -> tuple[Tensor, float]:
    """The E step: responsibilities r (n, m) of the components, and the log-likelihood.

    Where the label is known, components of other classes have responsibility 0; `y` may be UNKNOWN.
    """
    other = (y[:, None] != model.groups) & (y[:, None] != UNKNOWN)
    terms = model.terms(x).masked_fill(other, -torch.inf)
    log_likelihood = terms.logsumexp(1, keepdim=True)
    return (terms - log_likelihood).exp(), log_likelihood.sum().item()


def maximise(
    x: Tensor, r: Tensor, old: Gaussians, shape: Shape, pseudo_observations: float
) -> Gaussians:
    """The M step: the likeliest Gaussians given the responsibilities r (n, m)."""
    counts = r.sum(0)  # (m,)
    safe = counts.clamp(min=1e-9)
    dead = counts < 1e-6  # a component without points stays where it is
    means = torch.where(dead[:, None], old.means, r.T @ x / safe[:, None])
    off = x[:, None] - means  # (n, m, 2)
    scatter = torch.einsum("nm,nmi,nmj->mij", r, off, off)
    pseudo = pseudo_observations * PRIOR_VARIANCE * torch.eye(2, dtype=x.dtype)
    if shape == "shared":
        pooled = (scatter.sum(0) + pseudo) / (counts.sum() + pseudo_observations)
        covariances = pooled.expand_as(scatter)
    else:
        covariances = (scatter + pseudo) / (safe + pseudo_observations)[:, None, None]
    if shape == "diagonal":
        covariances = covariances * torch.eye(2, dtype=x.dtype)
    return Gaussians(safe / safe.sum(), means, covariances, old.groups)


def log_prior(model: Gaussians, shape: Shape, pseudo_observations: float) -> float:
    """What the pseudo-observations add to the log-likelihood; EM raises the sum of the two."""
    own = model.covariances[:1] if shape == "shared" else model.covariances
    trace = torch.linalg.inv(own).diagonal(dim1=1, dim2=2).sum(1)
    return -0.5 * pseudo_observations * (torch.logdet(own) + PRIOR_VARIANCE * trace).sum().item()


def start(x: Tensor, y: Tensor, groups: Tensor, rng: Generator) -> Gaussians:
    """Components on points of their class that lie far from one another (k-means++).

    Arthur and Vassilvitskii (2007), k-means++
    """
    means = []
    for label in range(int(groups.max()) + 1):
        own = x[y == label]
        centres = own[torch.randint(len(own), (1,), generator=rng)]
        for _ in range(int((groups == label).sum()) - 1):
            gap = torch.cdist(own, centres).square().amin(1) + 1e-9
            at = torch.multinomial(gap, 1, generator=rng)
            centres = torch.cat([centres, own[at]])
        means.append(centres)
    m = len(groups)
    weights = torch.full((m,), 1 / m, dtype=x.dtype)
    covariances = (PRIOR_VARIANCE / 2 * torch.eye(2, dtype=x.dtype)).expand(m, 2, 2)
    return Gaussians(weights, torch.cat(means), covariances, groups)


def untrained(classes: int) -> Mixture:
    """The model before the first label: every class is the same standard normal."""
    return spherical(torch.zeros(classes, 2), 1.0, groups=torch.arange(classes))


class GaussianClassifier:
    """A classifier of `kind` that takes one EM iteration a call (LDA, QDA: the closed form).

    With `unlabelled` (u, 2) it also learns from those unlabelled points (semi-supervised).
    """

    def __init__(
        self, kind: str, classes: int, components: int, pseudo_observations: float, rng: Generator,
        unlabelled: Tensor | None = None,
    ) -> None:  # fmt: skip
        self.shape, self.rng = SHAPES[kind], rng
        self.pseudo_observations = pseudo_observations
        count = components if kind == "mixture" else 1
        self.groups = torch.arange(classes).repeat_interleave(count)
        extra = torch.empty(0, 2) if unlabelled is None else unlabelled
        self.extra = extra.double()
        self.state: Gaussians | None = None
        self._incomplete = count > 1 or len(extra) > 0  # something is latent: EM is needed
        self._restart_at = 0  # number of labels
        self._first = untrained(classes)

    @torch.no_grad()
    def update(self, x: Tensor, y: Tensor) -> None:
        """One iteration on labelled points x (n, 2), y (n,).

        Whenever the labels have doubled, new initialisations compete with the current state, and
        the likeliest goes on. The very first run of EM starts from its initialisation, unshortened.
        """
        every = torch.cat([x.double(), self.extra])
        known = torch.cat([y, torch.full((len(self.extra),), UNKNOWN)])
        if self.state is None:
            self._restart_at = 2 * len(x)
            self.state = self._fresh(every, known)[0]
        elif self._incomplete and len(x) >= self._restart_at:
            self._restart_at = 2 * len(x)
            fresh = self._fresh(every, known)[1]
            if self.objective(fresh, every, known) > self.objective(self.state, every, known):
                self.state = fresh
        self.state = self._next(self.state, every, known)

    def _fresh(self, x: Tensor, y: Tensor) -> tuple[Gaussians, Gaussians]:
        """The best of several initialisations, and where EM takes it."""
        best: tuple[float, Gaussians, Gaussians] | None = None
        for _ in range(RESTARTS if self._incomplete else 1):
            first = state = start(x[y != UNKNOWN], y[y != UNKNOWN], self.groups, self.rng)
            for _ in range(TRIAL if self._incomplete else 0):
                state = self._next(state, x, y)
            reached = self.objective(state, x, y)
            if best is None or reached > best[0]:
                best = reached, first, state
        assert best is not None
        return best[1:]

    def objective(self, state: Gaussians, x: Tensor, y: Tensor) -> float:
        """What EM never lowers: the log-likelihood with the log-prior."""
        return expect(state, x, y)[1] + log_prior(state, self.shape, self.pseudo_observations)

    def _next(self, state: Gaussians, x: Tensor, y: Tensor) -> Gaussians:
        return maximise(x, expect(state, x, y)[0], state, self.shape, self.pseudo_observations)

    def model(self) -> Mixture:
        """The current model as a distribution."""
        return self.state.mixture() if self.state else self._first


class KernelClassifier:
    """Kernel density estimate of each class: a round Gaussian on every labelled point."""

    def __init__(self, classes: int, bandwidth: float = 0.0) -> None:
        self.bandwidth, self.selected = bandwidth, bandwidth
        self._density, self._count = untrained(classes), 0
        self._reselect_at = 0  # number of labels

    @torch.no_grad()
    def update(self, x: Tensor, y: Tensor) -> None:
        """Replace the labelled points by x (n, 2), y (n,)."""
        if len(x) == self._count:
            return
        self._count = len(x)
        if not self.bandwidth and len(x) >= self._reselect_at:
            self._reselect_at = len(x) + len(x) // 10
            self.selected = best_bandwidth(x.double(), y)
        self._density = spherical(x, self.selected, groups=y)

    def model(self) -> Mixture:
        """The current model as a distribution."""
        return self._density


def best_bandwidth(x: Tensor, y: Tensor, bandwidths: Tensor = BANDWIDTHS) -> float:
    """The bandwidth of the highest leave-one-out likelihood.

    The density at each point is estimated from the other points of its class.
    """
    square = torch.cdist(x, x).square()
    alone = (y[:, None] != y) | torch.eye(len(x), dtype=torch.bool)
    square = square.masked_fill(alone, torch.inf)
    scores = torch.stack(
        [
            (torch.logsumexp(-square / (2 * h**2), 1) - 2 * h.log()).clamp(min=-1e6).sum()
            for h in bandwidths
        ]
    )
    return bandwidths[scores.argmax()].item()
