r"""The edge of stability: in gradient descent the sharpness climbs to 2 / eta and stays there.

Sharpness is the largest eigenvalue of the Hessian of the loss. On a quadratic, gradient descent
diverges along every direction whose curvature exceeds 2 / eta; a network does not diverge there,
and its sharpness hovers about this line while the loss goes on falling, not in every step.

Cohen et al. (2021), Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability,
https://arxiv.org/abs/2103.00065
"""

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from explorer import config as c
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.config import frame_steps
from explorer.data import images
from explorer.nets import generator
from explorer.scene import Curve, Panel, Reading, Scene, frozen

FRAMES, ITERATIONS = 80, 12  # of the power iteration, from the last eigenvector


@dataclass(frozen=True)
class Sharpness:
    """Full-batch gradient descent on some digits, by a network 64-16-16-10."""

    learning_rate: float = c.number(0.5, 0.05, 1.0, 0.05)
    examples: int = c.integer(50, 10, 200, 10)
    steps: int = c.steps(800, 2000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The sharpness and the loss after `step` updates."""

    step: int
    config: Sharpness
    sharpness: float
    loss: float
    curve: np.ndarray  # (1, 2) step and sharpness


class DigitsNetwork:
    """A tanh network as a function of one vector of weights, and the loss on some digits."""

    SIZES = (64, 16, 16, 10)

    def __init__(self, examples: int, rng: torch.Generator) -> None:
        digits = images.load("digits")
        self.x = (digits.train - digits.train.mean(0))[:examples]
        self.y = one_hot(digits.train_labels[:examples], 10).float()
        parts = [torch.randn(a, b, generator=rng) / sqrt(a) for a, b in pairwise(self.SIZES)]
        self.shapes = [part.shape for part in parts]
        self.theta = torch.cat([part.reshape(-1) for part in parts])

    def loss(self, theta: Tensor) -> Tensor:
        """Half the sum of squared errors of an example, in the mean."""
        h, start = self.x, 0
        for at, shape in enumerate(self.shapes):
            h = h @ theta[start : start + shape.numel()].view(shape)
            start += shape.numel()
            h = torch.tanh(h) if at < len(self.shapes) - 1 else h
        return 0.5 * ((h - self.y) ** 2).sum(1).mean()


def largest_eigenvalue(
    network: DigitsNetwork, theta: Tensor, v: Tensor, iterations: int = ITERATIONS
) -> tuple[float, Tensor]:
    """The eigenvalue of the Hessian that the power iteration finds from v (p,), and its vector."""
    at = theta.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(network.loss(at), at, create_graph=True)
    value = 0.0
    for _ in range(iterations):
        v = v / v.norm()
        (product,) = torch.autograd.grad(gradient, at, v, retain_graph=True)
        value, v = float(v @ product), product
    return value, v


def sharpness(config: Sharpness) -> Generator[Snapshot, None, None]:
    """Gradient descent, with the sharpness measured now and then."""
    rng = generator(config.seed)
    network = DigitsNetwork(config.examples, rng)
    theta, v = network.theta, torch.randn(network.theta.numel(), generator=rng)
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        at = theta.detach().requires_grad_()
        loss = network.loss(at)
        if step in shown:
            value, v = largest_eigenvalue(network, theta, v, 60 if step == 0 else ITERATIONS)
            now = finite(float(loss.detach()), step)
            yield Snapshot(step, config, value, now, frozen(point(step, value)))
        (gradient,) = torch.autograd.grad(loss, at)
        theta = theta - config.learning_rate * gradient


def sharpness_scene(s: Snapshot) -> Scene:
    """Sharpness beside 2 / eta, and the loss."""
    limit, ends = 2 / s.config.learning_rate, (0.0, float(s.config.steps))
    curvature = Panel(
        "Sharpness",
        [
            Curve("2 / η", "truth", level(ends, limit)),
            Curve("sharpness", "model", s.curve, grows=True),
        ],
        "chart", ends, (0.0, 2.0 * limit), "training step", "largest eigenvalue",
        caption="Largest eigenvalue of the Hessian of the loss. It climbs and stays near 2 / η.",
    )  # fmt: skip
    loss = Panel(
        "Training loss", [Curve("loss", "real", point(s.step, s.loss), grows=True)], "chart", ends,
        None, "training step", "half the squared error", log_y=True,
        caption="It goes on falling at the edge, though not in every step.",
    )  # fmt: skip
    ratio = s.sharpness / limit
    reading = Reading(
        "sharpness · η / 2", ratio, (1.0, 1.0), "edge of stability", better="neither",
        help="On a quadratic, gradient descent diverges above 1.",
    )  # fmt: skip
    where = "at" if 0.85 < ratio < 1.3 else "below" if ratio <= 0.85 else "above"
    text = (
        f"After {s.step:,} steps the sharpness is {s.sharpness:.3g}, {where} 2 / η = {limit:.3g}."
    )
    return Scene([curvature, loss], s.step, (2,), (), [reading], text)
