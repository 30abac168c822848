r"""Gradient descent, with momentum or Nesterov's, RMSProp and Adam, on one vector of parameters.

SGD       theta <- theta - eta g
momentum  v <- beta v - eta g,  theta <- theta + v                (Polyak 1964: heavy ball)
Nesterov  the same v,  theta <- theta + beta v - eta g            (Sutskever et al. 2013)
RMSProp   theta <- theta - eta g / (sqrt(s) + eps)                (Tieleman and Hinton 2012)
Adam      theta <- theta - eta m / (sqrt(s) + eps)                (Kingma and Ba 2015)
"""

import numpy as np

MOMENTUM, BETAS, TINY = 0.9, (0.9, 0.999), 1e-8
MEMORY = 0.99  # of RMSProp


class Optimiser:
    """One of the five, by name; its state belongs to one vector of parameters."""

    def __init__(self, kind: str, theta: np.ndarray) -> None:
        self.kind, self.theta, self.count = kind, theta, 0
        self.velocity, self.square = np.zeros_like(theta), np.zeros_like(theta)
        self.trained: np.ndarray | None = None  # 0 for parameters that are frozen

    def update(self, gradient: np.ndarray, learning_rate: float) -> None:
        """One step along the gradient (..., p); parameters change in place."""
        if self.kind == "sgd":
            change = -learning_rate * gradient
        elif self.kind in ("momentum", "nesterov"):
            self.velocity *= MOMENTUM
            self.velocity -= learning_rate * gradient
            change = self.velocity
            if self.kind == "nesterov":
                change = MOMENTUM * change - learning_rate * gradient
        elif self.kind == "rmsprop":
            self.square += (1 - MEMORY) * (gradient * gradient - self.square)
            change = -learning_rate * gradient / (np.sqrt(self.square) + TINY)
        else:
            self.count += 1
            b1, b2 = BETAS
            self.velocity += (1 - b1) * (gradient - self.velocity)
            self.square += (1 - b2) * (gradient * gradient - self.square)
            spread = np.sqrt(self.square / (1 - b2**self.count)) + TINY
            change = (-learning_rate / (1 - b1**self.count)) * self.velocity / spread
        if self.trained is not None:
            change = change * self.trained
        self.theta += change
