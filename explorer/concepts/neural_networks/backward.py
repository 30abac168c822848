r"""One backward pass, number by number: forward values, local derivatives, the chain rule.

    forward   a = h W + b,  h' = f(a) (+ h)
    backward  delta = f'(a) dL/dh',  dL/dW = h^T delta,  dL/db = delta,
              dL/dh = delta W^T (+ dL/dh')

Beside the gradient stands what finite differences say: move one weight by h up and down, run the
whole network twice, divide the difference of the losses by 2 h. The backward pass needs one run
for all weights, finite differences two for each.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.model import Model, Trainer
from explorer.concepts.neural_networks.network import Network, Pass, loss, loss_gradient
from explorer.scene import frozen

MOVE = 1e-5  # of a weight, for the finite difference
STATES: dict[str, str] = {"initial": "before training", "trained": "after training"}


@dataclass(frozen=True)
class Backward:
    """Of which training point, and of which network."""

    example: int = c.integer(1, 1, 250)
    state: str = c.choice("initial", STATES)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Numbers:
    """Everything computed for one example; the same in every frame. One array for each layer."""

    given: tuple[np.ndarray, ...]  # (inputs,) of the layer
    weights: tuple[np.ndarray, ...]  # (inputs, units)
    biases: tuple[np.ndarray, ...]  # (units,)
    sums: tuple[np.ndarray, ...]  # (units,) a
    outputs: tuple[np.ndarray, ...]  # (units,) h' ; of the last layer the sum itself
    local: tuple[np.ndarray, ...]  # (units,) f'(a); of the last layer 1
    by_output: tuple[np.ndarray, ...]  # (units,) dL/dh'
    deltas: tuple[np.ndarray, ...]  # (units,) dL/da
    gradients: tuple[np.ndarray, ...]  # (inputs, units) dL/dW
    differences: tuple[np.ndarray, ...]  # (inputs, units) the same by finite differences
    label: int
    loss: float
    gap: float  # largest difference of the two gradients, biases included
    kink: bool  # a sum lies where its activation has no derivative


@dataclass(frozen=True, eq=False)
class Snapshot:
    """How far the pass has come: `forward` layers computed, `backward` layers gone back."""

    step: int
    config: Config
    example: int
    state: str
    numbers: Numbers
    forward: int
    backward: int


def backward(config: Backward, model: Model) -> Generator[Snapshot, None, None]:
    """Forward layer by layer, then backward layer by layer.

    Raises ValueError for networks with normalisation: their examples depend on each other.
    """
    if model.config.normalisation != "none":
        raise ValueError(
            "normalisation must be none for a backward pass of one example. "
            f"Got {model.config.normalisation!r} instead."
        )
    trainer = model.trainer
    network = model.network if config.state == "trained" else Trainer(model.config).network
    at = (config.example - 1) % model.config.points
    found = numbers(network, trainer.inputs[at : at + 1], trainer.labels[at : at + 1])
    depth = len(network.layers)
    stages = [(k, 0) for k in range(depth + 1)] + [(depth, k) for k in range(1, depth + 1)]
    for step, (forward, back) in enumerate(stages):
        yield Snapshot(step, model.config, config.example, config.state, found, forward, back)


def numbers(network: Network, x: np.ndarray, y: np.ndarray) -> Numbers:
    """All numbers of the pass for one example x (1, inputs) with label y (1, 1)."""
    kind = network.shape.loss
    passes = network.forward(x)
    d_z = loss_gradient(kind, passes[-1].output, y)
    deltas = network.backward(passes, d_z)
    gradients = [layer.d_weight.copy() for layer in network.layers]
    whole = network.gradient.copy()
    differences = finite_differences(network, x, y)
    twin = Network(network.shape)
    twin.theta[...] = differences
    by_output = _by_output(network, passes, deltas)
    *hidden, _ = passes
    local = [network.derivative(own.activated)[0] for own in hidden]

    def fixed(arrays: list[np.ndarray]) -> tuple[np.ndarray, ...]:
        return tuple(frozen(each) for each in arrays)

    return Numbers(
        given=fixed([own.given[0] for own in passes]),
        weights=fixed([layer.weight for layer in network.layers]),
        biases=fixed([layer.bias[0] for layer in network.layers]),
        sums=fixed([own.sums[0] for own in passes]),
        outputs=fixed([own.output[0] for own in passes]),
        local=fixed([*local, np.ones(1)]),
        by_output=fixed(by_output),
        deltas=fixed([delta[0] for delta in deltas]),
        gradients=fixed(gradients),
        differences=fixed([layer.weight for layer in twin.layers]),
        label=int(y[0, 0]),
        loss=float(loss(kind, passes[-1].output, y)[0, 0]),
        gap=float(np.abs(whole - differences).max()),
        kink="relu" in network.shape.activation
        and any(bool((np.abs(own.sums) < 100 * MOVE).any()) for own in hidden),
    )


def _by_output(network: Network, passes: list[Pass], deltas: list[np.ndarray]) -> list[np.ndarray]:
    """dL/dh' (units,) of every layer: through the weights of the next, and through its skip."""
    found = [deltas[-1][0]]
    for at in range(len(passes) - 2, -1, -1):
        after = network.layers[at + 1]
        own = deltas[at + 1][0] @ after.weight.T
        found.append(own + found[-1] if after.skips else own)
    return found[::-1]


def finite_differences(network: Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The derivative (p,) of the loss by every parameter, by central differences."""
    theta, kind = network.theta, network.shape.loss
    found = np.empty_like(theta)
    for at, before in enumerate(theta.copy()):
        ends = []
        for moved in (before + MOVE, before - MOVE):
            theta[at] = moved
            ends.append(loss(kind, network.forward(x)[-1].output, y)[0, 0])
        theta[at] = before
        found[at] = (ends[0] - ends[1]) / (2 * MOVE)
    return found
