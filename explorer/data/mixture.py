r"""Gaussian mixtures in the plane: what is real, known exactly.

    p(x) = sum_k w_k N(x; m_k, S_k)

A ring and a grid are mixtures of a few separate Gaussians; moons, spirals and a visitor's strokes
are mixtures of many small ones that overlap along a line. Noise keeps them in the family: if x0
is drawn from p and e from N(0, I), then alpha x0 + sigma e has the components
N(alpha m_k, alpha^2 S_k + sigma^2 I). So density, score and posterior are exact at every noise
level.

Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.9
"""

from math import log, pi, sqrt

import torch
from torch import Generator, Tensor

from explorer.data.sampler import Sampler


class Mixture(Sampler):
    """A mixture of k Gaussians in the plane whose components belong to classes.

    `means` (k, 2), `covariances` (k, 2, 2), `weights` (k,) positive (None: all equal), `groups`
    (k,) int: the class of each component, every number from 0 up to the largest being used.
    `separate` says that the components are modes that one can count. Nothing changes after
    construction, so one object may be shared by all threads.
    """

    def __init__(
        self,
        means: Tensor,
        covariances: Tensor,
        weights: Tensor | None = None,
        groups: Tensor | None = None,
        separate: bool = False,
    ) -> None:
        k = len(means)
        weights = torch.ones(k) if weights is None else weights
        groups = torch.zeros(k, dtype=torch.int64) if groups is None else groups
        order = torch.argsort(groups, stable=True)  # the components of a class lie side by side
        self.groups = groups[order]
        self.means = means.double()[order]
        self.covariances = covariances.double()[order]
        self.weights = (weights.double() / weights.double().sum())[order]
        self._sizes: list[int] = torch.bincount(self.groups).tolist()
        self.classes = len(self._sizes)
        if min(self._sizes) == 0:
            raise ValueError(f"groups must use every number up to the largest. Got {groups}.")
        priors = torch.stack([w.sum() for w in self.weights.split(self._sizes)])
        self.class_log_prior = priors.log().float()  # (classes,)
        self._log_prior = priors.log()

        self.mean = (self.weights @ self.means).float()  # (2,)
        off = self.means - self.weights @ self.means
        spread = self.covariances + off[:, :, None] * off[:, None, :]
        self.covariance = (self.weights[:, None, None] * spread).sum(0).float()  # (2, 2)
        self._separate = separate
        self.modes = self.means.float() if separate else None  # (k, 2)
        self.mode_weights = self.weights  # (k,)
        variance = self.weights @ self.covariances.diagonal(dim1=1, dim2=2).mean(1)
        self.mode_scale = sqrt(variance.item())

        # log w_k N(x; m_k, S_k) is a quadratic in x: six features of x times a (6, k) matrix.
        precision = torch.linalg.inv(self.covariances)
        linear = (precision @ self.means[:, :, None]).squeeze(2)  # (k, 2) S_k^-1 m_k
        peak = self.weights.log() - log(2 * pi) - 0.5 * torch.logdet(self.covariances)
        self._quadratic = torch.stack(
            [
                -0.5 * precision[:, 0, 0],
                -precision[:, 0, 1],
                -0.5 * precision[:, 1, 1],
                linear[:, 0],
                linear[:, 1],
                peak - 0.5 * (self.means * linear).sum(1),
            ]
        )
        # The score is linear in x for each component: five numbers, averaged by responsibility.
        self._linear = torch.stack(
            [
                linear[:, 0],
                linear[:, 1],
                precision[:, 0, 0],
                precision[:, 0, 1],
                precision[:, 1, 1],
            ],
            1,
        )

        # What sampling needs, in the cheapest form that is exact.
        self._centres = self.means.float()
        self._factors = torch.linalg.cholesky(self.covariances).float()
        round_ = torch.allclose(
            self._factors, self._factors[0, 0, 0] * torch.eye(2), rtol=1e-6, atol=1e-9
        )
        self._scale = float(self._factors[0, 0, 0]) if round_ else None
        equal = torch.allclose(self.weights, self.weights[:1], rtol=1e-9, atol=0)
        self._edges = None if equal else self.weights.cumsum(0)[:-1].float()

    def _draw(self, n: int, rng: Generator) -> tuple[Tensor, Tensor]:
        if self._edges is None:
            component = torch.randint(len(self._centres), (n,), generator=rng)
        else:
            component = torch.bucketize(torch.rand(n, generator=rng), self._edges)
        noise = torch.randn(n, 2, generator=rng)
        centre = self._centres[component]
        if self._scale is not None:
            return centre.add_(noise, alpha=self._scale), component
        return centre + (self._factors[component] @ noise[:, :, None]).squeeze(2), component

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for points x (n, 2); differentiable."""
        return _logsumexp(self._terms(x))

    def score(self, x: Tensor) -> Tensor:
        """The gradient of log p at x, (n, 2): the way to where data are denser."""
        share = torch.softmax(self._terms(x), dim=1)  # (n, k) responsibility of each component
        weighted_x, weighted_y, xx, xy, yy = (share @ self._linear.to(x.dtype)).unbind(1)
        return torch.stack(
            [weighted_x - xx * x[:, 0] - xy * x[:, 1], weighted_y - xy * x[:, 0] - yy * x[:, 1]],
            dim=1,
        )

    def class_log_density(self, x: Tensor) -> Tensor:
        """log p(x | class), (n, classes)."""
        parts = self._terms(x).split(self._sizes, dim=1)
        joint = torch.stack([_logsumexp(part) for part in parts], dim=1)
        return joint - self._log_prior.to(x.dtype)

    def class_log_marginal(self, value: Tensor, axis: int) -> Tensor:
        """log p(x[axis] = value | class), (n, classes), for values (n,): the other is unknown."""
        variance = self.covariances[:, axis, axis]
        gap = value.double()[:, None] - self.means[:, axis]
        terms = self.weights.log() - 0.5 * (gap * gap / variance + variance.log() + log(2 * pi))
        parts = terms.split(self._sizes, dim=1)
        joint = torch.stack([_logsumexp(part) for part in parts], dim=1)
        return (joint - self._log_prior).to(value.dtype)

    def nearest_mode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The mode nearest to each point (n,), and how many standard deviations away (n,)."""
        if not self._separate:
            raise ValueError("nearest_mode needs a distribution with separate modes.")
        gap = x.double()[:, None] - self.means  # (n, k, 2)
        factors = torch.linalg.cholesky(self.covariances)
        white = torch.linalg.solve_triangular(factors, gap[..., None], upper=False).squeeze(-1)
        distance, mode = white.norm(dim=2).min(dim=1)
        return mode, distance

    def noised(self, alpha: float, sigma: float) -> "Mixture":
        """The distribution of alpha x0 + sigma e, with x0 from this one and e standard normal."""
        return Mixture(
            alpha * self.means,
            alpha**2 * self.covariances + sigma**2 * torch.eye(2, dtype=torch.float64),
            self.weights,
            self.groups,
            self._separate,
        )

    def given(self, label: int) -> "Mixture":
        """The distribution of one class: p(x | class = label)."""
        own = self.groups == label
        return Mixture(
            self.means[own], self.covariances[own], self.weights[own], separate=self._separate
        )

    def standardised(self) -> "Mixture":
        """The same shape with mean zero and an average variance of 1 over both axes."""
        scale = 1 / sqrt(self.covariance.double().trace().item() / 2)
        return Mixture(
            scale * (self.means - self.weights @ self.means),
            scale**2 * self.covariances,
            self.weights,
            self.groups,
            self._separate,
        )

    def _terms(self, x: Tensor) -> Tensor:
        """log w_k N(x; m_k, S_k), (n, k). In float64, because the quadratic's terms cancel."""
        x0, x1 = x.double().unbind(1)
        features = torch.stack([x0 * x0, x0 * x1, x1 * x1, x0, x1, torch.ones_like(x0)], dim=1)
        return (features @ self._quadratic).to(x.dtype)


def _logsumexp(terms: Tensor) -> Tensor:
    """log sum exp over the columns of (n, k); five times as fast as torch.logsumexp on terms far
    apart, whose exponentials it lets become subnormal numbers."""
    top = terms.amax(dim=1, keepdim=True).detach()
    return (terms - top).clamp(min=-80).exp().sum(dim=1).log() + top[:, 0]


def spherical(
    means: Tensor,
    scale: float,
    weights: Tensor | None = None,
    groups: Tensor | None = None,
    separate: bool = False,
) -> Mixture:
    """A mixture of round Gaussians of standard deviation `scale` at `means` (k, 2)."""
    covariances = (scale**2 * torch.eye(2, dtype=torch.float64)).expand(len(means), 2, 2)
    return Mixture(means, covariances, weights, groups, separate)
