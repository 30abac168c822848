"""Neural networks: speed beside TensorFlow Playground, the gradient, and what the runs show.

Seconds are CPU seconds of this thread. The Playground trains one epoch for each frame of the
browser, so at most 60 a second.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts import neural_networks as nn
from explorer.concepts.neural_networks import Config, Trainer, scene, train
from explorer.concepts.neural_networks.dead import exact as exact_dead
from explorer.concepts.neural_networks.double_descent import exact as exact_error
from explorer.concepts.neural_networks.network import Network, Shape, loss, loss_gradient
from explorer.concepts.neural_networks.plateaus import SINGULAR_VALUES, half_time
from explorer.concepts.neural_networks.train import Recorder
from explorer.draw.wire import Recording
from explorer.runs import finish

SEEDS = range(3)
PLAYGROUND = Config(units_2=2, loss="squared", optimiser="sgd", learning_rate=0.03, overlap=0.0,
                    initialisation="uniform")  # fmt: skip
FRAMES_A_SECOND, EPOCHS_A_SECOND = 20, 60


def rows() -> list[Row]:
    return [*speed(), gradient(), *default_run(), *playground(), *phenomena(), *architectures()]


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


def last(key: str, **changes: Any) -> Any:
    """The last snapshot of an experiment."""
    experiment = nn.EXPERIMENTS[key]
    return finish(experiment.process(experiment.Config(**changes)))[0][-1]


def phenomena() -> list[Row]:
    """How far what is measured lies from the exact lines."""
    edge: list[float] = []
    chain, empty, twice, peak, halves, penalty, dropout, none = (list(edge) for _ in range(8))
    for seed in SEEDS:
        runs, _ = finish(nn.EXPERIMENTS["sharpness"].process(nn.Sharpness(seed=seed)))
        edge.append(abs(float(np.mean([s.sharpness for s in runs[-20:]])) * 0.5 / 2 - 1))
        s = last("depth", seed=seed)
        chain.append(abs(s.sizes["plain"] / s.exact[-1, 1] - 1))
        s, p = last("dead", seed=seed, networks=20_000), float(exact_dead(3, np.array(10)))
        empty.append(abs(s.dead / 20_000 - p) / (p * (1 - p) / 20_000) ** 0.5)
        s = last("double_descent", seed=seed)
        for found, p in ((peak, 36), (twice, 80)):  # nearer to 40 it has no variance
            at = int(np.argmin(np.abs(s.sizes - p)))
            gap = abs(s.mean[at] - exact_error(int(s.sizes[at]), 40, 0.2))
            found.append(gap / (s.half[at] / 1.96))
        s = last("plateaus", seed=seed)
        wanted = np.array([half_time(float(v), 1e-3) for v in SINGULAR_VALUES])
        halves.append(float(np.abs(s.halves - wanted).max()))
        s = last("regularisers", seed=seed)
        for found, kind in ((none, "none"), (penalty, "l2"), (dropout, "dropout")):
            found.append(float(s.test[kind].mean()))
    steps = last("conditioning").reached
    lowest = f"{s.lowest:.3f}"
    return [
        Row("Networks, edge of stability: sharpness times eta / 2, distance from 1", edge, 0.15,
            floor="0"),
        Row("Networks, 30 sigmoid layers: gradient against infinite width, relative", chain, 0.2,
            floor="0", note="1.4e-19 of that at the output; width 64"),
        Row("Networks, born dead: distance from 1 - (1 - 2^-N)^L, in standard errors", empty, 4.0,
            floor="0.8"),
        Row("Networks, double descent at p = 36: the same, from the exact error", peak, 4.0,
            floor="0.8"),
        Row("Networks, double descent at p = 80: the same", twice, 4.0, floor="0.8"),
        Row("Networks, plateaus: half-times against exact, largest difference", halves, 0.03,
            floor="0", note="exact 1.04 1.90 3.45 6.21"),
        Row("Networks, condition 100: steps of gradient descent, from the exact rate",
            [abs(steps["gd"] - 708.08)], 1.0, floor="0", note=f"heavy ball {steps['heavy_ball']}, "
            f"Adam {steps['adam']}"),
        Row("Networks, moons n = 30, no regulariser: test loss", none, 1.0, "high", floor=lowest,
            note="meant to overfit; 12 seeds each"),
        Row("Networks, the same with the L2 penalty", penalty, 0.6, floor=lowest),
        Row("Networks, the same with dropout", dropout, 0.7, floor=lowest),
    ]  # fmt: skip


def architectures() -> list[Row]:
    """The convolutional network on digits, and the recurrent one that counts."""
    accuracy: list[float] = []
    ahead, moved, end, saturated = (list(accuracy) for _ in range(4))
    for seed in SEEDS:
        s = last("convolution", seed=seed)
        accuracy.append(s.accuracy)
        ahead.append(s.shifted - s.dense_shifted)
        moved.append(s.equivariance)
        end.append(float(last("recurrence", seed=seed).errors[-1]))
        tanh = last("recurrence", seed=seed, state_activation="tanh")
        saturated.append(float(tanh.errors[-1]))
    return [
        Row("Networks, convolution: accuracy on the test set of digits", accuracy, 0.95, "high",
            floor="0.990 (nearest neighbour)", note="810 parameters, 400 updates"),
        Row("Networks, convolution: accuracy on shifted digits, ahead of fully connected", ahead,
            0.05, "high"),
        Row("Networks, convolution: map of the shifted image against the shifted map", moved, 1e-5,
            floor="0"),
        Row("Networks, recurrence: error of the count at 3 times the training length", end, 0.5,
            floor="0", note="linear state"),
        Row("Networks, recurrence: the same with a tanh state", saturated, 1.0, "high", floor="0",
            note="meant to saturate"),
    ]  # fmt: skip
