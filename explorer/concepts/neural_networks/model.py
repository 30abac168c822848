"""The training of one network, update by update, and the network that comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.concepts.neural_networks.config import FEATURES, Config
from explorer.concepts.neural_networks.edits import Edit, parse
from explorer.concepts.neural_networks.measure import SMALL, grid_inputs, inputs, problem
from explorer.concepts.neural_networks.network import (
    Network,
    Shape,
    loss,
    loss_gradient,
    probability,
)
from explorer.concepts.neural_networks.optimisers import Optimiser
from explorer.nets import generator
from explorer.scene import frozen


def shape_of(config: Config) -> Shape:
    """The network that a config asks for."""
    return Shape(
        config.sizes,
        config.activation,
        config.loss,
        config.normalisation,
        config.residual,
        config.dropout,
    )


class Trainer:
    """A network in training; with several `seeds`, one for each, computed side by side."""

    def __init__(self, config: Config, seeds: Sequence[int] = ()) -> None:
        self.config, self.problem = config, problem(config.dataset, config.overlap)
        own = [config.seed, *seeds[1:]] if seeds else [config.seed]
        self.rngs = [np.random.default_rng(seed) for seed in own]
        drawn = [self.problem.source.sample_labelled(config.points, generator(s)) for s in own]
        x, y = (np.stack([part.double().numpy() for part in parts]) for parts in zip(*drawn))
        single = [Network(shape_of(config)) for _ in own]
        for network, rng in zip(single, self.rngs):
            network.initialise(config.initialisation, rng)
        self.network = Network(shape_of(config), (len(seeds),) if seeds else ())
        self.network.theta[...] = np.stack([n.theta for n in single]) if seeds else single[0].theta
        self.points: np.ndarray = x if seeds else x[0]
        self.labels: np.ndarray = y[..., None] if seeds else y[0][:, None]
        self.inputs = inputs(self.points, config.features)
        self.optimiser = Optimiser(config.optimiser, self.network.theta)
        self.batch = min(config.batch, config.points)
        self.step, self._at = 0, config.points
        self._x, self._y = self.inputs, self.labels
        self.edited, self.before_edits = False, self.network.theta.copy()

    @property
    def learning_rate(self) -> float:
        """That of the next update."""
        c = self.config
        return c.learning_rate if self.step < c.change_step else c.learning_rate_2

    @property
    def epoch(self) -> float:
        """How often every training point was seen."""
        return self.step * self.batch / self.config.points

    def _next(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch: the training set is shuffled once an epoch."""
        n = self.config.points
        if self._at + self.batch > n:
            orders = [rng.permutation(n) for rng in self.rngs]
            if self.network.copies:
                order = np.stack(orders)[..., None]
                self._x = np.take_along_axis(self.inputs, order, 1)
                self._y = np.take_along_axis(self.labels, order, 1)
            else:
                self._x, self._y = self.inputs[orders[0]], self.labels[orders[0]]
            self._at = 0
        start, self._at = self._at, self._at + self.batch
        return self._x[..., start : self._at, :], self._y[..., start : self._at, :]

    @np.errstate(over="ignore", invalid="ignore")
    def train_step(self) -> None:
        """One update of all parameters; before the update `edit_step`, the edits are made."""
        c, network = self.config, self.network
        self.edit()
        x, y = self._next()
        passes = network.forward(x, self.rngs[0])
        z = passes[-1].output
        network.backward(passes, loss_gradient(c.loss, z, y) / self.batch)
        if c.l1 or c.l2:
            penalty = c.l1 * np.sign(network.theta) + c.l2 * network.theta
            network.gradient += network.penalised * penalty
        self.optimiser.update(network.gradient, self.learning_rate)
        self.step += 1

    def edit(self) -> None:
        """Make the edits if they are due now: before the update `edit_step`, or at the end."""
        c = self.config
        if self.edited or self.step != min(c.edit_step, c.steps):
            return
        self.edited, self.before_edits = True, self.network.theta.copy()
        if c.edits:
            edit(self.network, self.optimiser, parse(c.edits, c.sizes))

    def training_loss(self) -> np.ndarray:
        """The mean loss (...) over the training set, without dropout and penalties."""
        z = self.network.outputs(self.inputs)
        return loss(self.config.loss, z, self.labels[..., 0]).mean(-1)

    def training_error(self) -> np.ndarray:
        """The share (...) of the training set that is misclassified."""
        z = self.network.outputs(self.inputs)
        return ((z > 0) != (self.labels[..., 0] > 0.5)).mean(-1)


def edit(network: Network, optimiser: Optimiser, edits: Sequence[Edit]) -> None:
    """Change a network by hand: set weights and biases, freeze units, cut units."""
    trained = np.ones(network.theta.shape[-1]) if optimiser.trained is None else optimiser.trained
    for each in edits:
        layer = network.layers[each.layer]
        if each.kind == "weight":
            layer.weight[..., each.source, each.unit] = each.value
        elif each.kind == "bias":
            layer.bias[..., 0, each.unit] = each.value
        elif each.kind == "cut":
            layer.alive = np.ones(layer.bias.shape[-1]) if layer.alive is None else layer.alive
            layer.alive[each.unit] = 0.0
        else:
            flags = Network(network.shape)  # its parameters stand for whether ours are trained
            flags.theta[...] = trained
            for part in (flags.layers[each.layer].weight, flags.layers[each.layer].bias):
                part[..., each.unit] = 0.0
            trained = flags.theta.copy()
            optimiser.trained = trained


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network, and what trained it."""

    config: Config
    network: Network
    trainer: Trainer

    def predict(self, x: np.ndarray) -> np.ndarray:
        """p(y = 1 | x), (n,), of points (n, 2)."""
        z = self.network.outputs(inputs(np.asarray(x, float), self.config.features))
        return probability(self.config.loss, z)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n fresh points of the data with the network's p(y = 1 | x), (n, 3)."""
        x = self.trainer.problem.source.sample(n, generator(seed)).double().numpy()
        return frozen(np.concatenate([x, self.predict(x)[:, None]], 1).astype(np.float32))

    def weights(self) -> dict[str, np.ndarray]:
        """Every weight matrix and bias by name."""
        return {
            f"layer_{at + 1}.{name}": frozen(getattr(layer, name))
            for at, layer in enumerate(self.network.layers)
            for name in ("weight", "bias", "gain", "shift")
            if getattr(layer, name) is not None
        }

    def names(self) -> list[list[str]]:
        """The names of inputs, hidden units and output, layer by layer."""
        sizes, last = self.config.sizes, len(self.config.sizes) - 1
        return [
            [FEATURES[name] for name in self.config.features],
            *([f"unit {k}.{i + 1}" for i in range(sizes[k])] for k in range(1, last)),
            ["output"],
        ]

    def parts(self) -> dict[str, Any]:
        """What there is to change by hand: the network as it was before the edits.

        The arguments of `ui.network_pad`; `inputs` (inputs, cells, cells) over the plane.
        """
        before = Network(self.network.shape)
        before.theta[...] = self.trainer.before_edits
        fields = grid_inputs(SMALL, self.config.features).T.reshape(-1, SMALL, SMALL)
        return {
            "names": self.names(),
            "weights": [layer.weight for layer in before.layers],
            "biases": [layer.bias[0] for layer in before.layers],
            "inputs": fields,
            "activation": self.config.activation,
            "residual": self.config.residual,
            "output": 0.5 if self.config.loss == "cross_entropy" else 1.0,
        }
