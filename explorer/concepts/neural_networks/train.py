"""A training run: updates, a snapshot now and then, and the network at the end."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.measure import (
    CELLS,
    SMALL,
    Problem,
    expected_error,
    expected_loss,
    grid_inputs,
    inputs,
)
from explorer.concepts.neural_networks.model import Model, Trainer
from explorer.concepts.neural_networks.network import probability
from explorer.concepts.shared.finite import finite
from explorer.config import frame_steps
from explorer.scene import frozen

FRAMES = 120
SHOWN = 250  # training points in a picture


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What is seen of the network after `step` updates."""

    step: int
    epoch: float
    config: Config
    problem: Problem
    points: np.ndarray  # (n, 2) of the training set, at most SHOWN
    labels: np.ndarray  # (n,) uint8
    features: np.ndarray  # (inputs, SMALL, SMALL), the same in every snapshot
    maps: np.ndarray  # (units, SMALL, SMALL) output of each hidden unit over the plane
    output: np.ndarray  # (CELLS, CELLS) p(y = 1 | x) of the network
    weights: np.ndarray  # (links,) layer by layer, unit by unit within the source
    biases: np.ndarray  # (units + 1,)
    gradients: np.ndarray  # (layers,) root mean square over the weights in the last update
    dead: int  # hidden units whose output is 0 everywhere on the grid
    learning_rate: float
    train_loss: float
    test_loss: float
    train_error: float
    test_error: float


class Recorder:
    """Takes snapshots of a network in training."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer, c = trainer, trainer.config
        self.points = frozen(trainer.points[:SHOWN].astype(np.float32))
        self.labels = frozen(trainer.labels[:SHOWN, 0].astype(np.uint8))
        self.test = inputs(trainer.problem.test, c.features)
        self.small, self.fine = (grid_inputs(cells, c.features) for cells in (SMALL, CELLS))
        self.features = square(self.small, SMALL)

    def take(self) -> Snapshot:
        """A snapshot of the present state. FloatingPointError if the run has diverged."""
        t, c, network = self.trainer, self.trainer.config, self.trainer.network
        train_loss = finite(float(t.training_loss()), t.step)
        *hidden, _ = network.forward(self.small)
        outputs = [each.output for each in hidden]
        maps = np.concatenate(outputs, -1) if outputs else np.empty((SMALL**2, 0))
        z = network.outputs(self.test)
        exact = t.problem.test_posterior
        return Snapshot(
            step=t.step,
            epoch=t.epoch,
            config=c,
            problem=t.problem,
            points=self.points,
            labels=self.labels,
            features=self.features,
            maps=square(maps, SMALL),
            output=square(probability(c.loss, network.outputs(self.fine))[:, None], CELLS)[0],
            weights=flat([layer.weight for layer in network.layers]),
            biases=flat([layer.bias for layer in network.layers]),
            gradients=frozen(np.array([rms(layer.d_weight) for layer in network.layers])),
            dead=int((np.abs(maps).max(0) == 0).sum()),
            learning_rate=t.learning_rate,
            train_loss=train_loss,
            test_loss=expected_loss(c.loss, z, exact),
            train_error=float(t.training_error()),
            test_error=float(expected_error(z, exact)),
        )


def square(values: np.ndarray, cells: int) -> np.ndarray:
    """Values (cells^2, k) on a grid as k fields (k, cells, cells)."""
    return frozen(values.T.reshape(-1, cells, cells).astype(np.float32))


def flat(arrays: list[np.ndarray]) -> np.ndarray:
    """Several arrays as one vector."""
    return frozen(np.concatenate([each.ravel() for each in arrays]).astype(np.float32))


def rms(values: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt((values * values).mean()))


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Train a network; the first snapshot shows it before the first update.

    Raises FloatingPointError when it diverges.
    """
    trainer = Trainer(config)
    recorder = Recorder(trainer)
    shown = frame_steps(config.steps, FRAMES)
    for step in range(config.steps + 1):
        trainer.edit()
        if step == shown[0]:
            yield recorder.take()
            shown = shown[1:]
        if step < config.steps:
            trainer.train_step()
    return Model(config, trainer.network, trainer)
