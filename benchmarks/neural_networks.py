"""Neural networks: speed beside TensorFlow Playground, the gradient, and what the runs show.

Seconds are CPU seconds of this thread. The Playground trains one epoch for each frame of the
browser, so at most 60 a second.
"""

import time
from dataclasses import replace

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts.neural_networks import Config, Trainer, scene, train
from explorer.concepts.neural_networks.network import Network, Shape, loss, loss_gradient
from explorer.concepts.neural_networks.train import Recorder
from explorer.draw.wire import Recording
from explorer.runs import finish

SEEDS = range(3)
PLAYGROUND = Config(units_2=2, loss="squared", optimiser="sgd", learning_rate=0.03, overlap=0.0,
                    initialisation="uniform")  # fmt: skip
FRAMES_A_SECOND, EPOCHS_A_SECOND = 20, 60


def rows() -> list[Row]:
    return [*speed(), gradient(), *default_run(), *playground()]


def speed() -> list[Row]:
    """Epochs a second at the Playground's default, alone and with 20 frames a second of maps."""
    alone, drawn = [], []
    for seed in SEEDS:
        trainer = Trainer(replace(PLAYGROUND, seed=seed))
        recorder, recording = Recorder(trainer), Recording()
        per_epoch = trainer.config.points // trainer.batch

        def epochs(count: int, trainer: Trainer = trainer, per_epoch: int = per_epoch) -> float:
            start = time.thread_time()
            for _ in range(count * per_epoch):
                trainer.train_step()
            return time.thread_time() - start

        epochs(50)
        each = epochs(500) / 500
        alone.append(1 / each)
        start = time.thread_time()
        for _ in range(100):
            recording.add(scene(recorder.take()))
        frame = (time.thread_time() - start) / 100
        drawn.append((1 - FRAMES_A_SECOND * frame) / each)
    return [
        Row("Networks, Playground's default: epochs a second", alone, 5 * EPOCHS_A_SECOND, "high",
            note="Playground: 60 at most"),
        Row("Networks: the same while all maps are drawn and sent at 20 frames a second", drawn,
            5 * EPOCHS_A_SECOND, "high"),
    ]  # fmt: skip


def gradient() -> Row:
    """The largest difference between the backward pass and central differences."""
    found = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        network = Network(Shape((2, 8, 8, 1), normalisation="layer", residual=True))
        network.theta[...] = rng.standard_normal(network.theta.size)
        x, y = rng.standard_normal((20, 2)), (rng.random((20, 1)) < 0.5).astype(float)
        passes = network.forward(x)
        network.backward(passes, loss_gradient("cross_entropy", passes[-1].output, y) / 20)
        own, theta, h = network.gradient.copy(), network.theta, 1e-5
        gaps = []
        for at in range(theta.size):
            before, ends = theta[at], []
            for moved in (before + h, before - h):
                theta[at] = moved
                ends.append(loss("cross_entropy", network.forward(x)[-1].output, y).mean())
            theta[at] = before
            gaps.append(abs((ends[0] - ends[1]) / (2 * h) - own[at]))
        found.append(max(gaps))
    return Row("Networks: gradient against finite differences, largest gap", found, 1e-6, floor="0")


def default_run() -> list[Row]:
    """The page's first run."""
    seconds, above, frame = [], [], []
    for seed in SEEDS:
        start = time.thread_time()
        snapshots, _ = finish(train(Config(seed=seed)))
        seconds.append(time.thread_time() - start)
        last = snapshots[-1]
        above.append(last.test_error - last.problem.lowest_error)
        start = time.thread_time()
        next(train(Config(seed=seed, overlap=0.21 + 0.01 * seed)))
        frame.append(time.thread_time() - start)
    return [
        Row("Networks, default run: seconds", seconds, 15.0, note="snapshots included"),
        Row("Networks, default run: first frame of new data, s", frame, 2.0),
        Row("Networks, circles: test error above the Bayes error", above, 0.03, floor="0"),
    ]


def playground() -> list[Row]:
    """The Playground's network on its own circles, after 800 epochs."""
    found = []
    for seed in SEEDS:
        snapshots, _ = finish(train(replace(PLAYGROUND, steps=20_000, seed=seed)))
        found.append(snapshots[-1].test_error)
    return [Row("Networks, Playground's default: test error on circles", found, 0.02, floor="0")]
