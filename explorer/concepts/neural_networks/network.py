r"""A fully connected network with its backward pass written out, without automatic derivatives.

    a_l = h_{l-1} W_l + b_l,   h_l = f(norm(a_l)) (+ h_{l-1}),   z = h_L W + b

All parameters lie in one vector, their gradients in another, so that an optimiser needs a handful
of operations. With `copies`, as many networks are computed side by side: every array has one more
dimension in front. In float64: small arrays are not faster in float32, and gradients are exact.

Rumelhart, Hinton and Williams (1986), https://doi.org/10.1038/323533a0
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod, sqrt
from typing import Any, TypeAlias

import numpy as np

Function: TypeAlias = Callable[[np.ndarray], np.ndarray]
EPSILON = 1e-5  # added to variances
MEMORY = 0.1  # weight of a batch in the running statistics of batch normalisation
LEAK = 0.1


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), in a form that cannot overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


# Activation and its derivative, the latter from the activation's own value.
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(float)),
    "leaky_relu": (lambda a: np.maximum(a, LEAK * a), lambda h: np.where(h > 0, 1.0, LEAK)),
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "linear": (lambda a: a, np.ones_like),
}


@dataclass(frozen=True)
class Shape:
    """What a network is, without its parameters."""

    sizes: tuple[int, ...]  # inputs, hidden units, one output
    activation: str = "tanh"
    loss: str = "cross_entropy"
    normalisation: str = "none"
    residual: bool = False
    dropout: float = 0.0


@dataclass(eq=False)
class Layer:
    """One layer: its parameters and their gradients are views of the network's vectors."""

    weight: np.ndarray  # (..., inputs, units)
    bias: np.ndarray  # (..., 1, units)
    d_weight: np.ndarray
    d_bias: np.ndarray
    gain: np.ndarray | None = None  # (..., 1, units), of the normalisation, with its shift
    shift: np.ndarray | None = None
    d_gain: np.ndarray | None = None
    d_shift: np.ndarray | None = None
    skips: bool = False  # its input is added to its output
    alive: np.ndarray | None = None  # (units,) 0 for units that were cut
    mean: np.ndarray | float = 0.0  # running statistics of batch normalisation
    variance: np.ndarray | float = 1.0


@dataclass(eq=False)
class Pass:
    """What a forward pass computed in one layer: all that the backward pass needs."""

    given: np.ndarray  # (..., n, inputs)
    sums: np.ndarray  # (..., n, units) weighted sums plus bias
    normalised: np.ndarray | None
    spread: np.ndarray | None  # standard deviation that was divided by
    activated: np.ndarray  # f of it; of the output layer the sums themselves
    kept: np.ndarray | None  # dropout mask
    output: np.ndarray  # what the next layer gets


class Network:
    """A network with parameters `theta` (..., p) and their gradient `gradient` (..., p)."""

    def __init__(self, shape: Shape, copies: tuple[int, ...] = ()) -> None:
        self.shape, self.copies = shape, copies
        self.function, self.derivative = ACTIVATIONS[shape.activation]
        self.axis = -2 if shape.normalisation == "batch" else -1
        parts = self._parts()
        count = sum(prod(size) for _, _, size in parts)
        self.theta, self.gradient = np.zeros((*copies, count)), np.zeros((*copies, count))
        self.penalised = np.zeros(count)  # 1 for weights: biases are not penalised
        found: list[dict[str, Any]] = [{} for _ in shape.sizes[1:]]
        start = 0
        for at, name, size in parts:
            end = start + prod(size)
            found[at][name] = self.theta[..., start:end].reshape(*copies, *size)
            found[at][f"d_{name}"] = self.gradient[..., start:end].reshape(*copies, *size)
            self.penalised[start:end] = name == "weight"
            start = end
        self.layers = [Layer(**each) for each in found]
        for layer, (inputs, units) in zip(self.layers[:-1], pairwise(shape.sizes)):
            layer.skips = shape.residual and inputs == units
            if layer.gain is not None:
                layer.gain[...] = 1.0

    def _parts(self) -> list[tuple[int, str, tuple[int, int]]]:
        """(layer, name, size) of every parameter array, in their order in `theta`."""
        parts: list[tuple[int, str, tuple[int, int]]] = []
        last = len(self.shape.sizes) - 2
        for at, (inputs, units) in enumerate(pairwise(self.shape.sizes)):
            parts += [(at, "weight", (inputs, units)), (at, "bias", (1, units))]
            if self.shape.normalisation != "none" and at < last:
                parts += [(at, "gain", (1, units)), (at, "shift", (1, units))]
        return parts

    def initialise(self, how: str, rng: np.random.Generator) -> None:
        """Draw the weights; biases start at zero, for "uniform" at 0.1 as in the Playground."""
        for layer in self.layers:
            inputs, units = layer.weight.shape[-2:]
            noise = rng.standard_normal(layer.weight.shape)
            scale = {"glorot": sqrt(2 / (inputs + units)), "he": sqrt(2 / inputs), "large": 5.0 *
                     sqrt(2 / (inputs + units))}  # fmt: skip
            if how in scale:
                layer.weight[...] = scale[how] * noise
            elif how == "uniform":
                layer.weight[...] = rng.random(layer.weight.shape) - 0.5
                layer.bias[...] = 0.1
            else:
                layer.weight[...] = 0.5 if how == "equal" else 0.0

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> list[Pass]:
        """All layers for inputs x (..., n, inputs); the last one's `output` is z (..., n, 1).

        With `rng` as in training: dropout, and batch normalisation by this batch.
        """
        passes, h, training = [], x, rng is not None
        for layer in self.layers[:-1]:
            sums = h @ layer.weight
            sums += layer.bias
            before, normalised, spread, kept = sums, None, None, None
            if layer.gain is not None:
                normalised, spread = self._normalise(layer, sums, training)
                before = normalised * layer.gain + layer.shift
            activated = output = self.function(before)
            if rng is not None and self.shape.dropout:
                kept = (rng.random(output.shape) >= self.shape.dropout) / (1 - self.shape.dropout)
                output = output * kept
            if layer.skips:
                output = output + h
            if layer.alive is not None:
                output = output * layer.alive
            passes.append(Pass(h, sums, normalised, spread, activated, kept, output))
            h = output
        z = h @ self.layers[-1].weight
        z += self.layers[-1].bias
        passes.append(Pass(h, z, None, None, z, None, z))
        return passes

    def _normalise(
        self, layer: Layer, sums: np.ndarray, training: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Sums with mean 0 and variance 1, over the batch or over the layer; the divisor."""
        if self.axis == -2 and not training:
            mean, variance = layer.mean, layer.variance
        else:
            mean = sums.mean(self.axis, keepdims=True)
            variance = sums.var(self.axis, keepdims=True)
        if self.axis == -2 and training:
            layer.mean = (1 - MEMORY) * layer.mean + MEMORY * mean
            layer.variance = (1 - MEMORY) * layer.variance + MEMORY * variance
        spread = np.sqrt(variance + EPSILON)
        return (sums - mean) / spread, spread

    def backward(self, passes: Sequence[Pass], d_z: np.ndarray) -> list[np.ndarray]:
        """Fill `gradient` from dL/dz (..., n, 1) by the chain rule, layer by layer.

        Returns dL/d(sums) of every layer, first layer first.
        """
        g, found = d_z, []
        for at in range(len(self.layers) - 1, -1, -1):
            layer, own = self.layers[at], passes[at]
            skipped = None
            if at < len(self.layers) - 1:
                if layer.alive is not None:
                    g = g * layer.alive
                skipped = g if layer.skips else None
                if own.kept is not None:
                    g = g * own.kept
                g = g * self.derivative(own.activated)
                if own.normalised is not None and own.spread is not None:
                    g = self._through_norm(layer, own.normalised, own.spread, g)
            found.append(g)
            np.matmul(own.given.swapaxes(-1, -2), g, out=layer.d_weight)
            g.sum(-2, keepdims=True, out=layer.d_bias)
            if at:
                g = g @ layer.weight.swapaxes(-1, -2)
                if skipped is not None:
                    g = g + skipped
        return found[::-1]

    def _through_norm(
        self, layer: Layer, normalised: np.ndarray, spread: np.ndarray, g: np.ndarray
    ) -> np.ndarray:
        (g * normalised).sum(-2, keepdims=True, out=layer.d_gain)
        g.sum(-2, keepdims=True, out=layer.d_shift)
        g = g * layer.gain
        along = (g * normalised).mean(self.axis, keepdims=True)
        return (g - g.mean(self.axis, keepdims=True) - normalised * along) / spread

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """z (..., n) at inputs x (..., n, inputs), without dropout."""
        return self.forward(x)[-1].output[..., 0]


def loss(kind: str, z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The loss of every example, from z and labels y in {0, 1} of one shape.

    Cross-entropy of sigmoid(z) in nats; or half the squared difference of tanh(z) and 2 y - 1.
    """
    if kind == "cross_entropy":
        return np.logaddexp(0, z) - y * z
    return 0.5 * (np.tanh(z) - (2 * y - 1)) ** 2


def loss_gradient(kind: str, z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """dL/dz of every example."""
    if kind == "cross_entropy":
        return sigmoid(z) - y
    output = np.tanh(z)
    return (output - (2 * y - 1)) * (1 - output * output)


def probability(kind: str, z: np.ndarray) -> np.ndarray:
    """p(y = 1 | x) as the network sees it: the output, scaled to 0..1."""
    return sigmoid(z if kind == "cross_entropy" else 2 * z)
