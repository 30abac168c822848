r"""Discriminative classifiers: p(y | x) alone, with no model of p(x).

Logistic regression   p(y | x) = softmax(W phi(x)),  phi(x) = (1, x) or (1, x, squares)
Neural network        the same, with phi learnt by two hidden layers
Support vectors       the boundary with the widest margin in the space of an RBF kernel
k nearest neighbours  the share of each class among the k nearest labelled points

Cox (1958), The regression analysis of binary sequences
Cortes and Vapnik (1995), Support-vector networks, https://doi.org/10.1007/BF00994018
Cover and Hart (1967), Nearest neighbor pattern classification, doi 10.1109/TIT.1967.1053964
Platt (1999), Probabilistic outputs for support vector machines
"""

from typing import Any, Protocol

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import log_softmax, one_hot, silu

from explorer.optim import Adam


class Discriminative(Protocol):
    """A classifier that is trained a little further by every call of `update`."""

    def update(self, x: Tensor, y: Tensor) -> None:
        """One update on the labelled points x (n, 2), y (n,)."""

    def logits(self, x: Tensor) -> Tensor:
        """log p(y | x) up to a constant, (n, classes), at points x (n, 2)."""


class Logistic:
    """Logistic regression by gradient descent, one step a call.

    It lowers the mean of -log p(y | x) + |W|^2 / (2 n): the L2 penalty is that of scikit-learn's
    default, C = 1. With `quadratic`, the features include the squares of x and their product.
    """

    def __init__(self, classes: int, quadratic: bool = False) -> None:
        self.quadratic, self.classes = quadratic, classes
        self.weights = torch.zeros(6 if quadratic else 3, classes, dtype=torch.float64)
        self._count, self._learning_rate = 0, 0.0

    def features(self, x: Tensor) -> Tensor:
        """phi(x), (n, 3) or (n, 6)."""
        u, v = x.double().unbind(1)
        parts = [torch.ones_like(u), u, v]
        return torch.stack(parts + ([u * u, u * v, v * v] if self.quadratic else []), dim=1)

    @torch.no_grad()
    def update(self, x: Tensor, y: Tensor) -> None:
        phi = self.features(x)
        if len(x) != self._count:  # 1 / the largest curvature: never overshoots
            self._count = len(x)
            curvature = torch.linalg.eigvalsh(phi.T @ phi / len(x))[-1].item()
            self._learning_rate = 1 / (0.5 * curvature + 1 / len(x))
        residual = torch.softmax(phi @ self.weights, 1) - one_hot(y, self.classes)
        gradient = phi.T @ residual / len(x)
        gradient[1:] += self.weights[1:] / len(x)
        self.weights -= self._learning_rate * gradient

    def logits(self, x: Tensor) -> Tensor:
        return self.features(x) @ self.weights


class Networks(nn.Module):
    """`count` neural networks side by side, each of the shape 2 - hidden - hidden - classes, SiLU.

    One batched multiplication serves all of them. Weights come from `rng`.
    """

    def __init__(self, count: int, hidden: int, classes: int, rng: Generator) -> None:
        super().__init__()

        def drawn(*shape: int, fan_in: int) -> nn.Parameter:
            return nn.Parameter((2 * torch.rand(count, *shape, generator=rng) - 1) * fan_in**-0.5)

        self.w1, self.b1 = drawn(2, hidden, fan_in=2), drawn(1, hidden, fan_in=2)
        self.w2, self.b2 = drawn(hidden, hidden, fan_in=hidden), drawn(1, hidden, fan_in=hidden)
        self.w3, self.b3 = drawn(hidden, classes, fan_in=hidden), drawn(1, classes, fan_in=hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Points (count, n, 2) to logits (count, n, classes)."""
        x = silu(torch.baddbmm(self.b1, x, self.w1))
        x = silu(torch.baddbmm(self.b2, x, self.w2))
        return torch.baddbmm(self.b3, x, self.w3)


class Network:
    """A neural network; each update is one step of AdamW on all labels."""

    def __init__(
        self,
        classes: int,
        hidden_units: int,
        learning_rate: float,
        weight_decay: float,
        rng: Generator,
    ) -> None:
        self.network = Networks(1, hidden_units, classes, rng)
        self.optimizer = Adam(self.network.parameters(), learning_rate, decay=weight_decay)

    def update(self, x: Tensor, y: Tensor) -> None:
        own = log_softmax(self.network(x[None])[0], 1).gather(1, y[:, None])
        self.optimizer.descend(-own.mean())
        if not torch.isfinite(self.optimizer.flat.value).all():
            raise FloatingPointError(
                "The neural network diverged: its weights grew beyond all bounds. "
                "Choose a smaller learning rate."
            )

    @torch.no_grad()
    def logits(self, x: Tensor) -> Tensor:
        return self.network(x[None])[0]


class NearestNeighbours:
    """Shares of the classes among the k nearest labelled points; k is at most a quarter of all."""

    def __init__(self, classes: int, k: int) -> None:
        self.classes, self.k = classes, k
        self.x, self.y = torch.empty(0, 2), torch.empty(0, dtype=torch.int64)

    def update(self, x: Tensor, y: Tensor) -> None:
        self.x, self.y = x, y

    def logits(self, x: Tensor) -> Tensor:
        if not len(self.x):
            return torch.zeros(len(x), self.classes)
        k = min(self.k, len(self.x) // 4 | 1)  # odd, so that two classes seldom tie
        near = [torch.cdist(part, self.x).topk(k, largest=False).indices for part in x.split(2048)]
        return one_hot(self.y[torch.cat(near)], self.classes).float().mean(1).log()


class SupportVectorMachine:
    """scikit-learn's, with RBF kernel exp(-gamma |x - x'|^2), one class against the rest.

    Its scores are not probabilities. Platt scaling turns them into some, with a factor only: the
    shift of the original would move the boundary away from the machine's own.
    """

    def __init__(self, classes: int, svm_c: float, kernel_width: float) -> None:
        self.classes, self.svm_c, self.kernel_width = classes, svm_c, kernel_width
        self.machine: Any = None
        self._count, self._factor = 0, 1.0

    def update(self, x: Tensor, y: Tensor) -> None:
        from sklearn.multiclass import OneVsRestClassifier  # imported only when used: 1.6 s, 195 MB
        from sklearn.svm import SVC

        if len(x) == self._count:
            return
        self._count = len(x)
        gamma = 1 / (2 * self.kernel_width**2 * float(x.var()))
        machine = OneVsRestClassifier(SVC(C=self.svm_c, gamma=gamma))
        self.machine = machine.fit(x.numpy(), y.numpy())
        self._factor = platt_factor(self.scores(x), y)

    def scores(self, x: Tensor) -> Tensor:
        """The machine's own scores, (n, classes)."""
        raw = torch.from_numpy(self.machine.decision_function(x.numpy()))
        return torch.stack([-raw / 2, raw / 2], 1) if raw.ndim == 1 else raw

    def logits(self, x: Tensor) -> Tensor:
        if self.machine is None:
            return torch.zeros(len(x), self.classes)
        return self._factor * self.scores(x)


def platt_factor(scores: Tensor, y: Tensor) -> float:
    """The factor a at which the labels are likeliest under softmax(a * scores).

    The targets are smoothed to (n_y + 1) / (n_y + classes), as by Platt, so that separable classes
    do not need an infinite factor.
    """
    classes = scores.shape[1]
    counts = torch.bincount(y, minlength=classes).to(scores.dtype)
    own = ((counts + 1) / (counts + classes))[y]
    target = ((1 - own) / (classes - 1))[:, None].repeat(1, classes)
    target[torch.arange(len(y)), y] = own
    factors = torch.logspace(-1, 1.7, 40).to(scores.dtype)
    losses = torch.stack([-(target * log_softmax(a * scores, 1)).sum(1).mean() for a in factors])
    return factors[losses.argmin()].item()
